import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { RUN_TAG } from "../../mlflow/entities.ts";
import type { KeyValue, Metric, Run } from "../../mlflow/entities.ts";
import { childLocation } from "../locations.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { randomName } from "../runName.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkBatch, checkMaxResults, checkRunId, invalid, pythonText } from "../validation.ts";
import { checkExperimentActive } from "./experiments.ts";
import { findLoggedModel } from "./loggedModelFolder.ts";
import { pythonRepr } from "./metricFile.ts";
import { rewriteMeta } from "./rewrite.ts";
import { STATUS_NUMBERS } from "./runFolder.ts";
import { runFinder, valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";
import { writeTags } from "./tags.ts";
import { appendLines, makeFolder, writeMetaFile, writeText } from "./write.ts";

type Methods = "createRun" | "getRun" | "updateRun" | "deleteRun" | "restoreRun" | "searchRuns" | "logBatch";

export function checkRunActive({ info }: Run): void {
  if (info.lifecycle_stage === "active") return;
  throw invalid(`The run ${info.run_id} must be in the 'active' state. Current state is ${info.lifecycle_stage}.`);
}

export function runMethods(store: StoreFolder): Pick<TrackingStore, Methods> {
  const setStage = (run_id: string, lifecycle_stage: "active" | "deleted") =>
    store.write(() => {
      const { folder, place } = store.run(run_id);
      rewriteMeta(folder, { lifecycle_stage, deleted_time: lifecycle_stage === "deleted" ? Date.now() : undefined });
      store.runsOf(place).touch(run_id);
    });

  return {
    createRun: async ({ experiment_id, user_id, run_name, start_time, tags = [] }) => {
      const tagged = valueOf(tags, RUN_TAG.runName);
      if (run_name && tagged && run_name !== tagged) {
        throw invalid(
          `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${run_name}', mlflow.runName='${tagged}').`,
        );
      }
      const name = run_name || tagged || randomName();
      return store.write(() => {
        const { experiment, folder } = store.experiment(experiment_id);
        checkExperimentActive(experiment);
        const run_id = randomUUID().replaceAll("-", "");
        const run = join(folder, run_id);
        for (const inside of ["metrics", "params", "artifacts"]) makeFolder(join(run, inside));
        const all = tagged ? tags : [...tags, { key: RUN_TAG.runName, value: name }];
        for (const { key, value } of all) writeText(run, join("tags", key), value);
        writeMetaFile(run, {
          artifact_uri: childLocation(experiment.artifact_location, run_id, "artifacts"),
          deleted_time: null,
          end_time: null,
          entry_point_name: "",
          experiment_id: experiment.experiment_id,
          lifecycle_stage: "active",
          run_id,
          run_name: name,
          source_name: "",
          source_type: 4,
          source_version: "",
          start_time: start_time ?? null,
          status: STATUS_NUMBERS.RUNNING,
          tags: [],
          user_id: user_id ?? "",
        });
        return store.run(run_id).stored.run;
      });
    },
    getRun: async ({ run_id }) => store.run(run_id).stored.run,
    updateRun: async ({ run_id, status, end_time, run_name }) =>
      store.write(() => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        rewriteMeta(folder, {
          ...(status === undefined ? {} : { status: STATUS_NUMBERS[status] }),
          ...(end_time === undefined ? {} : { end_time }),
        });
        if (run_name) writeTags(folder, [{ key: RUN_TAG.runName, value: run_name }]);
        store.runsOf(place).touch(run_id);
        return store.run(run_id).stored.run.info;
      }),
    deleteRun: async ({ run_id }) => setStage(run_id, "deleted"),
    restoreRun: async ({ run_id }) => setStage(run_id, "active"),
    searchRuns: async (query) => {
      const { experiment_ids, run_view_type = "ACTIVE_ONLY", max_results = 1_000 } = query;
      checkMaxResults(max_results);
      const find = runFinder(query.filter, query.order_by);
      const offset = offsetOf(query.page_token);
      const found = find(await store.upToDate(experiment_ids), run_view_type);
      return pageOf(found.slice(offset, offset + max_results + 1), offset, max_results, (runs) => runs);
    },
    logBatch: async ({ run_id, metrics, params, tags }) => {
      checkRunId(run_id);
      const checked = checkBatch({ metrics, params, tags });
      store.write(() => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        const fresh = newParams(stored.run, checked.params);
        for (const { key, value } of fresh) writeText(folder, join("params", key), value);
        writeMetrics(store, folder, run_id, metrics);
        writeTags(folder, checked.tags);
        store.runsOf(place).touch(run_id);
      });
    },
  };
}

/** The params to write. A param keeps its first value: another one is refused, and with it the batch. */
function newParams({ info, data }: Run, params: KeyValue[]): KeyValue[] {
  const known = new Map(data.params.map(({ key, value }) => [key, value]));
  const conflicts = params.flatMap(({ key, value }) => {
    const old = known.get(key);
    if (old === undefined || old === value) return [];
    return [`{'key': ${pythonText(key)}, 'old_value': ${pythonText(old)}, 'new_value': ${pythonText(value)}}`];
  });
  if (conflicts.length > 0) {
    throw invalid(
      `Changing param values is not allowed. Params were already logged='[${conflicts.join(", ")}]' for run ID='${info.run_id}'.`,
    );
  }
  return params.filter(({ key }) => !known.has(key));
}

/** All points of a metric go into its file in one write. */
function writeMetrics(store: StoreFolder, folder: string, run_id: string, metrics: Metric[]): void {
  const lines = new Map<string, string>();
  const add = (file: string, parts: (string | number | undefined)[]) => {
    const line = parts.filter((part) => part !== undefined && part !== "").join(" ");
    lines.set(file, `${lines.get(file) ?? ""}${line}\n`);
  };
  for (const { key, value, timestamp, step, model_id, dataset_name, dataset_digest } of metrics) {
    const point = [timestamp, pythonRepr(value), step];
    const dataset = dataset_name && dataset_digest ? [dataset_name, dataset_digest] : [];
    add(join(folder, "metrics", key), [...point, ...dataset]);
    if (!model_id) continue;
    const model = findLoggedModel(store, model_id, true).folder;
    if (existsSync(model)) add(join(model, "metrics", key), [...point, run_id, ...dataset]);
  }
  for (const [file, text] of lines) appendLines(file, text);
}
