/** What a scoring server is doing; `stopped` and `failed` are ends. */
export const SERVING_STATES = ["starting", "ready", "unhealthy", "stopping", "stopped", "failed"] as const;
export type ServingState = (typeof SERVING_STATES)[number];

/** Where a model's packages come from, in the words of `mlflow models serve --env-manager`. */
export const SERVING_ENV_MANAGERS = ["local", "virtualenv", "uv", "conda"] as const;
export type ServingEnvManager = (typeof SERVING_ENV_MANAGERS)[number];

/** What helps against a problem; each is a button. */
export type ServingAction = "serveElsewhere" | "restart" | "selectInterpreter" | "copyInstall" | "useLocal" | "showLog";

/** Why a server does not answer, or did not start. */
export interface ServingProblem {
  /** One sentence: what failed, and what to do. */
  text: string;
  next?: { title: string; action: ServingAction /** What to install, or the port to take. */; value?: string };
}

/** One scoring server of the Serving view: `mlflow models serve` on 127.0.0.1. */
export interface ScoringServer {
  id: string;
  /** URI of the store that the model is of. */
  store: string;
  /** As it was asked for: `models:/wine-quality@champion`, `models:/m-…`, `runs:/…/model`. */
  model_uri: string;
  /** Of a registered model: the version that it serves, and the alias that it was found by. */
  model?: { name: string; version?: string; alias?: string };
  /** `wine-quality@champion`, `wine-quality 5`. */
  title: string;
  host: string;
  port: number;
  /** `http://127.0.0.1:5001`, without a slash at its end. */
  url: string;
  state: ServingState;
  problem?: ServingProblem;
  /** Of the program that owns the server's processes. */
  pid?: number;
  /** ms since the epoch. */
  started: number;
  /** Answers to `/invocations` since the start, and those of them that were refused or failed. */
  requests: number;
  failures: number;
  /** Bytes that its processes hold, where the system tells. */
  memory?: number;
  /** Of the mlflow that serves it, once it is ready. */
  mlflow_version?: string;
  env_manager: ServingEnvManager;
  workers: number;
  /** s for one request. */
  timeout: number;
  /** It goes on when the last window that has its store is closed. */
  keep: boolean;
  /** File that it logs to. */
  log: string;
}
