import type { Experiment, KeyValue, LifecycleStage, ViewType } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { childLocation } from "../locations.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import type { TrackingStore } from "../trackingStore.ts";
import {
  checkArtifactLocation,
  checkExperimentName,
  checkExperimentTag,
  checkMaxResults,
  experimentNumber,
  invalid,
} from "../validation.ts";
import { SqlError } from "./connection.ts";
import type { Database } from "./database.ts";
import { experimentOrder, experimentWhere } from "./filterToSql.ts";
import { integer } from "./kinds.ts";

export interface ExperimentRow {
  experiment_id: number;
  name: string;
  artifact_location: string | null;
  lifecycle_stage: LifecycleStage;
  creation_time: number | null;
  last_update_time: number | null;
}

type Methods =
  | "createExperiment"
  | "getExperiment"
  | "getExperimentByName"
  | "searchExperiments"
  | "updateExperiment"
  | "deleteExperiment"
  | "restoreExperiment"
  | "setExperimentTag"
  | "deleteExperimentTag";

const COLUMNS = `e.experiment_id, e.name, e.artifact_location, e.lifecycle_stage, ${integer("e.creation_time")}, ${integer("e.last_update_time")}`;

/** The lifecycle stages a view shows, as a JSON list to bind. */
export function stagesOf(view: ViewType): string {
  return { ACTIVE_ONLY: '["active"]', DELETED_ONLY: '["deleted"]', ALL: '["active","deleted"]' }[view];
}

