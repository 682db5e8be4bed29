import * as vscode from "vscode";
import type { StoreChange } from "../../protocol/changes.ts";
import { coalesce } from "../platform/coalesce.ts";
import { Disposable } from "../platform/disposable.ts";
import type { Measure } from "../platform/measure.ts";
import type { Platform } from "../platform/platform.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import type { Activity } from "./activity.ts";
import { CheckedRuns } from "./checkedRuns.ts";
import { countFolders, openArtifacts, readArtifacts } from "./artifactRows.ts";
import { findExperimentRow, findRunRow, type RowSearch } from "./findRow.ts";
import { dragRows } from "./dragRows.ts";
import {
  experimentsWith,
  nothingShown,
  openLists,
  PAGE,
  readCounts,
  readExperiments,
  readMoreRuns,
  readRuns,
} from "./experiments.ts";
import type { Look } from "./look.ts";
import type { StuckRuns } from "./stuckRuns.ts";
import * as items from "./rowItems.ts";
import {
  type ArtifactRow,
  emptyListing,
  type ExperimentRow,
  type RunRow,
  type StoreRow,
  type TrashRow,
  type TreeRow,
} from "./rows.ts";
import { drawCaption } from "./viewCaption.ts";
import { isEmptyTrash, readTrash, trashItem } from "./trashRows.ts";
import { treeItemOf } from "./treeItems.ts";

/** Changes that arrive within this time (ms) are read together. */
const COALESCE = 100;
/** Rows whose age or duration reads otherwise are drawn again this often (ms). */
const AGES = 10_000;

/** What the view leans on. */
export interface TreeParts {
  stores: Stores;
  look: Look;
  activity: Activity;
  stuck: StuckRuns;
  measure: Measure;
}

/** The Experiments view: store → experiment → runs, read when unfolded, live afterwards. */
export class ExperimentsTree extends Disposable implements vscode.TreeDataProvider<TreeRow> {
  readonly #platform: Platform;
  readonly #stores: Stores;
  readonly #measure: Measure;
  readonly #look: Look;
  readonly #activity: Activity;
  readonly #stuck: StuckRuns;
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

