import type { DatasetInput, ModelOutput, Run } from "../../mlflow/entities.ts";
import type { Database } from "./database.ts";
import { integer } from "./kinds.ts";

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

/** Datasets and models that a run took in and put out. */
export type RunLinks = Pick<Run, "inputs" | "outputs">;

/** Adds their links to runs; `ids` is the JSON list of their ids. */
export function linkReader(db: Database): (runs: ReadonlyMap<string, RunLinks>, ids: string) => void {
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
  const outputs = db.prepare<[string], ModelOutput & { run_uuid: string }>(
    `SELECT source_id AS run_uuid, destination_id AS model_id, ${integer("step")} FROM inputs
     WHERE source_type = 'RUN_OUTPUT' AND destination_type = 'MODEL_OUTPUT'
     AND source_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
  );
  return (runs, ids) => {
    for (const { run_uuid, model_id, step } of outputs.all(ids)) {
      runs.get(run_uuid)?.outputs.model_outputs.push({ model_id, step });
    }
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
