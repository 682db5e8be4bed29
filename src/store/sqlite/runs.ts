import { RUN_TAG } from "../../mlflow/entities.ts";
import { childLocation } from "../locations.ts";
import { pageOf } from "../pageToken.ts";
import { randomName } from "../runName.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkBatch, checkRunId, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { checkExperimentActive, experimentFinder } from "./experiments.ts";
import { metricWriter } from "./metrics.ts";
import { only } from "./only.ts";
import { paramWriter } from "./params.ts";
import { checkRunActive, runAssembler, runFinder, toRunInfo } from "./runRows.ts";
import { readRunQuery, type RunSearch } from "./runSearch.ts";
import { tagWriter } from "./tags.ts";

type Methods = "createRun" | "getRun" | "updateRun" | "deleteRun" | "restoreRun" | "searchRuns" | "logBatch";

export function runMethods(db: Database, search: RunSearch): Pick<TrackingStore, Methods> {
  const find = runFinder(db);
  const findExperiment = experimentFinder(db);
  const assemble = runAssembler(db);
  const writeTags = tagWriter(db);
  const writeParams = paramWriter(db);
  const writeMetrics = metricWriter(db);
  const insert = db.prepare<SqlValue[], unknown>(
    `INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, end_time,
       deleted_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
     VALUES (?, ?, 'UNKNOWN', '', '', ?, 'RUNNING', ?, NULL, NULL, '', 'active', ?, ?)`,
  );
  const update = db.prepare<[string | null, number | null, string], unknown>(
    "UPDATE runs SET status = coalesce(?, status), end_time = coalesce(?, end_time) WHERE run_uuid = ?",
  );
  const setStage = db.prepare<[string, number | null, string], unknown>(
    "UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE run_uuid = ?",
  );
  const deleteAssessments = db.prepare<[string], unknown>(
    "DELETE FROM main.assessments WHERE instr(assessment_metadata, ?) > 0",
  );

  return {
    createRun: async ({ experiment_id, user_id, run_name, start_time, tags = [] }) => {
      const tagged = tags.find(({ key }) => key === RUN_TAG.runName)?.value;
      if (run_name && tagged && run_name !== tagged) {
        throw invalid(
          `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${run_name}', mlflow.runName='${tagged}').`,
        );
      }
      const name = run_name || tagged || randomName();
      return db.write(() => {
        const experiment = findExperiment(experiment_id, "ALL");
        checkExperimentActive(experiment);
        const run_id = newId();
        const artifact_uri = childLocation(experiment.artifact_location ?? "", run_id, "artifacts");
        insert.run(run_id, name, user_id ?? "", start_time ?? null, artifact_uri, experiment.experiment_id);
        writeTags(run_id, tagged ? tags : [...tags, { key: RUN_TAG.runName, value: name }]);
        return only(assemble([find(run_id)]));
      });
    },
    getRun: async ({ run_id }) => db.read(() => only(assemble([find(run_id)]))),
    updateRun: async ({ run_id, status, end_time, run_name }) =>
      db.write(() => {
        checkRunActive(find(run_id));
        update.run(status ?? null, end_time ?? null, run_id);
        if (run_name) writeTags(run_id, [{ key: RUN_TAG.runName, value: run_name }]);
        return toRunInfo(find(run_id));
      }),
    deleteRun: async ({ run_id }) =>
      db.write(() => {
        find(run_id);
        if (db.has("assessments", "assessment_metadata"))
          deleteAssessments.run(`"mlflow.assessment.sourceRunId": "${run_id}"`);
        setStage.run("deleted", Date.now(), run_id);
      }),
    restoreRun: async ({ run_id }) =>
      db.write(() => {
        find(run_id);
        setStage.run("active", null, run_id);
      }),
    searchRuns: async (query) => {
      const wanted = readRunQuery(query);
      return db.read(() => {
        const ids = search.find(wanted);
        return pageOf(ids, wanted.offset, wanted.count - 1, (page) => assemble(page.map(find)));
      });
    },
    logBatch: async ({ run_id, metrics, params, tags }) => {
      checkRunId(run_id);
      const checked = checkBatch({ metrics, params, tags }, db.limits);
      await db.write(() => {
        const run = find(run_id);
        checkRunActive(run);
        writeParams(run_id, checked.params);
        writeMetrics(run, metrics);
        writeTags(run_id, checked.tags);
      });
    },
  };
}
