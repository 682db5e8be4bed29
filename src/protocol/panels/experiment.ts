import type { Experiment, FileInfo } from "../../mlflow/entities.ts";
import type { StoreChange } from "../changes.ts";
import type { Direction } from "./settings.ts";
import type {
  RunColumns,
  RunColumnsQuery,
  RunField,
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
  /** Run that others are compared with, in the Run panel too; absent: none. */
  baseline?: string;
}

/** A view of the table that has a name. What it says is the panel's own. */
export interface SavedTable {
  name: string;
  table: unknown;
  /** It stands in a file of the repository, for everyone. */
  shared?: boolean;
}

/** What the workspace keeps for an experiment. */
export interface KeptTables {
  /** The last filters, the latest first. */
  filters: string[];
  tables: SavedTable[];
}

/** A file with every run of the table and all that is asked for, in the columns of `mlflow.search_runs`. */
export interface ExportRunsQuery {
  rows: Omit<RunRowsQuery, "experiment_ids">;
  /** Absent: everything that was logged. */
  fields?: RunField[];
  format: "csv" | "json";
}

/** What a panel does with its table when a command asks for it. */
export const TABLE_ACTIONS = [
  ...([
    "filter",
    "clearFilter",
    "chooseColumns",
    "onlyVarying",
    "groupBy",
    "nest",
    "showDeleted",
    "showHidden",
  ] as const),
  ...(["checkAll", "uncheckAll", "renameRuns", "tagRuns", "deleteRuns", "restoreRuns", "copyIds", "compare"] as const),
  ...(["pin", "hide", "star", "draw", "baseline", "saveView", "openView", "saveViewToRepository"] as const),
  ...(["exportCsv", "exportJson", "copySearchRuns", "copyPandas", "showKeys"] as const),
] as const;
export type TableAction = (typeof TABLE_ACTIONS)[number];

export interface SaveFileQuery {
  /** Suggested, with its ending. */
  name: string;
  content: string | Uint8Array;
}

/** Rows, and which of their runs say that they are running although no process is at work on them. */
export type ShownColumns = RunColumns & { stuck?: string[] };

/** What the panel may ask. */
export interface ExperimentHost {
  overview(query: Record<string, never>): Promise<ExperimentOverview>;
  // The host fills in `experiment_ids`.
  runKeys(query: Omit<RunKeysQuery, "experiment_ids">): Promise<RunKeys>;
  runColumns(query: Omit<RunColumnsQuery, "experiment_ids">): Promise<ShownColumns>;
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
  /** Keeps which way a metric is better, for every panel. */
  setDirection(query: { metric_key: string; direction: Direction }): Promise<void>;
  /** Absent: no run is compared with from here on. */
  setBaseline(query: { run_id?: string }): Promise<void>;
  compareRuns(query: { run_ids: string[] }): Promise<void>;
  // These ask for what they need, and say what they did.
  renameRuns(query: { run_ids: string[] }): Promise<void>;
  tagRuns(query: { run_ids: string[] }): Promise<void>;
  /** Tells which are deleted: not all where the person cancelled. */
  deleteRuns(query: { run_ids: string[] }): Promise<{ run_ids: string[] }>;
  restoreRuns(query: { run_ids: string[] }): Promise<void>;
  /** Ends a run that no process is at work on. */
  markFailed(query: { run_id: string }): Promise<void>;
  markKilled(query: { run_id: string }): Promise<void>;
  /** Asks where to, and writes piece by piece; `runs` is undefined when the person did not want to. */
  exportRuns(query: ExportRunsQuery): Promise<{ runs?: number }>;
  /** Python that finds the same runs, put on the clipboard. */
  copyCode(query: {
    rows: Omit<RunRowsQuery, "experiment_ids">;
    fields: RunField[];
    as: "searchRuns" | "pandas";
  }): Promise<void>;
  /** Shows the experiment that has this id in the store that took the place of the one before. */
  showReplacement(query: Record<string, never>): Promise<void>;
  /** Takes the experiment out of the trash. */
  restoreExperiment(query: Record<string, never>): Promise<void>;
  keptTables(query: Record<string, never>): Promise<KeptTables>;
  keepFilters(query: { filters: string[] }): Promise<void>;
  /** Asks for a name; undefined when the person did not want to. `shared` = in a file of the repository. */
  saveTable(query: { table: unknown; name?: string; shared: boolean }): Promise<{ name?: string }>;
  removeTable(query: { name: string; shared: boolean }): Promise<void>;
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

/** A param against a metric, as points. */
export interface ParamChart {
  param: string;
  metric: string;
}

/** What the panel shows from here on, as whoever opened it asked. */
export interface ShownFirst {
  /** Of the table. */
  filter?: string;
  /** In full size; made where the panel has none like it. */
  chart?: ParamChart;
}

/** What the panel may be told. */
export interface ExperimentView {
  storeChanged(change: StoreChange): Promise<void>;
  /** The person opened the experiment once more: everything is asked for again, be it of another store in the place of the first. */
  retry(query: Record<string, never>): Promise<void>;
  /** Draw this run as hovered (from the tree); absent = none. */
  highlight(query: { run_id?: string }): Promise<void>;
  /** The table shows what this search finds. */
  applyFilter(query: { filter: string }): Promise<void>;
  showChart(query: ParamChart): Promise<void>;
  actOnChart(query: { action: ChartAction }): Promise<void>;
  /** A command of the palette. */
  act(query: { action: TableAction }): Promise<void>;
}
