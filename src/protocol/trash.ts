/** What was deleted and can still be restored. */
export interface Trash {
  experiments: TrashedExperiment[];
  /** Deleted runs of experiments that are not deleted, the last ones first. */
  runs: TrashedRun[];
  /** Deleted logged models of such experiments; of databases only. */
  models: TrashedModel[];
  /** Of all of it; NaN where artifacts are elsewhere, as those of a remote server. */
  bytes: number;
}

export interface TrashedExperiment {
  experiment_id: string;
  name: string;
  /** ms since the epoch. */
  deleted_time?: number;
  /** Deleted runs in it. */
  runs: number;
  /** Artifacts on this machine, of its runs and models. */
  bytes: number;
}

export interface TrashedRun {
  run_id: string;
  run_name: string;
  experiment_id: string;
  experiment_name: string;
  /** ms since the epoch. */
  deleted_time?: number;
  /** Artifacts on this machine. */
  bytes: number;
}

export interface TrashedModel {
  model_id: string;
  name: string;
  experiment_id: string;
  experiment_name: string;
  /** Artifacts on this machine. */
  bytes: number;
}

/** What is to go for good: as `mlflow gc` with these ids. Only what is deleted may be named. */
export interface PurgeQuery {
  experiment_ids: string[];
  run_ids: string[];
  /** Logged models of databases. */
  model_ids?: string[];
  /** Only tells what would go. */
  dry_run: boolean;
}

/** What has gone, or would. */
export interface Purged {
  experiments: number;
  runs: number;
  /** Logged models, those of the experiments included. */
  models: number;
  /** Points of metrics. */
  points: number;
  /** Of artifacts on this machine. */
  bytes: number;
  /** Artifacts that stay, because they are elsewhere or where no run of MLflow's keeps them. */
  kept: string[];
}
