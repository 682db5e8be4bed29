import type { DatasetInput } from "../../mlflow/entities.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkDatasetInputs, checkRunId } from "../validation.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { checkRunActive, runFinder } from "./runRows.ts";

export function datasetMethods(db: Database): Pick<TrackingStore, "logInputs" | "logOutputs"> {
  const find = runFinder(db);
  const known = db.prepare<[number, string, string], { dataset_uuid: string }>(
    "SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?",
  );
  const insertDataset = db.prepare<(string | number | null)[], unknown>(
    `INSERT INTO main.datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertInput = db.prepare<[string, string, string, string, string], unknown>(
    `INSERT INTO main.inputs (input_uuid, source_type, source_id, destination_type, destination_id)
     VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const replaceModelInput = db.prepare<[string, string, string], unknown>(
    `INSERT INTO main.inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'RUN_INPUT', ?, 'MODEL_INPUT', ?, 0)
     ON CONFLICT (source_type, source_id, destination_type, destination_id) DO UPDATE SET input_uuid = excluded.input_uuid`,
  );
  const insertOutput = db.prepare<[string, string, string, number], unknown>(
    `INSERT INTO main.inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'RUN_OUTPUT', ?, 'MODEL_OUTPUT', ?, ?)`,
  );
  const insertTag = db.prepare<[string, string, string], unknown>(
    "INSERT INTO main.input_tags (input_uuid, name, value) VALUES (?, ?, ?)",
  );

  const logDataset = (run_id: string, experiment_id: number, { dataset, tags }: DatasetInput) => {
    const { name, digest, source_type, source, schema, profile } = dataset;
    let id = known.get(experiment_id, name, digest)?.dataset_uuid;
    if (id === undefined) {
      id = newId();
      insertDataset.run(id, experiment_id, name, digest, source_type, source, schema ?? null, profile ?? null);
    }
    const input_uuid = newId();
    // A dataset the run has already keeps its link and its tags.
    if (insertInput.run(input_uuid, "DATASET", id, "RUN", run_id).changes === 0) return;
    for (const tag of tags) insertTag.run(input_uuid, tag.key, tag.value);
  };

  const checkKeepsModels = () => {
    if (!db.has("logged_models", "model_id")) throw db.tooOld("logged models");
  };

  return {
    logInputs: async ({ run_id, datasets, models }) => {
      checkRunId(run_id);
      checkDatasetInputs(datasets, db.limits);
      await db.write(() => {
        const run = find(run_id);
        checkRunActive(run);
        if (models.length > 0) checkKeepsModels();
        for (const input of datasets) logDataset(run_id, run.experiment_id, input);
        for (const { model_id } of models) replaceModelInput.run(newId(), run_id, model_id);
      });
    },
    logOutputs: async ({ run_id, models }) =>
      db.write(() => {
        checkRunActive(find(run_id));
        if (models.length > 0) checkKeepsModels();
        for (const { model_id, step } of models) insertOutput.run(newId(), run_id, model_id, step);
      }),
  };
}
