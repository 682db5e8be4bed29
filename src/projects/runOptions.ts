import { resolve } from "node:path";
import { parseTrackingUri } from "../mlflow/uris.ts";
import { parseParameters } from "./command.ts";
import { isElsewhere } from "./otherBackends.ts";
import { COMMON_FLAGS, commonOf, oneOf, readFlags, wrong } from "./flags.ts";
import { ENV_MANAGERS, type RunRequest } from "./request.ts";
import { isFolder } from "./sources.ts";

export const RUN_USAGE = `Usage: flowdeck run URI [options]

  URI                       folder of a project, file: URI, ZIP file or its address, or repository; #SUB/FOLDER may follow
  -e, --entry-point NAME    entry point, or a script of the project (default: main)
  -v, --version VERSION     branch, tag or commit; of a local repository in a worktree, so that your files stay as they are
  -P, --param-list NAME=V   value of a parameter; may be given again
  -A, --docker-args NAME=V  argument of docker run, or a switch: NAME; may be given again
  --env-manager M           local, virtualenv, uv or conda (default: what the project declares)
  --python FILE             interpreter to run or build with
  --build-image             run a docker project in an image that holds its files, built for it
  --experiment-name NAME    experiment of the run, made when it is not there
  --experiment-id ID        the same by its id
  --run-name NAME           name of the run
  --run-id ID               a run that is there already
  --storage-dir DIR         folder for what parameters of type path download
  -b, --backend B           local (the default); others are left to Python's mlflow run
  -c, --backend-config C    FILE.json or JSON for them
  --param-quoting Q         how params are logged: raw, or mlflow for shell-quoted as mlflow does (default: raw)
  --no-output-artifact      do not keep what the command prints as an artifact
  --dry-run                 say what would be run, and run nothing
  --help                    this text

Runs are logged to MLFLOW_TRACKING_URI: a server, or a database such as sqlite:///mlflow.db (the default).`;

/**
 * Where the run is to be logged: a server that is there, a database that needs one, or wherever Python's mlflow says, for
 * another backend.
 */
export type Tracking =
  | { kind: "server"; tracking_uri: string; token?: string }
  | { kind: "database"; file: string }
  | { kind: "elsewhere" };

export interface RunOptions {
  /** Without the address of the tracking server, which may not be started yet. */
  request: Omit<RunRequest, "tracking_uri" | "token">;
  tracking: Tracking;
  dryRun: boolean;
}

const STRING = { type: "string" } as const;
const FLAGS = {
  ...COMMON_FLAGS,
  "entry-point": { ...STRING, short: "e" },
  "no-output-artifact": { type: "boolean" },
  version: { ...STRING, short: "v" },
  "docker-args": { ...STRING, short: "A", multiple: true },
  backend: { ...STRING, short: "b" },
  "backend-config": { ...STRING, short: "c" },
  "build-image": { type: "boolean" },
  "run-id": STRING,
} as const;

/** Reads `flowdeck run`'s words; relative paths count from `folder`. @throws MlflowError with one sentence: a usage error. */
export function readRunOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): RunOptions {
  const { values, positionals } = readFlags(args, FLAGS, "flowdeck run");
  const [uri, ...more] = positionals;
  if (uri === undefined || more.length > 0) throw wrong("Name one project, such as `flowdeck run .`.");
  const request: RunOptions["request"] = {
    format: 1,
    projectFolder: folder,
    project_uri: uri,
    parameters: parseParameters(values["param-list"] ?? []),
    env_manager: oneOf(ENV_MANAGERS, values["env-manager"] ?? "auto", "--env-manager"),
    ...commonOf(values, env, folder),
    ...given("entry_point", values["entry-point"]),
    ...given("version", values.version),
    ...given("run_id", values["run-id"]),
    ...given("backend", values.backend),
    ...given("backend_config", values["backend-config"]),
    ...(values["docker-args"] === undefined ? {} : { docker_args: dockerArgs(values["docker-args"]) }),
    ...(values["build-image"] === true ? { build_image: true } : {}),
    ...(values["no-output-artifact"] === true ? { forget_output: true } : {}),
  };
  const tracking: Tracking = isElsewhere(request) ? { kind: "elsewhere" } : trackingOf(env, folder);
  return { request, tracking, dryRun: values["dry-run"] === true };
}

function given<K extends string>(key: K, value: string | undefined): { [key in K]?: string } {
  const found: { [key in K]?: string } = {};
  if (value !== undefined) found[key] = value;
  return found;
}

/** `name=value`, or a name alone for a switch. */
function dockerArgs(words: readonly string[]): [name: string, value?: string][] {
  const found: [name: string, value?: string][] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    if (found.some(([earlier]) => earlier === name)) throw wrong(`Repeated parameter: '${name}'`);
    found.push(equals < 0 ? [name] : [name, word.slice(equals + 1)]);
  }
  return found;
}

/** Where `MLFLOW_TRACKING_URI` says; `mlflow.db` of `folder` when it says nothing. @throws MlflowError. */
export function trackingOf(env: NodeJS.ProcessEnv, folder: string): Tracking {
  const uri = env["MLFLOW_TRACKING_URI"] || "sqlite:///mlflow.db";
  const parsed = parseTrackingUri(uri);
  switch (parsed.kind) {
    case "http":
      return server(parsed.url, env);
    case "sqlite": {
      const file = resolve(folder, parsed.path);
      if (isFolder(file))
        throw wrong(`${uri} is a folder; set MLFLOW_TRACKING_URI to a file, as in sqlite:///mlflow.db.`);
      return { kind: "database", file };
    }
    case "files":
      throw wrong(
        `${uri} is a folder of runs as older MLflow wrote them; set MLFLOW_TRACKING_URI to sqlite:///mlflow.db or a server.`,
      );
    case "databricks":
      throw wrong("Databricks is not offered here yet; set MLFLOW_TRACKING_URI to a server or to sqlite:///mlflow.db.");
    default:
      return parsed satisfies never;
  }
}

/** With the credentials that MLflow's client (3.17) takes from the environment. */
function server(uri: string, env: NodeJS.ProcessEnv): Tracking {
  const [token, user, password] = ["TOKEN", "USERNAME", "PASSWORD"].map((name) => env[`MLFLOW_TRACKING_${name}`]);
  const address = new URL(uri);
  if (user !== undefined && password !== undefined && address.username === "") {
    address.username = encodeURIComponent(user);
    address.password = encodeURIComponent(password);
  }
  const tracking_uri = address.href.replace(/\/$/, "");
  return { kind: "server", tracking_uri, ...(token === undefined || token === "" ? {} : { token }) };
}
