import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TrackingStore } from "../trackingStore.ts";
import { checkDatasetInputs, checkRunId, invalidValue } from "../validation.ts";
import { checkRunActive } from "./runChanges.ts";
import type { StoreFolder } from "./storeFolder.ts";
import type { Edit } from "./write.ts";
import type { Meta } from "./metaYaml.ts";

export function datasetMethods(store: StoreFolder): Pick<TrackingStore, "logInputs" | "logOutputs"> {
  return {
    logInputs: async ({ run_id, datasets, models }) => {
      checkRunId(run_id);
      checkDatasetInputs(datasets);
      for (const { model_id } of models) checkModelId(model_id);
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        for (const { dataset, tags } of datasets) {
          const id = md5(dataset.name, dataset.digest);
          const { schema = null, profile = null, ...facts } = dataset;
          writeOnce(edit, place.folder, join("datasets", id), { ...facts, schema, profile });
          // A dataset the run has already keeps its link and its tags.
          const pairs = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
          writeOnce(edit, folder, join("inputs", md5(id, run_id)), link("DATASET", "RUN", id, pairs));
        }
        for (const { model_id } of models) {
          writeOnce(edit, folder, join("inputs", md5(model_id, run_id)), link("MODEL", "RUN", model_id));
        }
        store.runsOf(place).touch(run_id);
      });
    },
    logOutputs: async ({ run_id, models }) => {
      for (const { model_id } of models) checkModelId(model_id);
      store.write((edit) => {
        const { stored, folder, place } = store.run(run_id);
        checkRunActive(stored.run);
        for (const { model_id, step } of models) {
          writeOnce(edit, folder, join("outputs", model_id), { ...link("RUN_OUTPUT", "MODEL_OUTPUT", model_id), step });
        }
        store.runsOf(place).touch(run_id);
      });
    },
  };
}

/** The id becomes a folder's name. */
function checkModelId(model_id: string): void {
  if (!/^[\w-]+$/.test(model_id)) throw invalidValue("model_id", model_id);
}

/** Ids of datasets and links as mlflow 3.17's file store makes them. */
function md5(...parts: string[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

/** Python writes the source's id as the destination's, too (mlflow 2.4–3.17), and reads outputs by the latter. */
function link(source_type: string, destination_type: string, id: string, tags: Meta = {}): Meta {
  return { destination_id: id, destination_type, source_id: id, source_type, tags };
}

function writeOnce(edit: Edit, owner: string, path: string, meta: Meta): void {
  const folder = edit.below(owner, path);
  if (existsSync(join(folder, "meta.yaml"))) return;
  // The folder itself may be a link, too.
  edit.below(owner, join(path, "meta.yaml"));
  edit.meta(folder, meta);
}
