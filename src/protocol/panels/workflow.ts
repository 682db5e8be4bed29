import type { Metric, RunStatus } from "../../mlflow/entities.ts";
import type { StoreChange } from "../changes.ts";

// A workflow, or a chain of runs that a script started: one graph, told by the tags of their runs.

/** What the Workflow panel shows: the run that owns the steps; `uri` names the store. */
export interface WorkflowSubject {
  uri: string;
  run_id: string;
}

export const STEP_STATUSES = ["waiting", "running", "finished", "failed", "killed", "cached", "blocked"] as const;
/** `cached`: an earlier run was taken instead. `blocked`: it will not start, since a step that it waits for failed. */
export type StepStatus = (typeof STEP_STATUSES)[number];

/** One run of a step. Times in ms since the epoch. */
export interface StepTry {
  run_id?: string;
  started_at: number;
  ended_at?: number;
  status: "running" | "finished" | "failed" | "killed";
  exitCode?: number;
  /** One sentence. */
  problem?: string;
}

export interface StepParam {
  key: string;
  /** As logged; absent before the step has a run. */
  value?: string;
  /** As the workflow writes it, with its `${{ … }}`. */
  template?: string;
}

/** A step, or a run of a chain. */
export interface WorkflowStep {
  id: string;
  name: string;
  entry_point: string;
  /** As the workflow writes it; absent: the project of its own folder. */
  project?: string;
  status: StepStatus;
  /** The run that counts, while it is in the store; `isDeleted`: in the trash. */
  run?: { run_id: string; run_name: string; start_time?: number; isDeleted?: true };
  /** It had a run that is in the store no more. */
  isRunGone?: true;
  /** ms since the epoch; absent for what has not started, and for what was reused. */
  started_at?: number;
  ended_at?: number;
  /** Oldest first. */
  tries: StepTry[];
  /** How often it may be tried in all; absent in a chain, which does not tell. */
  tries_allowed?: number;
  /** What waits for it starts even when it fails; absent in a chain. */
  continueOnError?: boolean;
  /** One sentence: why it was reused, or was not, or will not start. */
  reason?: string;
  /** Ids of the steps it waits for. */
  needs: string[];
  params: StepParam[];
  /** Last values. */
  metrics: Metric[];
}

export interface WorkflowEdge {
  from: string;
  to: string;
  /** `satisfied`: what it comes from is done. `awaited`: not yet. `broken`: it will not be. */
  state: "satisfied" | "awaited" | "broken";
}

/** What can be done here; what cannot is not offered. */
export type WorkflowAction = "stop" | "resume" | "repeat" | "openFile" | "write" | "debug";

/** A run of the same workflow. */
export interface WorkflowRun {
  run_id: string;
  run_name: string;
  status: RunStatus;
  start_time?: number;
}

export interface WorkflowOverview {
  /** `workflow`: of a workflow file. `chain`: runs that a script started. */
  kind: "workflow" | "chain";
  run_id: string;
  experiment_id: string;
  name: string;
  status: RunStatus;
  /** It says that it is running, but nobody runs it any more. */
  stuck?: true;
  isDeleted?: true;
  /** ms since the epoch. */
  started_at: number;
  ended_at?: number;
  /** Steps at a time. */
  maxParallel?: number;
  /** One sentence, when it ended for another reason than a step. */
  problem?: string;
  store_name: string;
  steps: WorkflowStep[];
  edges: WorkflowEdge[];
  /** Newest first, this one among them. */
  runs: WorkflowRun[];
  can: WorkflowAction[];
}

export interface StepLogQuery {
  run_id: string;
}

/** The end of what a step printed. */
export interface StepLog {
  /** Empty: it printed nothing, or nothing was kept. */
  lines: string[];
  /** Lines before these were left out. */
  isCut: boolean;
  /** What stopped it, as far as its last traceback tells. */
  failure?: StepFailure;
}

export interface StepFailure {
  /** `KeyError: 'alcohol'`. */
  error: string;
  /** Where it was raised: the last line of the traceback that is a file of the project. */
  file?: string;
  line?: number;
  /** First line of the error among `lines`. */
  at: number;
}

/** What the panel may ask. */
export interface WorkflowHost {
  overview(query: Record<string, never>): Promise<WorkflowOverview>;
  stepLog(query: StepLogQuery): Promise<StepLog>;
  openLog(query: StepLogQuery): Promise<void>;
  openRun(query: { run_id: string }): Promise<void>;
  /** Where the entry point of a step is written. */
  openEntryPoint(query: { step: string }): Promise<void>;
  /** A file that a traceback names. */
  openFile(query: { run_id: string; file: string; line: number }): Promise<void>;
  /** The workflow file, at a step. */
  openWorkflowFile(query: { step?: string }): Promise<void>;
  /** The runs of the steps, as a table. */
  openRuns(query: Record<string, never>): Promise<void>;
  /** Another run of the workflow takes this one's place. */
  show(query: { run_id: string }): Promise<void>;
  stop(query: Record<string, never>): Promise<void>;
  /** Goes on with it; `from`: that step runs again, with all behind it. */
  resume(query: { from?: string }): Promise<void>;
  /** Runs it anew. */
  repeat(query: Record<string, never>): Promise<void>;
  debug(query: { step: string }): Promise<void>;
  /** Ends the run of a workflow that nobody runs any more. */
  markFailed(query: Record<string, never>): Promise<void>;
  copy(query: { text: string }): Promise<void>;
  showLog(query: Record<string, never>): Promise<void>;
}

/** What the panel may be told. */
export interface WorkflowView {
  storeChanged(change: StoreChange): Promise<void>;
}
