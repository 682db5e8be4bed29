import type { LifecycleStage, RunStatus, ViewType } from "../mlflow/entities.ts";

/** A window of an experiment's runs table. */
export interface RunColumnsQuery {
  experiment_ids: string[];
  filter?: string;
  order_by?: string[];
  run_view_type?: ViewType;
  /** First row of the window. */
  offset: number;
  /** At most 500 rows. */
  limit: number;
  /** Columns wanted besides the attributes. */
  params: string[];
  metrics: string[];
}

/** Rows `offset … offset + run_ids.length`, column by column. NaN in `start_time` and `end_time` means "not set". */
export interface RunColumns {
  /** How many rows the whole result has. */
  total: number;
  running: number;
  run_ids: string[];
  run_names: string[];
  statuses: RunStatus[];
  lifecycle_stages: LifecycleStage[];
  parent_run_ids: (string | null)[];
  /** Fixes each run's colour: palette index = ordinal mod 10, dash pattern = ⌊ordinal / 10⌋ mod 3. */
  ordinals: Float64Array;
  /** ms since the epoch. */
  start_times: Float64Array;
  end_times: Float64Array;
  /** As logged; null = not logged. */
  params: Record<string, (string | null)[]>;
  metrics: Record<string, MetricColumn>;
}

/** Latest values of one metric; `logged[i] === 0` means that row i never logged it (so that NaN keeps its meaning). */
export interface MetricColumn {
  values: Float64Array;
  logged: Uint8Array;
}

export interface RunKeys {
  params: string[];
  metrics: string[];
  /** Metrics with more than one step in some run: these get a line chart. */
  stepped: string[];
}

export interface RunNodesQuery {
  experiment_id: string;
  /** Children of this run; absent = runs that have no parent in this experiment. */
  parent_run_id?: string;
  run_view_type?: ViewType;
  max_results: number;
  page_token?: string;
}

/** One row of the run tree. */
export interface RunNode {
  run_id: string;
  run_name: string;
  experiment_id: string;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  /** Fixes the run's colour: palette index = ordinal mod 10. */
  ordinal: number;
  start_time?: number;
  end_time?: number;
  children: number;
  /** Children that are still running. */
  children_running: number;
  /** The metric the run is shown with: the one logged first. */
  metric?: { key: string; value: number };
}
