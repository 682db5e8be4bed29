import * as vscode from "vscode";
import type { StoreChange } from "../../protocol/changes.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Measure } from "../platform/measure.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { CheckedRuns } from "./checkedRuns.ts";
import { openLists, PAGE, readCounts, readExperiments, readMoreRuns, readRuns } from "./experiments.ts";
import * as rows from "./rows.ts";
import { emptyListing, type ExperimentRow, type RunRow, type StoreRow, type TreeRow } from "./rows.ts";

/** Changes that arrive within this time (ms) are read together. */
const COALESCE = 100;
/** Rows whose age or duration reads otherwise are drawn again this often (ms). */
const AGES = 10_000;

/** The Experiments view: store → experiment → runs, read when unfolded, live afterwards. */
export class ExperimentsTree extends Disposable implements vscode.TreeDataProvider<TreeRow> {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #measure: Measure;
  readonly #checked: CheckedRuns;
  readonly #fired = this.own(new vscode.EventEmitter<TreeRow | undefined>());
  readonly #roots = new Map<string, StoreRow>();
  readonly #pending = new Map<string, StoreChange[]>();
  /** What the store rows show, by URI; undefined before VS Code asked for them. */
  #shown: Map<string, string> | undefined;
  /** The description each row was drawn with. */
  readonly #drawn = new WeakMap<RunRow, string>();
  readonly #apply;
  readonly view: vscode.TreeView<TreeRow>;

  readonly onDidChangeTreeData = this.#fired.event;

  constructor(platform: Platform, stores: Stores, measure: Measure) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#measure = measure;
    this.#checked = new CheckedRuns(platform);
    this.#apply = this.own(coalesce(platform, "Experiments view", COALESCE, () => this.#applyPending()));
    this.own(stores.onList(() => this.#listChanged()));
    this.own(stores.onChange(({ store, change }) => this.#note(store, change)));
    const options = { treeDataProvider: this, showCollapseAll: true, manageCheckboxStateManually: true };
    this.view = this.own(vscode.window.createTreeView("flowdeck.experiments", options));
    this.own(
      this.view.onDidChangeCheckboxState(({ items }) => {
        for (const [row, state] of items) {
          if (row.kind !== "run") continue;
          this.#checked.set(row, state === vscode.TreeItemCheckboxState.Checked);
          this.#fired.fire(row);
        }
      }),
    );
    const ages = setInterval(() => this.view.visible && this.#drawAges(), AGES);
    this.own({ dispose: () => clearInterval(ages) });
  }

  #drawAges(): void {
    for (const store of this.#roots.values()) {
      for (const experiment of store.experiments.rows) {
        for (const list of openLists(experiment)) {
          for (const row of list.runs.rows) {
            const drawn = this.#drawn.get(row);
            if (drawn !== undefined && drawn !== rows.runDescription(row.node, Date.now())) this.#fired.fire(row);
          }
        }
      }
    }
  }

  /** Runs the person has chosen, whatever is unfolded. */
  get checkedRuns(): { uri: string; run_id: string }[] {
    return this.#checked.all();
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    switch (row.kind) {
      case "store":
        return rows.storeItem(row, this.#roots.size > 1);
      case "experiment":
        return rows.experimentItem(row);
      case "run":
        return this.#runItem(row);
      case "more":
        return rows.moreItem(row);
      case "remedy":
        return rows.remedyItem(row);
      default:
        return row satisfies never;
    }
  }

  #runItem(row: RunRow): vscode.TreeItem {
    const item = rows.runItem(row, this.#checked.has(row), Date.now());
    this.#drawn.set(row, String(item.description));
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: TreeRow): vscode.TreeItem {
    if (row.kind === "run") item.tooltip = rows.runTooltip(row.node);
    return item;
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return row.kind === "store" ? undefined : row.parent;
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row === undefined) return this.#readRoots();
    if (row.kind === "more" || row.kind === "remedy") return [];
    if (row.kind === "store") return this.#experimentsOf(row);
    if (!row.runs.loaded) await readRuns(row);
    if (row.runs.rows.length > 0) this.#measure.runShown();
    return row.runs.next === undefined
      ? row.runs.rows
      : [...row.runs.rows, { kind: "more", uri: row.uri, parent: row }];
  }

  /** Reads the next page below the row that "Load 100 more" stands in. */
  async loadMore(parent: TreeRow): Promise<void> {
    if (parent.kind === "store") await readExperiments(parent, parent.experiments.rows.length + PAGE);
    if (parent.kind === "experiment" || parent.kind === "run") await readMoreRuns(parent);
    this.#fired.fire(parent);
  }

  /** Reads everything again. */
  refresh(): void {
    this.#roots.clear();
    this.#fired.fire(undefined);
  }

  /** Selects a run in the tree, unfolding what it stands in. */
  async reveal(uri: string, run_id: string): Promise<void> {
    const row = await this.#rowOf(uri, run_id);
    if (row !== undefined && this.view.visible) await this.view.reveal(row, { select: true, focus: false });
  }

  async #readRoots(): Promise<TreeRow[]> {
    this.#measure.viewOpened();
    await this.#stores.all();
    const shown = this.#storesShown();
    for (const uri of this.#roots.keys()) if (!shown.some((store) => store.uri === uri)) this.#roots.delete(uri);
    const roots = shown.map((store) => this.#root(store));
    this.#shown = new Map(shown.map((store) => [store.uri, shownOf(store)]));
    this.#tellTrouble(shown);
    return roots;
  }

  /** Where nothing is logged yet there are none: the welcome content offers the next step. */
  #storesShown(): StoreHandle[] {
    const stores = this.#stores.known.filter((store) => store.folders.length > 0);
    return stores.every((store) => store.status.state === "absent") ? [] : stores;
  }

  /** Says above the tree why a store cannot be read. */
  #tellTrouble(shown: StoreHandle[]): void {
    const unreadable = shown.filter((store) => store.status.state === "unreadable");
    const message = unreadable.map((store) => rows.troubleText(store)).join("\n");
    // Setting it draws it, even where it is the same.
    if (this.view.message !== message) this.view.message = message;
  }

  /** Draws again what changed and no more: VS Code knows none of the rows below for as long as it reads them again. */
  #listChanged(): void {
    const before = this.#shown;
    if (before === undefined) return;
    const shown = this.#storesShown();
    if ([...before.keys()].join("\n") !== shown.map((store) => store.uri).join("\n")) {
      this.#fired.fire(undefined);
      return;
    }
    this.#tellTrouble(shown);
    for (const store of shown) {
      const drawn = shownOf(store);
      if (before.get(store.uri) === drawn) continue;
      before.set(store.uri, drawn);
      this.#fired.fire(this.#root(store));
    }
  }

  #root(store: StoreHandle): StoreRow {
    const known = this.#roots.get(store.uri);
    if (known !== undefined) {
      known.store = store;
      return known;
    }
    const row: StoreRow = { kind: "store", uri: store.uri, store, experiments: emptyListing() };
    this.#roots.set(store.uri, row);
    return row;
  }

