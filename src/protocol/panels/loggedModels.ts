import type { KeyValue, LoggedModelStatus, ModelStage } from "../../mlflow/entities.ts";
import type { ModelEnvironment, ModelFile } from "../../mlflow/modelFile.ts";
import type { StoreChange } from "../changes.ts";

/** What the Logged Models panel shows: those of one experiment; `uri` names the store. */
export interface LoggedModelsSubject {
  uri: string;
  experiment_id: string;
  /** Is chosen at first. */
  model_id?: string;
}

/** The last value of a metric of a logged model: one for each dataset, and one of none. */
export interface LoggedMetric {
  key: string;
  value: number;
  step: number;
  dataset_name?: string;
  dataset_digest?: string;
  /** The run that logged it. */
  run_id?: string;
}

/** A version of a registered model that was made of the logged model. */
export interface RegisteredVersion {
  name: string;
  version: string;
  stage: ModelStage;
  aliases: string[];
}

export interface LinkedRun {
  run_id: string;
  run_name: string;
  /** Fixes its colour. */
  ordinal: number;
}

export interface LoggedModelRow {
  model_id: string;
  name: string;
  status: LoggedModelStatus;
  model_type: string;
  creation_timestamp_ms: number;
  /** The run that logged it; absent: none did, or it is gone. */
  run?: LinkedRun;
  versions: RegisteredVersion[];
  metrics: LoggedMetric[];
}

export interface LoggedModelsQuery {
  /** In MLflow's language of logged models. */
  filter: string;
  order: LoggedModelsOrder;
  limit: number;
  /** Of the page before, in this order and with this filter. */
  page_token?: string;
}

export interface LoggedModelsOrder {
  /** In MLflow's words: `name`, `metrics.rmse`. */
  field_name: string;
  ascending: boolean;
}

export interface LoggedModelsPage {
  rows: LoggedModelRow[];
  next_page_token?: string;
}

/** What is said of the experiment. */
export interface LoggedModelsOverview {
  experiment_name: string;
  store_name: string;
  /** The store can be written. */
  writable: boolean;
  /** The workspace is trusted: a server would run what the model holds. */
  servable: boolean;
}

/** A run that used the model, or logged it. */
export interface ModelRun extends LinkedRun {
  link: "input" | "output";
}

export interface LoggedModelDetails extends LoggedModelRow {
  status_message: string;
  last_updated_timestamp_ms: number;
  artifact_uri: string;
  tags: KeyValue[];
  params: KeyValue[];
  runs: ModelRun[];
  /** There are more runs than are named. */
  moreRuns: number;
  /** Absent: see `problem`. */
  file?: ModelFile;
  /** Why its files cannot be read, in one sentence. */
  problem?: string;
}

/** What the panel may ask. */
export interface LoggedModelsHost {
  overview(query: Record<string, never>): Promise<LoggedModelsOverview>;
  models(query: LoggedModelsQuery): Promise<LoggedModelsPage>;
  details(query: { model_id: string }): Promise<LoggedModelDetails>;
  environment(query: { model_id: string }): Promise<ModelEnvironment>;
  setTag(query: { model_id: string } & KeyValue): Promise<void>;
  deleteTag(query: { model_id: string; key: string }): Promise<void>;
  register(query: { model_id: string }): Promise<void>;
  serve(query: { model_id: string }): Promise<void>;
  /** Asks first: MLflow has no way back but the trash. */
  delete(query: { model_id: string }): Promise<void>;
  /** Opens a file of the model in the editor that VS Code has for it. */
  openFile(query: { model_id: string; path: string }): Promise<void>;
  openRun(query: { run_id: string }): Promise<void>;
  openVersion(query: { name: string; version: string }): Promise<void>;
  openExperiment(query: Record<string, never>): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the panel may be told. */
export interface LoggedModelsView {
  storeChanged(change: StoreChange): Promise<void>;
  /** The person opened a logged model of the experiment. */
  show(query: { model_id: string }): Promise<void>;
}
