import * as vscode from "vscode";
import type { ModelVersion, RegisteredModel } from "../../mlflow/entities.ts";
import { textValue } from "../../mlflow/filter/write.ts";
import { coalesce } from "../platform/coalesce.ts";
import { clickedRow } from "../platform/clickedRow.ts";
import { commandOf, execute, registerCommand } from "../platform/commands.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { ageText, countText } from "../tracking/format.ts";

interface ModelRow {
  kind: "model";
  store: StoreHandle;
  model: RegisteredModel;
  versions: VersionRow[];
}

interface VersionRow {
  kind: "version";
  /** Store of the run the version came from. */
  uri: string;
  run_id: string;
  version: ModelVersion;
}

type ModelsRow = ModelRow | VersionRow;

/** More registered models than this are not listed yet. */
const MODELS = 1000;

/** The Models view: registered model → versions, with stage and aliases. */
export class ModelsTree extends Disposable implements vscode.TreeDataProvider<ModelsRow> {
  readonly #stores: Stores;
  readonly #fired = this.own(new vscode.EventEmitter<undefined>());
  readonly #view: vscode.TreeView<ModelsRow>;

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, stores: Stores) {
    super();
    this.#stores = stores;
    const reread = this.own(coalesce(platform, "Models view", 200, async () => this.#fired.fire(undefined)));
    this.own(stores.onList(() => reread.request()));
    this.own(stores.onChange(({ change }) => (change.models || change.everything) && reread.request()));
    this.#view = this.own(vscode.window.createTreeView("flowdeck.models", { treeDataProvider: this }));
    this.own(registerCommand(platform, "flowdeck.models.refresh", async () => this.#fired.fire(undefined)));
    this.own(
      registerCommand(platform, "flowdeck.models.openSelected", async () => {
        const row = await clickedRow(this.#view);
        if (row?.kind === "version") await execute("flowdeck.tracking.openRun", row);
      }),
    );
    // The run of the newest version stands for the model.
    this.own(
      registerCommand(platform, "flowdeck.models.openModel", async (target) => {
        if (target === undefined) return;
        const { remote } = await stores.get(target.uri);
        const { latest_versions } = await remote.getRegisteredModel({ name: target.name });
        const wanted = latest_versions.find(({ version }) => version === target.version) ?? latest_versions.at(-1);
        if (wanted?.run_id) await execute("flowdeck.tracking.openRun", { uri: target.uri, run_id: wanted.run_id });
      }),
    );
  }

  getTreeItem(row: ModelsRow): vscode.TreeItem {
    return row.kind === "model" ? modelItem(row) : versionItem(row);
  }

  async getChildren(row?: ModelsRow): Promise<ModelsRow[]> {
    if (row !== undefined) return row.kind === "model" ? row.versions : [];
    const stores = (await this.#stores.all()).filter(
      (store) => store.folders.length > 0 && store.status.state === "open",
    );
    const models = (await Promise.all(stores.map(readModels))).flat();
    this.#view.description = models.length === 0 ? "" : String(models.length);
    return models;
  }
}

async function readModels(store: StoreHandle): Promise<ModelRow[]> {
  const page = await store.remote.searchRegisteredModels({ max_results: MODELS });
  return Promise.all(
    page.items.map(async (model): Promise<ModelRow> => {
      const name = textValue(model.name);
      const filter = name === undefined ? {} : { filter: `name = ${name}` };
      const found = await store.remote.searchModelVersions({ ...filter, max_results: MODELS });
      const own = found.items.filter((version) => version.name === model.name);
      const newestFirst = own.toSorted((one, other) => Number(other.version) - Number(one.version));
      const versions = newestFirst.map(
        (version): VersionRow => ({ kind: "version", uri: store.uri, run_id: version.run_id ?? "", version }),
      );
      return { kind: "model", store, model, versions };
    }),
  );
}

function modelItem({ store, model, versions }: ModelRow): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(model.name, versions.length > 0 ? Collapsed : None);
  item.id = `${store.uri}#${model.name}`;
  item.iconPath = new vscode.ThemeIcon("package");
  item.description = countText(versions.length, "version");
  item.contextValue = "model";
  if (model.description) item.tooltip = model.description;
  item.accessibilityInformation = { label: `${model.name}, ${item.description}` };
  return item;
}

function versionItem({ uri, run_id, version }: VersionRow): vscode.TreeItem {
  const item = new vscode.TreeItem(`Version ${version.version}`);
  item.id = `${uri}#${version.name}/${version.version}`;
  item.iconPath = new vscode.ThemeIcon("tag");
  const badges = version.aliases.map((alias) => `@${alias}`);
  if (version.current_stage !== "None") badges.push(version.current_stage);
  if (badges.length < 2) badges.push(ageText(version.creation_timestamp, Date.now()));
  item.description = badges.join(" · ");
  item.contextValue = run_id === "" ? "version" : "version.ofRun";
  item.tooltip = [`${version.name} ${version.version}`, version.description, version.source].filter(Boolean).join("\n");
  item.accessibilityInformation = { label: `Version ${version.version}, ${item.description}` };
  if (run_id !== "") item.command = commandOf("flowdeck.models.openSelected", "Open Run");
  return item;
}
