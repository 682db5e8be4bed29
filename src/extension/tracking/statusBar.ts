import * as vscode from "vscode";
import { Disposable } from "../platform/disposable.ts";
import { holdsFile } from "../platform/folders.ts";
import { plainText } from "../platform/platform.ts";
import type { Stores } from "../stores/stores.ts";
import type { Activity } from "./activity.ts";

/** Status bar: the store of the folder one works in, and how many runs are running. Clicks open the Experiments view. */
export class StatusBar extends Disposable {
  readonly #stores: Stores;
  readonly #activity: Activity;
  readonly #store = this.own(vscode.window.createStatusBarItem("store", vscode.StatusBarAlignment.Left, 10));
  readonly #running = this.own(vscode.window.createStatusBarItem("running", vscode.StatusBarAlignment.Left, 9));

  constructor(stores: Stores, activity: Activity, view: vscode.TreeView<unknown>) {
    super();
    this.#stores = stores;
    this.#activity = activity;
    this.#store.name = "Flowdeck: Store";
    this.#running.name = "Flowdeck: Running Runs";
    for (const item of [this.#store, this.#running]) item.command = "flowdeck.experiments.focus";
    this.own(stores.onList(() => this.#draw()));
    this.own(vscode.window.onDidChangeActiveTextEditor(() => this.#draw()));
    this.own(
      activity.onChange((running) => {
        this.#draw();
        view.badge = running === 0 ? undefined : { value: running, tooltip: `${running} running` };
      }),
    );
  }

  #draw(): void {
    const { running } = this.#activity;
    const store = this.#current();
    if (store === undefined) {
      this.#store.hide();
    } else {
      const { state, problem, path } = store.status;
      this.#store.text = state === "absent" ? "$(database) no store" : `$(database) ${store.name}`;
      if (state === "unreadable") this.#store.text = `$(warning) ${store.name}`;
      const trouble = problem === undefined ? undefined : plainText(problem);
      this.#store.tooltip = trouble ?? (state === "absent" ? "No MLflow data in this folder yet" : path);
      this.#store.accessibilityInformation = { label: `MLflow store ${store.name}` };
      this.#store.show();
    }
    this.#running.text = `$(loading~spin) ${running} running`;
    this.#running.tooltip = "Runs that are running";
    this.#running.accessibilityInformation = { label: `${running} MLflow runs are running` };
    if (running > 0) this.#running.show();
    else this.#running.hide();
  }

  /** The store of the active file's folder, else the first. */
  #current() {
    const file = vscode.window.activeTextEditor?.document.uri;
    const stores = this.#stores.known.filter((store) => store.folders.length > 0);
    return stores.find((store) => file !== undefined && holdsFile(store.folders, file)) ?? stores[0];
  }
}
