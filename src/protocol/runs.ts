import type { LifecycleStage, RunStatus, ViewType } from "../mlflow/entities.ts";

// The runs table, as a panel asks for it. MLflow's own search (`searchRuns`, with `order_by` strings) stays what clients use.

/** What a run is known by besides what was logged. Spelled as MLflow's filter spells them; the last three are ours. */
export const ATTRIBUTE_KEYS = [
  "run_name",
  "run_id",
  "status",
  "lifecycle_stage",
  "start_time",
  "end_time",
  /** ms from start to end; not set while a run goes on. */
  "duration",
  "user_id",
  "artifact_uri",
  /** Name of the experiment. */
  "experiment",
  /** The tag `mlflow.source.name`. */
  "source",
  /** The tag `mlflow.source.git.commit`. */
  "version",
] as const;
export type AttributeKey = (typeof ATTRIBUTE_KEYS)[number];

/** Attributes whose columns are numbers. */
export const NUMBER_ATTRIBUTES: readonly AttributeKey[] = ["start_time", "end_time", "duration"];

/** Which value of a metric's history. "best" is one of min and max: who shows it knows the direction. */
export type MetricOf = "last" | "min" | "max" | { step: number };

/** A column that a runs table can have; a metric's value is the last one where `of` is absent. */
export type RunField =
  | { kind: "attribute"; key: AttributeKey }
  | { kind: "param" | "tag"; key: string }
  | { kind: "metric"; key: string; of?: MetricOf }
  | { kind: "datasets" }
  | { kind: "models" };

export interface RunOrder {
  field: RunField;
  ascending: boolean;
}

/** Which rows, in which order: what the window, the export, the ids of a selection and the values of a chart share. */
export interface RunRowsQuery {
  experiment_ids: string[];
  /** MLflow's grammar; OR and parentheses too where the store is ours. `placeOf(error)` of mlflow/errors.ts tells where it is wrong. */
  filter?: string;
  /** Newest first where it decides nothing. What a run lacks comes last in both directions, NaN before that. */
  order?: RunOrder[];
  run_view_type?: ViewType;
  /** A row for each combination of these fields' values, in the order of their first runs, each with its runs below it. */
  group_by?: RunField[];
  /** Ids of groups whose runs are not listed. */
  folded_groups?: string[];
  /** Children stand below their parents; a parent that does not match but has a child that does comes as a `context` row. */
  nested?: boolean;
  /** Parents whose children are listed. */
  unfolded?: string[];
  /** `context` rows are unfolded, but for these. */
  folded?: string[];
  /** Runs left out. */
  hidden?: string[];
  /** Runs that come first, in this order, where they match. */
  pinned?: string[];
}

/** A window of the rows: at most 500. */
export interface RunColumnsQuery extends RunRowsQuery {
  offset: number;
  limit: number;
  fields: RunField[];
}

export const MOST_ROWS = 500;
/** Runs whose values a chart may ask for at once. */
export const MOST_VALUES = 10_000;
/** Ids of one answer. */
export const MOST_IDS = 1_000_000;

/** What a row shows of its run whatever columns it has, as lists. NaN in `start_times` and `end_times` means "not set". */
export interface RunFacts {
  run_names: string[];
  statuses: RunStatus[];
  lifecycle_stages: LifecycleStage[];
  experiment_ids: string[];
  parent_run_ids: (string | null)[];
  /** Fixes each run's colour: palette index = ordinal mod 10, dash pattern = ⌊ordinal / 10⌋ mod 3. */
  ordinals: Float64Array;
  /** ms since the epoch. */
  start_times: Float64Array;
  end_times: Float64Array;
}

/** Row `i` of the window is element `i` of each list. */
export interface RunColumns extends RunFacts {
  /** Rows of the whole result, those of groups included. */
  total: number;
  /** Runs that match. */
  runs: number;
  /** How many of these are running. */
  running: number;
  /** Empty text: the row of a group. */
  run_ids: string[];
  /** How far the row is indented: 0 at the top. */
  depths: Uint8Array;
  /** Children that could be listed below the row (`nested`), or runs of the group. */
  children: Uint32Array;
  /** How many of those are running. */
  children_running: Uint32Array;
  /** 1 = the run does not match; it is listed for its children. */
  context: Uint8Array;
  /** 1 = one of `pinned`. */
  pinned: Uint8Array;
  /** The groups among the rows. */
  groups: RunGroup[];
  /** In the order of the query's `fields`. */
  columns: FieldColumn[];
}

