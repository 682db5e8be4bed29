import type { LifecycleStage, ModelStage, ModelVersionStatus } from "../mlflow/entities.ts";

// The table of a model's versions, as a panel asks for it. MLflow's own search (`searchModelVersions`) stays what clients use.

export const VERSION_ORDERS = [
  "version_number",
  "alias",
  /** Production, Staging, None, Archived. */
  "stage",
  "run_name",
  /** The metric that the query names. */
  "metric",
  "creation_timestamp",
] as const;
export type VersionOrderKey = (typeof VERSION_ORDERS)[number];

export interface VersionOrder {
  by: VersionOrderKey;
  ascending: boolean;
}

/** A window of the versions of one registered model. */
export interface VersionRowsQuery {
  name: string;
  /** MLflow's grammar of model versions. */
  filter?: string;
  /** Newest first where it decides nothing. What a version lacks comes last both ways, NaN before that. */
  order?: VersionOrder;
  metric?: string;
  offset: number;
  /** At most 500. */
  limit: number;
}

export const MOST_VERSION_ROWS = 500;

/** The run that a version came from, as long as the store has it. */
export interface SourceRun {
  run_id: string;
  run_name: string;
  experiment_id: string;
  lifecycle_stage: LifecycleStage;
  /** Fixes the run's colour: palette index = ordinal mod 10. */
  ordinal: number;
}

export interface VersionRow {
  version: string;
  aliases: string[];
  current_stage: ModelStage;
  status: ModelVersionStatus;
  status_message?: string;
  creation_timestamp: number;
  user_id?: string;
  description?: string;
  run?: SourceRun;
  /** The logged model that it is. */
  model_id?: string;
}

export interface VersionRows {
  /** Versions that match. */
  total: number;
  /** Versions of the model. */
  versions: number;
  rows: VersionRow[];
  /** The metric of each row: as its logged model has it last, else its run. */
  metrics: Float64Array;
  /** `logged[i] === 0` means that row `i` has none (so that NaN keeps its meaning). */
  logged: Uint8Array;
}

/** Metrics that the newest versions have, sorted. */
export interface VersionMetrics {
  keys: { key: string; versions: number }[];
  /** What the newest run among them logged first. */
  first?: string;
}

/** Versions whose metrics are looked at for the choice of one. */
export const METRIC_VERSIONS = 1_000;

/** The alias of the version that others are measured by. */
export const CHAMPION = "champion";
