import type { Experiment, FileInfo } from "../../mlflow/entities.ts";
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

export interface SaveFileQuery {
  /** Suggested, with its ending. */
  name: string;
  content: string | Uint8Array;
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
  listArtifacts(query: { run_id: string; path?: string }): Promise<FileInfo[]>;
  /** A picture among a run's artifacts as a `data:` URI; at most 20 MB. */
  readImage(query: { run_id: string; path: string }): Promise<{ source: string }>;
  /** Asks where to save a file of this name, and saves it there; false when the person did not want to. */
  saveFile(query: SaveFileQuery): Promise<{ saved: boolean }>;
  openRun(query: { run_id: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What commands do with the chart that has, or last had, the focus. */
export const CHART_ACTIONS = [
  "add",
  "edit",
  "remove",
  "restore",
  "fullSize",
  "resetZoom",
  "logX",
  "logY",
  "clip",
  "before",
  "after",
  "table",
  "png",
  "svg",
  "csv",
  "clearBrush",
] as const;
export type ChartAction = (typeof CHART_ACTIONS)[number];

/** What the panel may be told. */
export interface ExperimentView {
  storeChanged(change: StoreChange): Promise<void>;
  /** Draw this run as hovered (from the tree); absent = none. */
  highlight(query: { run_id?: string }): Promise<void>;
  /** The table shows what this search finds. */
  applyFilter(query: { filter: string }): Promise<void>;
  actOnChart(query: { action: ChartAction }): Promise<void>;
}
