// The rows of the Projects view.
import type * as vscode from "vscode";
import type { EntryPoint, Parameter } from "../../../projects/document.ts";
import type { QueueEntry, QueueStatus } from "../../../projects/sweep/state.ts";
import type { Project } from "../projectFiles.ts";
import type { ShownRun } from "./runTexts.ts";
import type { WorkflowFile } from "./workflowFiles.ts";

export interface ProjectRow {
  kind: "project";
  id: string;
  parent?: undefined;
  /** Of the MLproject file. */
  uri: string;
  project: Project;
}

export interface EntryPointRow {
  kind: "entryPoint";
  id: string;
  parent: ProjectRow;
  uri: string;
  entry_point: string;
  entryPoint: EntryPoint;
}

export interface ParameterRow {
  kind: "parameter";
  id: string;
  parent: EntryPointRow;
  uri: string;
  entry_point: string;
  parameter: Parameter;
}

/** A workflow file; with a run it is also the target of commands about that. */
export interface WorkflowRow {
  kind: "workflow";
  id: string;
  /** Undefined for one beside which no MLproject lies. */
  parent: ProjectRow | undefined;
  file: vscode.Uri;
  workflow: WorkflowFile;
  /** Of the store that its runs are logged to. */
  uri?: string;
  /** The run that counts; "" before there is one. */
  run_id: string;
  latest: ShownRun | undefined;
  stoppable: boolean;
}

export interface RecentRow {
  kind: "recent";
  id: string;
  /** Undefined where the window has one project: then it stands below that. */
  parent: ProjectRow | undefined;
  project: Project;
}

export interface RunRow {
  kind: "run";
  id: string;
  parent: RecentRow;
  /** Of the store. */
  uri: string;
  run_id: string;
  shown: ShownRun;
  stoppable: boolean;
}

/** One run of a sweep, started or not. */
export interface PointRow {
  kind: "point";
  id: string;
  parent: RunRow;
  uri: string;
  /** "" before it was started. */
  run_id: string;
  entry: QueueEntry;
  status: QueueStatus | "left";
}

export type ProjectsRow = ProjectRow | EntryPointRow | ParameterRow | WorkflowRow | RecentRow | RunRow | PointRow;
