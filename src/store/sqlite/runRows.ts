import type { KeyValue, LifecycleStage, Metric, Run, RunInfo, RunStatus } from "../../mlflow/entities.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { invalid } from "../validation.ts";
import type { Database } from "./database.ts";
import { linkReader, type RunLinks } from "./inputRows.ts";
import { integer, real } from "./kinds.ts";

export interface RunRow {
  run_uuid: string;
  name: string | null;
  user_id: string | null;
  status: RunStatus;
  start_time: number | null;
  end_time: number | null;
  artifact_uri: string | null;
  lifecycle_stage: LifecycleStage;
  experiment_id: number;
}

export interface MetricRow {
  key: string;
  value: number;
  timestamp: number;
  step: number;
  is_nan: number;
}

/** Columns of MetricRow. */
export const POINT_COLUMNS = `key, ${real("value")}, ${integer("timestamp")}, ${integer("step")}, is_nan`;

/** Columns of `runs r`, named because their order differs between databases. */
export const RUN_COLUMNS = `r.run_uuid, r.name, r.user_id, r.status, ${integer("r.start_time")}, ${integer("r.end_time")}, r.artifact_uri, r.lifecycle_stage, r.experiment_id`;

/** Finds one run inside a transaction. Throws RESOURCE_DOES_NOT_EXIST. */
export function runFinder(db: Database): (run_id: string) => RunRow {
  const byId = db.prepare<[string], RunRow>(`SELECT ${RUN_COLUMNS} FROM runs r WHERE r.run_uuid = ?`);
  return (run_id) => {
    const found = byId.get(run_id);
    if (found === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Run with id=${run_id} not found`);
    return found;
  };
}

export function checkRunActive(run: RunRow): void {
  if (run.lifecycle_stage === "active") return;
  throw invalid(`The run ${run.run_uuid} must be in the 'active' state. Current state is ${run.lifecycle_stage}.`);
}

export function toRunInfo(row: RunRow): RunInfo {
  return {
    run_id: row.run_uuid,
    run_uuid: row.run_uuid,
    run_name: row.name ?? "",
    experiment_id: String(row.experiment_id),
    user_id: row.user_id ?? "",
    status: row.status,
    ...(row.start_time === null ? {} : { start_time: row.start_time }),
    // An end of 0 is none on MLflow's wire.
    ...(row.end_time ? { end_time: row.end_time } : {}),
    artifact_uri: row.artifact_uri ?? "",
    lifecycle_stage: row.lifecycle_stage,
  };
}

export function toMetric(row: MetricRow): Metric {
  return {
    key: row.key,
    value: row.is_nan === 1 ? Number.NaN : row.value,
    timestamp: row.timestamp,
    step: row.step,
  };
}

/** Completes rows with what each run logged: a fixed number of statements, however many runs. */
export function runAssembler(db: Database): (rows: RunRow[]) => Run[] {
  const wanted = "WHERE run_uuid IN (SELECT value FROM json_each(?)) ORDER BY run_uuid, rowid";
  const metricsOf = db.prepare<[string], MetricRow & { run_uuid: string }>(
    `SELECT run_uuid, ${POINT_COLUMNS} FROM latest_metrics ${wanted}`,
  );
  const paramsOf = db.prepare<[string], KeyValue & { run_uuid: string }>(
    `SELECT run_uuid, key, value FROM params ${wanted}`,
  );
  const tagsOf = db.prepare<[string], { key: string; value: string | null; run_uuid: string }>(
    `SELECT run_uuid, key, value FROM tags ${wanted}`,
  );
  const addLinks = linkReader(db);
  return (rows) => {
    const runs = new Map(rows.map((row) => [row.run_uuid, emptyRun(row)]));
    const ids = JSON.stringify([...runs.keys()]);
    for (const row of metricsOf.all(ids)) runs.get(row.run_uuid)?.data.metrics.push(toMetric(row));
    for (const { run_uuid, key, value } of paramsOf.all(ids)) runs.get(run_uuid)?.data.params.push({ key, value });
    for (const { run_uuid, key, value } of tagsOf.all(ids)) {
      runs.get(run_uuid)?.data.tags.push({ key, value: value ?? "" });
    }
    addLinks(runs, ids);
    for (const run of runs.values()) {
      // Runs of mlflow <= 1.29 have their name only in the tag.
      run.info.run_name ||= run.data.tags.find(({ key }) => key === RUN_TAG.runName)?.value ?? "";
    }
    return [...runs.values()];
  };
}

function emptyRun(row: RunRow): Run {
  return {
    info: toRunInfo(row),
    data: { metrics: [], params: [], tags: [] },
    ...noLinks(),
  };
}

export function noLinks(): RunLinks {
  return { inputs: { dataset_inputs: [], model_inputs: [] }, outputs: { model_outputs: [] } };
}
