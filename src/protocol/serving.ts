/** What a scoring server is doing; `stopped` and `failed` are ends. */
export const SERVING_STATES = ["starting", "ready", "unhealthy", "stopping", "stopped", "failed"] as const;
export type ServingState = (typeof SERVING_STATES)[number];

/** Where a model's packages come from, in the words of `mlflow models serve --env-manager`. */
export const SERVING_ENV_MANAGERS = ["local", "virtualenv", "uv", "conda"] as const;
export type ServingEnvManager = (typeof SERVING_ENV_MANAGERS)[number];

/** What helps against a problem; each is a button. */
export type ServingAction =
  | "serveElsewhere"
  | "restart"
  | "selectInterpreter"
  | "copyInstall"
  | "useLocal"
  | "useVirtualenv"
  | "rebuild"
  | "showLog";

/** A button against a problem. */
export interface ServingRemedy {
  title: string;
  action: ServingAction;
  /** The command that installs what is missing, or the environment's folder. */
  value?: string;
}

/** Why a server does not answer, or did not start. */
export interface ServingProblem {
  /** One sentence: what failed, and what to do. */
  text: string;
  next?: ServingRemedy;
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

/** What a window asks the program `serve.js` for, on its standard input. */
export interface ServeRequest {
  /** Format of this message. */
  format: 1;
  id: string;
  store: string;
  model_uri: string;
  /** What mlflow is told: the version in place of an alias, which may move meanwhile. */
  served_uri: string;
  model?: ScoringServer["model"];
  title: string;
  /** Interpreter whose mlflow serves. */
  python: string;
  env_manager: ServingEnvManager;
  workers: number;
  timeout: number;
  host: string;
  port: number;
  keep: boolean;
  /** Folder that it starts in. */
  cwd: string;
  /** Folder of its state file and its log. */
  folder: string;
  /** Variables that it gets besides; they may hold a token, and are written nowhere. */
  environment: Record<string, string>;
  /** ms until it stops when no window has it. */
  linger: number;
  /** ms until a server that has not answered yet is called unhealthy. */
  patience: number;
}

/** A scoring server's state file (JSON, mode 0600): how a window finds it again. */
export interface ServeState {
  /** Format of this file. */
  format: 1;
  server: ScoringServer;
  python: string;
  served_uri: string;
  /** Tells the program that owns it from a later one of the same pid, and from those of other machines that share the folder. */
  program: { pid: number; started?: string; boot?: string; host?: string };
  /** Port on 127.0.0.1 at which the program is asked, and the word that it wants first. */
  control: { port: number; token: string };
}

/** What a window tells the program, one JSON a line; `hello` is the first, and holds the token. */
export type ServeCommand = { hello: string } | { keep: boolean } | { stop: true };
