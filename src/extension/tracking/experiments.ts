// Reads the Experiments view's rows from the stores and keeps what was read, so that a change touches only what it changed.
import { filterByIds } from "../../mlflow/filter/write.ts";
import { MOST_ROWS, type RunNode } from "../../protocol/runs.ts";
import type { StoreHandle } from "../stores/stores.ts";
import type { ExperimentKey } from "./baselines.ts";
import { readFiltered } from "./filteredRuns.ts";
import {
  type Counts,
  emptyListing,
  experimentOf,
  type ExperimentRow,
  type Listing,
  type RunRow,
  storeOf,
  type StoreRow,
} from "./rows.ts";

/** Rows of a page. */
export const PAGE = 100;
/** Experiments whose counts are waited for before the first picture; the others follow. */
const COUNTED_FIRST = 10;

type RunParent = ExperimentRow | RunRow;

/** What is shown of runs, as the person chose it. */
export interface Looking {
  /** What was read under another one is dropped: all rows are asked for again when it changes. */
  readonly filter: string | undefined;
  metricOf(key: ExperimentKey): string | undefined;
}

/** Experiments of a store, newest first; rows known before are kept as they are. */
export async function readExperiments(row: StoreRow, look: Looking, atLeast = PAGE): Promise<void> {
  const query = { order_by: ["last_update_time DESC"], max_results: atLeast } as const;
  const page = await row.store.remote.searchExperiments({ ...query, order_by: [...query.order_by] });
  const known = new Map(row.experiments.rows.map((experiment) => [experiment.experiment_id, experiment]));
  const rows = page.items.map(({ experiment_id, name }): ExperimentRow => {
    const before = known.get(experiment_id);
    if (before !== undefined) {
      before.name = name;
      return before;
    }
    const made = { kind: "experiment", uri: row.uri, experiment_id, name, parent: row, first: false } as const;
    return { ...made, runs: emptyListing(), shown: nothingShown() };
  });
  const firstTime = !row.experiments.loaded;
  row.experiments = { rows, loaded: true, next: page.next_page_token };
  if (!firstTime) return;
  await Promise.all(rows.slice(0, COUNTED_FIRST).map((one) => readCounts(one, look)));
  const first = rows.find((experiment) => (experiment.counts?.total ?? 0) > 0);
  if (first !== undefined) first.first = true;
}

/** What is read first of an experiment. */
export function nothingShown(): ExperimentRow["shown"] {
  return { rows: PAGE, unfolded: new Set() };
}

/** True when the counts are others than before. */
export async function readCounts(row: ExperimentRow, look: Looking): Promise<boolean> {
  const { filter } = look;
  const { store } = row.parent;
  const ids = [row.experiment_id];
  const [counts, matching] = await Promise.all([
    countRuns(store, ids),
    filter === undefined ? undefined : countRuns(store, ids, filter),
  ]);
  if (look.filter !== filter) return false;
  const before = row.counts;
  row.counts = { ...counts, ...(matching === undefined ? {} : { matching: matching.total }) };
  const { total, running } = counts;
  return total !== before?.total || running !== before.running || row.counts.matching !== before.matching;
}

/** How many active runs these experiments have (that match), and how many of them are running. */
export async function countRuns(store: StoreHandle, experiment_ids: string[], filter?: string): Promise<Counts> {
  if (experiment_ids.length === 0) return { total: 0, running: 0 };
  const query = { experiment_ids, offset: 0, limit: 1, fields: [], ...(filter === undefined ? {} : { filter }) };
  const { runs: total, running } = await store.remote.runColumns(query);
  return { total, running };
}

/** Reads the children of a row again, as many as were there; tells whether rows came or went, and which changed in place. */
export async function readRuns(parent: RunParent, look: Looking): Promise<{ listChanged: boolean; changed: RunRow[] }> {
  if (look.filter !== undefined) {
    const experiment = experimentOf(parent);
    if (parent.kind === "run") experiment.shown.unfolded.add(parent.run_id);
    return readFiltered(experiment, look);
  }
  const page = await pageOf(parent, look, Math.max(PAGE, parent.runs.rows.length), undefined);
  if (look.filter !== undefined) return { listChanged: false, changed: [] };
  const before = parent.runs;
  const { rows, changed } = merge(parent, before, page.items);
  const sameRows = rows.length === before.rows.length && rows.every((row, index) => row === before.rows[index]);
  parent.runs = { rows, loaded: true, next: page.next_page_token };
  const sameEnd = (before.next === undefined) === (page.next_page_token === undefined);
  return { listChanged: !before.loaded || !sameRows || !sameEnd, changed };
}