  async #experimentsOf(row: StoreRow): Promise<TreeRow[]> {
    if (row.store.status.state === "unreadable") return [{ kind: "remedy", uri: row.uri, parent: row }];
    if (!row.experiments.loaded) await readExperiments(row);
    const uncounted = row.experiments.rows.filter((experiment) => experiment.counts === undefined);
    if (uncounted.length > 0) this.#platform.background("counting runs", this.#count(uncounted));
    const { rows: experiments, next } = row.experiments;
    return next === undefined ? experiments : [...experiments, { kind: "more", uri: row.uri, parent: row }];
  }

  async #count(experiments: ExperimentRow[]): Promise<void> {
    for (const row of experiments) {
      const changed = await readCounts(row);
      if (changed && row.counts?.total !== 0 && !row.parent.experiments.rows.some((one) => one.first)) row.first = true;
      if (changed) this.#fired.fire(row);
    }
  }

  #note(store: StoreHandle, change: StoreChange): void {
    if (!this.#roots.has(store.uri)) return;
    this.#pending.set(store.uri, [...(this.#pending.get(store.uri) ?? []), change]);
    this.#apply.request();
  }

  async #applyPending(): Promise<void> {
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const [uri, changes] of pending) {
      const row = this.#roots.get(uri);
      if (row === undefined || row.store.status.state === "unreadable" || !row.experiments.loaded) continue;
      const touched = new Set(changes.flatMap((change) => change.experiment_ids));
      const known = row.experiments.rows;
      for (const experiment of this.#holding(row, new Set(changes.flatMap((change) => change.run_ids))))
        touched.add(experiment);
      const everything = changes.some((change) => change.everything);
      const names = known.map((one) => `${one.experiment_id} ${one.name}`).join("\n");
      if (touched.size > 0 || everything) await readExperiments(row, Math.max(PAGE, known.length));
      const after = row.experiments.rows;
      if (after.map((one) => `${one.experiment_id} ${one.name}`).join("\n") !== names) this.#fired.fire(row);
      for (const experiment of after) {
        if (everything || touched.has(experiment.experiment_id)) await this.#readAgain(experiment);
      }
    }
  }

  /** Experiments whose unfolded rows show one of these runs. */
  *#holding(store: StoreRow, run_ids: Set<string>): Generator<string> {
    for (const experiment of store.experiments.rows) {
      for (const list of openLists(experiment)) {
        if (list.runs.rows.some((row) => run_ids.has(row.run_id))) yield experiment.experiment_id;
      }
    }
  }

  async #readAgain(experiment: ExperimentRow): Promise<void> {
    await this.#count([experiment]);
    for (const list of [...openLists(experiment)]) {
      const { listChanged, changed } = await readRuns(list);
      if (listChanged) this.#fired.fire(list);
      else for (const row of changed) this.#fired.fire(row);
    }
  }

  async #rowOf(uri: string, run_id: string): Promise<RunRow | undefined> {
    const store = await this.#stores.get(uri);
    const root = this.#root(store);
    if (!root.experiments.loaded) await readExperiments(root);
    const run = await store.remote.getRun({ run_id });
    let experiment = root.experiments.rows.find((row) => row.experiment_id === run.info.experiment_id);
    if (experiment === undefined) {
      await readExperiments(root, root.experiments.rows.length + PAGE);
      experiment = root.experiments.rows.find((row) => row.experiment_id === run.info.experiment_id);
    }
    const parentId = run.data.tags.find((tag) => tag.key === RUN_TAG.parentRunId)?.value;
    const above = parentId === undefined ? undefined : await this.#rowOf(uri, parentId).catch(() => undefined);
    const parent = above ?? experiment;
    if (parent === undefined) return undefined;
    let row = parent.runs.rows.find((one) => one.run_id === run_id);
    if (row === undefined) {
      await readRuns(parent);
      this.#fired.fire(parent);
      row = parent.runs.rows.find((one) => one.run_id === run_id);
    }
    return row;
  }
}

/** Changes when the row of a store, or that it has rows of its own, is to be drawn otherwise. */
function shownOf({ name, folders, status }: StoreHandle): string {
  return JSON.stringify([name, folders.map((folder) => folder.name), status]);
}
