import { RUN_TAG } from "../../mlflow/entities.ts";
import type { Page, Run } from "../../mlflow/entities.ts";
import type {
  MetricColumn,
  RunColumns,
  RunColumnsQuery,
  RunKeys,
  RunNode,
  RunNodesQuery,
} from "../../protocol/runs.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkMaxResults } from "../validation.ts";
import { runFinder, valueOf } from "./searchRuns.ts";
import type { StoredRun } from "./runFolder.ts";
import type { StoreFolder } from "./storeFolder.ts";

const MOST_ROWS = 500;

export function columnMethods(store: StoreFolder): Pick<TrackingStore, "runColumns" | "runKeys" | "runNodes"> {
  const newestFirst = runFinder(undefined, undefined);
  return {
    runColumns: async (query: RunColumnsQuery, signal?: AbortSignal): Promise<RunColumns> => {
      const find = runFinder(query.filter, query.order_by, true);
      const stored = await store.upToDate(query.experiment_ids, signal);
      const found = find(stored, query.run_view_type ?? "ACTIVE_ONLY");
      const rows = found.slice(query.offset, query.offset + Math.min(query.limit, MOST_ROWS));
      const ordinals = ordinalsOf(stored);
      return {
        total: found.length,
        running: found.filter(({ info }) => info.status === "RUNNING").length,
        run_ids: rows.map(({ info }) => info.run_id),
        run_names: rows.map(({ info }) => info.run_name),
        statuses: rows.map(({ info }) => info.status),
        lifecycle_stages: rows.map(({ info }) => info.lifecycle_stage),
        parent_run_ids: rows.map((run) => parentOf(run) ?? null),
        ordinals: Float64Array.from(rows, ({ info }) => ordinals.get(info.run_id) ?? 0),
        start_times: Float64Array.from(rows, ({ info }) => info.start_time ?? Number.NaN),
        end_times: Float64Array.from(rows, ({ info }) => info.end_time ?? Number.NaN),
        params: Object.fromEntries(
          query.params.map((key) => [key, rows.map(({ data }) => valueOf(data.params, key) ?? null)]),
        ),
        metrics: Object.fromEntries(query.metrics.map((key) => [key, metricColumn(rows, key)])),
      };
    },
    runKeys: async ({ experiment_ids }, signal?: AbortSignal): Promise<RunKeys> => {
      const params = new Set<string>();
      const metrics = new Set<string>();
      const stepped = new Set<string>();
      for (const { run, curves } of await store.upToDate(experiment_ids, signal)) {
        for (const { key } of run.data.params) params.add(key);
        for (const [key, curve] of curves) {
          metrics.add(key);
          if (curve.stepped) stepped.add(key);
        }
      }
      return { params: [...params].sort(), metrics: [...metrics].sort(), stepped: [...stepped].sort() };
    },
    runNodes: async (query: RunNodesQuery): Promise<Page<RunNode>> => {
      const { parent_run_id, max_results, run_view_type = "ACTIVE_ONLY", experiment_id } = query;
      checkMaxResults(max_results);
      const offset = offsetOf(query.page_token);
      const stored = await store.upToDate([experiment_id]);
      const shown = newestFirst(stored, run_view_type);
      const ids = new Set(shown.map(({ info }) => info.run_id));
      const children = Map.groupBy(shown, (run) => {
        const parent = parentOf(run);
        // A run whose parent the view does not show stands at the top, so that none is lost.
        return parent !== undefined && parent !== run.info.run_id && ids.has(parent) ? parent : "";
      });
      const rows = (children.get(parent_run_id ?? "") ?? []).slice(offset, offset + max_results + 1);
      const ordinals = ordinalsOf(stored);
      const known = new Map(stored.map((one) => [one.run.info.run_id, one]));
      return pageOf(rows, offset, max_results, (page) =>
        page.map(({ info: { run_id } }) => toNode(known.get(run_id), children.get(run_id) ?? [], ordinals.get(run_id))),
      );
    },
  };

  function toNode(stored: StoredRun | undefined, children: Run[], ordinal = 0): RunNode {
    if (stored === undefined) throw new Error("A row of the tree is no run of its experiment.");
    const { run_id, run_name, experiment_id, status, lifecycle_stage, start_time, end_time } = stored.run.info;
    const metric = firstMetric(stored);
    return {
      run_id,
      run_name,
      experiment_id,
      status,
      lifecycle_stage,
      ordinal,
      ...(start_time === undefined ? {} : { start_time }),
      ...(end_time === undefined ? {} : { end_time }),
      children: children.length,
      children_running: children.filter(({ info }) => info.status === "RUNNING").length,
      ...(metric === undefined ? {} : { metric }),
    };
  }
}

function parentOf({ data }: Run): string | undefined {
  return valueOf(data.tags, RUN_TAG.parentRunId);
}

function metricColumn(rows: Run[], key: string): MetricColumn {
  const column = { values: new Float64Array(rows.length), logged: new Uint8Array(rows.length) };
  for (const [at, { data }] of rows.entries()) {
    const value = data.metrics.find((metric) => metric.key === key)?.value;
    if (value === undefined) continue;
    column.values[at] = value;
    column.logged[at] = 1;
  }
  return column;
}

/** A run's place by start in its experiment: later runs leave the earlier ones' colours as they are. */
function ordinalsOf(stored: readonly StoredRun[]): Map<string, number> {
  const order = stored
    .map(({ run: { info } }) => ({ id: info.run_id, start: info.start_time ?? 0 }))
    .sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1));
  return new Map(order.map(({ id }, index) => [id, index + 1]));
}

/** The metric logged first, with its latest value. */
function firstMetric({ curves }: StoredRun): { key: string; value: number } | undefined {
  let found: { key: string; value: number; first: number } | undefined;
  for (const [key, { first, latest }] of curves) {
    if (found === undefined || first < found.first) found = { key, value: latest.value, first };
  }
  return found === undefined ? undefined : { key: found.key, value: found.value };
}
