import * as vscode from "vscode";
import { type ComparedKey, type CompareSubject, MOST_COMPARED } from "../../../protocol/panels/compare.ts";
import { setContextKey } from "../../platform/contextKeys.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";
import { OpenPanels } from "../../panels/openPanels.ts";
import { openTab } from "../../panels/panel.ts";
import type { Stores } from "../../stores/stores.ts";
import { COMPARE_PANEL, ComparePanel, textOf, titleOf } from "./compare.ts";

/** The open Compare panels: one for each choice of runs, restored after a reload. */
export class ComparePanels extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #open = this.own(new OpenPanels<ComparePanel>());

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.own(
      stores.onChange(({ store, change }) => {
        for (const panel of this.#open) panel.storeChanged(store.uri, change);
      }),
    );
    const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, state: unknown): Promise<void> => {
      const runs = savedRuns(state);
      if (runs.length === 0) panel.dispose();
      else this.#add(panel, { runs });
    };
    this.own(vscode.window.registerWebviewPanelSerializer(COMPARE_PANEL.type, { deserializeWebviewPanel }));
  }

  /** The panel in front. */
  get active(): ComparePanel | undefined {
    return this.#open.active;
  }

  /** Opens a panel of these runs, or shows the one that is open. */
  compare(runs: ComparedKey[]): void {
    const wanted = namesOf(runs);
    const open = this.#open.find(({ subject }) => namesOf(subject.runs) === wanted);
    if (open !== undefined) open.reveal();
    else this.#add(openTab(COMPARE_PANEL, titleOf({ runs })), { runs });
  }

  #add(tab: vscode.WebviewPanel, subject: CompareSubject): void {
    const panel = new ComparePanel(this.#platform, tab, subject, this.#stores);
    panel.onActive(() => this.#tellActive());
    // What was heard of last is done first: it is no open panel any more by then.
    panel.onClose(() => this.#tellActive());
    this.#open.add(panel);
    this.#tellActive();
  }

  #tellActive(): void {
    setContextKey(this.#platform, "flowdeck.compareActive", this.active !== undefined);
  }
}

function namesOf(runs: readonly ComparedKey[]): string {
  return runs.map(textOf).toSorted().join("\n");
}

/** The border: what a page saved may be missing or of an older format. */
function savedRuns(state: unknown): ComparedKey[] {
  if (typeof state !== "object" || state === null || !("subject" in state)) return [];
  const { subject } = state;
  if (typeof subject !== "object" || subject === null || !("runs" in subject) || !Array.isArray(subject.runs))
    return [];
  const runs = subject.runs.flatMap((run: unknown): ComparedKey[] => {
    if (typeof run !== "object" || run === null || !("uri" in run) || !("run_id" in run)) return [];
    return typeof run.uri === "string" && typeof run.run_id === "string" ? [{ uri: run.uri, run_id: run.run_id }] : [];
  });
  return runs.slice(0, MOST_COMPARED);
}
