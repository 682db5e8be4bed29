import { RUN_TAG, type Metric, type Run, type ViewType } from "../../mlflow/entities.ts";
import type { RunNode, RunNodesQuery } from "../../protocol/runs.ts";
import type { SeriesLine, SeriesQuery } from "../../protocol/series.ts";
import { hasGraph } from "../../protocol/tags.ts";
import { throwIfAborted } from "../chain.ts";
import { type HistoryField, HistoryValues, valueInHistory } from "../runs/historyValues.ts";
import { keysOfRuns } from "../runs/keyFacts.ts";
import { memorySource, ordinalsByAge } from "../runs/memorySource.ts";
import { rowMethods, type RunRows } from "../runs/readRows.ts";
import type { RunSource } from "../runs/runSource.ts";
import { invalid } from "../validation.ts";
import { withFilter } from "./remoteFilter.ts";
import { sortWithinSteps, toLine, type Points } from "../series.ts";
import type { SearchRuns, TrackingStore } from "../trackingStore.ts";

type Runs = Pick<TrackingStore, "searchRuns" | "metricHistory" | "getExperiment">;
export type ColumnMethods = Pick<
  TrackingStore,
  "runColumns" | "runIds" | "runValues" | "runKeys" | "runNodes" | "metricSeries"
>;

/** Runs of one answer: large enough that a few thousand runs take a few requests, small enough for one to come in seconds. */
const PAGE_SIZE = 1000;
/** MLflow's limit for one answer of a metric history (3.17). */
const HISTORY_PAGE_SIZE = 25_000;
/** Runs whose histories are read for one answer. */
const MOST_HISTORIES = 500;
/** ms for which an experiment's name is believed. */
const NAMES_FOR = 10_000;

/**
 * What the views draw, made of the REST API's searches. That API cannot count runs, skip to a row, or list keys, so each
 * of these reads every run of the experiments; only `metricSeries` reads no more than it answers from.
 */
export function columnMethods(runs: Runs): ColumnMethods {
  const histories = new HistoryValues();
  /** What a source was made of: where a run's metric stood, since with another last point the history is read again. */
  const runsOf = new WeakMap<RunSource, ReadonlyMap<string, Run>>();
  const rows: RunRows = {
    async source({ experiment_ids, filter, order, run_view_type = "ACTIVE_ONLY" }, _simply, signal) {
      const all = await everyRun(runs, { experiment_ids, run_view_type: "ALL" }, signal);
      const shown = all.filter(({ info }) => isShown(info, run_view_type));
      const wanted = { experiment_ids, run_view_type, ...(filter === undefined ? {} : { filter }) };
      const found = filter === undefined ? undefined : await withFilter(filter, () => everyRun(runs, wanted, signal));
      const source = memorySource({
        runs: shown,
        matching: found && new Set(found.map(({ info }) => info.run_id)),
        order,
        ordinals: ordinalsByAge(all),
        experiments: await experimentNames(experiment_ids),
        history: (field) => histories.values(field),
      });
      runsOf.set(source, new Map(shown.map((run) => [run.info.run_id, run])));
      return source;
    },
    async readHistories(fields, run_ids, source, signal) {
      const known = runsOf.get(source);
      for (const field of fields) {
        const stampOf = (run_id: string) => {
          const last = known?.get(run_id)?.data.metrics.find(({ key }) => key === field.key);
          return last === undefined ? "" : `${last.step} ${last.timestamp}`;
        };
        const logged = run_ids.filter((run_id) => stampOf(run_id) !== "");
        await histories.ensure(field, logged, stampOf, (_field, missing) => readValues(field, missing, signal));
      }
    },
  };
  const readValues = async ({ key, of }: HistoryField, run_ids: string[], signal: AbortSignal | undefined) => {
    if (run_ids.length > MOST_HISTORIES) {
      const reason = `would read the histories of ${run_ids.length} runs from the server, one by one`;
      throw invalid(`This ${reason}: narrow the search to ${MOST_HISTORIES} runs or fewer.`);
    }
    const values = new Map<string, number>();
    for (const run_id of run_ids) {
      const value = valueInHistory(await everyPoint(runs, run_id, key, signal), of);
      if (value !== undefined) values.set(run_id, value);
    }
    return values;
  };
  let names = new Map<string, string>();
  let askedAt = 0;
  const experimentNames = async (experiment_ids: readonly string[]) => {
    if (Date.now() - askedAt > NAMES_FOR) {
      names = new Map();
      askedAt = Date.now();
    }
    const known = names;
    for (const experiment_id of experiment_ids) {
      if (experiment_ids.length === 1 || known.has(experiment_id)) continue;
      known.set(experiment_id, (await runs.getExperiment({ experiment_id })).name);
    }
    return known;
  };
  return {
    ...rowMethods(rows),
    async runKeys({ experiment_ids, filter, run_view_type = "ACTIVE_ONLY" }, signal?: AbortSignal) {
      const wanted = { experiment_ids, run_view_type, ...(filter === undefined ? {} : { filter }) };
      const all = await withFilter(filter, () => everyRun(runs, wanted, signal));
      return keysOfRuns(all, await steppedMetrics(runs, all));
    },
    async runNodes(query) {
      const all = await everyRun(runs, { experiment_ids: [query.experiment_id], run_view_type: "ALL" });
      return toNodes(query, all);
    },
    async metricSeries(query: SeriesQuery, signal?: AbortSignal) {
      const { run_ids, metric_key, x_metric } = query;
      const lines: SeriesLine[] = [];
      for (const run_id of run_ids) {
        const all = await everyPoint(runs, run_id, metric_key, signal);
        const xs = x_metric === undefined ? undefined : await everyPoint(runs, run_id, x_metric, signal);
        lines.push(toLine(run_id, all, query, xs));
      }
      return { metric_key, lines };
    },
  };
}

async function everyRun(runs: Runs, query: SearchRuns, signal?: AbortSignal): Promise<Run[]> {
  const all: Run[] = [];
  let page_token: string | undefined;
  do {
    throwIfAborted(signal);
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

async function everyPoint(runs: Runs, run_id: string, metric_key: string, signal?: AbortSignal): Promise<Points> {
  const points: Metric[] = [];
  let page_token: string | undefined;
  do {
    throwIfAborted(signal);
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

function isShown({ lifecycle_stage }: Run["info"], view: ViewType): boolean {
  return view === "ALL" || (lifecycle_stage === "active") === (view === "ACTIVE_ONLY");
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
  const shown = all.filter(({ info }) => isShown(info, run_view_type));
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
  const ordinals = ordinalsByAge(all);
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
    ...(hasGraph(data.tags, children.filter(isEntryPoint).length) ? { graph: true } : {}),
    ...(metric === undefined ? {} : { metric: { key: metric.key, value: metric.value } }),
  };
}

function isEntryPoint({ data }: Run): boolean {
  return data.tags.some(({ key }) => key === RUN_TAG.projectEntryPoint);
}

function parentOf({ data }: Run): string | undefined {
  return data.tags.find(({ key }) => key === RUN_TAG.parentRunId)?.value;
}
