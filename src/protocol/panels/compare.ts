import type { LifecycleStage, RunStatus } from "../../mlflow/entities.ts";
import type { ArtifactPiece, ArtifactPieceQuery } from "../artifacts.ts";
import type { StoreChange } from "../changes.ts";
import type { FieldColumn, RunField } from "../runs.ts";
import type { Series, SeriesQuery } from "../series.ts";
import type { SaveFileQuery } from "./experiment.ts";

/** Runs of one comparison. */
export const MOST_COMPARED = 100;

/** A run by its store and id: the copy of a store has runs of the same ids. */
export interface ComparedKey {
  uri: string;
  run_id: string;
}

/** What the Compare panel shows, in the order in which the runs were chosen. */
export interface CompareSubject {
  runs: ComparedKey[];
}

export interface ComparedRun extends ComparedKey {
  run_name: string;
  status: RunStatus;
  lifecycle_stage: LifecycleStage;
  /** Fixes the run's colour: palette index = ordinal mod 10. */
  ordinal: number;
  experiment_id: string;
}

/** A run that cannot be read, and why in one sentence. */
export interface LostRun extends ComparedKey {
  reason: string;
}

export interface ComparedExperiment {
  uri: string;
  experiment_id: string;
  name: string;
  /** Short name of its store, such as `mlflow.db`. */
  store_name: string;
  /** Runs that are not deleted. */
  runs: number;
}

/** What the runs logged under one key; null = not logged. */
export interface TextRow {
  key: string;
  texts: (string | null)[];
}

export interface NumberRow {
  key: string;
  values: Float64Array;
  /** `logged[i] === 0` means that run `i` never logged it. */
  logged: Uint8Array;
}

/** Rows hold one value for each of `runs`, in their order; keys are sorted. */
export interface Comparison {
  runs: ComparedRun[];
  lost: LostRun[];
  params: TextRow[];
  /** Last values. */
  metrics: NumberRow[];
  /** But for MLflow's own. */
  tags: TextRow[];
  /** Where the runs came from: experiment, source, commit, user. */
  source: TextRow[];
  /** Metrics with more than one step in some run. */
  stepped: string[];
  experiments: ComparedExperiment[];
}

/** Values of charts: the compared runs first, then others of their experiments. */
export interface CompareValues {
  /** Runs of the experiments and the compared ones, more than are listed where there are very many. */
  runs: number;
  keys: ComparedKey[];
  run_names: string[];
  ordinals: Float64Array;
  /** In the order of the query's `fields`. */
  columns: FieldColumn[];
}

/** A file of two runs; bytes are null where a run has no such file, or where its size is not told (a list with gaps crosses no port). */
export interface ComparedFile {
  path: string;
  in: [boolean, boolean];
  size: [number | null, number | null];
}

/** What two runs are set side by side of, in the native diff editor. */
export const DIFF_PARTS = ["everything", "params", "environment", "model", "code"] as const;
export type DiffPart = (typeof DIFF_PARTS)[number];

/** What the panel may ask. */
export interface CompareHost {
  comparison(query: Record<string, never>): Promise<Comparison>;
  /** Packages of the runs' models, as their requirements name them. Slower than the rest. */
  environments(query: Record<string, never>): Promise<TextRow[]>;
  values(query: { fields: RunField[]; others: boolean }): Promise<CompareValues>;
  metricSeries(query: SeriesQuery & { uri: string }): Promise<Series>;
  /** Files of two runs, folders entered; `more`: not all of them. */
  files(query: { left: ComparedKey; right: ComparedKey }): Promise<{ files: ComparedFile[]; more: boolean }>;
  readArtifact(query: ArtifactPieceQuery & ComparedKey): Promise<ArtifactPiece>;
  /** Opens the same file of two runs in the native diff editor. */
  diffFile(query: { left: ComparedKey; right: ComparedKey; path: string }): Promise<void>;
  /** Opens two runs in the native diff editor; what is absent is asked for. */
  openAsDiff(query: { left?: ComparedKey; right?: ComparedKey; part?: DiffPart }): Promise<void>;
  addRuns(query: Record<string, never>): Promise<void>;
  removeRuns(query: { runs: ComparedKey[] }): Promise<void>;
  /** Shows the runs that a search finds in the Experiment panel of one of the experiments. */
  filterTable(query: { filter: string }): Promise<void>;
  openRun(query: ComparedKey): Promise<void>;
  saveFile(query: SaveFileQuery): Promise<{ saved: boolean }>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What a command asks of the panel in front. */
export const COMPARE_ACTIONS = ["differences", "markdown", "csv", "filterTable", "openAsDiff"] as const;
export type CompareAction = (typeof COMPARE_ACTIONS)[number];

/** What the panel may be told. */
export interface CompareView {
  storeChanged(query: { uri: string; change: StoreChange }): Promise<void>;
  act(query: { action: CompareAction }): Promise<void>;
  setBaseline(query: ComparedKey): Promise<void>;
}
