import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, parseTrackingUri } from "../mlflow/uris.ts";
import { storePath, storeUri } from "../store/open.ts";
import { type Access, ACCESS_MODES, type AccessMode } from "./guard.ts";
import { defaultHosts } from "./hosts.ts";
import { tellsUsers } from "./peer.ts";

export interface ServerOptions {
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Canonical URI of a store of this machine. */
  backendStoreUri: string;
  /** Parent of a new experiment's artifacts: an absolute folder or a URI. */
  artifactRoot: string;
  /** Absolute folder behind `mlflow-artifacts:/`. */
  artifactsDestination: string;
  /** The mlflow whose schema a new database gets, if it is one that we know. */
  schemaRelease?: string;
  access: Access;
  /** The token comes from the discovery file, or is made. */
  needsToken: boolean;
  discoveryFile?: string;
  /** It serves one program, which holds the other end of its standard input: it ends with that, however that ends. */
  endsWithInput: boolean;
  /** Absolute; without one the log goes where the process prints. */
  logFile?: string;
}

export const SERVER_USAGE = `Usage: flowdeck server [options]

  --backend-store-uri URI        sqlite:///relative/mlflow.db or sqlite:////absolute/mlflow.db (default: sqlite:///mlflow.db),
                                 or a folder of runs: ./mlruns or file:///absolute/mlruns
  --artifacts-destination DIR    keep artifacts here and pass them through the server (new experiments get mlflow-artifacts:/)
  --default-artifact-root DIR    parent of new experiments' artifacts (default: mlruns beside the database, or the folder of runs)
  --schema-release VERSION       the mlflow, such as 3.6.0, that is to open a new database too: it gets that release's schema
                                 (1.30, 2.3, 2.9, 2.14, 2.22, 3.1, 3.6; any other: that of 3.17)
  -h, --host HOST                address to listen on (default: 127.0.0.1)
  -p, --port PORT                port to listen on (default: 5000)
  --access auto|token|open       who may ask: you and who has the token, only who has the token, or anyone who reaches
                                 the port (default: auto on this machine's own addresses where the system tells users
                                 apart, else open)
  --token-file FILE              file that holds the token
  --allowed-hosts LIST           Host headers to accept, * stands for anything (default: this machine's names)
  --log-file FILE                log here, two files of 1 MB at most, instead of to the terminal
  --cors-allowed-origins LIST    origins whose pages may ask, as http://localhost:3000
  --help                         this text`;

const STRING = { type: "string" } as const;
const FLAGS = {
  "backend-store-uri": STRING,
  "registry-store-uri": STRING,
  "artifacts-destination": STRING,
  "default-artifact-root": STRING,
  "schema-release": STRING,
  host: { ...STRING, short: "h" },
  port: { ...STRING, short: "p" },
  access: STRING,
  "token-file": STRING,
  "allowed-hosts": STRING,
  "cors-allowed-origins": STRING,
  "x-frame-options": STRING,
  "disable-security-middleware": { type: "boolean" },
  "discovery-file": STRING,
  "end-with-input": { type: "boolean" },
  "log-file": STRING,
  // Flags of `mlflow server` that change nothing here: artifacts are always served, by one process.
  "serve-artifacts": { type: "boolean" },
  workers: { ...STRING, short: "w" },
} as const;

