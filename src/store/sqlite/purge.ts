import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Purged, PurgeQuery, Trash } from "../../protocol/trash.ts";
import { inTurns } from "../chain.ts";
import { localFolder } from "../localArtifacts.ts";
import { bytesIn, isOwnFolder, removeArtifacts, removeEmpty } from "../purgeFolder.ts";
import type { Locate } from "../relocated.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { experimentNumber, invalid } from "../validation.ts";
import type { Database } from "./database.ts";
import { rowDeleter } from "./rowDeleter.ts";

interface DeletedRun {
  run_uuid: string;
  name: string | null;
  experiment_id: number;
  artifact_uri: string | null;
  deleted_time: number | null;
  lifecycle_stage: string;
}

interface DeletedExperiment {
  experiment_id: number;
  name: string;
  last_update_time: number | null;
  lifecycle_stage: string;
  artifact_location: string | null;
}

interface ModelRow {
  model_id: string;
  name: string;
  experiment_id: number;
  artifact_location: string;
  lifecycle_stage: string;
}

/** Artifacts of one run or model. */
interface Artifacts {
  id: string;
  location: string;
}

/** Tables of traces' sums, which name their experiment without a foreign key (mlflow 3.17). */
const SUMS = [
  "sql_trace_rollup_rebuild_queue",
  "sql_trace_metric_daily_rollups",
  "sql_span_cost_daily_rollups",
  "sql_assessment_daily_rollups",
];

const RUN_COLUMNS = "run_uuid, name, experiment_id, artifact_uri, deleted_time, lifecycle_stage";
const MODEL_COLUMNS = "model_id, name, experiment_id, artifact_location, lifecycle_stage";
const AMONG = "IN (SELECT value FROM json_each(?))";

