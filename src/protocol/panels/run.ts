import type { FileInfo, Run } from "../../mlflow/entities.ts";
import type { StoreChange } from "../changes.ts";
import type { Series, SeriesQuery } from "../series.ts";

/** What the Run panel shows; `uri` names the store. */
export interface RunSubject {
  uri: string;
  run_id: string;
}

export interface RunOverview {
  run: Run;
  experiment_name: string;
  store_name: string;
  /** Fixes the run's colour: palette index = ordinal mod 10. */
  ordinal: number;
  /** Name and id of the parent run, if any. */
  parent?: { run_id: string; run_name: string };
  children: { run_id: string; run_name: string; status: string }[];
}

/** What the panel may ask. */
export interface RunHost {
  overview(query: Record<string, never>): Promise<RunOverview>;
  metricSeries(query: Omit<SeriesQuery, "run_ids">): Promise<Series>;
  listArtifacts(query: { path?: string }): Promise<FileInfo[]>;
  /** Opens a file in the editor that VS Code has for it. */
  openArtifact(query: { path: string }): Promise<void>;
  openExperiment(query: Record<string, never>): Promise<void>;
  openRun(query: { run_id: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the panel may be told. */
export interface RunView {
  storeChanged(change: StoreChange): Promise<void>;
}
