import { RUN_TAG } from "../../mlflow/entities.ts";
import type { Page, Run } from "../../mlflow/entities.ts";
import type { RunKeys, RunNode, RunNodesQuery, RunRowsQuery } from "../../protocol/runs.ts";
import { columnsOfRuns, keysOfRuns, valuesOfRuns } from "../runs/columnsOfRuns.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { orderClauses } from "../runs/runOrder.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkMaxResults } from "../validation.ts";
import { runFinder, valueOf } from "./searchRuns.ts";
import type { StoredRun } from "./runFolder.ts";
import type { StoreFolder } from "./storeFolder.ts";

export function columnMethods(
  store: StoreFolder,
): Pick<TrackingStore, "runColumns" | "runIds" | "runValues" | "runKeys" | "runNodes"> {
  const newestFirst = runFinder(undefined, undefined);
  const read = async (query: RunRowsQuery, signal: AbortSignal | undefined) => {
    const find = runFinder(query.filter, orderClauses(query.order), true);
    const stored = await store.upToDate(query.experiment_ids, signal);
    return { found: find(stored, query.run_view_type ?? "ACTIVE_ONLY"), ordinals: ordinalsOf(stored) };
  };
  return {
    runColumns: async (query, signal?: AbortSignal) => {
      const { found, ordinals } = await read(query, signal);
      return columnsOfRuns(found, ordinals, query);
    },
    runIds: async (query, signal?: AbortSignal) => {
      const { found } = await read(query, signal);
      return { run_ids: found.map(({ info }) => info.run_id) };
    },
    runValues: async (query, signal?: AbortSignal) => {
      const { found, ordinals } = await read(query, signal);
      return valuesOfRuns(found, ordinals, query);
    },
    runKeys: async ({ experiment_ids, filter, run_view_type = "ALL" }, signal?: AbortSignal): Promise<RunKeys> => {
      const find = runFinder(filter, undefined, true);
      const stored = await store.upToDate(experiment_ids, signal);
      const stepped = new Set<string>();
      for (const { curves } of stored) for (const [key, curve] of curves) if (curve.stepped) stepped.add(key);
      return keysOfRuns(find(stored, run_view_type), [...stepped].sort());
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