/** The trash and its clearing, as `mlflow gc` does it (3.17). */
export function purgeMethods(db: Database, locate: Locate): Pick<TrackingStore, "trash" | "purge"> {
  const deleteRows = rowDeleter(db);
  const deletedRuns = db.prepare<[], DeletedRun>(
    `SELECT ${RUN_COLUMNS} FROM runs WHERE lifecycle_stage = 'deleted' ORDER BY deleted_time DESC, run_uuid`,
  );
  const runsNamed = db.prepare<[string], DeletedRun>(`SELECT ${RUN_COLUMNS} FROM runs WHERE run_uuid ${AMONG}`);
  const runsIn = db.prepare<[string], DeletedRun>(`SELECT ${RUN_COLUMNS} FROM runs WHERE experiment_id ${AMONG}`);
  const experiments = db.prepare<[], DeletedExperiment>(
    "SELECT experiment_id, name, last_update_time, lifecycle_stage, artifact_location FROM experiments",
  );
  const models = (where: string) =>
    db.prepare<[string], ModelRow>(`SELECT ${MODEL_COLUMNS} FROM logged_models WHERE ${where}`);
  const modelsIn = models(`experiment_id ${AMONG}`);
  const modelsNamed = models(`model_id ${AMONG}`);
  const deletedModels = models("lifecycle_stage = ?");
  const points = db.prepare<[string], { points: number }>(
    `SELECT count(*) AS points FROM metrics WHERE run_uuid ${AMONG}`,
  );

  const folderOf = ({ id, location }: Artifacts): string | undefined => {
    const folder = localFolder(location, dirname(db.path));
    return folder !== undefined && isOwnFolder(folder, id) ? folder : undefined;
  };
  const bytesOf = async (artifacts: Artifacts, signal: AbortSignal | undefined): Promise<number> => {
    const folder = folderOf(artifacts);
    return folder === undefined ? 0 : bytesIn(folder, signal);
  };

  /** What goes with the ids. Throws for what is not there or not deleted. */
  const chosen = ({ experiment_ids, run_ids, model_ids = [] }: PurgeQuery) =>
    db.read(() => {
      const known = new Map(experiments.all().map((each) => [each.experiment_id, each]));
      const ids = [...new Set(experiment_ids.map(experimentNumber))];
      for (const id of ids) {
        const found = known.get(id);
        if (found === undefined) throw missing(`No Experiment with id=${id} exists`);
        if (found.lifecycle_stage !== "deleted") throw notDeleted(`Experiment ${id}`);
      }
      const named = new Map(runsNamed.all(JSON.stringify(run_ids)).map((run) => [run.run_uuid, run]));
      for (const id of run_ids) if (!named.has(id)) throw missing(`Run with id=${id} not found`);
      for (const run of runsIn.all(JSON.stringify(ids))) named.set(run.run_uuid, run);
      const runs = [...named.values()];
      for (const run of runs) if (run.lifecycle_stage !== "deleted") throw notDeleted(`Run ${run.run_uuid}`);
      const going = new Map(modelsNamed.all(JSON.stringify(model_ids)).map((model) => [model.model_id, model]));
      for (const id of model_ids) if (!going.has(id)) throw missing(`Logged model with ID '${id}' not found.`);
      for (const { model_id, lifecycle_stage } of going.values()) {
        if (lifecycle_stage !== "deleted") throw notDeleted(`Logged model ${model_id}`);
      }
      for (const model of modelsIn.all(JSON.stringify(ids))) going.set(model.model_id, model);
      return { experiments: ids.flatMap((id) => known.get(id) ?? []), runs, models: [...going.values()] };
    });

  return {
    trash: async (_query, signal?: AbortSignal): Promise<Trash> => {
      const found = db.read(() => {
        const every = experiments.all();
        const deleted = every.filter(({ lifecycle_stage }) => lifecycle_stage === "deleted");
        const ids = JSON.stringify(deleted.map(({ experiment_id }) => experiment_id));
        return { all: every, runs: deletedRuns.all(), inThem: modelsIn.all(ids), alone: deletedModels.all("deleted") };
      });
      const runs = await locate(found.runs);
      const inThem = await locate(found.inThem);
      const alone = await locate(found.alone);
      const { all } = found;
      const byId = new Map(all.map((each) => [each.experiment_id, each]));
      const listed = new Map<number, Trash["experiments"][number]>();
      for (const { experiment_id, name, last_update_time, lifecycle_stage } of all) {
        if (lifecycle_stage !== "deleted") continue;
        const time = last_update_time === null ? {} : { deleted_time: last_update_time };
        listed.set(experiment_id, { experiment_id: String(experiment_id), name, ...time, runs: 0, bytes: 0 });
      }
      const trash: Trash = { experiments: [...listed.values()], runs: [], models: [], bytes: 0 };
      for (const run of runs) {
        const bytes = await bytesOf(artifactsOf(run), signal);
        trash.bytes += bytes;
        const experiment = listed.get(run.experiment_id);
        if (experiment !== undefined) {
          experiment.runs += 1;
          experiment.bytes += bytes;
          continue;
        }
        trash.runs.push({
          run_id: run.run_uuid,
          run_name: run.name ?? "",
          experiment_id: String(run.experiment_id),
          experiment_name: byId.get(run.experiment_id)?.name ?? "",
          ...(run.deleted_time === null ? {} : { deleted_time: run.deleted_time }),
          bytes,
        });
      }
      for (const { model_id, artifact_location, experiment_id } of inThem) {
        const bytes = await bytesOf({ id: model_id, location: artifact_location }, signal);
        const experiment = listed.get(experiment_id);
        if (experiment !== undefined) experiment.bytes += bytes;
        trash.bytes += bytes;
      }
      for (const { model_id, name, artifact_location, experiment_id } of alone) {
        if (listed.has(experiment_id)) continue;
        const bytes = await bytesOf({ id: model_id, location: artifact_location }, signal);
        const experiment_name = byId.get(experiment_id)?.name ?? "";
        trash.models.push({ model_id, name, experiment_id: String(experiment_id), experiment_name, bytes });
        trash.bytes += bytes;
      }
      return trash;
    },
    purge: async (query, signal?: AbortSignal): Promise<Purged> => {
      const named = chosen(query);
      const going = { ...named, runs: await locate(named.runs), models: await locate(named.models) };
      const purged: Purged = {
        experiments: going.experiments.length,
        runs: going.runs.length,
        models: going.models.length,
        ...{ points: 0, bytes: 0, kept: [] },
      };
      await inTurns(going.runs, signal, ({ run_uuid }) => {
        purged.points += db.read(() => points.get(JSON.stringify([run_uuid])))?.points ?? 0;
      });
      const artifacts = [
        ...going.runs.map(artifactsOf),
        ...going.models.map(({ model_id, artifact_location }) => ({ id: model_id, location: artifact_location })),
      ];
      for (const each of artifacts) {
        purged.bytes += await bytesOf(each, signal);
        const folder = localFolder(each.location, dirname(db.path));
        if (folderOf(each) === undefined && (folder === undefined || existsSync(folder)))
          purged.kept.push(each.location);
      }
      if (query.dry_run) return purged;
      // The rows go first: artifacts without a run are found by nobody, a run whose artifacts are gone would be.
      for (const { run_uuid } of going.runs) await db.write(() => deleteRows("runs", "run_uuid", run_uuid));
      for (const { model_id } of going.models) await db.write(() => deleteRows("logged_models", "model_id", model_id));
      for (const { experiment_id } of going.experiments) {
        await db.write(() => {
          for (const table of SUMS) {
            if (!db.has(table, "experiment_id")) continue;
            db.prepare<[number], unknown>(`DELETE FROM ${table} WHERE experiment_id = ?`).run(experiment_id);
          }
          deleteRows("experiments", "experiment_id", experiment_id);
        });
      }
      for (const each of artifacts) {
        const folder = folderOf(each);
        if (folder !== undefined) removeArtifacts(folder);
      }
      for (const { experiment_id, artifact_location } of going.experiments) {
        const folder = localFolder(artifact_location ?? "", dirname(db.path));
        if (folder?.endsWith(`/${experiment_id}`) === true) removeEmpty(folder);
      }
      return purged;
    },
  };
}

function artifactsOf({ run_uuid, artifact_uri }: DeletedRun): Artifacts {
  return { id: run_uuid, location: artifact_uri ?? "" };
}

function missing(message: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

function notDeleted(what: string): MlflowError {
  return invalid(`${what} is not in the deleted lifecycle stage: only what is deleted can be removed for good.`);
}
