import { randomUUID } from "node:crypto";
import { dirname } from "node:path";
import * as vscode from "vscode";
import type { ScoringServer, ServeRequest } from "../../protocol/serving.ts";
import type { Platform } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { setting } from "../platform/settings.ts";
import { findPython, NoPython } from "../projects/python.ts";
import { refusalOf, type Servers } from "../server/servers.ts";
import { addressOf, variablesOf } from "../server/terminalEnvironment.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import type { ServeChoices } from "./choices.ts";
import { servedPorts } from "./findServing.ts";
import { firstFree, isFree, PortTaken } from "./ports.ts";
import type { ScoringServers } from "./scoringServers.ts";
import { localFolder, type ServedModel } from "./target.ts";
import { trustModel } from "./trustModel.ts";

/** What serving leans on. */
export interface ServingParts {
  platform: Platform;
  stores: Stores;
  servers: Servers;
  scoring: ScoringServers;
}

const HOST = "127.0.0.1";
/** ms that a server goes on when no window has it; a reload takes a few seconds. */
const LINGER = 45_000;
/** ms until a server that has not answered is called unhealthy: with an environment to be made, and without. */
const PATIENCE = { local: 120_000, environment: 900_000 };

/** Serves a model, unless a server that `isWanted` was started meanwhile; it is starting when this resolves. @throws MlflowError. */
export async function startServing(
  parts: ServingParts,
  served: ServedModel,
  choices: ServeChoices,
  isWanted?: (server: ScoringServer) => boolean,
): Promise<ScoringServer> {
  const store = await parts.stores.get(served.store);
  await trustModel(parts.platform, store, served);
  const folder = folderOf(store);
  const python = choices.python ?? (await pythonOf(store, served.title));
  const { served_uri, environment } = await withProgress(`Flowdeck: starting ${served.title}…`, () =>
    placeFor(parts.servers, store, served),
  );
  const { env_manager, workers, timeout, keep } = choices;
  const { model_uri, model, title } = served;
  const request: Omit<ServeRequest, "port"> = {
    ...{ format: 1, id: randomUUID(), store: store.uri, model_uri, served_uri, title },
    ...(model === undefined ? {} : { model }),
    ...{ python, env_manager, workers, timeout, host: HOST, keep, environment },
    ...{ cwd: folder?.fsPath ?? dirname(store.status.path), folder: parts.scoring.folder, linger: LINGER },
    patience: env_manager === "local" ? PATIENCE.local : PATIENCE.environment,
  };
  const requestFor = async (): Promise<ServeRequest> => ({
    ...request,
    port: await portFor(parts.scoring, title, choices.port, folder),
  });
  return parts.scoring.start(requestFor, isWanted);
}

/** The folder whose settings and interpreter a store's models get. */
export function folderOf(store: StoreHandle): vscode.Uri | undefined {
  return (store.folders[0] ?? vscode.workspace.workspaceFolders?.[0])?.uri;
}

/** @throws NoPython. */
export async function pythonOf(store: StoreHandle, title: string): Promise<string> {
  const found = await findPython(folderOf(store) ?? vscode.Uri.file(store.status.path));
  if (found !== undefined) return found.path;
  throw new NoPython(
    "RESOURCE_DOES_NOT_EXIST",
    `No Python was found on this machine, so ${title} was not served; choose one that has mlflow.`,
  );
}

/** The port that is wanted, or the first free one. @throws PortTaken. */
async function portFor(
  scoring: ScoringServers,
  title: string,
  wanted: number | undefined,
  scope: vscode.Uri | undefined,
): Promise<number> {
  const ports = servedPorts(scoring.folder);
  const first = setting("flowdeck.serving.port", 5001, scope);
  if (wanted === undefined) return firstFree(first, ports);
  if (!ports.has(wanted) && (await isFree(wanted))) return wanted;
  const by = ports.get(wanted) ?? "another program";
  throw new PortTaken(wanted, title, by, await firstFree(Math.max(first, wanted + 1), ports));
}

/**
 * Where mlflow finds the model: on the tracking server of its store; where that store has none, for it takes no new runs, straight in
 * its folder. @throws MlflowError.
 */
export async function placeFor(
  servers: Servers,
  store: StoreHandle,
  served: ServedModel,
): Promise<{ served_uri: string; environment: Record<string, string> }> {
  if (refusalOf(store) === undefined) {
    const discovery = await servers.start(store);
    // What the editor has in its environment for another server would be used: mlflow takes a password rather than a token.
    const others = { MLFLOW_TRACKING_USERNAME: "", MLFLOW_TRACKING_PASSWORD: "" };
    const environment = { ...others, ...variablesOf(discovery), MLFLOW_REGISTRY_URI: addressOf(discovery) };
    return { served_uri: served.served_uri, environment };
  }
  return { served_uri: await localFolder(store.remote, served), environment: {} };
}
