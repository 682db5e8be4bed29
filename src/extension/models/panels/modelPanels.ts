import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import { OpenPanels } from "../../panels/openPanels.ts";
import { openTab, savedSubject } from "../../panels/panel.ts";
import type { ModelOrVersion, ModelTarget, VersionTarget } from "../../platform/commands.ts";
import { Disposable } from "../../platform/disposable.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Stores } from "../../stores/stores.ts";
import { MODEL_PANEL, ModelPanel } from "./model.ts";

/** The open Model panels: one for each registered model, restored after a reload. */
export class ModelPanels extends Disposable {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #open = this.own(new OpenPanels<ModelPanel>());

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.own(
      stores.onChange(({ store, change }) => {
        for (const panel of this.#open) if (panel.subject.uri === store.uri) panel.storeChanged(change);
      }),
    );
    const deserializeWebviewPanel = async (panel: vscode.WebviewPanel, state: unknown): Promise<void> => {
      const { uri, name } = savedSubject(state);
      if (uri === undefined || name === undefined) panel.dispose();
      else this.#add(panel, { uri, name });
    };
    this.own(vscode.window.registerWebviewPanelSerializer(MODEL_PANEL.type, { deserializeWebviewPanel }));
  }

  /** Shows a model, with one of its versions where it names one. */
  show({ uri, name, version }: ModelOrVersion): void {
    const open = this.#of({ uri, name });
    open?.reveal();
    const panel = open ?? this.#add(openTab(MODEL_PANEL, name), { uri, name });
    if (version !== undefined) panel.show(version);
  }

  /** A model was renamed here: its panel goes with it. */
  renamed(model: ModelTarget, new_name: string): void {
    this.#of(model)?.become(new_name);
  }

  /** The panel in front. Throws INVALID_STATE where none is. */
  get front(): ModelPanel {
    if (this.#open.active !== undefined) return this.#open.active;
    throw new MlflowError("INVALID_STATE", "No registered model is in front; open a model first.");
  }

  /** The chosen version of the panel in front, for commands that were given none. */
  get chosen(): VersionTarget | undefined {
    return this.#open.active?.chosen;
  }

  #of({ uri, name }: ModelTarget): ModelPanel | undefined {
    return this.#open.find(({ subject }) => subject.uri === uri && subject.name === name);
  }

  #add(tab: vscode.WebviewPanel, { uri, name }: ModelTarget): ModelPanel {
    return this.#open.add(new ModelPanel(this.#platform, tab, { uri, name }, () => this.#stores.get(uri)));
  }
}
