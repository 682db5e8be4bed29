import type {
  DatasetInput,
  Experiment,
  KeyValue,
  LoggedModel,
  Metric,
  ModelInput,
  ModelOutput,
  Page,
  Run,
  RunInfo,
  RunStatus,
  ViewType,
} from "../mlflow/entities.ts";
import type { Series, SeriesQuery } from "../protocol/series.ts";
import type { Purged, PurgeQuery, Trash } from "../protocol/trash.ts";
import type {
  RunColumns,
  RunColumnsQuery,
  RunKeys,
  RunKeysQuery,
  RunNode,
  RunNodesQuery,
  RunRowsQuery,
  RunValues,
  RunValuesQuery,
} from "../protocol/runs.ts";

export interface CreateExperiment {
  name: string;
  artifact_location?: string;
  tags?: KeyValue[];
}

export interface Search {
  filter?: string;
  order_by?: string[];
  max_results?: number;
  page_token?: string;
}

export interface SearchExperiments extends Search {
  view_type?: ViewType;
}

export interface SearchRuns extends Search {
  experiment_ids: string[];
  run_view_type?: ViewType;
}

export interface CreateRun {
  experiment_id: string;
  user_id?: string;
  run_name?: string;
  /** ms since the epoch. */
  start_time?: number;
  tags?: KeyValue[];
}

export interface UpdateRun {
  run_id: string;
  status?: RunStatus;
  /** ms since the epoch. */
  end_time?: number;
  run_name?: string;
}

export interface LogBatch {
  run_id: string;
  metrics: Metric[];
  params: KeyValue[];
  tags: KeyValue[];
}

export interface LogInputs {
  run_id: string;
  datasets: DatasetInput[];
  models: ModelInput[];
}

export interface MetricHistoryQuery {
  run_id: string;
  metric_key: string;
  max_results?: number;
  page_token?: string;
}

export interface CreateLoggedModel {
  experiment_id: string;
  name?: string;
  model_type?: string;
  source_run_id?: string;
  params: KeyValue[];
  tags: KeyValue[];
}

export interface SearchLoggedModels {
  experiment_ids: string[];
  filter?: string;
  datasets?: { dataset_name: string; dataset_digest?: string }[];
  order_by?: { field_name: string; ascending: boolean; dataset_name?: string; dataset_digest?: string }[];
  max_results?: number;
  page_token?: string;
}

/** A run that logged a logged model (`output`), or used it (`input`). */
export interface LoggedModelRun {
  run_id: string;
  link: "input" | "output";
}

/**
 * Experiments, runs and logged models, with MLflow's meaning (mlflow 3.17 `AbstractStore`). Every method takes one argument
 * and throws MlflowError with MLflow's code and wording. Held four ways: sqlite, files, rest, and over a port.
 */
export interface TrackingStore {
  createExperiment(query: CreateExperiment): Promise<{ experiment_id: string }>;
  getExperiment(query: { experiment_id: string }): Promise<Experiment>;
  getExperimentByName(query: { experiment_name: string }): Promise<Experiment>;
  searchExperiments(query: SearchExperiments): Promise<Page<Experiment>>;
  updateExperiment(query: { experiment_id: string; new_name?: string }): Promise<void>;
  deleteExperiment(query: { experiment_id: string }): Promise<void>;
  restoreExperiment(query: { experiment_id: string }): Promise<void>;
  setExperimentTag(query: { experiment_id: string; key: string; value: string }): Promise<void>;
  deleteExperimentTag(query: { experiment_id: string; key: string }): Promise<void>;

  createRun(query: CreateRun): Promise<Run>;
  getRun(query: { run_id: string }): Promise<Run>;
  updateRun(query: UpdateRun): Promise<RunInfo>;
  deleteRun(query: { run_id: string }): Promise<void>;
  restoreRun(query: { run_id: string }): Promise<void>;
  searchRuns(query: SearchRuns): Promise<Page<Run>>;
  logBatch(query: LogBatch): Promise<void>;
  setTag(query: { run_id: string; key: string; value: string }): Promise<void>;
  deleteTag(query: { run_id: string; key: string }): Promise<void>;
  logInputs(query: LogInputs): Promise<void>;
  logOutputs(query: { run_id: string; models: ModelOutput[] }): Promise<void>;
  metricHistory(query: MetricHistoryQuery): Promise<Page<Metric>>;

  createLoggedModel(query: CreateLoggedModel): Promise<LoggedModel>;
  getLoggedModel(query: { model_id: string }): Promise<LoggedModel>;
  finalizeLoggedModel(query: { model_id: string; status: LoggedModel["info"]["status"] }): Promise<LoggedModel>;
  deleteLoggedModel(query: { model_id: string }): Promise<void>;
  setLoggedModelTags(query: { model_id: string; tags: KeyValue[] }): Promise<void>;
  deleteLoggedModelTag(query: { model_id: string; tag_key: string }): Promise<void>;
  logLoggedModelParams(query: { model_id: string; params: KeyValue[] }): Promise<void>;
  searchLoggedModels(query: SearchLoggedModels): Promise<Page<LoggedModel>>;
  /** The runs that logged a logged model or used it, as far as the store tells; those of the trash, too. */
  runsOfLoggedModel(query: { model_id: string }): Promise<{ runs: LoggedModelRun[] }>;

  /** A window of the runs table as columns; see protocol/runs.ts. */
  runColumns(query: RunColumnsQuery): Promise<RunColumns>;
  /** Ids of all runs that match, in order, at most 1,000,000. */
  runIds(query: RunRowsQuery): Promise<{ run_ids: string[] }>;
  /** What charts draw of many runs. */
  runValues(query: RunValuesQuery): Promise<RunValues>;
  /** Keys that the runs that match have logged, sorted, and what is known of each. */
  runKeys(query: RunKeysQuery): Promise<RunKeys>;
  /** What was deleted and can still be restored, with what it takes. */
  trash(query: Record<string, never>): Promise<Trash>;
  /** How many deleted logged models the trash lists by themselves; quick. */
  countTrashedModels(query: Record<string, never>): Promise<{ models: number }>;
  /** Removes deleted experiments, runs and logged models for good, with their artifacts on this machine. */
  purge(query: PurgeQuery): Promise<Purged>;
  /** Rows of the tree: the runs of an experiment without parent, or the children of one. */
  runNodes(query: RunNodesQuery): Promise<Page<RunNode>>;
  /** Metric histories as columns, at most `points` a line. */
  metricSeries(query: SeriesQuery): Promise<Series>;
}
