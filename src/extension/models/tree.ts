import * as vscode from "vscode";
import { isOwnTag } from "../../protocol/tags.ts";
import { coalesce } from "../platform/coalesce.ts";
import { setContextKey } from "../platform/contextKeys.ts";
import { Disposable } from "../platform/disposable.ts";
import { type Platform, sentenceOf } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { emptyListing, type Listing } from "../tracking/rows.ts";
import type { KnownModels } from "./filterChoices.ts";
import { itemOf } from "./items.ts";
import type { KeptFilter } from "../platform/keptFilter.ts";
import { anyModel, countVersions, readBelow, readModels, readVersions } from "./readModels.ts";
import { versionDescription } from "./rowTexts.ts";
import type { ModelRow, ModelsRow, StoreRow, VersionRow } from "./rows.ts";

/** Changes that arrive within this time (ms) are read together. */
const COALESCE = 100;
/** Rows whose age reads otherwise are drawn again this often (ms). */
const AGES = 10_000;

/** The Models view: store → registered model → versions, read by pages when unfolded, live afterwards. One store alone has no row. */
export class ModelsTree extends Disposable implements vscode.TreeDataProvider<ModelsRow> {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #look: KeptFilter;
  readonly #fired = this.own(new vscode.EventEmitter<ModelsRow | undefined>());
  readonly #roots = new Map<string, StoreRow>();
  readonly #pending = new Set<string>();
  /** The description each row was drawn with. */
  readonly #drawn = new WeakMap<VersionRow, string>();
  /** Models whose versions are to be counted, in the order of their rows. */
  readonly #uncounted = new Set<ModelRow>();
  readonly #apply;
  readonly #count;
  readonly #lookFor;
  /** URIs of the stores whose rows stand in the view, or whose models do. */
  #shown = "";
  readonly view: vscode.TreeView<ModelsRow>;

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, stores: Stores, look: KeptFilter) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#look = look;
    this.#apply = this.own(coalesce(platform, "Models view", COALESCE, () => this.#applyPending()));
    this.#count = this.own(coalesce(platform, "counting versions", COALESCE, () => this.#countVersions()));
    this.#lookFor = this.own(
      coalesce(platform, "looking for registered models", COALESCE, () => this.#lookForModels()),
    );
    this.own(stores.onList(() => this.#listChanged()));
    this.own(stores.onChange(({ store, change }) => (change.models || change.everything) && this.#note(store)));
    this.own(look.onFilter(() => this.refresh()));
    this.view = this.own(
      vscode.window.createTreeView("flowdeck.models", { treeDataProvider: this, showCollapseAll: true }),
    );
    this.own(this.view.onDidExpandElement(({ element }) => this.#unfolded(element, true)));
    this.own(this.view.onDidCollapseElement(({ element }) => this.#unfolded(element, false)));
    this.own(this.view.onDidChangeVisibility(({ visible }) => visible && this.#count.request()));
    const ages = setInterval(() => this.view.visible && this.#drawAges(), AGES);
    this.own({ dispose: () => clearInterval(ages) });
  }

  getTreeItem(row: ModelsRow): vscode.TreeItem {
    const item = itemOf(row);
    if (row.kind === "version") this.#drawn.set(row, String(item.description));
    return item;
  }

  getParent(row: ModelsRow): ModelsRow | undefined {
    if (row.kind === "store") return undefined;
    return row.parent.kind === "store" && this.#isFlat() ? undefined : row.parent;
  }

  async getChildren(row?: ModelsRow): Promise<ModelsRow[]> {
    if (row === undefined) return this.#readRoots();
    switch (row.kind) {
      case "store":
        return this.#modelsOf(row);
      case "model":
        return this.#versionsOf(row);
      case "version":
      case "more":
      case "remedy":
        return [];
      default:
        return row satisfies never;
    }
  }

  /** Reads the next page below the row that "Load 100 more" stands in. */
  async loadMore(parent: StoreRow | ModelRow): Promise<void> {
    if (parent.kind === "store") await readModels(parent, this.#look.filter, true);
    else await readVersions(parent, true);
    this.#fire(parent);
    if (parent.kind === "store") this.#drawCaption();
  }

  /** For suggestions of a filter. */
  get knownModels(): KnownModels {
    const models = this.#models().map(({ model }) => model);
    const tags = models.flatMap((model) => model.tags).filter(({ key }) => isOwnTag(key));
    return { names: models.map(({ name }) => name), tags };
  }

  /** Reads everything again. */
  refresh(): void {
    this.#roots.clear();
    this.#fired.fire(undefined);
  }

  /** Selects a model, or one of its versions, unfolding what it stands in. */
  async reveal({ uri, name, version }: { uri: string; name: string; version?: string }): Promise<void> {
    if (!this.view.visible) return;
    const root = this.#root(await this.#stores.get(uri));
    const { listChanged, changed } = await readModels(root, this.#look.filter);
    // Rows that VS Code reads again are known to nobody for a moment: no more of them than needed.
    if (listChanged) this.#fire(root);
    else for (const row of changed) this.#fired.fire(row);
    const model = root.models.rows.find((row) => row.name === name);
    if (model === undefined) return;
    await this.#readVersions(model);
    const row = model.versions.rows.find((one) => one.version === version) ?? model;
    // VS Code does not find a row in the moment in which it reads the view again: that it is not selected then is no failure.
    this.#platform.background("showing a model", this.view.reveal(row, { select: true, focus: false }));
  }

  async #readRoots(): Promise<ModelsRow[]> {
    await this.#stores.all();
    const stores = this.#shownStores();
    this.#shown = uris(stores);
    for (const uri of this.#roots.keys()) if (!stores.some((store) => store.uri === uri)) this.#roots.delete(uri);
    const roots = stores.map((store) => this.#root(store));
    const lists = await Promise.all(roots.map((root) => this.#modelsOf(root)));
    this.#drawCaption();
    // Where there are none at all, the welcome content offers the next step.
    if (lists.every((list) => list.length === 0)) return [];
    return this.#isFlat() ? lists.flat() : roots;
  }

  /** The models of the only store stand at the top; where none can be read, the row of the store says so. */
  #isFlat(): boolean {
    const [only, another] = this.#shownStores();
    const root = only === undefined || another !== undefined ? undefined : this.#roots.get(only.uri);
    return root !== undefined && (root.failure === undefined || root.models.rows.length > 0);
  }

  /** Of a database that is not there yet there is nothing to say. */
  #shownStores(): StoreHandle[] {
    return this.#stores.known.filter(
      (store) => (store.folders.length > 0 || store.added) && store.status.state !== "absent",
    );
  }

  async #modelsOf(row: StoreRow): Promise<ModelsRow[]> {
    if (!row.models.loaded) await readBelow(row, () => readModels(row, this.#look.filter));
    for (const model of row.models.rows) if (model.count === undefined) this.#uncounted.add(model);
    if (this.#uncounted.size > 0) this.#count.request();
    return listed(row, row.models);
  }

  async #versionsOf(row: ModelRow): Promise<ModelsRow[]> {
    row.unfolded = true;
    if (!row.versions.loaded) await this.#readVersions(row);
    return listed(row, row.versions);
  }

  /** One model after the other, while somebody looks. */
  async #countVersions(): Promise<void> {
    for (const row of this.#uncounted) {
      if (!this.view.visible || this.disposed) return;
      this.#uncounted.delete(row);
      if (await this.#countOf(row)) this.#fired.fire(row);
    }
  }

  /** Whether its count is another one; a model that cannot be counted keeps what it had. */
  async #countOf(row: ModelRow): Promise<boolean> {
    try {
      return await countVersions(row);
    } catch (error) {
      this.#platform.log.warn(`The versions of ${row.name} cannot be counted: ${sentenceOf(error)}`);
      return false;
    }
  }

  async #readVersions(row: ModelRow): Promise<void> {
    const before = row.failure;
    const read = await readBelow(row, async () => ({
      ...(await readVersions(row)),
      counted: await countVersions(row),
    }));
    if (read === undefined || before !== undefined || read.listChanged || read.counted) this.#fired.fire(row);
    else for (const version of read.changed) this.#fired.fire(version);
    this.#drawCaption();
  }

  #unfolded(row: ModelsRow, unfolded: boolean): void {
    if (row.kind !== "model") return;
    row.unfolded = unfolded;
    // VS Code asks once for what stands below a row; what was folded may have changed.
    if (unfolded) this.#platform.background("versions of an unfolded row", this.#readVersions(row));
  }

  #drawAges(): void {
    for (const version of this.#models().flatMap((model) => model.versions.rows)) {
      const drawn = this.#drawn.get(version);
      if (drawn !== undefined && drawn !== versionDescription(version, Date.now())) this.#fired.fire(version);
    }
  }

  #models(): ModelRow[] {
    return [...this.#roots.values()].flatMap((root) => root.models.rows);
  }

  /** Draws again a row; of the only store all rows. */
  #fire(row: StoreRow | ModelRow): void {
    this.#fired.fire(row.kind === "store" && this.#shownStores().length === 1 ? undefined : row);
  }

  #listChanged(): void {
    this.#lookFor.request();
    if (this.#shown !== uris(this.#shownStores())) this.#fired.fire(undefined);
  }

  #root(store: StoreHandle): StoreRow {
    const known = this.#roots.get(store.uri);
    if (known !== undefined) {
      known.store = store;
      return known;
    }
    const row: StoreRow = { kind: "store", uri: store.uri, store, models: emptyListing() };
    this.#roots.set(store.uri, row);
    return row;
  }

  #note({ uri }: StoreHandle): void {
    this.#pending.add(uri);
    this.#apply.request();
    this.#lookFor.request();
  }

  /** For `when` clauses: whether there is any, whatever the filter and whether or not the view was opened. */
  async #lookForModels(): Promise<void> {
    const any = await anyModel(this.#shownStores());
    // What a store has that cannot be read is not known: what was so before stays.
    if (any !== undefined) setContextKey(this.#platform, "flowdeck.hasModels", any);
  }

  async #applyPending(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const uri of pending) {
      const root = this.#roots.get(uri);
      if (root === undefined || !(root.models.loaded || root.failure !== undefined)) continue;
      const wasEmpty = this.#models().length === 0;
      const before = root.failure?.message;
      const read = await readBelow(root, () => readModels(root, this.#look.filter));
      const changed = read?.changed ?? [];
      if (read?.listChanged === true || before !== root.failure?.message) {
        if (wasEmpty || this.#models().length === 0) this.#fired.fire(undefined);
        else this.#fire(root);
      }
      for (const model of root.models.rows) {
        const touched = changed.includes(model);
        // What changes of a version alone, its model does not tell.
        if (model.versions.loaded && (touched || model.unfolded)) await this.#readVersions(model);
        else if (touched && model.count !== undefined) await this.#countOf(model);
        if (touched) this.#fired.fire(model);
      }
    }
    this.#drawCaption();
  }

  #drawCaption(): void {
    const { filter } = this.#look;
    const models = this.#models();
    const failures = [...this.#roots.values(), ...models].flatMap(({ failure }) => failure ?? []);
    const none = models.length + failures.length === 0 ? "No model matches" : "Only models with";
    const lines = [...new Set(failures.map(sentenceOf)), ...(filter === undefined ? [] : [`${none} ${filter}`])];
    const message = lines.join("\n");
    if ((this.view.message ?? "") !== message) this.view.message = message;
    const more = [...this.#roots.values()].some((root) => root.models.next !== undefined) ? "+" : "";
    const told = models.length === 0 ? "" : `${models.length.toLocaleString("en-US")}${more}`;
    if ((this.view.description ?? "") !== told) this.view.description = told;
    setContextKey(this.#platform, "flowdeck.modelsFiltered", filter !== undefined);
  }
}

function uris(stores: readonly StoreHandle[]): string {
  return stores.map(({ uri, status }) => `${uri} ${status.state} ${status.read_only}`).join("\n");
}

/** What stands below a row: what was read, and what leads on. */
function listed<Row extends ModelsRow>(row: StoreRow | ModelRow, { rows, next }: Listing<Row>): ModelsRow[] {
  const { uri, failure } = row;
  return [
    ...rows,
    ...(next === undefined ? [] : [{ kind: "more", uri, parent: row } as const]),
    ...(failure === undefined ? [] : [{ kind: "remedy", uri, failure, parent: row } as const]),
  ];
}
