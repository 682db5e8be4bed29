import type { EnvManager, RunRequest } from "../request.ts";
import type { RunContext } from "../run.ts";
import type { RunnerStore } from "../projectRun.ts";
import type { TrackingStore } from "../../store/trackingStore.ts";

/** What workflows and sweeps are asked alike: where their runs are logged, and how. */
export interface GroupRequest
  extends Pick<RunRequest, "format" | "python" | "tracking_uri" | "token" | "paramQuoting" | "storage_dir"> {
  /** The person's choice; it goes before what the workflow file says. */
  env_manager?: EnvManager;
  /** At most one of name and id; it goes before what the workflow file says. */
  experiment_name?: string;
  experiment_id?: string;
  /** Of the parent run. */
  run_name?: string;
  /** How many run at a time; it goes before what the file says. */
  maxParallel?: number;
}

/** One start, or one resume, of a workflow. */
export interface WorkflowRequest extends GroupRequest {
  kind: "workflow";
  /** Absolute path of the workflow file. */
  file: string;
  /** Values of the workflow's parameters, given by the person. A resumed workflow keeps those it was started with. */
  parameters: [name: string, value: string][];
  /** Absolute path of the folder that relative paths among `parameters` count from; that of the file when absent. */
  valuesFolder?: string;
  /** False: every step runs, whatever ran before. */
  cache?: boolean;
  /** Go on with a workflow run that did not finish, instead of starting another one. */
  resume?: {
    /** The run of the workflow; the latest unfinished one of this file when absent. */
    run_id?: string;
    /** A step that runs again although it finished, with those that wait for it. */
    from?: string;
  };
}

export type GroupStore = RunnerStore & Pick<TrackingStore, "searchRuns">;

/** What a workflow or a sweep needs of the program that holds it; `changed` is told of the parent run. */
export interface GroupContext extends Omit<RunContext, "output" | "store" | "patientStore"> {
  store: GroupStore;
  patientStore: GroupStore;
}
