import type { KeyValue, LoggedModel, LoggedModelStatus, Metric } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { childLocation } from "../locations.ts";
import { randomName } from "../runName.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkLoggedModelName } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { checkExperimentActive, experimentFinder } from "./experiments.ts";
import { integer, real } from "./kinds.ts";

export interface LoggedModelRow {
  model_id: string;
  experiment_id: number;
  name: string;
  artifact_location: string;
  creation_timestamp_ms: number;
  last_updated_timestamp_ms: number;
  status: number;
  model_type: string | null;
  source_run_id: string | null;
  status_message: string | null;
}

interface ModelMetricRow {
  model_id: string;
  metric_name: string;
  metric_value: number | null;
  metric_timestamp_ms: number;
  metric_step: number;
  run_id: string;
  dataset_name: string | null;
  dataset_digest: string | null;
}

export const LOGGED_MODEL_COLUMNS = `m.model_id, m.experiment_id, m.name, m.artifact_location, ${integer("m.creation_timestamp_ms")}, ${integer("m.last_updated_timestamp_ms")}, m.status, m.model_type, m.source_run_id, m.status_message`;

/** Numbers that MLflow stores for a status. */
const STATUS_NUMBERS: Readonly<Record<LoggedModelStatus, number>> = {
  LOGGED_MODEL_STATUS_UNSPECIFIED: 0,
  LOGGED_MODEL_PENDING: 1,
  LOGGED_MODEL_READY: 2,
  LOGGED_MODEL_UPLOAD_FAILED: 3,
};
const STATUSES: readonly LoggedModelStatus[] = [
  "LOGGED_MODEL_STATUS_UNSPECIFIED",
  "LOGGED_MODEL_PENDING",
  "LOGGED_MODEL_READY",
  "LOGGED_MODEL_UPLOAD_FAILED",
];

