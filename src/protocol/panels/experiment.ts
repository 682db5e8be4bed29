import type { Experiment } from "../../mlflow/entities.ts";
import type { StoreChange } from "../changes.ts";
import type {
  RunColumns,
  RunColumnsQuery,
  RunKeys,
  RunKeysQuery,
  RunRowsQuery,
  RunValues,
  RunValuesQuery,
} from "../runs.ts";
import type { Series, SeriesQuery } from "../series.ts";

/** What the Experiment panel shows; `uri` names the store. */
export interface ExperimentSubject {
  uri: string;
  experiment_id: string;
}

export interface ExperimentOverview {
  experiment: Experiment;
  /** Short name of the store, such as `mlflow.db`. */
  store_name: string;
  read_only: boolean;
}

/** What the panel may ask. */
export interface ExperimentHost {
  overview(query: Record<string, never>): Promise<ExperimentOverview>;
  // The host fills in `experiment_ids`.
  runKeys(query: Omit<RunKeysQuery, "experiment_ids">): Promise<RunKeys>;
  runColumns(query: Omit<RunColumnsQuery, "experiment_ids">): Promise<RunColumns>;
  /** Ids of all runs that match, in order: what "select all" and an export are about. */
  runIds(query: Omit<RunRowsQuery, "experiment_ids">): Promise<{ run_ids: string[] }>;
  runValues(query: Omit<RunValuesQuery, "experiment_ids">): Promise<RunValues>;
  metricSeries(query: SeriesQuery): Promise<Series>;
  openRun(query: { run_id: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the panel may be told. */
export interface ExperimentView {
  storeChanged(change: StoreChange): Promise<void>;
  /** Draw this run as hovered (from the tree); absent = none. */
  highlight(query: { run_id?: string }): Promise<void>;
}
