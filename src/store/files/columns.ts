import { RUN_TAG } from "../../mlflow/entities.ts";
import type { Page, Run } from "../../mlflow/entities.ts";
import type { RunNode, RunNodesQuery } from "../../protocol/runs.ts";
import { hasGraph } from "../../protocol/tags.ts";
import { inTurns } from "../chain.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { type HistoryField, HistoryValues, valueInHistory } from "../runs/historyValues.ts";
import { keysOfRuns } from "../runs/keyFacts.ts";
import { memorySource, ordinalsByAge } from "../runs/memorySource.ts";
import { rowMethods, type RunRows } from "../runs/readRows.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkMaxResults } from "../validation.ts";
import { readHistory } from "./metrics.ts";
import { isShown, runFinder, valueOf } from "./searchRuns.ts";
import type { StoredRun } from "./runFolder.ts";
import type { StoreFolder } from "./storeFolder.ts";

export function columnMethods(
  store: StoreFolder,
): Pick<TrackingStore, "runColumns" | "runIds" | "runValues" | "runKeys" | "runNodes"> {
  const newestFirst = runFinder(undefined, undefined);
  const histories = new HistoryValues();
  const rows: RunRows = {
    async source({ experiment_ids, filter, order, run_view_type = "ACTIVE_ONLY" }, _simply, signal) {
      const find = filter === undefined ? undefined : runFinder(filter, undefined, true);
      const stored = await store.upToDate(experiment_ids, signal);
      const runs = stored.map(({ run }) => run).filter(({ info }) => isShown(info.lifecycle_stage, run_view_type));
      const matching = find && new Set(find(stored, run_view_type).map(({ info }) => info.run_id));
      const experiments = new Map<string, string>();
      for (const { info } of runs) {
        if (experiments.has(info.experiment_id)) continue;
        experiments.set(info.experiment_id, store.experiment(info.experiment_id).experiment.name);
      }
      const ordinals = ordinalsByAge(stored.map(({ run }) => run));
      return memorySource({
        runs,
        matching,
        order,
        ordinals,
        experiments,
        history: (field) => histories.values(field),
      });
    },
    async readHistories(fields, run_ids, _source, signal) {
      for (const field of fields) {
        const endOf = (run_id: string) => store.run(run_id).stored.curves.get(field.key)?.end ?? 0;
        await histories.ensure(field, run_ids, endOf, (_field, missing) => readValues(field, missing, signal));
      }
    },
  };
  const readValues = async ({ key, of }: HistoryField, run_ids: string[], signal: AbortSignal | undefined) => {
    const values = new Map<string, number>();
    await inTurns(run_ids, signal, (run_id) => {
      const value = valueInHistory(readHistory(store, run_id, key), of);
      if (value !== undefined) values.set(run_id, value);
    });
    return values;
  };
  return {
    ...rowMethods(rows),
    runKeys: async ({ experiment_ids, filter, run_view_type = "ACTIVE_ONLY" }, signal?: AbortSignal) => {
      const find = runFinder(filter, undefined, true);
      const stored = await store.upToDate(experiment_ids, signal);
      const stepped = new Set<string>();
      for (const { curves } of stored) for (const [key, curve] of curves) if (curve.stepped) stepped.add(key);
      return keysOfRuns(find(stored, run_view_type), [...stepped]);
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
      const ordinals = ordinalsByAge(stored.map(({ run }) => run));
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
    const entryPoints = children.filter(({ data }) => valueOf(data.tags, RUN_TAG.projectEntryPoint) !== undefined);
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
      ...(hasGraph(stored.run.data.tags, entryPoints.length) ? { graph: true } : {}),
      ...(metric === undefined ? {} : { metric }),
    };
  }
}

function parentOf({ data }: Run): string | undefined {
  return valueOf(data.tags, RUN_TAG.parentRunId);
}

/** The metric logged first, with its latest value. */
function firstMetric({ curves }: StoredRun): { key: string; value: number } | undefined {
  let found: { key: string; value: number; first: number } | undefined;
  for (const [key, { first, latest }] of curves) {
    if (found === undefined || first < found.first) found = { key, value: latest.value, first };
  }
  return found === undefined ? undefined : { key: found.key, value: found.value };
}