/** Finds one logged model inside a transaction. Throws RESOURCE_DOES_NOT_EXIST. */
export function loggedModelFinder(db: Database): (model_id: string, deletedToo?: boolean) => LoggedModelRow {
  const byId = db.prepare<[string, number], LoggedModelRow>(
    `SELECT ${LOGGED_MODEL_COLUMNS} FROM logged_models m
     WHERE m.model_id = ? AND (? = 1 OR m.lifecycle_stage <> 'deleted')`,
  );
  return (model_id, deletedToo = false) => {
    const found = byId.get(model_id, deletedToo ? 1 : 0);
    if (found !== undefined) return found;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Logged model with ID '${model_id}' not found.`);
  };
}

type Methods =
  | "createLoggedModel"
  | "getLoggedModel"
  | "finalizeLoggedModel"
  | "deleteLoggedModel"
  | "setLoggedModelTags"
  | "deleteLoggedModelTag"
  | "logLoggedModelParams";

export function loggedModelMethods(db: Database): Pick<TrackingStore, Methods> {
  const find = loggedModelFinder(db);
  const findExperiment = experimentFinder(db);
  const assemble = loggedModelAssembler(db);
  const insert = db.prepare<SqlValue[], unknown>(
    `INSERT INTO main.logged_models (model_id, experiment_id, name, artifact_location, creation_timestamp_ms,
       last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id, status_message)
     VALUES (?, ?, ?, ?, ?, ?, 1, 'active', ?, ?, NULL)`,
  );
  const insertParam = db.prepare<[string, number, string, string], unknown>(
    "INSERT INTO main.logged_model_params (model_id, experiment_id, param_key, param_value) VALUES (?, ?, ?, ?)",
  );
  const upsertTag = db.prepare<[string, number, string, string], unknown>(
    `INSERT INTO main.logged_model_tags (model_id, experiment_id, tag_key, tag_value) VALUES (?, ?, ?, ?)
     ON CONFLICT (model_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
  );
  const removeTag = db.prepare<[string, string], unknown>(
    "DELETE FROM main.logged_model_tags WHERE model_id = ? AND tag_key = ?",
  );
  const setStatus = db.prepare<[number, number, string], unknown>(
    "UPDATE main.logged_models SET status = ?, last_updated_timestamp_ms = ? WHERE model_id = ?",
  );
  const markDeleted = db.prepare<[number, string], unknown>(
    "UPDATE main.logged_models SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = ? WHERE model_id = ?",
  );
  const read = (model_id: string, deletedToo = false): LoggedModel => {
    const row = find(model_id, deletedToo);
    return assemble([row])[0] ?? toLoggedModel(row);
  };

  return {
    createLoggedModel: async ({ experiment_id, name, model_type, source_run_id, params, tags }) => {
      if (name !== undefined) checkLoggedModelName(name);
      return db.write(() => {
        const experiment = findExperiment(experiment_id, "ALL");
        checkExperimentActive(experiment);
        const model_id = `m-${newId()}`;
        const location = childLocation(experiment.artifact_location ?? "", "models", model_id, "artifacts");
        const number = experiment.experiment_id;
        const now = Date.now();
        const more = [model_type ?? null, source_run_id ?? null];
        insert.run(model_id, number, name ?? randomName(), location, now, now, ...more);
        for (const { key, value } of params) insertParam.run(model_id, number, key, value);
        for (const { key, value } of tags) upsertTag.run(model_id, number, key, value);
        return read(model_id);
      });
    },
    getLoggedModel: async ({ model_id }) => db.read(() => read(model_id)),
    finalizeLoggedModel: async ({ model_id, status }) =>
      db.write(() => {
        find(model_id, true);
        setStatus.run(STATUS_NUMBERS[status], Date.now(), model_id);
        return read(model_id, true);
      }),
    deleteLoggedModel: async ({ model_id }) =>
      db.write(() => {
        find(model_id, true);
        markDeleted.run(Date.now(), model_id);
      }),
    setLoggedModelTags: async ({ model_id, tags }) =>
      db.write(() => {
        const { experiment_id } = find(model_id, true);
        for (const { key, value } of tags) upsertTag.run(model_id, experiment_id, key, value);
      }),
    deleteLoggedModelTag: async ({ model_id, tag_key }) =>
      db.write(() => {
        find(model_id, true);
        if (removeTag.run(model_id, tag_key).changes > 0) return;
        const message = `No tag with key ${pythonText(tag_key)} found for model with ID ${pythonText(model_id)}.`;
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
      }),
    logLoggedModelParams: async ({ model_id, params }) =>
      db.write(() => {
        const { experiment_id } = find(model_id, true);
        for (const { key, value } of params) insertParam.run(model_id, experiment_id, key, value);
      }),
  };
}

/** Completes rows with their tags, params and metrics: three statements, however many models. */
export function loggedModelAssembler(db: Database): (rows: LoggedModelRow[]) => LoggedModel[] {
  // Tags and params come by their keys, as MLflow reads them; metrics as they were logged.
  const wanted = "WHERE model_id IN (SELECT value FROM json_each(?)) ORDER BY model_id,";
  const tagsOf = db.prepare<[string], KeyValue & { model_id: string }>(
    `SELECT model_id, tag_key AS key, tag_value AS value FROM logged_model_tags ${wanted} tag_key`,
  );
  const paramsOf = db.prepare<[string], KeyValue & { model_id: string }>(
    `SELECT model_id, param_key AS key, param_value AS value FROM logged_model_params ${wanted} param_key`,
  );
  const metricsOf = db.prepare<[string], ModelMetricRow>(
    `SELECT model_id, metric_name, ${real("metric_value")}, ${integer("metric_timestamp_ms")}, ${integer("metric_step")}, run_id, dataset_name, dataset_digest
     FROM logged_model_metrics ${wanted} rowid`,
  );
  return (rows) => {
    const models = new Map(rows.map((row) => [row.model_id, toLoggedModel(row)]));
    const ids = JSON.stringify([...models.keys()]);
    for (const { model_id, key, value } of tagsOf.all(ids)) models.get(model_id)?.info.tags.push({ key, value });
    for (const { model_id, key, value } of paramsOf.all(ids)) models.get(model_id)?.data.params.push({ key, value });
    for (const row of metricsOf.all(ids)) models.get(row.model_id)?.data.metrics.push(toModelMetric(row));
    return [...models.values()];
  };
}

function toModelMetric(row: ModelMetricRow): Metric {
  return {
    key: row.metric_name,
    value: row.metric_value ?? 0,
    timestamp: row.metric_timestamp_ms,
    step: row.metric_step,
    run_id: row.run_id,
    model_id: row.model_id,
    ...(row.dataset_name === null ? {} : { dataset_name: row.dataset_name }),
    ...(row.dataset_digest === null ? {} : { dataset_digest: row.dataset_digest }),
  };
}

function toLoggedModel(row: LoggedModelRow): LoggedModel {
  return {
    info: {
      model_id: row.model_id,
      experiment_id: String(row.experiment_id),
      name: row.name,
      creation_timestamp_ms: row.creation_timestamp_ms,
      last_updated_timestamp_ms: row.last_updated_timestamp_ms,
      artifact_uri: row.artifact_location,
      status: STATUSES[row.status] ?? "LOGGED_MODEL_STATUS_UNSPECIFIED",
      ...(row.status_message === null ? {} : { status_message: row.status_message }),
      ...(row.model_type === null ? {} : { model_type: row.model_type }),
      ...(row.source_run_id === null ? {} : { source_run_id: row.source_run_id }),
      tags: [],
    },
    data: { params: [], metrics: [] },
  };
}
