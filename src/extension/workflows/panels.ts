import * as vscode from "vscode";
import type { StoreChange } from "../../protocol/changes.ts";
import { OpenPanels } from "../panels/openPanels.ts";
import { openTab, savedSubject } from "../panels/panel.ts";
import { Disposable } from "../platform/disposable.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { WORKFLOW_PANEL, WorkflowPanel, type WorkflowPanelParts } from "./panel.ts";

/** The open Workflow panels: one for each workflow file or chain, restored after a reload. */
export class WorkflowPanels extends Disposable {
  readonly #stores: Stores;
  readonly #parts: WorkflowPanelParts;
  readonly #open = this.own(new OpenPanels<WorkflowPanel>());

  constructor(stores: Stores, parts: WorkflowPanelParts) {
    super();
    this.#stores = stores;
    this.#parts = parts;
    const changed = (uri: string, change: StoreChange): void => {
      for (const panel of this.#open) if (panel.subject.uri === uri) panel.storeChanged(change);
    };
    this.own(stores.onChange(({ store, change }) => changed(store.uri, change)));
    this.own(parts.stuck.onChange(({ store, change }) => changed(store.uri, change)));
    const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, state: unknown): Promise<void> => {
      const { uri, run_id } = savedSubject(state);
      if (uri === undefined || run_id === undefined) panel.dispose();
      else this.#add(panel, uri, run_id);
    };
    this.own(vscode.window.registerWebviewPanelSerializer(WORKFLOW_PANEL.type, { deserializeWebviewPanel }));
  }

  /** Shows a run: in its own panel, in one of the same workflow file, or in a new one. */
  show(store: StoreHandle, run_id: string, title: string, file: string | undefined): void {
    const here = [...this.#open].filter(({ subject }) => subject.uri === store.uri);
    const open =
      here.find(({ subject }) => subject.run_id === run_id) ??
      here.find((panel) => file !== undefined && panel.file === file);
    if (open === undefined) return this.#add(openTab(WORKFLOW_PANEL, title), store.uri, run_id);
    open.become(run_id);
    open.reveal();
  }

  #add(tab: vscode.WebviewPanel, uri: string, run_id: string): void {
    this.#open.add(new WorkflowPanel(this.#parts, tab, { uri, run_id }, () => this.#stores.get(uri)));
  }
}
