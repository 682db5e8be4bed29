import * as vscode from "vscode";
import type { LoggedModel } from "../../mlflow/entities.ts";
import type { LoggedModelTarget } from "../platform/commands.ts";
import { registerCommand } from "../platform/commands.ts";
import { LOGGED_MODELS_PANEL } from "../panels/lateKinds.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import { pickAcross } from "../stores/pickAcross.ts";
import { filledStores } from "../stores/readAcross.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { findExperiment, pickExperiment, writable } from "../tracking/find.ts";
import { ageText } from "../tracking/format.ts";
import type { LoggedModelsPanels } from "./panels/loggedModelsPanels.ts";

/** Logged models that are offered. */
const OFFERED = 200;

/** Commands and panels of logged models; the panels are loaded with the first one. */
export class LoggedModels extends Disposable {
  readonly #stores: Stores;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#stores = stores;
    let loading: Promise<LoggedModelsPanels> | undefined;
    const load = async () => {
      const { LoggedModelsPanels } = await import("./panels/loggedModelsPanels.ts");
      return this.own(new LoggedModelsPanels(platform, stores));
    };
    const panels = () => (loading ??= load());
    this.own(
      vscode.window.registerWebviewPanelSerializer(LOGGED_MODELS_PANEL.type, {
        deserializeWebviewPanel: async (tab, state) => (await panels()).restore(tab, state),
      }),
    );
    this.own(
      registerCommand(platform, "flowdeck.models.showLoggedModels", async (target) => {
        const chosen = target ?? (await pickExperiment(stores, { placeHolder: "Experiment of the logged models" }));
        if (chosen === undefined) return;
        const { store, experiment } = await findExperiment(stores, chosen);
        (await panels()).show(store, experiment);
      }),
    );
    this.own(
      registerCommand(platform, "flowdeck.models.openLoggedModel", async (target) => {
        const found = await this.#find(target, "Logged model to open");
        if (found === undefined) return;
        const { store, model } = found;
        const { experiment_id, model_id } = model.info;
        const { name } = await store.remote.getExperiment({ experiment_id });
        (await panels()).show(store, { experiment_id, name }, model_id);
      }),
    );
    this.own(
      registerCommand(platform, "flowdeck.models.deleteLoggedModel", async (target) => {
        const found = await this.#find(target, "Logged model to delete");
        if (found !== undefined) await deleteLoggedModel(writable(found.store), found.model);
      }),
    );
  }

  /** The one that a command means; undefined when the person chose none. */
  async #find(
    target: LoggedModelTarget | undefined,
    placeHolder: string,
  ): Promise<{ store: StoreHandle; model: LoggedModel } | undefined> {
    const chosen = target ?? (await this.#pick(placeHolder));
    if (chosen === undefined) return undefined;
    const store = await this.#stores.get(chosen.uri);
    return { store, model: await store.remote.getLoggedModel({ model_id: chosen.model_id }) };
  }

  async #pick(placeHolder: string): Promise<LoggedModelTarget | undefined> {
    const stores = filledStores(await this.#stores.all());
    const none = "There is no logged model yet; a script of mlflow 3 logs one with `log_model`.";
    return pickAcross(stores, loggedModelsOf, { none, placeHolder, matchOnDescription: true, matchOnDetail: true });
  }
}

async function loggedModelsOf(
  { uri, remote }: StoreHandle,
  place: string,
): Promise<(vscode.QuickPickItem & LoggedModelTarget)[]> {
  const experiments = await remote.searchExperiments({ max_results: 1000 });
  const experiment_ids = experiments.items.map(({ experiment_id }) => experiment_id);
  if (experiment_ids.length === 0) return [];
  const { items } = await remote.searchLoggedModels({ experiment_ids, max_results: OFFERED });
  return items.map(({ info: { model_id, name, creation_timestamp_ms } }) => ({
    ...{ label: `$(package) ${name}`, description: `${place} · ${ageText(creation_timestamp_ms, Date.now())}` },
    ...{ detail: model_id, uri, model_id },
  }));
}

/** MLflow's clients have no way to restore one: what goes is named first. */
async function deleteLoggedModel({ remote }: StoreHandle, { info }: LoggedModel): Promise<void> {
  const { model_id, name } = info;
  const filter = `source_path = 'models:/${model_id.replaceAll("'", "")}'`;
  const versions = await remote.searchModelVersions({ filter, max_results: 10 }).catch(() => ({ items: [] }));
  const named = versions.items.map((version) => `${version.name} ${version.version}`).join(", ");
  const detail = [
    "It can no longer be found by its id. Its files stay until the trash is emptied.",
    ...(named === "" ? [] : [`Registered as ${named}: what serves that version does not find its model any more.`]),
  ].join("\n\n");
  const button = "Delete";
  const question = `Delete the logged model ${name} (${model_id.slice(0, 10)})?`;
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) !== button) return;
  await remote.deleteLoggedModel({ model_id });
}
