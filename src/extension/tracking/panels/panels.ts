import * as vscode from "vscode";
import type { Run } from "../../../mlflow/entities.ts";
import { MlflowError } from "../../../mlflow/errors.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { ShownFirst } from "../../../protocol/panels/experiment.ts";
import type { RunTarget } from "../../platform/commands.ts";
import { setContextKey } from "../../platform/contextKeys.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";
import { openTab, savedSubject } from "../../panels/panel.ts";
import type { OpenStore, StoreHandle, Stores } from "../../stores/stores.ts";
import type { Baselines } from "../baselines.ts";
import type { StuckRuns } from "../stuckRuns.ts";
import { EXPERIMENT_PANEL, ExperimentPanel } from "./experiment.ts";
import { neighbourOf } from "./neighbours.ts";
import { RUN_PANEL, RunPanel, type RunPanelParts } from "./run.ts";

/** What the panels lean on besides the stores. */
export interface PanelParts {
  baselines: Baselines;
  /** Whether a runner of this machine is at work on the run. */
  isOurs(run: Run): Promise<boolean>;
  stuck: StuckRuns;
}

/** The open Experiment and Run panels: one for each subject, restored after a reload. */
export class TrackingPanels extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #experiments = new Map<string, ExperimentPanel>();
  readonly #runs = new Map<string, RunPanel>();
  readonly #parts: RunPanelParts;

  constructor(platform: Platform, stores: Stores, parts: PanelParts) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#parts = { ...parts, platform, go: (panel, by) => this.#go(panel, by) };
    const changed = (uri: string, change: StoreChange): void => {
      for (const panel of [...this.#experiments.values(), ...this.#runs.values()])
        if (panel.subject.uri === uri) panel.storeChanged(change);
    };
    this.own(
      parts.baselines.onChange(({ uri, experiment_id }) => {
        changed(uri, { everything: false, experiment_ids: [experiment_id], run_ids: [], models: false });
      }),
    );
    this.own(stores.onChange(({ store, change }) => changed(store.uri, change)));
    this.own(parts.stuck.onChange(({ store, change }) => changed(store.uri, change)));
    const restore = (webviewPanel: vscode.WebviewPanel, state: unknown): void => {
      const { uri, experiment_id, run_id } = savedSubject(state);
      if (uri !== undefined && run_id !== undefined) this.#addRun(webviewPanel, uri, run_id);
      else if (uri !== undefined && experiment_id !== undefined) this.#addExperiment(webviewPanel, uri, experiment_id);
      else webviewPanel.dispose();
    };
    for (const { type } of [EXPERIMENT_PANEL, RUN_PANEL]) {
      const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, state: unknown) => restore(panel, state);
      this.own(vscode.window.registerWebviewPanelSerializer(type, { deserializeWebviewPanel }));
    }
  }

  openExperiment(store: StoreHandle, experiment_id: string, title: string, first: ShownFirst = {}): void {
    const key = `${store.uri} ${experiment_id}`;
    const open = this.#experiments.get(key);
    open?.show(first);
    open?.opened();
    if (open !== undefined) return open.reveal();
    this.#addExperiment(openTab(EXPERIMENT_PANEL, title), store.uri, experiment_id, first);
  }

  openRun(store: StoreHandle, run_id: string, title: string): void {
    const open = this.#runs.get(`${store.uri} ${run_id}`);
    if (open !== undefined) open.reveal();
    else this.#addRun(openTab(RUN_PANEL, title), store.uri, run_id);
  }

  /** The Experiment panel in front. */
  get activeExperiment(): ExperimentPanel | undefined {
    return [...this.#experiments.values()].find((panel) => panel.active);
  }

  /** The Run panel in front. */
  get activeRun(): RunPanel | undefined {
    return [...this.#runs.values()].find((panel) => panel.active);
  }

  /** The Experiment panel in front. Throws INVALID_STATE where none is. */
  get frontExperiment(): ExperimentPanel {
    if (this.activeExperiment !== undefined) return this.activeExperiment;
    throw new MlflowError("INVALID_STATE", "No experiment's runs are in front; open an experiment first.");
  }

  /** The Run panel in front. Throws INVALID_STATE where none is. */
  get frontRun(): RunPanel {
    if (this.activeRun !== undefined) return this.activeRun;
    throw new MlflowError("INVALID_STATE", "No run is in front; open a run first.");
  }

  /** The run of the panel in front, for commands that were given none. */
  get activeTarget(): RunTarget | undefined {
    return this.activeRun?.subject;
  }

  /** The next (1) or previous (-1) run of the table takes the place of the one in front. */
  async goFromActive(by: 1 | -1): Promise<void> {
    await this.#go(this.frontRun, by);
  }

  /** Draws a run as hovered in the Experiment panels of its store. */
  highlight(uri: string, run_id: string | undefined): void {
    for (const panel of this.#experiments.values()) if (panel.subject.uri === uri) panel.highlight(run_id);
  }

  #addExperiment(tab: vscode.WebviewPanel, uri: string, experiment_id: string, first?: ShownFirst): void {
    const subject = { uri, experiment_id };
    const panel = this.own(new ExperimentPanel(this.#parts, tab, subject, this.#store(uri), first));
    this.#keep(this.#experiments, `${uri} ${experiment_id}`, panel);
  }

  #addRun(tab: vscode.WebviewPanel, uri: string, run_id: string): void {
    const panel = this.own(new RunPanel(this.#parts, tab, { uri, run_id }, this.#store(uri)));
    this.#keep(this.#runs, `${uri} ${run_id}`, panel);
    panel.onActive(() => this.#tellActive());
    panel.onKnown(() => this.#tellActive());
    this.#tellActive();
  }

  /** Shows the next or previous run of the table where `panel` is, or where that run is open already. */
  async #go(panel: RunPanel, by: 1 | -1): Promise<void> {
    const { uri, run_id } = panel.subject;
    const store = await this.#stores.get(uri);
    const { info } = await store.remote.getRun({ run_id });
    const rows = this.#experiments.get(`${uri} ${info.experiment_id}`)?.rows;
    const next = await neighbourOf(store, info, rows, by);
    // The tab may have been closed, or gone elsewhere, while that was asked.
    if (next === undefined || this.#runs.get(`${uri} ${run_id}`) !== panel) return;
    const open = this.#runs.get(`${uri} ${next}`);
    if (open !== undefined) return open.reveal();
    this.#runs.delete(`${uri} ${run_id}`);
    this.#runs.set(`${uri} ${next}`, panel);
    panel.become(next);
  }

  /** What `when` clauses ask of the run in front. */
  #tellActive(): void {
    const known = this.activeRun?.known;
    const can = known?.can ?? [];
    const deleted = known?.deleted ?? false;
    for (const [key, value] of [
      ["flowdeck.runActive", known !== undefined],
      ["flowdeck.runRestorable", can.includes("write") && deleted],
      ["flowdeck.runHasBaseline", known?.hasBaseline === true],
      ["flowdeck.runWritable", can.includes("write") && !deleted],
      ["flowdeck.runStoppable", can.includes("stop")],
      ["flowdeck.runStuck", can.includes("markFailed")],
      ["flowdeck.runRepeatable", can.includes("repeat")],
      ["flowdeck.runHasCommit", can.includes("checkOut")],
      ["flowdeck.runHasSource", can.includes("openSource")],
    ] as const) {
      setContextKey(this.#platform, key, value);
    }
  }

  /** Asked for by each question of a page, which tells what is wrong with it; a store that could not be opened is tried again. */
  #store(uri: string): OpenStore {
    return () => this.#stores.get(uri);
  }

  #keep<P extends ExperimentPanel | RunPanel>(panels: Map<string, P>, key: string, panel: P): void {
    panels.set(key, panel);
    panel.onClose(() => {
      for (const [known, one] of panels) if (one === panel) panels.delete(known);
      this.disown(panel);
      this.#tellActive();
    });
  }
}
