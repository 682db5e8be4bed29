import { join, relative, sep } from "node:path";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import type { EnvManager } from "../../projects/request.ts";
import { execute } from "../platform/commands.ts";
import type { Remedy } from "../platform/platform.ts";
import { withProgress } from "../platform/progress.ts";
import { setting } from "../platform/settings.ts";
import { serverRemedy } from "../server/remedies.ts";
import type { Servers } from "../server/servers.ts";
import { addressOf } from "../server/terminalEnvironment.ts";
import type { Stores } from "../stores/stores.ts";
import { NoDebugger } from "./debugging.ts";
import { findPython, NoPython } from "./python.ts";

/** What a run, a workflow and a sweep need alike before they start. */
export interface Start {
  /** Of the store that the request's server serves. */
  uri: string;
  /** What their requests have in common. */
  request: {
    format: 1;
    env_manager: EnvManager;
    paramQuoting: "raw" | "mlflow";
    tracking_uri: string;
    token: string;
    python?: string;
  };
}

/** What is to start. */
interface Wanted {
  /** Its MLproject or workflow. */
  file: vscode.Uri;
  folder: string;
  /** As it is told to the person. */
  name: string;
  needsPython: (env_manager: EnvManager) => boolean;
}

/** @throws MlflowError where nothing may be run. */
export function checkTrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so nothing is run in it.");
}

/** Saves what is typed in the folder, finds the interpreter of `file`, and starts the server of its store. @throws MlflowError. */
export async function prepareStart(
  { stores, servers }: { stores: Stores; servers: Servers },
  { file, folder, name, needsPython }: Wanted,
): Promise<Start> {
  await saveFiles(folder);
  const python = await findPython(file);
  const env_manager: EnvManager = setting("flowdeck.projects.envManager", "auto", file);
  if (python === undefined && needsPython(env_manager)) {
    throw new NoPython("RESOURCE_DOES_NOT_EXIST", `No Python was found on this machine, so ${name} did not run.`);
  }
  const store = await stores.of(file);
  if (store === undefined) {
    throw new MlflowError(
      "RESOURCE_DOES_NOT_EXIST",
      "Runs are logged to the workspace's store; open the project's folder.",
    );
  }
  // Cancel lets the run be. The server that it waits for is the window's, and starts all the same.
  const discovery = await withProgress(`Flowdeck: starting ${name}…`, () => servers.start(store));
  return {
    uri: store.uri,
    request: {
      format: 1,
      env_manager,
      paramQuoting: setting("flowdeck.projects.paramQuoting", "raw", file),
      tracking_uri: addressOf(discovery),
      token: discovery.token,
      ...(python === undefined ? {} : { python: python.path }),
    },
  };
}

/** The runner reads the disk, so what is typed but not saved would not run. */
async function saveFiles(folder: string): Promise<void> {
  const inside = (file: vscode.Uri): boolean => file.fsPath.startsWith(join(folder, sep));
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.uri.scheme !== "file" || !inside(document.uri)) continue;
    if (await document.save()) continue;
    const name = relative(folder, document.uri.fsPath);
    throw new MlflowError("INVALID_STATE", `${name} could not be saved, so nothing was run; save it and run again.`);
  }
}

/** What helps against the failures of a start. */
export function startRemedy(error: unknown): Remedy | undefined {
  if (error instanceof NoPython) {
    return { title: "Select Interpreter…", run: () => execute("flowdeck.projects.selectInterpreter") };
  }
  if (error instanceof NoDebugger) {
    const find = () => vscode.commands.executeCommand("workbench.extensions.search", "@id:ms-python.debugpy");
    return { title: "Find the Python Debugger", run: find };
  }
  return serverRemedy(error);
}
