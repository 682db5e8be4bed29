import { RUN_TAG, type Metric, type Run } from "../../mlflow/entities.ts";
import type { RunNode, RunNodesQuery, RunRowsQuery } from "../../protocol/runs.ts";
import type { SeriesLine, SeriesQuery } from "../../protocol/series.ts";
import { columnsOfRuns, keysOfRuns, valuesOfRuns } from "../runs/columnsOfRuns.ts";
import { orderClauses } from "../runs/runOrder.ts";
import { beginning, sortWithinSteps, thin, type Points } from "../series.ts";
import type { SearchRuns, TrackingStore } from "../trackingStore.ts";

type Runs = Pick<TrackingStore, "searchRuns" | "metricHistory">;
export type ColumnMethods = Pick<
  TrackingStore,
  "runColumns" | "runIds" | "runValues" | "runKeys" | "runNodes" | "metricSeries"
>;

/** Runs of one answer: large enough that a few thousand runs take a few requests, small enough for one to come in seconds. */
const PAGE_SIZE = 1000;
/** MLflow's limit for one answer of a metric history (3.17). */
const HISTORY_PAGE_SIZE = 25_000;

/**
 * What the views draw, made of the REST API's searches. That API cannot count runs, skip to a row, or list keys, so each
 * of these reads every run of the experiments; only `metricSeries` reads no more than it answers from.
 */
export function columnMethods(runs: Runs): ColumnMethods {
  const read = async ({ experiment_ids, filter, order, run_view_type }: RunRowsQuery) => {
    const found = await everyRun(runs, {
      experiment_ids,
      ...(filter === undefined ? {} : { filter }),
      order_by: orderClauses(order),
      ...(run_view_type === undefined ? {} : { run_view_type }),
    });
    return { found, ordinals: byAge(await everyRun(runs, { experiment_ids, run_view_type: "ALL" })) };
  };
  return {
    async runColumns(query) {
      const { found, ordinals } = await read(query);
      return columnsOfRuns(found, ordinals, query);
    },
    async runIds(query) {
      const { found } = await read(query);
      return { run_ids: found.map(({ info }) => info.run_id) };
    },
    async runValues(query) {
      const { found, ordinals } = await read(query);
      return valuesOfRuns(found, ordinals, query);
    },
    async runKeys({ experiment_ids, filter, run_view_type = "ALL" }) {
      const all = await everyRun(runs, { experiment_ids, run_view_type, ...(filter === undefined ? {} : { filter }) });
      return keysOfRuns(all, await steppedMetrics(runs, all));
    },
    async runNodes(query) {
      const all = await everyRun(runs, { experiment_ids: [query.experiment_id], run_view_type: "ALL" });
      return toNodes(query, all);
    },
    async metricSeries({ run_ids, metric_key, points }: SeriesQuery) {
      const lines: SeriesLine[] = [];
      for (const run_id of run_ids) {
        const history = await everyPoint(runs, run_id, metric_key);
        lines.push({ run_id, total: history.values.length, began: beginning(history), ...thin(history, points) });
      }
      return { metric_key, lines };
    },
  };
}

