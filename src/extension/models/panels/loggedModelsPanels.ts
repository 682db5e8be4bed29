import type * as vscode from "vscode";
import { LOGGED_MODELS_PANEL } from "../../panels/lateKinds.ts";
import { OpenPanels } from "../../panels/openPanels.ts";
import { openTab, savedSubject } from "../../panels/panel.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";
import type { StoreHandle, Stores } from "../../stores/stores.ts";
import { LoggedModelsPanel } from "./loggedModels.ts";

/** The open Logged Models panels: one for each experiment. Loaded with the first. */
export class LoggedModelsPanels extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #open = this.own(new OpenPanels<LoggedModelsPanel>());

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.own(
      stores.onChange(({ store, change }) => {
        for (const panel of this.#open) if (panel.subject.uri === store.uri) panel.storeChanged(change);
      }),
    );
  }

  /** Shows the logged models of an experiment, one of them in front. */
  show(store: StoreHandle, experiment: { experiment_id: string; name: string }, model_id?: string): void {
    const { experiment_id, name } = experiment;
    const open = this.#open.find(({ subject }) => subject.uri === store.uri && subject.experiment_id === experiment_id);
    if (open === undefined) {
      this.#add(openTab(LOGGED_MODELS_PANEL, `${name} models`), store.uri, experiment_id, model_id);
      return;
    }
    if (model_id !== undefined) open.show(model_id);
    open.reveal();
  }

  /** A panel that a reload left. */
  restore(tab: vscode.WebviewPanel, state: unknown): void {
    const { uri, experiment_id } = savedSubject(state);
    if (uri === undefined || experiment_id === undefined) tab.dispose();
    else this.#add(tab, uri, experiment_id);
  }

  #add(tab: vscode.WebviewPanel, uri: string, experiment_id: string, model_id?: string): void {
    const subject = { uri, experiment_id, ...(model_id === undefined ? {} : { model_id }) };
    this.#open.add(new LoggedModelsPanel(this.#platform, tab, subject, () => this.#stores.get(uri)));
  }
}
