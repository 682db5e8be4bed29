import type { FileInfo, KeyValue, Run, RunStatus } from "../../mlflow/entities.ts";
import type { ModelEnvironment, ModelFile } from "../../mlflow/modelFile.ts";
import type { ArtifactPiece, ArtifactPieceQuery, RowIndex, RowIndexQuery } from "../artifacts.ts";
import type { StoreChange } from "../changes.ts";
import type { Series, SeriesQuery } from "../series.ts";

/** What the Run panel shows; `uri` names the store. */
export interface RunSubject {
  uri: string;
  run_id: string;
}

/** What can be done with a run here; what cannot is not offered. */
export type RunAction = "stop" | "markFailed" | "repeat" | "checkOut" | "openSource" | "write";

export interface ChildRun {
  run_id: string;
  run_name: string;
  status: RunStatus;
  /** No process is at work on it, although it says that it is running. */
  stuck?: true;
  ordinal: number;
  start_time?: number;
  end_time?: number;
  metric?: { key: string; value: number };
}

/** A logged model that the run logged, or used; the files of the former stand below a folder of its name. */
export interface RunModel {
  model_id: string;
  name: string;
  used?: true;
}

/** The run that others of its experiment are compared with. */
export interface Baseline {
  run_id: string;
  run_name: string;
  ordinal: number;
  params: KeyValue[];
  metrics: { key: string; value: number }[];
}

export interface RunOverview {
  run: Run;
  /** When it was last heard of (ms since the epoch, 0 where nothing tells): it says that it is running, but has no process. */
  since?: number;
  experiment_name: string;
  store_name: string;
  /** Fixes the run's colour: palette index = ordinal mod 10. */
  ordinal: number;
  /** Name and id of the parent run, if any. */
  parent?: { run_id: string; run_name: string };
  children: ChildRun[];
  models: RunModel[];
  /** It is a workflow, or started several entry points: its steps are drawn as a graph. */
  graph?: true;
  /** Absent: none is chosen, or it is this run itself. */
  baseline?: Baseline;
  can: RunAction[];
}

/** What the panel may ask. */
export interface RunHost {
  overview(query: Record<string, never>): Promise<RunOverview>;
  metricSeries(query: SeriesQuery): Promise<Series>;
  listArtifacts(query: { path?: string }): Promise<FileInfo[]>;
  readArtifact(query: ArtifactPieceQuery): Promise<ArtifactPiece>;
  indexArtifact(query: RowIndexQuery): Promise<RowIndex>;
  /** What an MLmodel file of the run says. */
  readModel(query: { path: string }): Promise<ModelFile>;
  /** What is beside an MLmodel file, and what the selected interpreter has otherwise. */
  readEnvironment(query: { path: string }): Promise<ModelEnvironment>;
  /** Opens a file in the editor that VS Code has for it. */
  openArtifact(query: { path: string }): Promise<void>;
  /** Where an artifact is found by VS Code, for dragging it out. */
  artifactUri(query: { path: string }): Promise<{ uri: string }>;
  /** Saves a copy where the person chooses. */
  saveArtifact(query: { path: string }): Promise<void>;
  rename(query: { run_name: string }): Promise<void>;
  setTag(query: KeyValue): Promise<void>;
  deleteTag(query: { key: string }): Promise<void>;
  /** Opens the note as a document. */
  editNote(query: Record<string, never>): Promise<void>;
  stop(query: Record<string, never>): Promise<void>;
  /** Ends a run that no process is at work on. */
  markFailed(query: Record<string, never>): Promise<void>;
  repeat(query: Record<string, never>): Promise<void>;
  restore(query: Record<string, never>): Promise<void>;
  openSource(query: Record<string, never>): Promise<void>;
  checkOut(query: Record<string, never>): Promise<void>;
  chooseBaseline(query: Record<string, never>): Promise<void>;
  clearBaseline(query: Record<string, never>): Promise<void>;
  openExperiment(query: Record<string, never>): Promise<void>;
  openRun(query: { run_id: string }): Promise<void>;
  openLoggedModel(query: { model_id: string }): Promise<void>;
  /** Opens the graph of its steps. */
  openGraph(query: Record<string, never>): Promise<void>;
  /** The next (1) or previous (-1) run of the table takes this one's place. */
  go(query: { by: 1 | -1 }): Promise<void>;
  /** A web address, opened outside. */
  openLink(query: { href: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the panel may be told. */
export interface RunView {
  storeChanged(change: StoreChange): Promise<void>;
  /** The person chose a section by command. */
  showSection(query: { section: string }): Promise<void>;
  /** Starts naming the run in place. */
  editName(query: Record<string, never>): Promise<void>;
}
