// The rows of an experiment that a filter leaves: matching runs, below their parents where they have some.
import { MOST_ROWS, type RunColumns, type RunNode } from "../../protocol/runs.ts";
import type { Looking } from "./experiments.ts";
import { emptyListing, type ExperimentRow, type RunRow } from "./rows.ts";

/** Rows as they are listed, each with how deep it stands. */
interface Flat {
  node: RunNode;
  depth: number;
  context: boolean;
}

/** Reads the rows again, as many as were there, and hangs them below each other; true when rows came or went. */
export async function readFiltered(
  row: ExperimentRow,
  look: Looking,
): Promise<{ listChanged: boolean; changed: RunRow[] }> {
  const { filter } = look;
  const { flat, total } = await readFlat(row, look);
  if (look.filter !== filter) return { listChanged: false, changed: [] };
  const known = new Map([...below(row)].map((run) => [run.run_id, run]));
  const before = row.runs.loaded ? shapeOf(row) : undefined;
  const changed: RunRow[] = [];
  const unfolded = (run: RunRow) => run.context || row.shown.unfolded.has(run.run_id);
  row.runs = { rows: [], loaded: true, next: flat.length < total ? "more" : undefined };
  const above: RunRow[] = [];
  for (const { node, depth, context } of flat) {
    const parent = above[depth - 1] ?? row;
    const { uri, experiment_id } = row;
    const { run_id } = node;
    const blank = { kind: "run", uri, experiment_id, run_id, node, parent, context } as const;
    const run = known.get(run_id) ?? { ...blank, runs: emptyListing(), artifacts: emptyListing() };
    if (JSON.stringify(run.node) !== JSON.stringify(node)) changed.push(run);
    run.node = node;
    run.parent = parent;
    run.context = context;
    run.runs = { rows: [], loaded: unfolded(run), next: undefined };
    parent.runs.rows.push(run);
    above.splice(depth, above.length, run);
  }
  return { listChanged: before !== shapeOf(row), changed };
}

async function readFlat(row: ExperimentRow, look: Looking): Promise<{ flat: Flat[]; total: number }> {
  const { remote } = row.parent.store;
  const metric = look.metricOf(row) ?? (await firstMetricOf(row));
  const query = {
    experiment_ids: [row.experiment_id],
    ...(look.filter === undefined ? {} : { filter: look.filter }),
    nested: true,
    unfolded: [...row.shown.unfolded],
    fields: metric === undefined ? [] : [{ kind: "metric", key: metric } as const],
  };
  const flat: Flat[] = [];
  for (;;) {
    const limit = Math.min(MOST_ROWS, row.shown.rows - flat.length);
    const columns = await remote.runColumns({ ...query, offset: flat.length, limit });
    flat.push(...rowsOf(columns, row.experiment_id, metric));
    const done = columns.run_ids.length === 0 || flat.length >= Math.min(row.shown.rows, columns.total);
    if (done) return { flat, total: columns.total };
  }
}

/** Without a choice, all runs show the metric that the newest one logged first. */
async function firstMetricOf({ experiment_id, parent }: ExperimentRow): Promise<string | undefined> {
  const { items } = await parent.store.remote.runNodes({ experiment_id, max_results: 1 });
  return items[0]?.metric?.key;
}

function rowsOf(columns: RunColumns, experiment_id: string, metric: string | undefined): Flat[] {
  const [column] = columns.columns;
  return columns.run_ids.map((run_id, i): Flat => {
    const time = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? undefined : value);
    const start_time = time(columns.start_times[i]);
    const end_time = time(columns.end_times[i]);
    const value = column?.kind === "number" && column.logged[i] === 1 ? column.values[i] : undefined;
    const node: RunNode = {
      run_id,
      run_name: columns.run_names[i] ?? "",
      experiment_id,
      status: columns.statuses[i] ?? "FINISHED",
      lifecycle_stage: columns.lifecycle_stages[i] ?? "active",
      ordinal: columns.ordinals[i] ?? 0,
      ...(start_time === undefined ? {} : { start_time }),
      ...(end_time === undefined ? {} : { end_time }),
      children: columns.children[i] ?? 0,
      children_running: columns.children_running[i] ?? 0,
      ...(metric === undefined || value === undefined ? {} : { metric: { key: metric, value } }),
    };
    return { node, depth: columns.depths[i] ?? 0, context: columns.context[i] === 1 };
  });
}

function* below(row: ExperimentRow | RunRow): Generator<RunRow> {
  for (const run of row.runs.rows) {
    yield run;
    yield* below(run);
  }
}

/** The same text as long as the same rows stand in the same places. */
function shapeOf(row: ExperimentRow): string {
  const places = [...below(row)].map(({ run_id, parent, context }) => [
    run_id,
    parent.kind === "run" ? parent.run_id : "",
    context,
  ]);
  return JSON.stringify([places, row.runs.next]);
}