/** Reads the flags of `flowdeck server`. Throws INVALID_PARAMETER_VALUE with a sentence for the person. */
export function readServerOptions(args: string[], env: NodeJS.ProcessEnv, folder: string): ServerOptions {
  const flags = readFlags(args);
  const uri = flags["backend-store-uri"] ?? env["MLFLOW_BACKEND_STORE_URI"] ?? "sqlite:///mlflow.db";
  const registry = flags["registry-store-uri"];
  if (registry !== undefined && registry !== uri) {
    throw wrong("One store holds runs and models here: --registry-store-uri must be the same as --backend-store-uri.");
  }
  const store = parseTrackingUri(uri);
  if (store.kind !== "sqlite" && store.kind !== "files") {
    throw wrong(
      `--backend-store-uri must name a database file, such as sqlite:///mlflow.db, or an mlruns folder, not '${uri}'.`,
    );
  }
  const backendStoreUri = storeUri(resolve(folder, store.path), store.kind);
  const path = storePath(backendStoreUri);
  const destination = flags["artifacts-destination"] ?? env["MLFLOW_ARTIFACTS_DESTINATION"];
  if (destination !== undefined && !isLocalUri(destination)) {
    throw wrong(`--artifacts-destination must be a folder of this machine, not '${destination}'.`);
  }
  const root = flags["default-artifact-root"] ?? env["MLFLOW_DEFAULT_ARTIFACT_ROOT"];
  const beside = backendStoreUri.startsWith("file:") ? path : join(dirname(path), "mlruns");
  const proxied = destination === undefined ? beside : "mlflow-artifacts:/";
  const host = flags.host ?? env["MLFLOW_HOST"] ?? "127.0.0.1";
  const { discoveryFile, mode, ...tokens } = readAccess(flags, folder, host);
  return {
    host,
    port: readPort(flags.port ?? env["MLFLOW_PORT"], discoveryFile === undefined ? 5000 : 0),
    backendStoreUri,
    artifactRoot: root === undefined ? proxied : isLocalUri(root) ? resolve(folder, localPath(root)) : root,
    // Where `mlflow server` keeps proxied artifacts unless told otherwise: stores that it made stay readable.
    artifactsDestination:
      destination === undefined ? join(dirname(path), "mlartifacts") : resolve(folder, localPath(destination)),
    ...(flags["schema-release"] === undefined ? {} : { schemaRelease: flags["schema-release"] }),
    access: { ...guardOf(flags, env, host), mode, ...(tokens.token === undefined ? {} : { token: tokens.token }) },
    needsToken: tokens.needsToken,
    endsWithInput: flags["end-with-input"] === true,
    ...(flags["log-file"] === undefined ? {} : { logFile: resolve(folder, flags["log-file"]) }),
    ...(discoveryFile === undefined ? {} : { discoveryFile }),
  };
}

type Flags = ReturnType<typeof readFlags>;

function readFlags(args: string[]) {
  try {
    return parseArgs({ args, options: FLAGS, allowNegative: true }).values;
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(/\. |\n/)[0] ?? "") : String(error);
    throw wrong(`${reason}; see flowdeck server --help.`);
  }
}

interface Tokens {
  mode: AccessMode;
  needsToken: boolean;
  token?: string;
  discoveryFile?: string;
}

function readAccess(flags: Flags, folder: string, host: string): Tokens {
  const { access, "token-file": file, "discovery-file": discovery } = flags;
  const discoveryFile = discovery === undefined ? undefined : resolve(folder, discovery);
  const place = discoveryFile === undefined ? {} : { discoveryFile };
  const mode = access === undefined ? defaultAccess(host) : ACCESS_MODES.find((one) => one === access);
  if (mode === undefined) throw wrong(`--access must be auto, token or open, not '${access}'.`);
  if (mode === "open") return { mode, needsToken: false, ...place };
  if (file !== undefined) return { mode, needsToken: false, token: readToken(resolve(folder, file)), ...place };
  if (discoveryFile !== undefined) return { mode, needsToken: true, ...place };
  if (mode === "auto" && tellsUsers()) return { mode, needsToken: false };
  const why = mode === "auto" ? " on this system, which does not tell whose a connection is," : "";
  throw wrong(`--access ${mode}${why} needs --token-file with the token in it.`);
}

/** Other users of this machine are kept out where that asks nothing of its owner; a server for a network is opened by its --host. */
function defaultAccess(host: string): AccessMode {
  return isLoopback(host) && tellsUsers() ? "auto" : "open";
}

/** Whether only programs of this machine reach the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

function readToken(file: string): string {
  const token = readTextFile(file).trim();
  if (token === "") throw wrong(`The token file ${file} is empty: write a token into it.`);
  return token;
}

function readTextFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw wrong(`The token file ${file} cannot be read: create it or name another with --token-file.`, error);
  }
}

function guardOf(flags: Flags, env: NodeJS.ProcessEnv, host: string): Omit<Access, "mode" | "token"> {
  const hosts = flags["allowed-hosts"] ?? env["MLFLOW_SERVER_ALLOWED_HOSTS"];
  const origins = flags["cors-allowed-origins"] ?? env["MLFLOW_SERVER_CORS_ALLOWED_ORIGINS"];
  return {
    allowedHosts: hosts ? words(hosts) : defaultHosts(host),
    allowedOrigins: origins ? words(origins) : [],
    frameOptions: (flags["x-frame-options"] ?? env["MLFLOW_SERVER_X_FRAME_OPTIONS"] ?? "SAMEORIGIN").toUpperCase(),
    unguarded: flags["disable-security-middleware"] ?? env["MLFLOW_SERVER_DISABLE_SECURITY_MIDDLEWARE"] === "true",
  };
}

function words(list: string): string[] {
  return list.split(",").map((word) => word.trim());
}

function readPort(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw wrong(`--port must be a number from 0 to 65535, not '${text}'.`);
}

function wrong(message: string, cause?: unknown): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, cause === undefined ? undefined : { cause });
}
