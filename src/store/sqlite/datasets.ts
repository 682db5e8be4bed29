import { randomUUID } from "node:crypto";
import type { DatasetInput, Run } from "../../mlflow/entities.ts";
import type { TrackingStore } from "../trackingStore.ts";
import { checkDatasetInputs, checkRunId } from "../validation.ts";
import type { Database } from "./database.ts";
import { checkRunActive, runFinder } from "./runRows.ts";

interface InputRow {
  run_uuid: string;
  dataset_uuid: string;
  name: string;
  digest: string;
  dataset_source_type: string;
  dataset_source: string;
  dataset_schema: string | null;
  dataset_profile: string | null;
  tag_name: string | null;
  tag_value: string | null;
}

/** 32 hex digits, as Python's `uuid4().hex`. */
export function newId(): string {
  return randomUUID().replaceAll("-", "");
}

/** Adds datasets and model inputs to runs; `ids` is the JSON list of their ids. */
export function inputReader(db: Database): (runs: ReadonlyMap<string, Run>, ids: string) => void {
  const datasets = db.prepare<[string], InputRow>(
    `SELECT i.destination_id AS run_uuid, d.dataset_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source,
            d.dataset_schema, d.dataset_profile, t.name AS tag_name, t.value AS tag_value
     FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid
     WHERE i.destination_type = 'RUN' AND i.destination_id IN (SELECT value FROM json_each(?))
     ORDER BY i.destination_id, i.rowid`,
  );
  const models = db.prepare<[string], { run_uuid: string; model_id: string }>(
    `SELECT source_id AS run_uuid, destination_id AS model_id FROM inputs
     WHERE source_type = 'RUN_INPUT' AND destination_type = 'MODEL_INPUT'
     AND source_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
  );
  return (runs, ids) => {
    const known = new Map<string, DatasetInput>();
    for (const row of datasets.all(ids)) {
      const key = `${row.run_uuid} ${row.dataset_uuid}`;
      const input = known.get(key) ?? toDatasetInput(row);
      if (!known.has(key)) runs.get(row.run_uuid)?.inputs.dataset_inputs.push(input);
      known.set(key, input);
      if (row.tag_name !== null) input.tags.push({ key: row.tag_name, value: row.tag_value ?? "" });
    }
    for (const { run_uuid, model_id } of models.all(ids)) runs.get(run_uuid)?.inputs.model_inputs.push({ model_id });
  };
}

function toDatasetInput(row: InputRow): DatasetInput {
  return {
    tags: [],
    dataset: {
      name: row.name,
      digest: row.digest,
      source_type: row.dataset_source_type,
      source: row.dataset_source,
      ...(row.dataset_schema === null ? {} : { schema: row.dataset_schema }),
      ...(row.dataset_profile === null ? {} : { profile: row.dataset_profile }),
    },
  };
}

export function datasetMethods(db: Database): Pick<TrackingStore, "logInputs" | "logOutputs"> {
  const find = runFinder(db);
  const known = db.prepare<[number, string, string], { dataset_uuid: string }>(
    "SELECT dataset_uuid FROM datasets WHERE experiment_id = ? AND name = ? AND digest = ?",
  );
  const insertDataset = db.prepare<(string | number | null)[], unknown>(
    `INSERT INTO datasets (dataset_uuid, experiment_id, name, digest, dataset_source_type, dataset_source, dataset_schema, dataset_profile)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertInput = db.prepare<[string, string, string, string, string, number], unknown>(
    `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const replaceModelInput = db.prepare<[string, string, string], unknown>(
    `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'RUN_INPUT', ?, 'MODEL_INPUT', ?, 0)
     ON CONFLICT (source_type, source_id, destination_type, destination_id) DO UPDATE SET input_uuid = excluded.input_uuid`,
  );
  const insertOutput = db.prepare<[string, string, string, number], unknown>(
    `INSERT INTO inputs (input_uuid, source_type, source_id, destination_type, destination_id, step)
     VALUES (?, 'RUN_OUTPUT', ?, 'MODEL_OUTPUT', ?, ?)`,
  );
  const insertTag = db.prepare<[string, string, string], unknown>(
    "INSERT INTO input_tags (input_uuid, name, value) VALUES (?, ?, ?)",
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
    if (insertInput.run(input_uuid, "DATASET", id, "RUN", run_id, 0).changes === 0) return;
    for (const tag of tags) insertTag.run(input_uuid, tag.key, tag.value);
  };

  return {
    logInputs: async ({ run_id, datasets, models }) => {
      checkRunId(run_id);
      checkDatasetInputs(datasets);
      db.write(() => {
        const run = find(run_id);
        checkRunActive(run);
        for (const input of datasets) logDataset(run_id, run.experiment_id, input);
        for (const { model_id } of models) replaceModelInput.run(newId(), run_id, model_id);
      });
    },
    logOutputs: async ({ run_id, models }) =>
      db.write(() => {
        checkRunActive(find(run_id));
        for (const { model_id, step } of models) insertOutput.run(newId(), run_id, model_id, step);
      }),
  };
}
