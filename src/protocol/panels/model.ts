import type { KeyValue, ModelStage, RegisteredModelAlias } from "../../mlflow/entities.ts";
import type { ModelEnvironment } from "../../mlflow/modelFile.ts";
import type { HistoryEntry, VersionDifferences } from "../../mlflow/modelVersions.ts";
import type { StoreChange } from "../changes.ts";
import type { SourceRun, VersionMetrics, VersionRow, VersionRows, VersionRowsQuery } from "../versions.ts";

/** What the Model panel shows; `uri` names the store. */
export interface ModelSubject {
  uri: string;
  name: string;
}

/** What can be done with the model here; what cannot is not offered. */
export type ModelAbility = "write" | "serve";

export interface ModelOverview {
  name: string;
  store_name: string;
  /** Markdown. */
  description: string;
  /** But for Flowdeck's own. */
  tags: KeyValue[];
  aliases: RegisteredModelAlias[];
  /** The newest version of each stage. */
  stages: { stage: ModelStage; version: string }[];
  versions: number;
  can: ModelAbility[];
}

/** A column, a tensor or a param of a signature: `pH`, `double, optional`. */
export interface SignatureLine {
  name: string;
  words: string;
}

/** How many of each there are; the first ones of them in words. */
export interface SignatureFacts {
  inputs: number;
  outputs: number;
  params: number;
  lines: Record<"inputs" | "outputs" | "params", SignatureLine[]>;
}

/** What a version's MLmodel tells. */
export interface VersionFile {
  /** Each with its version where it tells one. */
  flavors: { name: string; version?: string }[];
  /** Absent: no signature was logged. */
  signature?: SignatureFacts;
  /** Bytes of the whole model. */
  size?: number;
  mlflow_version?: string;
}

export interface VersionDetails {
  row: VersionRow;
  last_updated_timestamp: number;
  /** Its address in the registry's words, such as `models:/m-…`. */
  source: string;
  tags: KeyValue[];
  /** The latest value of each key: of its logged model, else of its run. */
  metrics: { key: string; value: number }[];
  params: KeyValue[];
  /** The logged model that it is. */
  model?: { model_id: string; name: string };
  /** Absent: see `problem`. */
  file?: VersionFile;
  /** Why its files cannot be read, in one sentence. */
  problem?: string;
}

/** A version beside another one. */
export interface VersionsBeside {
  /** `value` is of `version`, `against` of the other one. */
  version: VersionRow;
  against: VersionRow;
  differences: VersionDifferences;
}

/** A version was made. */
export interface RegistrationAct {
  what: "registered";
  /** ms since the epoch. */
  time: number;
  who: string;
  version: string;
  run?: SourceRun;
}

export type HistoryRow = HistoryEntry | RegistrationAct;

export interface ModelHistory {
  /** Newest first. */
  rows: HistoryRow[];
  /** There are earlier ones. */
  more: boolean;
}

/** Whom a version takes the place of: who has an alias, or is in a stage. */
export type PromoteTarget = { alias: string } | { stage: ModelStage };

/** What is done with the model by a command of the editor. */
export const MODEL_ACTIONS = ["describe", "setTag", "deleteTag", "rename", "copyName", "delete", "register"] as const;
export type ModelAction = (typeof MODEL_ACTIONS)[number];

/** What is done with a version by a command of the editor. */
export const VERSION_ACTIONS = [
  "openRun",
  "openLoggedModel",
  "serve",
  "setAlias",
  "removeAlias",
  "setStage",
  "describe",
  "setTag",
  "deleteTag",
  "copyVersion",
  "copyUri",
  "delete",
] as const;
export type VersionAction = (typeof VERSION_ACTIONS)[number];

/** What the panel may ask. */
export interface ModelHost {
  overview(query: Record<string, never>): Promise<ModelOverview>;
  /** The version that the person opened the model with, told once. */
  wanted(query: Record<string, never>): Promise<{ version?: string }>;
  rows(query: Omit<VersionRowsQuery, "name">): Promise<VersionRows>;
  /** Those of `versions` that are there. */
  there(query: { versions: string[] }): Promise<{ versions: string[] }>;
  metrics(query: Record<string, never>): Promise<VersionMetrics>;
  version(query: { version: string }): Promise<VersionDetails>;
  /** What the selected interpreter has otherwise than a version was logged with. */
  environment(query: { version: string }): Promise<ModelEnvironment>;
  compare(query: { version: string; against: string }): Promise<VersionsBeside>;
  history(query: { limit: number }): Promise<ModelHistory>;
  act(query: { action: ModelAction }): Promise<void>;
  actOnVersion(query: { action: VersionAction; version: string }): Promise<void>;
  /** `seen`: the version that has the place, where the differences from it are on screen; from another one they are asked about. */
  promote(query: { version: string; target: PromoteTarget; seen?: string }): Promise<void>;
  /** Opens the MLmodel files of two versions in the native diff editor. */
  diffFiles(query: { left: string; right: string }): Promise<void>;
  openRun(query: { run_id: string }): Promise<void>;
  /** A web address, opened outside. */
  openLink(query: { href: string }): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the page does itself, also by command. */
export type PageAction = "filter" | "compare" | "differences" | "openAsDiff" | "closeComparison" | "showKeys";

/** What the panel may be told. */
export interface ModelView {
  act(query: { action: PageAction }): Promise<void>;
  storeChanged(change: StoreChange): Promise<void>;
  /** The person opened a version of the model: `wanted` tells which. */
  opened(query: Record<string, never>): Promise<void>;
}