  constructor(platform: Platform, { stores, look, activity, stuck, measure }: TreeParts) {
    super();
    this.#platform = platform;
    this.#stores = stores;
    this.#measure = measure;
    this.#look = look;
    this.#activity = activity;
    this.#stuck = stuck;
    this.#checked = new CheckedRuns(platform);
    this.#apply = this.own(coalesce(platform, "Experiments view", COALESCE, () => this.#applyPending()));
    this.own(stores.onList(() => this.#listChanged()));
    this.own(stores.onChange(({ store, change }) => this.#note(store, change)));
    this.own(activity.onTrash((uri) => this.#trashChanged(uri)));
    this.own(stuck.onChange(() => this.#drawAges()));
    this.own(look.onFilter(() => this.#filterChanged()));
    this.own(look.onMetric(({ uri, experiment_id }) => this.#readInBackground(uri, experiment_id)));
    const options = { treeDataProvider: this, showCollapseAll: true, manageCheckboxStateManually: true };
    this.view = this.own(
      vscode.window.createTreeView("flowdeck.experiments", { ...options, dragAndDropController: dragRows }),
    );
    platform.rowViews.push(this.view);
    this.own(
      this.view.onDidChangeCheckboxState((event) => {
        for (const [row, state] of event.items) {
          if (row.kind === "run") this.check(row, state === vscode.TreeItemCheckboxState.Checked);
        }
      }),
    );
    // VS Code asks once for what stands below a row; what was folded may have changed.
    this.own(this.view.onDidExpandElement(({ element }) => this.#unfolded(element)));
    this.#drawCaption([]);
    const ages = setInterval(() => this.view.visible && this.#drawAges(), AGES);
    this.own({ dispose: () => clearInterval(ages) });
  }

  #drawAges(): void {
    for (const list of this.#lists()) {
      for (const row of list.runs.rows) {
        const drawn = this.#drawn.get(row);
        if (drawn !== undefined && drawn !== items.runDescription(this.#nodeOf(row), Date.now())) this.#fired.fire(row);
      }
    }
  }

  /** Runs the person has chosen, whatever is unfolded. */
  get checkedRuns(): { uri: string; run_id: string }[] {
    return this.#checked.all();
  }

  /** Chooses a run for comparison, or no longer. */
  check(row: RunRow, checked = !this.#checked.has(row)): void {
    this.#checked.set(row, checked);
    this.#fired.fire(row);
    this.#drawCaption();
  }

  clearChecked(): void {
    this.#checked.clear();
    for (const list of this.#lists()) for (const row of list.runs.rows) this.#fired.fire(row);
    this.#drawCaption();
  }

  #nodeOf(row: RunRow): items.ShownNode {
    const since = this.#stuck.since({ uri: row.uri, ...row.node });
    return { ...row.node, ...(since === undefined ? {} : { since }) };
  }

  getTreeItem(row: TreeRow): vscode.TreeItem {
    if (row.kind !== "run") return treeItemOf(row);
    const item = items.runItem(row, this.#nodeOf(row), this.#checked.has(row), Date.now());
    this.#drawn.set(row, String(item.description));
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, row: TreeRow): vscode.TreeItem {
    if (row.kind === "run") item.tooltip = items.runTooltip(this.#nodeOf(row));
    return item;
  }

  getParent(row: TreeRow): TreeRow | undefined {
    return row.kind === "store" ? undefined : row.parent;
  }

  async getChildren(row?: TreeRow): Promise<TreeRow[]> {
    if (row === undefined) return this.#readRoots();
    switch (row.kind) {
      case "store":
        return this.#experimentsOf(row);
      case "experiment":
        return this.#runsOf(row);
      case "run":
        return [
          ...(row.node.children > 0 || row.context ? await this.#runsOf(row) : []),
          // One that stands there for its children shows nothing else.
          ...(row.context ? [] : await this.#artifactsOf(row)),
        ];
      case "artifact":
        return this.#artifactsOf(row);
      case "trash":
        return this.#trashOf(row);
      case "trashedExperiment":
      case "trashedRun":
      case "trashedModel":
      case "more":
      case "nothing":
      case "remedy":
        return [];
      default:
        return row satisfies never;
    }
  }

  async #runsOf(row: ExperimentRow | RunRow): Promise<TreeRow[]> {
    if (!row.runs.loaded) await readRuns(row, this.#look);
    if (row.runs.rows.length > 0) this.#measure.runShown();
    return row.runs.next === undefined
      ? row.runs.rows
      : [...row.runs.rows, { kind: "more", uri: row.uri, parent: row }];
  }

  async #artifactsOf(row: RunRow | ArtifactRow): Promise<TreeRow[]> {
    await readArtifacts(row);
    this.#platform.background(
      "counting files",
      countFolders(row, (folder) => this.#fired.fire(folder)),
    );
    const { rows } = row.artifacts;
    const isEmpty = rows.length === 0 && (row.kind === "artifact" || row.node.children === 0);
    return isEmpty ? [{ kind: "nothing", uri: row.uri, parent: row }] : rows;
  }

  #unfolded(row: TreeRow): void {
    if ((row.kind !== "run" && row.kind !== "artifact") || !row.artifacts.loaded) return;
    this.#platform.background("artifacts of an unfolded row", this.#readArtifactsAgain(row));
  }

  async #readArtifactsAgain(row: RunRow | ArtifactRow): Promise<void> {
    if (await readArtifacts(row)) this.#fired.fire(row);
  }

  /** Reads the next page below the row that "Load 100 more" stands in. */
  async loadMore(parent: TreeRow): Promise<void> {
    if (parent.kind === "store") await readExperiments(parent, this.#look, parent.experiments.rows.length + PAGE);
    if (parent.kind === "experiment" || parent.kind === "run") await readMoreRuns(parent, this.#look);
    this.#fired.fire(parent);
  }

  /** Reads everything again. */
  refresh(): void {
    this.#roots.clear();
    this.#fired.fire(undefined);
  }

  /** Selects a run in the tree, unfolding what it stands in. */
  async reveal(uri: string, run_id: string): Promise<void> {
    const row = await findRunRow(await this.#search(uri), run_id);
    if (row !== undefined && this.view.visible) await this.view.reveal(row, { select: true, focus: false });
  }

  /** Selects an experiment in the tree. */
  async revealExperiment(uri: string, experiment_id: string): Promise<void> {
    const row = await findExperimentRow(await this.#search(uri), experiment_id);
    if (row !== undefined && this.view.visible) await this.view.reveal(row, { select: true, focus: true });
  }

  async #search(uri: string): Promise<RowSearch> {
    const root = this.#root(await this.#stores.get(uri));
    return { root, look: this.#look, read: (row) => this.#fired.fire(row) };
  }

  async #readRoots(): Promise<TreeRow[]> {
    this.#measure.viewOpened();
    await this.#stores.all();
    const shown = this.#storesShown();
    for (const uri of this.#roots.keys()) if (!shown.some((store) => store.uri === uri)) this.#roots.delete(uri);
    const roots = shown.map((store) => this.#root(store));
    this.#shown = new Map(shown.map((store) => [store.uri, items.shownOf(store)]));
    this.#drawCaption(shown);
    return roots;
  }

  /** Where nothing is logged yet there are none: the welcome content offers the next step. */
  #storesShown(): StoreHandle[] {
    const stores = this.#stores.known.filter((store) => store.folders.length > 0 || store.added);
    return stores.every((store) => store.status.state === "absent") ? [] : stores;
  }

  #drawCaption(stores = this.#storesShown()): void {
    const chosen = this.#checked.all().length;
    const caption = { stores, experiments: this.#experiments(), filter: this.#look.filter, chosen };
    drawCaption(this.#platform, this.view, caption);
  }

  #experiments(): ExperimentRow[] {
    return [...this.#roots.values()].flatMap((store) => store.experiments.rows);
  }

  #lists(): (ExperimentRow | RunRow)[] {
    return this.#experiments().flatMap((experiment) => [...openLists(experiment)]);
  }

  #filterChanged(): void {
    for (const row of this.#experiments()) {
      row.runs = emptyListing();
      row.shown = nothingShown();
      delete row.counts;
    }
    this.#drawCaption();
    this.#fired.fire(undefined);
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
    this.#drawCaption(shown);
    for (const store of shown) {
      const drawn = items.shownOf(store);
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
    if (!row.experiments.loaded) await readExperiments(row, this.#look);
    const uncounted = row.experiments.rows.filter((experiment) => experiment.counts === undefined);
    if (uncounted.length > 0) this.#platform.background("counting runs", this.#count(uncounted));
    const { rows: experiments, next } = row.experiments;
    const counts = this.#activity.trashOf(row.uri);
    if (isEmptyTrash(counts)) delete row.trash;
    else row.trash = { kind: "trash", uri: row.uri, counts, parent: row };
    return [
      ...experiments,
      ...(next === undefined ? [] : [{ kind: "more", uri: row.uri, parent: row } as const]),
      ...(row.trash === undefined ? [] : [row.trash]),
    ];
  }

  async #trashOf(row: TrashRow): Promise<TreeRow[]> {
    const before = trashItem(row).description;
    const trashed = await readTrash(row);
    // Its sizes are known from here on. Drawn anew, it is read once more, which changes nothing.
    if (row.parent.trash === row && trashItem(row).description !== before) this.#fired.fire(row);
    return trashed;
  }

  #trashChanged(uri: string): void {
    const row = this.#roots.get(uri);
    if (row?.experiments.loaded === true) this.#fired.fire(row);
  }

  async #count(experiments: ExperimentRow[]): Promise<void> {
    for (const row of experiments) {
      const changed = await readCounts(row, this.#look);
      if (changed && row.counts?.total !== 0 && !row.parent.experiments.rows.some((one) => one.first)) row.first = true;
      if (changed) this.#fired.fire(row);
    }
    this.#drawCaption();
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
      for (const experiment of experimentsWith(row, new Set(changes.flatMap((change) => change.run_ids))))
        touched.add(experiment);
      const everything = changes.some((change) => change.everything);
      const names = known.map((one) => `${one.experiment_id} ${one.name}`).join("\n");
      if (touched.size > 0 || everything) await readExperiments(row, this.#look, Math.max(PAGE, known.length));
      const after = row.experiments.rows;
      if (after.map((one) => `${one.experiment_id} ${one.name}`).join("\n") !== names) this.#fired.fire(row);
      for (const experiment of after) {
        if (everything || touched.has(experiment.experiment_id)) await this.#readAgain(experiment);
      }
    }
  }

  async #readAgain(experiment: ExperimentRow): Promise<void> {
    await this.#count([experiment]);
    // With a filter, one question answers for all rows of the experiment.
    const lists = this.#look.filter === undefined ? [...openLists(experiment)] : [experiment];
    for (const list of lists) {
      if (!list.runs.loaded) continue;
      const { listChanged, changed } = await readRuns(list, this.#look);
      if (listChanged) this.#fired.fire(list);
      else for (const row of changed) this.#fired.fire(row);
    }
    for (const list of [...openLists(experiment)]) {
      for (const row of list.runs.rows.flatMap((run) => [...openArtifacts(run)])) await this.#readArtifactsAgain(row);
    }
  }

  #readInBackground(uri: string, experiment_id: string): void {
    const row = this.#roots.get(uri)?.experiments.rows.find((one) => one.experiment_id === experiment_id);
    if (row !== undefined) this.#platform.background("runs of an experiment", this.#readAgain(row));
  }
}
