import * as vscode from "vscode";
import { MlflowError } from "../../../mlflow/errors.ts";
import { loggedModelOf } from "../../../mlflow/modelVersions.ts";
import type { StoreChange } from "../../../protocol/changes.ts";
import { directionByName } from "../../../protocol/metricDirection.ts";
import type {
  ModelAbility,
  ModelAction,
  ModelHost,
  ModelSubject,
  ModelView,
  PageAction,
  VersionAction,
} from "../../../protocol/panels/model.ts";
import { Panel, type PanelKind } from "../../panels/panel.ts";
import { pageSettings } from "../../panels/pageSettings.ts";
import { execute, type VersionTarget } from "../../platform/commands.ts";
import { openWrittenLink } from "../../platform/openWrittenLink.ts";
import type { Platform } from "../../platform/platform.ts";
import type { OpenStore, StoreHandle } from "../../stores/stores.ts";
import { modelTabIcon } from "../../tracking/icons.ts";
import { KeptFiles } from "../keptFiles.ts";
import { selectedPython } from "../selectedPython.ts";

export const MODEL_PANEL: PanelKind = { type: "flowdeck.model", page: "model" };

/** A registered model: its versions, one of them whole, and its history. */
export class ModelPanel extends Panel<ModelView> {
  readonly #platform: Platform;
  readonly #store: OpenStore;
  readonly #files = new KeptFiles();
  #subject: ModelSubject;
  /** The version whose details the page asked for last: the chosen one. */
  #chosen: string | undefined;
  /** The version that the person asked for, until the page has been told. */
  #wanted: string | undefined;

  constructor(platform: Platform, panel: vscode.WebviewPanel, subject: ModelSubject, store: OpenStore) {
    super(platform, MODEL_PANEL, panel);
    this.#platform = platform;
    this.#store = store;
    this.#subject = subject;
    this.#load();
  }

  get subject(): ModelSubject {
    return this.#subject;
  }

  /** The chosen version, for commands that were given none. */
  get chosen(): VersionTarget | undefined {
    return this.#chosen === undefined ? undefined : { ...this.#subject, version: this.#chosen };
  }

  storeChanged(change: StoreChange): void {
    if (change.models || change.everything) this.#files.clear();
    this.view.storeChanged(change);
  }

  /** Chooses a version; a page that is hidden asks for it when it is shown. */
  show(version: string): void {
    this.#wanted = version;
    this.view.opened({});
  }

  /** The page does it, or says why not. */
  act(action: PageAction): void {
    this.view.act({ action });
  }

  /** The model has another name from here on; what the person arranged stays. */
  become(name: string): void {
    this.#subject = { ...this.#subject, name };
    this.#load();
  }

  #load(): void {
    this.name(this.#subject.name, modelTabIcon(this.#platform.context.extensionUri));
    this.load(this.#subject, this.#host(this.#subject));
  }

  /** What the page may ask, answered from the store; what changes something is done by the commands. */
  #host({ uri, name }: ModelSubject): ModelHost {
    const read = () => import("../readPanel.ts");
    const remote = async () => (await this.#store()).remote;
    const files = this.#files;
    const kept = async () => ({ ...(await this.#store()), files });
    const directionOf = (key: string) => pageSettings().directions[key] ?? directionByName(key);
    return {
      overview: async () => {
        const store = await this.#store();
        return (await read()).readModelOverview(store, name, abilitiesOf(store));
      },
      wanted: async () => {
        const version = this.#wanted;
        this.#wanted = undefined;
        return version === undefined ? {} : { version };
      },
      rows: async (query) => (await remote()).versionRows({ ...query, name }),
      there: async ({ versions }) => (await read()).readVersionsThere(await this.#store(), { name, versions }),
      metrics: async () => (await remote()).versionMetrics({ name }),
      version: async ({ version }) => {
        this.#chosen = version;
        return (await read()).readVersionDetails(await kept(), { name, version });
      },
      environment: async ({ version }) => {
        const { readVersionEnvironment } = await import("../modelEnvironment.ts");
        const store = await this.#store();
        return readVersionEnvironment(store.remote, { name, version }, () => selectedPython(store), files);
      },
      compare: async (query) => (await read()).readVersionsBeside(await kept(), { ...query, name }, directionOf),
      history: async ({ limit }) => (await read()).readModelHistory(await this.#store(), { name, limit }),
      act: ({ action }) => act(action, { uri, name }),
      actOnVersion: async ({ action, version }) => actOnVersion(action, { uri, name, version }, await this.#store()),
      promote: async ({ version, target, seen }) => {
        const to = { ...target, ...(seen === undefined ? {} : { seen }) };
        await execute("flowdeck.models.promote", { uri, name, version }, to);
      },
      diffFiles: async ({ left, right }) => {
        const { diffVersions } = await import("../diffVersions.ts");
        await diffVersions(await this.#store(), name, left, right);
      },
      openRun: async ({ run_id }) => void (await execute("flowdeck.tracking.openRun", { uri, run_id })),
      openLink: async ({ href }) => openWrittenLink(href),
      copy: async ({ text }) => vscode.env.clipboard.writeText(text),
      showLog: async () => void (await execute("flowdeck.platform.showLog")),
    };
  }
}

/** An untrusted workspace may be looked at: a server would run what the model holds. */
function abilitiesOf(store: StoreHandle): ModelAbility[] {
  return [
    ...(store.status.read_only ? [] : ["write" as const]),
    ...(vscode.workspace.isTrusted ? ["serve" as const] : []),
  ];
}

async function act(action: ModelAction, model: { uri: string; name: string }): Promise<void> {
  switch (action) {
    case "describe":
      return void (await execute("flowdeck.models.describe", model));
    case "setTag":
      return void (await execute("flowdeck.models.setTag", model));
    case "deleteTag":
      return void (await execute("flowdeck.models.deleteTag", model));
    case "rename":
      return void (await execute("flowdeck.models.rename", model));
    case "copyName":
      return void (await execute("flowdeck.models.copyName", model));
    case "delete":
      return void (await execute("flowdeck.models.deleteModel", model));
    case "register":
      return void (await execute("flowdeck.models.registerUri", { uri: model.uri }, undefined, model.name));
    default:
      return action satisfies never;
  }
}

async function actOnVersion(action: VersionAction, version: VersionTarget, { remote }: StoreHandle): Promise<void> {
  switch (action) {
    case "openRun":
      return void (await execute("flowdeck.models.openRun", version));
    case "openLoggedModel": {
      const found = await remote.getModelVersion({ name: version.name, version: version.version });
      const model_id = loggedModelOf(found);
      if (model_id === undefined) {
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Version ${version.version} names no logged model.`);
      }
      return void (await execute("flowdeck.models.openLoggedModel", {
        uri: version.uri,
        model_id,
      }));
    }
    case "serve":
      return void (await execute("flowdeck.serving.serve", version));
    case "setAlias":
      return void (await execute("flowdeck.models.setAlias", version));
    case "removeAlias":
      return void (await execute("flowdeck.models.removeAlias", version));
    case "setStage":
      return void (await execute("flowdeck.models.setStage", version));
    case "describe":
      return void (await execute("flowdeck.models.describe", version));
    case "setTag":
      return void (await execute("flowdeck.models.setTag", version));
    case "deleteTag":
      return void (await execute("flowdeck.models.deleteTag", version));
    case "copyVersion":
      return void (await execute("flowdeck.models.copyVersion", version));
    case "copyUri":
      return void (await execute("flowdeck.models.copyUri", version));
    case "delete":
      return void (await execute("flowdeck.models.deleteVersion", version));
    default:
      return action satisfies never;
  }
}
