/** A dataset that runs of an experiment used, and for what. */
export interface DatasetSummary {
  experiment_id: string;
  name: string;
  digest: string;
  /** The tag `mlflow.data.context` of its use. */
  context?: string;
}

/** A store that finds the datasets of experiments without reading their runs. */
export interface DatasetSummaries {
  /** Each once, in no particular order. */
  datasetSummaries(query: { experiment_ids: string[]; max_results: number }): Promise<DatasetSummary[]>;
}