async function everyRun(runs: Runs, query: SearchRuns): Promise<Run[]> {
  const all: Run[] = [];
  let page_token: string | undefined;
  do {
    const page = await runs.searchRuns({
      ...query,
      max_results: PAGE_SIZE,
      ...(page_token === undefined ? {} : { page_token }),
    });
    all.push(...page.items);
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  return all;
}

async function everyPoint(runs: Runs, run_id: string, metric_key: string): Promise<Points> {
  const points: Metric[] = [];
  let page_token: string | undefined;
  do {
    const page = await runs.metricHistory({
      run_id,
      metric_key,
      max_results: HISTORY_PAGE_SIZE,
      ...(page_token === undefined ? {} : { page_token }),
    });
    points.push(...page.items);
    page_token = page.next_page_token;
  } while (page_token !== undefined);
  points.sort((a, b) => a.step - b.step);
  return sortWithinSteps({
    steps: Float64Array.from(points, ({ step }) => step),
    timestamps: Float64Array.from(points, ({ timestamp }) => timestamp),
    values: Float64Array.from(points, ({ value }) => value),
  });
}

/** A run's place among all of its experiments' runs, by age: the same in every view, and kept as runs are added. */
function byAge(all: readonly Run[]): Map<string, number> {
  const sorted = all.toSorted(
    ({ info: a }, { info: b }) => (a.start_time ?? 0) - (b.start_time ?? 0) || (a.run_id < b.run_id ? -1 : 1),
  );
  return new Map(sorted.map(({ info }, index) => [info.run_id, index + 1]));
}

async function steppedMetrics(runs: Runs, all: readonly Run[]): Promise<string[]> {
  const metrics = new Set(all.flatMap(({ data }) => data.metrics.map(({ key }) => key)));
  const stepped: string[] = [];
  for (const metric_key of [...metrics].toSorted()) {
    if (await hasSteps(runs, all, metric_key)) stepped.push(metric_key);
  }
  return stepped;
}

/** The latest value has the greatest step: a point before it is a second one. */
async function hasSteps(runs: Runs, all: readonly Run[], metric_key: string): Promise<boolean> {
  for (const { info, data } of all) {
    const latest = data.metrics.find(({ key }) => key === metric_key);
    if (latest === undefined || latest.step === 0) continue;
    const { items } = await runs.metricHistory({ run_id: info.run_id, metric_key, max_results: HISTORY_PAGE_SIZE });
    if (items.some(({ step }) => step < latest.step)) return true;
  }
  return false;
}

/** Newest first. A run whose parent the view does not show stands at the top, so that none is lost. */
function toNodes(query: RunNodesQuery, all: Run[]): { items: RunNode[]; next_page_token?: string } {
  const { parent_run_id, max_results, run_view_type = "ACTIVE_ONLY" } = query;
  const shown = all.filter(
    ({ info }) => run_view_type === "ALL" || (info.lifecycle_stage === "active") === (run_view_type === "ACTIVE_ONLY"),
  );
  const ids = new Set(shown.map(({ info }) => info.run_id));
  const parent = (run: Run) => {
    const id = parentOf(run);
    return id !== undefined && id !== run.info.run_id && ids.has(id) ? id : undefined;
  };
  const wanted = shown
    .filter((run) => parent(run) === parent_run_id)
    .toSorted(
      ({ info: a }, { info: b }) => (b.start_time ?? 0) - (a.start_time ?? 0) || (a.run_id < b.run_id ? -1 : 1),
    );
  const start = Number(query.page_token ?? 0);
  const ordinals = byAge(all);
  const items = wanted.slice(start, start + max_results).map((run) => {
    const children = shown.filter((other) => parent(other) === run.info.run_id);
    return toNode(run, children, ordinals.get(run.info.run_id) ?? 0);
  });
  const end = start + max_results;
  return { items, ...(end < wanted.length ? { next_page_token: String(end) } : {}) };
}

function toNode({ info, data }: Run, children: readonly Run[], ordinal: number): RunNode {
  const [metric] = data.metrics;
  return {
    run_id: info.run_id,
    run_name: info.run_name,
    experiment_id: info.experiment_id,
    status: info.status,
    lifecycle_stage: info.lifecycle_stage,
    ordinal,
    ...(info.start_time === undefined ? {} : { start_time: info.start_time }),
    ...(info.end_time === undefined ? {} : { end_time: info.end_time }),
    children: children.length,
    children_running: children.filter(({ info: child }) => child.status === "RUNNING").length,
    ...(metric === undefined ? {} : { metric: { key: metric.key, value: metric.value } }),
  };
}

function parentOf({ data }: Run): string | undefined {
  return data.tags.find(({ key }) => key === RUN_TAG.parentRunId)?.value;
}
