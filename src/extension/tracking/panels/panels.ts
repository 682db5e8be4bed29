import * as vscode from "vscode";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";
import { openTab } from "../../panels/panel.ts";
import type { OpenStore, StoreHandle, Stores } from "../../stores/stores.ts";
import { EXPERIMENT_PANEL, ExperimentPanel } from "./experiment.ts";
import { RUN_PANEL, RunPanel } from "./run.ts";

/** The open Experiment and Run panels: one for each subject, restored after a reload. */
export class TrackingPanels extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #experiments = new Map<string, ExperimentPanel>();
  readonly #runs = new Map<string, RunPanel>();

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.own(
      stores.onChange(({ store, change }) => {
        for (const panel of [...this.#experiments.values(), ...this.#runs.values()]) {
          if (panel.subject.uri === store.uri) panel.storeChanged(change);
        }
      }),
    );
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

  openExperiment(store: StoreHandle, experiment_id: string, title: string): void {
    const open = this.#experiments.get(`${store.uri} ${experiment_id}`);
    if (open !== undefined) open.reveal();
    else this.#addExperiment(openTab(EXPERIMENT_PANEL, title), store.uri, experiment_id);
  }

  openRun(store: StoreHandle, run_id: string, title: string): void {
    const open = this.#runs.get(`${store.uri} ${run_id}`);
    if (open !== undefined) open.reveal();
    else this.#addRun(openTab(RUN_PANEL, title), store.uri, run_id);
  }

  /** Draws a run as hovered in the Experiment panels of its store. */
  highlight(uri: string, run_id: string | undefined): void {
    for (const panel of this.#experiments.values()) if (panel.subject.uri === uri) panel.highlight(run_id);
  }

  #addExperiment(tab: vscode.WebviewPanel, uri: string, experiment_id: string): void {
    const subject = { uri, experiment_id };
    const panel = this.own(new ExperimentPanel(this.#platform, tab, subject, this.#store(uri)));
    this.#keep(this.#experiments, `${uri} ${experiment_id}`, panel);
  }

  #addRun(tab: vscode.WebviewPanel, uri: string, run_id: string): void {
    const panel = this.own(new RunPanel(this.#platform, tab, { uri, run_id }, this.#store(uri)));
    this.#keep(this.#runs, `${uri} ${run_id}`, panel);
  }

  /** Asked for by each question of a page, which tells what is wrong with it; a store that could not be opened is tried again. */
  #store(uri: string): OpenStore {
    return () => this.#stores.get(uri);
  }

  #keep<P extends ExperimentPanel | RunPanel>(panels: Map<string, P>, key: string, panel: P): void {
    panels.set(key, panel);
    panel.onClose(() => {
      if (panels.get(key) === panel) panels.delete(key);
      this.disown(panel);
    });
  }
}

/** The border: what a page saved may be missing or of an older format. */
function savedSubject(state: unknown): { uri?: string; experiment_id?: string; run_id?: string } {
  if (typeof state !== "object" || state === null || !("subject" in state)) return {};
  const { subject } = state;
  return typeof subject === "object" && subject !== null ? subject : {};
}
