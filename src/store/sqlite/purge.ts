import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { Purged, PurgeQuery, Trash, TrashedModel } from "../../protocol/trash.ts";
import { inTurns } from "../chain.ts";
import { localFolder } from "../localArtifacts.ts";
import { bytesIn, isOwnFolder, removeArtifacts, removeEmpty } from "../purgeFolder.ts";
import type { Locate } from "../relocated.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { experimentNumber, invalid } from "../validation.ts";
import type { Database } from "./database.ts";
import { rowRemover } from "./purgeRows.ts";

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

/** A model of an experiment that is not deleted, or not there any more. */
interface LoneModel extends ModelRow {
  experiment_name: string | null;
}

/** Artifacts of one run or model. */
interface Artifacts {
  id: string;
  location: string;
}

/** What is about to go. */
interface Going extends Artifacts {
  points: number;
  bytes: number;
  /** Whether the artifacts stay where they are. */
  stays: boolean;
}

const RUN_COLUMNS = "run_uuid, name, experiment_id, artifact_uri, deleted_time, lifecycle_stage";
const MODEL_COLUMNS = "model_id, name, experiment_id, artifact_location, lifecycle_stage";
/** Deleted logged models that do not go with an experiment. */
const ALONE = `lifecycle_stage = 'deleted' AND NOT EXISTS (
  SELECT 1 FROM experiments e WHERE e.experiment_id = logged_models.experiment_id AND e.lifecycle_stage = 'deleted')`;
const AMONG = "IN (SELECT value FROM json_each(?))";

/** The trash and its clearing, as `mlflow gc` does it (3.17). */
export function purgeMethods(
  db: Database,
  locate: Locate,
): Pick<TrackingStore, "trash" | "countTrashedModels" | "purge"> {
  const { removeRun, removeModel, removeExperiment } = rowRemover(db);
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
  const modelsAlone = db.prepare<[], LoneModel>(
    `SELECT ${MODEL_COLUMNS}, (SELECT e.name FROM experiments e WHERE e.experiment_id = logged_models.experiment_id) AS experiment_name
     FROM logged_models WHERE ${ALONE}`,
  );
  const countAlone = db.prepare<[], { models: number }>(`SELECT count(*) AS models FROM logged_models WHERE ${ALONE}`);
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

  const measured = async (all: readonly Artifacts[], signal: AbortSignal | undefined): Promise<Going[]> => {
    const going: Going[] = [];
    for (const each of all) {
      const bytes = await bytesOf(each, signal);
      const folder = localFolder(each.location, dirname(db.path));
      const stays = folderOf(each) === undefined && (folder === undefined || existsSync(folder));
      going.push({ ...each, points: 0, bytes, stays });
    }
    return going;
  };
  const withoutArtifacts = async (going: Going): Promise<Going> => {
    const folder = folderOf(going);
    if (folder === undefined || (await removeArtifacts(folder))) return going;
    return { ...going, bytes: 0, stays: true };
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
        return { all: every, runs: deletedRuns.all(), inThem: modelsIn.all(ids), alone: modelsAlone.all() };
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
      for (const model of inThem) {
        const bytes = await bytesOf(artifactsOfModel(model), signal);
        const experiment = listed.get(model.experiment_id);
        if (experiment !== undefined) experiment.bytes += bytes;
        trash.bytes += bytes;
      }
      for (const model of alone) {
        const bytes = await bytesOf(artifactsOfModel(model), signal);
        trash.models.push(toTrashedModel(model, bytes));
        trash.bytes += bytes;
      }
      return trash;
    },
    countTrashedModels: async () => ({ models: db.read(() => countAlone.get())?.models ?? 0 }),
    purge: async (query, signal?: AbortSignal): Promise<Purged> => {
      const named = chosen(query);
      const runs = await measured((await locate(named.runs)).map(artifactsOf), signal);
      await inTurns(runs, signal, (run) => {
        run.points = db.read(() => points.get(JSON.stringify([run.id])))?.points ?? 0;
      });
      const models = await measured((await locate(named.models)).map(artifactsOfModel), signal);
      if (query.dry_run) return summed(named.experiments.length, runs, models);
      // The row goes first: artifacts without a run are found by nobody, a run whose artifacts are gone would be.
      const goneRuns: Going[] = [];
      for (const run of runs) {
        if (await removeRun(run.id)) goneRuns.push(await withoutArtifacts(run));
      }
      const experimentOf = new Map(named.models.map(({ model_id, experiment_id }) => [model_id, experiment_id]));
      const chosenIds = new Set(named.experiments.map(({ experiment_id }) => experiment_id));
      const goneModels: Going[] = [];
      for (const model of models) {
        const inside = experimentOf.get(model.id);
        const along = inside !== undefined && chosenIds.has(inside) ? inside : undefined;
        if (await removeModel(model.id, along)) goneModels.push(await withoutArtifacts(model));
      }
      let goneExperiments = 0;
      for (const { experiment_id, artifact_location } of named.experiments) {
        if (!(await removeExperiment(experiment_id))) continue;
        goneExperiments += 1;
        const folder = localFolder(artifact_location ?? "", dirname(db.path));
        if (folder !== undefined && basename(folder) === String(experiment_id)) removeEmpty(folder);
      }
      return summed(goneExperiments, goneRuns, goneModels);
    },
  };
}

function summed(experiments: number, runs: readonly Going[], models: readonly Going[]): Purged {
  const all = [...runs, ...models];
  return {
    experiments,
    runs: runs.length,
    models: models.length,
    points: runs.reduce((sum, { points }) => sum + points, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    kept: all.flatMap(({ stays, location }) => (stays ? [location] : [])),
  };
}

function artifactsOf({ run_uuid, artifact_uri }: DeletedRun): Artifacts {
  return { id: run_uuid, location: artifact_uri ?? "" };
}

function artifactsOfModel({ model_id, artifact_location }: ModelRow): Artifacts {
  return { id: model_id, location: artifact_location };
}

function toTrashedModel({ model_id, name, experiment_id, experiment_name }: LoneModel, bytes: number): TrashedModel {
  return { model_id, name, experiment_id: String(experiment_id), experiment_name: experiment_name ?? "", bytes };
}

function missing(message: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

function notDeleted(what: string): MlflowError {
  return invalid(`${what} is not in the deleted lifecycle stage: only what is deleted can be removed for good.`);
}