/** Appends the next page of children. */
export async function readMoreRuns(parent: RunParent, look: Looking): Promise<void> {
  if (look.filter !== undefined) {
    const experiment = experimentOf(parent);
    experiment.shown.rows += PAGE;
    await readFiltered(experiment, look);
    return;
  }
  const before = parent.runs;
  const page = await pageOf(parent, look, PAGE, before.next);
  if (look.filter !== undefined) return;
  const { rows } = merge(parent, before, page.items);
  const added = rows.filter((row) => !before.rows.includes(row));
  parent.runs = { rows: [...before.rows, ...added], loaded: true, next: page.next_page_token };
}

async function pageOf(parent: RunParent, look: Looking, max_results: number, page_token: string | undefined) {
  const { remote } = storeOf(parent);
  const page = await remote.runNodes({
    experiment_id: parent.experiment_id,
    max_results,
    ...(parent.kind === "run" ? { parent_run_id: parent.run_id } : {}),
    ...(page_token === undefined ? {} : { page_token }),
  });
  const metric = look.metricOf(parent);
  return metric === undefined ? page : { ...page, items: await withMetric(parent, page.items, metric) };
}

/** The same runs with the chosen metric, or none where a run has not logged it. */
async function withMetric(parent: RunParent, nodes: RunNode[], key: string): Promise<RunNode[]> {
  const { remote } = storeOf(parent);
  const values = new Map<string, number>();
  for (let at = 0; at < nodes.length; at += MOST_ROWS) {
    const ids = nodes.slice(at, at + MOST_ROWS).map(({ run_id }) => run_id);
    const columns = await remote.runColumns({
      experiment_ids: [parent.experiment_id],
      filter: filterByIds(ids),
      ...{ offset: 0, limit: ids.length, fields: [{ kind: "metric", key }] },
    });
    const [column] = columns.columns;
    if (column?.kind !== "number") continue;
    for (const [i, run_id] of columns.run_ids.entries())
      if (column.logged[i] === 1) values.set(run_id, column.values[i] ?? 0);
  }
  return nodes.map(({ metric: _first, ...node }) => {
    const value = values.get(node.run_id);
    return value === undefined ? node : { ...node, metric: { key, value } };
  });
}

function merge(parent: RunParent, before: Listing<RunRow>, nodes: RunNode[]): { rows: RunRow[]; changed: RunRow[] } {
  const known = new Map(before.rows.map((row) => [row.run_id, row]));
  const changed: RunRow[] = [];
  const rows = nodes.map((node): RunRow => {
    const row = known.get(node.run_id);
    const { uri } = parent;
    const { run_id, experiment_id } = node;
    if (row === undefined) {
      const made = { kind: "run", uri, run_id, experiment_id, node, parent, context: false } as const;
      return { ...made, runs: emptyListing(), artifacts: emptyListing() };
    }
    if (!sameNode(row.node, node)) changed.push(row);
    row.node = node;
    return row;
  });
  return { rows, changed };
}

function sameNode(one: RunNode, other: RunNode): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Rows with children read, this one and those below it. */
export function* openLists(row: RunParent): Generator<RunParent> {
  if (!row.runs.loaded) return;
  yield row;
  for (const run of row.runs.rows) yield* openLists(run);
}

/** Experiments whose unfolded rows show one of these runs. */
export function* experimentsWith(store: StoreRow, run_ids: Set<string>): Generator<string> {
  for (const experiment of store.experiments.rows) {
    for (const list of openLists(experiment)) {
      if (list.runs.rows.some((row) => run_ids.has(row.run_id))) yield experiment.experiment_id;
    }
  }
}
