// What stands in the Experiments view.
import type { FileInfo } from "../../mlflow/entities.ts";
import type { RunNode } from "../../protocol/runs.ts";
import type { Trash, TrashedExperiment, TrashedModel, TrashedRun } from "../../protocol/trash.ts";
import type { StoreHandle } from "../stores/stores.ts";

/** Children read so far; `next` is the token of the page after them. */
export interface Listing<Row> {
  rows: Row[];
  loaded: boolean;
  next: string | undefined;
}

export function emptyListing<Row>(): Listing<Row> {
  return { rows: [], loaded: false, next: undefined };
}

export interface StoreRow {
  kind: "store";
  uri: string;
  store: StoreHandle;
  experiments: Listing<ExperimentRow>;
  /** Absent: nothing is in the trash. */
  trash?: TrashRow;
}

export interface ExperimentRow {
  kind: "experiment";
  uri: string;
  experiment_id: string;
  name: string;
  parent: StoreRow;
  counts?: Counts;
  /** Open from the start: the first experiment that has runs. */
  first: boolean;
  runs: Listing<RunRow>;
  /** Where a filter is set: how many rows are read, and the parents whose children are among them. */
  shown: { rows: number; unfolded: Set<string> };
}

/** Runs of an experiment; with a filter also how many of them match. */
export interface Counts {
  total: number;
  running: number;
  matching?: number;
}

export interface RunRow {
  kind: "run";
  uri: string;
  experiment_id: string;
  run_id: string;
  node: RunNode;
  parent: ExperimentRow | RunRow;
  runs: Listing<RunRow>;
  artifacts: Listing<ArtifactRow>;
  /** The filter does not match it: it stands here for its children. */
  context: boolean;
}

/** A file or folder that a run has logged. */
export interface ArtifactRow {
  kind: "artifact";
  uri: string;
  run_id: string;
  path: string;
  file: FileInfo;
  parent: RunRow | ArtifactRow;
  artifacts: Listing<ArtifactRow>;
  /** What a folder holds; absent until it was counted. */
  held?: { files: number; bytes: number; more: boolean };
}

/** Stands where a run or a folder has nothing to list. */
export interface NothingRow {
  kind: "nothing";
  uri: string;
  parent: RunRow | ArtifactRow;
}

export interface MoreRow {
  kind: "more";
  uri: string;
  parent: StoreRow | ExperimentRow | RunRow;
}

/** How much is in the trash of a store. */
export interface TrashCounts {
  experiments: number;
  /** Of experiments that are not deleted. */
  runs: number;
  /** Logged models of such experiments. */
  models: number;
}

/** What was deleted in a store. */
export interface TrashRow {
  kind: "trash";
  uri: string;
  counts: TrashCounts;
  /** Read when it was unfolded. */
  trash?: Trash;
  parent: StoreRow;
}

export interface TrashedExperimentRow {
  kind: "trashedExperiment";
  uri: string;
  experiment_id: string;
  entry: TrashedExperiment;
  parent: TrashRow;
}

export interface TrashedRunRow {
  kind: "trashedRun";
  uri: string;
  run_id: string;
  entry: TrashedRun;
  parent: TrashRow;
}

export interface TrashedModelRow {
  kind: "trashedModel";
  uri: string;
  model_id: string;
  entry: TrashedModel;
  parent: TrashRow;
}

export type TrashedRow = TrashedExperimentRow | TrashedRunRow | TrashedModelRow;

/** What can be done about a store that cannot be read. */
export interface RemedyRow {
  kind: "remedy";
  uri: string;
  parent: StoreRow;
}

export type TreeRow =
  | StoreRow
  | ExperimentRow
  | RunRow
  | ArtifactRow
  | NothingRow
  | MoreRow
  | RemedyRow
  | TrashRow
  | TrashedRow;

/** By which VS Code knows a row again after reading the tree anew. */
export function idOf(row: StoreRow | ExperimentRow | RunRow | ArtifactRow): string {
  switch (row.kind) {
    case "store":
      return row.uri;
    case "experiment":
      return `${row.uri}#${row.experiment_id}`;
    case "run":
      // One that stands for its children is unfolded, whatever the person did with it while it matched.
      return `${row.uri}#${row.experiment_id}/${row.run_id}${row.context ? " context" : ""}`;
    case "artifact":
      return `${row.uri}#artifact/${row.run_id}/${row.path}`;
    default:
      return row satisfies never;
  }
}

/** The store that a row stands in. */
export function storeOf(row: TreeRow): StoreHandle {
  return row.kind === "store" ? row.store : storeOf(row.parent);
}

export function experimentOf(row: ExperimentRow | RunRow): ExperimentRow {
  return row.kind === "experiment" ? row : experimentOf(row.parent);
}