/** Finds one experiment inside a transaction of another family. Throws RESOURCE_DOES_NOT_EXIST. */
export function experimentFinder(db: Database): (experiment_id: string, view: ViewType) => ExperimentRow {
  const byId = db.prepare<[number, string], ExperimentRow>(
    `SELECT ${COLUMNS} FROM experiments e
     WHERE experiment_id = ? AND lifecycle_stage IN (SELECT value FROM json_each(?))`,
  );
  return (experiment_id, view) => {
    const number = experimentNumber(experiment_id === "" ? "0" : experiment_id);
    const found = byId.get(number, stagesOf(view));
    if (found === undefined) {
      throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No Experiment with id=${number} exists`);
    }
    return found;
  };
}

export function checkExperimentActive(experiment: ExperimentRow): void {
  if (experiment.lifecycle_stage === "active") return;
  throw invalid(
    `The experiment ${experiment.experiment_id} must be in the 'active' state. Current state is ${experiment.lifecycle_stage}.`,
  );
}

export function experimentMethods(db: Database): Pick<TrackingStore, Methods> {
  const find = experimentFinder(db);
  const byName = db.prepare<[string], ExperimentRow>(`SELECT ${COLUMNS} FROM experiments e WHERE name = ?`);
  const tagsOf = db.prepare<[string], KeyValue & { experiment_id: number }>(
    `SELECT experiment_id, key, value FROM experiment_tags
     WHERE experiment_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
  );
  const insert = db.prepare<[string, string | null, number, number], unknown>(
    `INSERT INTO main.experiments (name, artifact_location, lifecycle_stage, creation_time, last_update_time)
     VALUES (?, ?, 'active', ?, ?)`,
  );
  const setLocation = db.prepare<[string, number], unknown>(
    "UPDATE main.experiments SET artifact_location = ? WHERE experiment_id = ?",
  );
  const rename = db.prepare<[string, number, number], unknown>(
    "UPDATE main.experiments SET name = ?, last_update_time = ? WHERE experiment_id = ?",
  );
  const setStage = db.prepare<[string, number, number], unknown>(
    "UPDATE main.experiments SET lifecycle_stage = ?, last_update_time = ? WHERE experiment_id = ?",
  );
  const setRunStages = db.prepare<[string, number | null, number], unknown>(
    "UPDATE runs SET lifecycle_stage = ?, deleted_time = ? WHERE experiment_id = ?",
  );
  const deleteAssessments = db.prepare<[number], unknown>(
    `DELETE FROM main.assessments
     WHERE CASE WHEN json_valid(assessment_metadata) THEN assessment_metadata ->> '$."mlflow.assessment.sourceRunId"' END
       IN (SELECT run_uuid FROM runs WHERE experiment_id = ?)`,
  );
  const setTag = db.prepare<[number, string, string], unknown>(
    `INSERT INTO experiment_tags (experiment_id, key, value) VALUES (?, ?, ?)
     ON CONFLICT (key, experiment_id) DO UPDATE SET value = excluded.value`,
  );
  const deleteTag = db.prepare<[number, string], unknown>(
    "DELETE FROM experiment_tags WHERE experiment_id = ? AND key = ?",
  );

  const toExperiments = (rows: ExperimentRow[]): Experiment[] => {
    const experiments = new Map(rows.map((row) => [row.experiment_id, toExperiment(row)]));
    for (const { experiment_id, key, value } of tagsOf.all(JSON.stringify([...experiments.keys()]))) {
      experiments.get(experiment_id)?.tags.push({ key, value: value ?? "" });
    }
    return [...experiments.values()];
  };
  const one = (row: ExperimentRow): Experiment => toExperiments([row])[0] ?? toExperiment(row);

  return {
    createExperiment: async ({ name, artifact_location, tags = [] }) => {
      checkExperimentName(name);
      if (artifact_location) checkArtifactLocation(artifact_location);
      for (const tag of tags) checkExperimentTag(tag, db.limits);
      return db.write(() => {
        const now = Date.now();
        const id = unique(name, () => insert.run(name, artifact_location || null, now, now).lastInsertRowid);
        if (!artifact_location) setLocation.run(childLocation(db.artifactRoot, String(id)), id);
        for (const { key, value } of tags) setTag.run(id, key, value);
        return { experiment_id: String(id) };
      });
    },
    getExperiment: async ({ experiment_id }) => db.read(() => one(find(experiment_id, "ALL"))),
    getExperimentByName: async ({ experiment_name }) =>
      db.read(() => {
        const found = byName.get(experiment_name);
        if (found !== undefined) return one(found);
        const message = `Could not find experiment with name '${experiment_name}'`;
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
      }),
    searchExperiments: async ({ filter, order_by, view_type = "ACTIVE_ONLY", max_results = 1_000, page_token }) => {
      checkMaxResults(max_results);
      const offset = offsetOf(page_token);
      const where = experimentWhere(filter);
      return db.read(() => {
        const rows = db
          .prepare<(string | number | null)[], ExperimentRow>(
            `SELECT ${COLUMNS} FROM experiments e
             WHERE e.lifecycle_stage IN (SELECT value FROM json_each(?)) AND ${where.sql}
             ORDER BY ${experimentOrder(order_by)} LIMIT ? OFFSET ?`,
          )
          .all(stagesOf(view_type), ...where.values, max_results + 1, offset);
        return pageOf(rows, offset, max_results, toExperiments);
      });
    },
    updateExperiment: async ({ experiment_id, new_name }) => {
      if (new_name === undefined || new_name === "") return;
      checkExperimentName(new_name);
      await db.write(() => {
        const { experiment_id: id, lifecycle_stage } = find(experiment_id, "ALL");
        if (lifecycle_stage !== "active") {
          throw new MlflowError("INVALID_STATE", "Cannot rename a non-active experiment.");
        }
        rename.run(new_name, Date.now(), id);
      });
    },
    deleteExperiment: async ({ experiment_id }) =>
      db.write(() => {
        const { experiment_id: id } = find(experiment_id, "ACTIVE_ONLY");
        const now = Date.now();
        setStage.run("deleted", now, id);
        if (db.has("assessments", "assessment_metadata")) deleteAssessments.run(id);
        setRunStages.run("deleted", now, id);
      }),
    restoreExperiment: async ({ experiment_id }) =>
      db.write(() => {
        const { experiment_id: id } = find(experiment_id, "DELETED_ONLY");
        setStage.run("active", Date.now(), id);
        setRunStages.run("active", null, id);
      }),
    setExperimentTag: async ({ experiment_id, key, value }) => {
      checkExperimentTag({ key, value }, db.limits);
      await db.write(() => {
        const experiment = find(experiment_id, "ALL");
        checkExperimentActive(experiment);
        setTag.run(experiment.experiment_id, key, value);
      });
    },
    deleteExperimentTag: async ({ experiment_id, key }) =>
      db.write(() => {
        const experiment = find(experiment_id, "ALL");
        checkExperimentActive(experiment);
        if (deleteTag.run(experiment.experiment_id, key).changes > 0) return;
        const message = `No tag with name: ${key} in experiment with id ${experiment_id}`;
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
      }),
  };
}

function toExperiment(row: ExperimentRow): Experiment {
  return {
    experiment_id: String(row.experiment_id),
    name: row.name,
    artifact_location: row.artifact_location ?? "",
    lifecycle_stage: row.lifecycle_stage,
    ...(row.creation_time === null ? {} : { creation_time: row.creation_time }),
    ...(row.last_update_time === null ? {} : { last_update_time: row.last_update_time }),
    tags: [],
  };
}

function unique<T>(name: string, insert: () => T): T {
  try {
    return insert();
  } catch (error) {
    if (!(error instanceof SqlError) || error.failure !== "constraint") throw error;
    const message = `Experiment(name=${name}) already exists. Error: (sqlite3.IntegrityError) ${error.message}`;
    throw new MlflowError("RESOURCE_ALREADY_EXISTS", message, { cause: error });
  }
}
