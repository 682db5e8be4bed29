/** What a client says at the start (`initializationOptions`); all is false where it does not (another editor). */
export interface LanguageOptions {
  /** It knows the custom requests below and Flowdeck's commands: lenses are offered. */
  lens: boolean;
  /** Running is offered, in lenses and hovers. */
  mayRun: boolean;
}

/** Notification of the client, without parameters: running is offered from here on. */
export const MAY_RUN_NOTIFICATION = "flowdeck/mayRun";

/** Custom requests of the language server; without them (another editor) no lens is offered and all else works. */
export const LAST_RUNS_REQUEST = "flowdeck/lastRuns";

/** Answered by as many results, null for an entry point that never ran. */
export interface LastRunsParams {
  /** File URI of the MLproject file. */
  uri: string;
  entry_points: string[];
}

export interface LastRunResult {
  run_id: string;
  status: string;
  /** ms since the epoch. */
  start_time: number;
  end_time?: number;
  /** The metric the run is known by, if it logged any. */
  metric?: { key: string; value: number };
  /** The latest runs, that one among them; the latest first, and behind them the best of all when it is older. */
  latest?: PastRun[];
}

/** A run of an entry point, with the values it had. */
export interface PastRun {
  run_id: string;
  experiment_id: string;
  run_name: string;
  status: string;
  start_time: number;
  end_time?: number;
  /** Values as they were given. */
  params: Array<{ key: string; value: string }>;
  metric?: { key: string; value: number };
  /** Whether its metric is the best, of several runs that logged it. */
  best?: boolean;
}

/** Custom request of the language server: what a store knows of registered models that a Python file names. */
export const REGISTERED_MODELS_REQUEST = "flowdeck/registeredModels";

/** Answered by as many results, null where no store is open. */
export interface RegisteredModelsParams {
  /** Of the Python file, or of a notebook's cell. */
  uri: string;
  names: string[];
}

export interface RegisteredVersionResult {
  version: string;
  /** When it was made, ms since the epoch. */
  time: number;
  metric?: { key: string; value: number };
}

export interface RegisteredModelResult {
  /** Of the store. */
  uri: string;
  /** Absent: it has no version, or is not registered. */
  last?: RegisteredVersionResult;
  /** By the metric that its versions are known by; absent where only one has it. */
  best?: RegisteredVersionResult;
  /** The version with the alias `champion`. */
  champion?: RegisteredVersionResult;
}

/** Notification of the client, without parameters: runs have changed, so that lenses ask again. */
export const RUNS_CHANGED_NOTIFICATION = "flowdeck/runsChanged";

/** What a configuration for `--backend-config` is called, as a pattern of files: of other JSON the server is told nothing. */
export const BACKEND_CONFIG_FILES = "*{kube,k8s,backend,cluster,databricks}*.json";
/** The same for the end of a path. */
export const BACKEND_CONFIG_NAME = /(?:kube|k8s|backend|cluster|databricks)[^/]*\.json$/i;

/** Request of the client: the values that the script of an entry point takes for its parameters. */
export const PARAMETER_CHOICES_REQUEST = "flowdeck/parameterChoices";

export interface ParameterChoicesParams {
  /** File URI of the MLproject file, which need not be open. */
  uri: string;
  entry_point: string;
}

/** By parameter; absent for one that takes any. */
export type ParameterChoicesResult = Record<string, string[]>;

/** Request of the client: the text of an MLproject file for a Python script. */
export const CREATE_PROJECT_REQUEST = "flowdeck/createProject";

export interface CreateProjectParams {
  /** File URI of the script. */
  script: string;
  /** File URI of the folder that the MLproject will stand in: the script's own, or one above it. */
  folder: string;
  environment?: { key: "python_env" | "conda_env"; path: string };
}

export interface CreateProjectResult {
  text: string;
  /** What the script reads its command line with; absent where nothing could be said of it. */
  framework?: string;
}
