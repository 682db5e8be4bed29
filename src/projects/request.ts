import type { RunStatus } from "../mlflow/entities.ts";
import type { ProcessMark } from "../processes/processes.ts";
import type { DebugRequest } from "./debugShim.ts";

// What a run is asked to be, and what became of it: two JSON files that the runner shares with whoever started it.

export const ENV_MANAGERS = ["auto", "local", "virtualenv", "uv", "conda"] as const;
/**
 * `auto` = what the project declares: virtualenv for python_env files, conda for conda files where it is installed (else
 * virtualenv), docker for docker projects, local when it declares nothing.
 */
export type EnvManager = (typeof ENV_MANAGERS)[number];

/** `raw`: params are logged as given; `mlflow`: shell-quoted, as `mlflow run` 3.17.2 logs them. */
export const PARAM_QUOTINGS = ["raw", "mlflow"] as const;
export type ParamQuoting = (typeof PARAM_QUOTINGS)[number];

/** A project that was fetched to be looked at; its run removes it. */
export interface FetchedProject {
  /** Temporary folder that holds nothing else. */
  root: string;
  /** That of the MLproject file, in it. */
  folder: string;
  /** `mlflow.source.name`. */
  name: string;
  /** The version, when it is a branch. */
  branch?: string;
}

/** One run of an entry point. Stored in a file of mode 0600, since it may hold a token. */
export interface RunRequest {
  /** Format of this file. */
  format: 1;
  /** Absolute path of the folder that holds the MLproject file; with `project_uri`, of the one that it counts from. */
  projectFolder: string;
  /** Where the project comes from instead: a path, a `file:` URI, a ZIP file, a repository; `#sub/folder` may follow. */
  project_uri?: string;
  /** Branch, tag or commit of its repository. */
  version?: string;
  /** `project_uri`, fetched already. */
  fetched?: FetchedProject;
  /** `main` when absent. */
  entry_point?: string;
  /** The values given by the person, in their order; what is not declared is appended to the command as `--name value`. */
  parameters: [name: string, value: string][];
  /** `auto` when absent. */
  env_manager?: EnvManager;
  /** Absolute path of the interpreter to use; absent: the one that PATH, or pyenv, gives. */
  python?: string;
  /** http(s) address of the tracking server. */
  tracking_uri: string;
  /** Bearer token of that server. */
  token?: string;
  /** Created when unknown. At most one of name and id; neither = experiment 0. */
  experiment_name?: string;
  experiment_id?: string;
  run_name?: string;
  parent_run_id?: string;
  /** Tags of the run beside those that `mlflow run` sets. */
  tags?: [key: string, value: string][];
  /** `raw` when absent. */
  paramQuoting?: ParamQuoting;
  /** Where remote `path` parameters are downloaded; see mlproject's `--storage-dir`. */
  storage_dir?: string;
  /** Every Python of the command runs under a debugger. */
  debug?: DebugRequest;
  /** A run that is there already: nothing is logged to it but environment, backend and name (`mlflow run --run-id`). */
  run_id?: string;
  /** Arguments of `docker run`; a name without a value is a switch. */
  docker_args?: [name: string, value?: string][];
  /** A docker project runs in an image that holds its files, built for it. */
  build_image?: boolean;
  /** `local` when absent. Others are left to Python's `mlflow run`. */
  backend?: string;
  /** A file ending in `.json`, or JSON: what the backend wants to know. */
  backend_config?: string;
  /** What the command prints is not kept as an artifact of the run. */
  forget_output?: boolean;
}

/** Where a run stands: `PREPARING` until it exists on the tracking server, then MLflow's status. */
export type RunPhase = "PREPARING" | RunStatus;

/** What the runner tells of itself, in `<request>.state.json` beside its request; replaced as a whole at each change. */
export interface RunState {
  /** Format of this file. */
  format: 1;
  runner: ProcessMark;
  /** The entry point's command, while it runs: leader of a process group of its own. */
  command?: ProcessMark;
  /** ms since the epoch. */
  started_at: number;
  /** ms since the epoch; absent while it goes on. */
  ended_at?: number;
  projectFolder: string;
  entry_point: string;
  tracking_uri: string;
  experiment_id?: string;
  /** Absent while preparing, and for ever when preparing failed: then no run was created. */
  run_id?: string;
  /** What the run that is being created can be found by, until its id is known. */
  creating?: { experiment_id: string; start_time: number };
  status: RunPhase;
  /** The tracking server has been told the final status (or there is no run to tell of). */
  reported: boolean;
  /** Exit code of the command; absent when it never ran or was ended by a signal. */
  exitCode?: number;
  /** One sentence, when the status is FAILED for another reason than the command's exit code. */
  problem?: string;
  /** The environment manager that would work here, when this machine lacks what the one of the run needs. */
  instead?: EnvManager;
}
