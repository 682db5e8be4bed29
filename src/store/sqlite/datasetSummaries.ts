import type { DatasetSummaries } from "../datasetSummaries.ts";
import { experimentNumber } from "../validation.ts";
import type { Database } from "./database.ts";

interface SummaryRow {
  experiment_id: number;
  name: string;
  digest: string;
  context: string | null;
}

export function datasetSummaryMethods(db: Database): DatasetSummaries {
  const summaries = db.prepare<[string, number], SummaryRow>(
    `SELECT DISTINCT d.experiment_id, d.name, d.digest, t.value AS context FROM datasets d
     JOIN inputs i ON i.source_type = 'DATASET' AND i.source_id = d.dataset_uuid
     LEFT JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'
     WHERE d.experiment_id IN (SELECT value FROM json_each(?)) LIMIT ?`,
  );
  return {
    datasetSummaries: async ({ experiment_ids, max_results }) => {
      const ids = JSON.stringify(experiment_ids.map(experimentNumber));
      const rows = db.read(() => summaries.all(ids, max_results));
      return rows.map(({ experiment_id, name, digest, context }) => ({
        experiment_id: String(experiment_id),
        name,
        digest,
        ...(context === null ? {} : { context }),
      }));
    },
  };
}
