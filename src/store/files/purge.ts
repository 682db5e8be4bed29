import { join } from "node:path";
import type { MlflowError } from "../../mlflow/errors.ts";
import type { Purged, PurgeQuery, Trash } from "../../protocol/trash.ts";
import { inTurns } from "../chain.ts";
import { bytesIn } from "../purgeFolder.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { invalid } from "../validation.ts";
import { eachLine } from "./metricFile.ts";
import { numberOf, readMeta } from "./metaYaml.ts";
import { entriesOf, readOwn } from "./stamps.ts";
import { MODELS, type Place, type StoreFolder } from "./storeFolder.ts";

/** A folder that is about to go, of a run or an experiment, and what goes with it. */
interface Going extends Purged {
  folder: string;
  /** Whether it still is: it may be restored meanwhile. */
  isDeleted(): boolean;
  /** Has what was known of it read anew. */
  gone(): void;
}

/** The trash and its clearing, as `mlflow gc` does it (3.17): the folders of runs and experiments go with all that is in them. */
export function purgeMethods(store: StoreFolder): Pick<TrackingStore, "trash" | "countTrashedModels" | "purge"> {
  const runsOf = async (place: Place) => {
    const shelf = store.runsOf(place);
    await shelf.refresh();
    return shelf.values().map((stored) => ({ stored, folder: join(place.folder, stored.run.info.run_id) }));
  };
  const timeOf = (folder: string, field: string) => {
    const time = numberOf(readMeta(readOwn(folder, "meta.yaml") ?? "")?.[field]);
    return time === undefined ? {} : { deleted_time: time };
  };

  type Inside = Awaited<ReturnType<typeof runsOf>>;
  const chosen = ({ experiment_ids, run_ids }: PurgeQuery) => {
    const places = [...new Set(experiment_ids)].map((id) => store.experiment(id));
    for (const { experiment } of places) {
      if (experiment.lifecycle_stage !== "deleted") throw notDeleted(`Experiment ${experiment.experiment_id}`);
    }
    const inside = new Set(places.map(({ experiment }) => experiment.experiment_id));
    const named = [...new Set(run_ids)].map((run_id) => store.run(run_id));
    for (const { stored } of named) {
      const { run_id, lifecycle_stage } = stored.run.info;
      if (lifecycle_stage !== "deleted") throw notDeleted(`Run ${run_id}`);
    }
    // Those of a deleted experiment go with it.
    return { places, runs: named.filter(({ stored }) => !inside.has(stored.run.info.experiment_id)) };
  };

  const measured = async (folder: string, runs: Inside, signal: AbortSignal | undefined) => {
    const kept: string[] = [];
    let points = 0;
    await inTurns(runs, signal, (run) => {
      const { curves, artifact_uri } = run.stored;
      const { experiment_id, run_id } = run.stored.run.info;
      for (const [key] of curves) eachLine(join(run.folder, "metrics", key), 0, () => void points++);
      // Where the experiment has a place of its own for artifacts.
      if (!artifact_uri.endsWith(`${experiment_id}/${run_id}/artifacts`)) kept.push(artifact_uri);
    });
    return { folder, runs: runs.length, points, bytes: await bytesIn(folder, signal), kept };
  };
  const measuredPlace = async (place: Place, signal: AbortSignal | undefined): Promise<Going> => {
    const facts = await measured(place.folder, await runsOf(place), signal);
    const models = entriesOf(join(place.folder, MODELS)).filter((entry) => entry.isDirectory()).length;
    // It is deleted where it lies (mlflow 1.x says so nowhere else).
    const isDeleted = () => readOwn(place.folder, "meta.yaml") !== undefined;
    const gone = () => store.deleted.touch(place.experiment.experiment_id);
    return { ...facts, experiments: 1, models, isDeleted, gone };
  };
  const measuredRun = async (run: Inside[number], signal: AbortSignal | undefined): Promise<Going> => {
    const { experiment_id, run_id } = run.stored.run.info;
    const isDeleted = () => readMeta(readOwn(run.folder, "meta.yaml") ?? "")?.["lifecycle_stage"] === "deleted";
    const gone = () => store.runs(experiment_id)?.touch(run_id);
    return { ...(await measured(run.folder, [run], signal)), experiments: 0, models: 0, isDeleted, gone };
  };

  return {
    trash: async (_query, signal?: AbortSignal): Promise<Trash> => {
      const trash: Trash = { experiments: [], runs: [], models: [], bytes: 0 };
      for (const place of await store.experiments()) {
        const { experiment_id, name, lifecycle_stage } = place.experiment;
        const runs = await runsOf(place);
        const deleted = runs.filter(({ stored }) => stored.run.info.lifecycle_stage === "deleted");
        if (lifecycle_stage === "deleted") {
          const bytes = await bytesIn(place.folder, signal);
          const time = timeOf(place.folder, "last_update_time");
          trash.experiments.push({ experiment_id, name, ...time, runs: runs.length, bytes });
          trash.bytes += bytes;
          continue;
        }
        for (const { stored, folder } of deleted) {
          const { run_id, run_name } = stored.run.info;
          const bytes = await bytesIn(folder, signal);
          const time = timeOf(folder, "deleted_time");
          trash.runs.push({ run_id, run_name, experiment_id, experiment_name: name, ...time, bytes });
          trash.bytes += bytes;
        }
      }
      trash.runs.sort((a, b) => (b.deleted_time ?? 0) - (a.deleted_time ?? 0) || (a.run_id < b.run_id ? -1 : 1));
      return trash;
    },
    // Only databases keep deleted logged models.
    countTrashedModels: async () => ({ models: 0 }),
    purge: async (query, signal?: AbortSignal): Promise<Purged> => {
      const { places, runs } = chosen(query);
      const going: Going[] = [];
      for (const place of places) going.push(await measuredPlace(place, signal));
      for (const run of runs) going.push(await measuredRun(run, signal));
      if (query.dry_run) return summed(going);
      return store.write((edit) => {
        // What was restored since it was chosen stays.
        const deleted = going.filter(({ isDeleted }) => isDeleted());
        for (const { folder, gone } of deleted) {
          edit.removeFolder(folder);
          gone();
        }
        return summed(deleted);
      });
    },
  };
}

function summed(going: readonly Going[]): Purged {
  const sum = (of: (each: Going) => number) => going.reduce((all, each) => all + of(each), 0);
  return {
    experiments: sum(({ experiments }) => experiments),
    runs: sum(({ runs }) => runs),
    models: sum(({ models }) => models),
    points: sum(({ points }) => points),
    bytes: sum(({ bytes }) => bytes),
    kept: going.flatMap(({ kept }) => kept),
  };
}

function notDeleted(what: string): MlflowError {
  return invalid(`${what} is not in the deleted lifecycle stage: only what is deleted can be removed for good.`);
}