export interface RunGroup {
  /** Row of the window. */
  row: number;
  /** Stays the same while runs come and go; goes into `folded_groups`. */
  id: string;
  /** In the order of `group_by`; null = the group of runs without it. */
  values: (string | null)[];
  /** Its runs. */
  runs: number;
  running: number;
  folded: boolean;
}

export type FieldColumn = TextFieldColumn | NumberFieldColumn | DatasetsColumn | ModelsColumn;

/** null = not logged. The row of a group has a text where all of its runs have the same. */
export interface TextFieldColumn {
  kind: "text";
  texts: (string | null)[];
}

/** `logged[i] === 0` means that row `i` never logged it (so that NaN keeps its meaning). The row of a group has the mean. */
export interface NumberFieldColumn {
  kind: "number";
  values: Float64Array;
  logged: Uint8Array;
  /** There where the window has rows of groups. */
  spread?: NumberSpread;
}

/** Over the runs of each group; of rows that are runs, nothing is meant. NaN and ±Infinity are left out. */
export interface NumberSpread {
  /** Of the sample: divided by count - 1; NaN where one run logged it. */
  deviations: Float64Array;
  min: Float64Array;
  max: Float64Array;
  count: Uint32Array;
}

export interface DatasetsColumn {
  kind: "datasets";
  cells: DatasetCell[][];
}

export interface DatasetCell {
  name: string;
  digest: string;
  /** The tag `mlflow.data.context`, such as `train`. */
  context?: string;
}

export interface ModelsColumn {
  kind: "models";
  cells: ModelCell[][];
}

/** A logged model of a run, or a version that was registered from it. */
export interface ModelCell {
  name: string;
  /** Absent: logged by mlflow 2 or older. */
  model_id?: string;
  /** Version of the registered model `name`. */
  version?: string;
}

/** The values of charts: of the first `limit` runs that match (at most 10,000), without rows of groups. */
export interface RunValuesQuery extends RunRowsQuery {
  limit: number;
  fields: RunField[];
}

export interface RunValues {
  /** Runs that match. */
  runs: number;
  run_ids: string[];
  run_names: string[];
  statuses: RunStatus[];
  ordinals: Float64Array;
  /** Which group each run is in: an index into `groups`. Empty without `group_by`. */
  group_of: Uint32Array;
  groups: { id: string; values: (string | null)[] }[];
  columns: FieldColumn[];
}

export interface RunKeysQuery {
  experiment_ids: string[];
  filter?: string;
  run_view_type?: ViewType;
  /** Of very many runs some may stand for all, at once: the answer says `rough`, and asked again without this it tells of every run. */
  rough?: boolean;
}

/** What was logged by the runs that match, keys sorted. */
export interface RunKeys {
  /** Only some of the runs were looked at, or they have changed since: a seldom key may be missing. */
  rough?: true;
  /** Runs that match. */
  runs: number;
  params: KeyFacts[];
  /** Last values. */
  metrics: KeyFacts[];
  tags: KeyFacts[];
  /** Names of datasets. */
  datasets: string[];
  /** Metrics with more than one step in some run: these get a line chart. */
  stepped: string[];
}

export interface KeyFacts {
  key: string;
  /** How many runs have it. */
  runs: number;
  /** Whether two runs differ in it; a run without it differs from one with it. */
  varies: boolean;
  /** Smallest and largest finite value, where every value is a number. */
  range?: { min: number; max: number };
  /** Up to 20 of the values, the most frequent first (params, tags). */
  values?: string[];
}

/** Said of a run that is RUNNING although nothing runs it. */
export const NO_PROCESS = "No process is at work on it: what ran it is gone, or logged nothing for 24 hours.";

/** Of a run that nothing is at work on, and was last heard of `since`: the time of today, else the date; none for 0. In ms since the epoch. */
export function noProcessText(since: number, now: number): string {
  if (since === 0) return "no process";
  const then = new Date(since);
  const [, month = "", day = "", year = ""] = then.toDateString().split(" ");
  const today = new Date(now);
  const clock = [then.getHours(), then.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  const date = `${Number(day)} ${month}${then.getFullYear() === today.getFullYear() ? "" : ` ${year}`}`;
  return `no process since ${then.toDateString() === today.toDateString() ? clock : date}`;
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
  /** It is a workflow, or two of its children are entry points of projects: they are drawn as a graph. */
  graph?: true;
  /** The metric the run is shown with: the one logged first. */
  metric?: { key: string; value: number };
}
