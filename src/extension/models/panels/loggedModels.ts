import * as vscode from "vscode";
import type { StoreChange } from "../../../protocol/changes.ts";
import type { LoggedModelsHost, LoggedModelsSubject, LoggedModelsView } from "../../../protocol/panels/loggedModels.ts";
import { LOGGED_MODELS_PANEL } from "../../panels/lateKinds.ts";
import { Panel } from "../../panels/panel.ts";
import { execute } from "../../platform/commands.ts";
import type { Platform } from "../../platform/platform.ts";
import type { OpenStore } from "../../stores/stores.ts";
import { writable } from "../../tracking/find.ts";
import { loggedModelsTabIcon } from "../../tracking/icons.ts";
import { openArtifact } from "../../tracking/artifacts/openArtifact.ts";
import { readText } from "../../stores/readText.ts";
import { readModelEnvironment } from "../modelEnvironment.ts";
import { readLoggedModel, readLoggedModels } from "../readLoggedModels.ts";
import { selectedPython } from "../selectedPython.ts";

/** The logged models of one experiment: a list, and all about one of them. */
export class LoggedModelsPanel extends Panel<LoggedModelsView> {
  readonly subject: LoggedModelsSubject;
  readonly #store: OpenStore;
  readonly #platform: Platform;
  /** The page asks, so it listens. */
  #booted = false;

  constructor(platform: Platform, panel: vscode.WebviewPanel, subject: LoggedModelsSubject, store: OpenStore) {
    super(platform, LOGGED_MODELS_PANEL, panel);
    this.#platform = platform;
    this.subject = subject;
    this.#store = store;
    this.name(panel.title, loggedModelsTabIcon(platform.context.extensionUri));
    this.load(subject, this.#host(subject));
  }

  storeChanged(change: StoreChange): void {
    this.view.storeChanged(change);
  }

  /** Chooses a logged model in the list. */
  show(model_id: string): void {
    // A page that is not there yet begins with it.
    if (this.#booted && this.visible) this.view.show({ model_id });
    else this.#load({ ...this.subject, model_id });
  }

  #load(subject: LoggedModelsSubject): void {
    this.load(subject, this.#host(subject));
  }

  #host({ uri, experiment_id }: LoggedModelsSubject): LoggedModelsHost {
    const remote = async () => (await this.#store()).remote;
    return {
      overview: async () => {
        const store = await this.#store();
        const { name } = await store.remote.getExperiment({ experiment_id });
        this.#booted = true;
        this.name(`${name} models`, loggedModelsTabIcon(this.#platform.context.extensionUri));
        return {
          ...{ experiment_name: name, store_name: store.name },
          ...{ writable: !store.status.read_only, servable: vscode.workspace.isTrusted },
        };
      },
      models: async (query) => readLoggedModels(await remote(), experiment_id, query),
      details: async ({ model_id }) => readLoggedModel(await remote(), model_id),
      environment: async ({ model_id }) => {
        const store = await this.#store();
        const read = (path: string) => readText(store.remote, { model_id }, path);
        return readModelEnvironment(read, () => selectedPython(store));
      },
      setTag: async ({ model_id, key, value }) => {
        await writable(await this.#store()).remote.setLoggedModelTags({ model_id, tags: [{ key, value }] });
      },
      deleteTag: async ({ model_id, key }) => {
        await writable(await this.#store()).remote.deleteLoggedModelTag({ model_id, tag_key: key });
      },
      register: async ({ model_id }) => void (await execute("flowdeck.models.registerLoggedModel", { uri, model_id })),
      serve: async ({ model_id }) =>
        void (await execute("flowdeck.serving.serve", {
          uri,
          model_uri: `models:/${model_id}`,
        })),
      delete: async ({ model_id }) => void (await execute("flowdeck.models.deleteLoggedModel", { uri, model_id })),
      openFile: async ({ model_id, path }) => openArtifact({ store: await this.#store(), model_id, path }),
      openRun: async ({ run_id }) => void (await execute("flowdeck.tracking.openRun", { uri, run_id })),
      openVersion: async (version) => void (await execute("flowdeck.models.openModel", { uri, ...version })),
      openExperiment: async () => void (await execute("flowdeck.tracking.openExperiment", { uri, experiment_id })),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      showLog: async () => void (await execute("flowdeck.platform.showLog")),
    };
  }
}
