// Reads the Experiments view's rows from the stores and keeps what was read, so that a change touches only what it changed.
import type { RunNode } from "../../protocol/runs.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { emptyListing, type ExperimentRow, type Listing, type RunRow, type StoreRow } from "./rows.ts";

/** Rows of a page. */
export const PAGE = 100;
/** Experiments whose counts are waited for before the first picture; the others follow. */
const COUNTED_FIRST = 10;

type RunParent = ExperimentRow | RunRow;

/** Experiments of a store, newest first; rows known before are kept as they are. */
export async function readExperiments(row: StoreRow, atLeast = PAGE): Promise<void> {
  const query = { order_by: ["last_update_time DESC"], max_results: atLeast } as const;
  const page = await row.store.remote.searchExperiments({ ...query, order_by: [...query.order_by] });
  const known = new Map(row.experiments.rows.map((experiment) => [experiment.experiment_id, experiment]));
  const rows = page.items.map(({ experiment_id, name }): ExperimentRow => {
    const before = known.get(experiment_id);
    if (before !== undefined) {
      before.name = name;
      return before;
    }
    return { kind: "experiment", uri: row.uri, experiment_id, name, parent: row, first: false, runs: emptyListing() };
  });
  const firstTime = !row.experiments.loaded;
  row.experiments = { rows, loaded: true, next: page.next_page_token };
  if (!firstTime) return;
  await Promise.all(rows.slice(0, COUNTED_FIRST).map(readCounts));
  const first = rows.find((experiment) => (experiment.counts?.total ?? 0) > 0);
  if (first !== undefined) first.first = true;
}

/** True when the counts are others than before. */
export async function readCounts(row: ExperimentRow): Promise<boolean> {
  const counts = await countRuns(row.parent.store, [row.experiment_id]);
  const changed = counts.total !== row.counts?.total || counts.running !== row.counts.running;
  row.counts = counts;
  return changed;
}

/** How many active runs these experiments have, and how many of them are running. */
export async function countRuns(
  store: StoreHandle,
  experiment_ids: string[],
): Promise<{ total: number; running: number }> {
  if (experiment_ids.length === 0) return { total: 0, running: 0 };
  const query = { experiment_ids, offset: 0, limit: 1, fields: [] };
  const { total, running } = await store.remote.runColumns(query);
  return { total, running };
}

/** Reads the children of a row again, as many as were there; tells whether rows came or went, and which changed in place. */
export async function readRuns(parent: RunParent): Promise<{ listChanged: boolean; changed: RunRow[] }> {
  const before = parent.runs;
  const page = await pageOf(parent, Math.max(PAGE, before.rows.length), undefined);
  const { rows, changed } = merge(parent, before, page.items);
  const sameRows = rows.length === before.rows.length && rows.every((row, index) => row === before.rows[index]);
  parent.runs = { rows, loaded: true, next: page.next_page_token };
  const sameEnd = (before.next === undefined) === (page.next_page_token === undefined);
  return { listChanged: !before.loaded || !sameRows || !sameEnd, changed };
}

/** Appends the next page of children. */
export async function readMoreRuns(parent: RunParent): Promise<void> {
  const before = parent.runs;
  const page = await pageOf(parent, PAGE, before.next);
  const { rows } = merge(parent, before, page.items);
  const added = rows.filter((row) => !before.rows.includes(row));
  parent.runs = { rows: [...before.rows, ...added], loaded: true, next: page.next_page_token };
}

function pageOf(parent: RunParent, max_results: number, page_token: string | undefined) {
  const { remote } = storeOf(parent);
  return remote.runNodes({
    experiment_id: parent.experiment_id,
    max_results,
    ...(parent.kind === "run" ? { parent_run_id: parent.run_id } : {}),
    ...(page_token === undefined ? {} : { page_token }),
  });
}

function merge(parent: RunParent, before: Listing<RunRow>, nodes: RunNode[]): { rows: RunRow[]; changed: RunRow[] } {
  const known = new Map(before.rows.map((row) => [row.run_id, row]));
  const changed: RunRow[] = [];
  const rows = nodes.map((node): RunRow => {
    const row = known.get(node.run_id);
    const { uri } = parent;
    const { run_id, experiment_id } = node;
    if (row === undefined) return { kind: "run", uri, run_id, experiment_id, node, parent, runs: emptyListing() };
    if (!sameNode(row.node, node)) changed.push(row);
    row.node = node;
    return row;
  });
  return { rows, changed };
}

function sameNode(one: RunNode, other: RunNode): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function storeOf(row: RunParent): StoreHandle {
  return row.kind === "experiment" ? row.parent.store : storeOf(row.parent);
}

/** Rows with children read, this one and those below it. */
export function* openLists(row: RunParent): Generator<RunParent> {
  if (!row.runs.loaded) return;
  yield row;
  for (const run of row.runs.rows) yield* openLists(run);
}
