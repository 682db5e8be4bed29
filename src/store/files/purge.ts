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

/** The trash and its clearing, as `mlflow gc` does it (3.17): the folders of runs and experiments go with all that is in them. */
export function purgeMethods(store: StoreFolder): Pick<TrackingStore, "trash" | "purge"> {
  const runsOf = async (place: Place) => {
    const shelf = store.runsOf(place);
    await shelf.refresh();
    return shelf.values().map((stored) => ({ stored, folder: join(place.folder, stored.run.info.run_id) }));
  };
  const timeOf = (folder: string, field: string) => {
    const time = numberOf(readMeta(readOwn(folder, "meta.yaml") ?? "")?.[field]);
    return time === undefined ? {} : { deleted_time: time };
  };

  const chosen = async ({ experiment_ids, run_ids }: PurgeQuery) => {
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
    const runs = named.filter(({ stored }) => !inside.has(stored.run.info.experiment_id));
    const inPlaces = (await Promise.all(places.map(runsOf))).flat();
    return { places, runs, all: [...runs, ...inPlaces] };
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
    purge: async (query, signal?: AbortSignal): Promise<Purged> => {
      const { places, runs, all } = await chosen(query);
      const purged: Purged = { experiments: places.length, runs: all.length, models: 0, points: 0, bytes: 0, kept: [] };
      for (const place of places) {
        purged.bytes += await bytesIn(place.folder, signal);
        purged.models += entriesOf(join(place.folder, MODELS)).filter((entry) => entry.isDirectory()).length;
      }
      for (const { folder } of runs) purged.bytes += await bytesIn(folder, signal);
      await inTurns(all, signal, ({ stored, folder }) => {
        for (const [key] of stored.curves) eachLine(join(folder, "metrics", key), 0, () => void purged.points++);
        // Where the experiment has a place of its own for artifacts.
        if (!stored.artifact_uri.endsWith(`${stored.run.info.experiment_id}/${stored.run.info.run_id}/artifacts`)) {
          purged.kept.push(stored.artifact_uri);
        }
      });
      if (query.dry_run) return purged;
      store.write((edit) => {
        for (const { folder, stored } of runs) {
          edit.removeFolder(folder);
          store.runs(stored.run.info.experiment_id)?.touch(stored.run.info.run_id);
        }
        for (const place of places) {
          edit.removeFolder(place.folder);
          store.deleted.touch(place.experiment.experiment_id);
        }
      });
      return purged;
    },
  };
}

function notDeleted(what: string): MlflowError {
  return invalid(`${what} is not in the deleted lifecycle stage: only what is deleted can be removed for good.`);
}
