import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { childLocation } from "../locations.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import { randomName } from "../runName.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkBatch, checkMaxResults, checkRunId, invalid } from "../validation.ts";
import { checkExperimentActive } from "./experiments.ts";
import { STATUS_NUMBERS } from "./runFolder.ts";
import { runFinder, valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";
import { checkRunActive, newParams, writeMetrics, writeTags } from "./runChanges.ts";

type Methods = "createRun" | "getRun" | "updateRun" | "deleteRun" | "restoreRun" | "searchRuns" | "logBatch";

export function runMethods(store: StoreFolder): Pick<TrackingStore, Methods> {
  const setStage = (run_id: string, lifecycle_stage: "active" | "deleted") =>
    store.write((edit) => {
      const { folder, place } = store.run(run_id);
      edit.rewrite(folder, { lifecycle_stage, deleted_time: lifecycle_stage === "deleted" ? Date.now() : undefined });
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
      return store.write((edit) => {
        const { experiment, folder } = store.experiment(experiment_id);
        checkExperimentActive(experiment);
        const run_id = randomUUID().replaceAll("-", "");
        const run = join(folder, run_id);
        for (const inside of ["metrics", "params", "artifacts"]) edit.folder(join(run, inside));
        const all = tagged ? tags : [...tags, { key: RUN_TAG.runName, value: name }];
        for (const { key, value } of all) edit.text(run, join("tags", key), value);
        edit.meta(run, {
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
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        edit.rewrite(folder, {
          ...(status === undefined ? {} : { status: STATUS_NUMBERS[status] }),
          ...(end_time === undefined ? {} : { end_time }),
        });
        if (run_name) writeTags(edit, folder, [{ key: RUN_TAG.runName, value: run_name }]);
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
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        const fresh = newParams(stored.run, checked.params);
        for (const { key, value } of fresh) edit.text(folder, join("params", key), value);
        writeTags(edit, folder, checked.tags);
        writeMetrics(edit, store, { folder, run_id }, metrics);
        store.runsOf(place).touch(run_id);
      });
    },
  };
}
