import { execFile } from "node:child_process";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { findMlflowPython } from "../../projects/installedMlflow.ts";
import type { MlflowPython } from "../../mlflow/installed.ts";
import type { Platform } from "../platform/platform.ts";
import { findPythons } from "../projects/python.ts";
import type { StoreHandle } from "./stores.ts";

/** Asks, then lets the command line upgrade the database in a process of its own; nothing is upgraded unasked. */
export async function upgradeDatabase(
  platform: Platform,
  folder: vscode.WorkspaceFolder,
  store: StoreHandle,
): Promise<void> {
  if (store.status.kind !== "sqlite" || store.status.state !== "open") {
    throw new MlflowError("INVALID_STATE", `There is no database in ${folder.name} to upgrade.`);
  }
  const pythons = await findPythons(folder.uri);
  const python = await findMlflowPython(pythons.map(({ path }) => path));
  if (!(await isWanted(store, python))) return;
  const how = python === undefined ? ["--without-python"] : ["--python", python.path];
  const title = `Upgrading ${store.name}`;
  const said = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, () =>
    runUpgrade(platform, store.uri, how),
  );
  await vscode.window.showInformationMessage(said);
}

async function isWanted(store: StoreHandle, python: MlflowPython | undefined): Promise<boolean> {
  const by =
    python === undefined
      ? "No interpreter with mlflow was found, so Flowdeck upgrades it to the schema of mlflow 3.17."
      : `mlflow ${python.release} of ${python.path} upgrades it to the schema that it needs.`;
  const detail = `${by} An older mlflow cannot open it afterwards. Stop scripts and servers that use it first. A copy of the database as it is stays beside it.`;
  const agreed = "Upgrade";
  const question = `Upgrade the schema of ${store.name}?`;
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, agreed)) === agreed;
}

async function runUpgrade(platform: Platform, uri: string, how: string[]): Promise<string> {
  try {
    const args = [platform.program("cli.js"), "db", "upgrade", uri, ...how];
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    return (await promisify(execFile)(process.execPath, args, { env })).stdout.trim();
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new MlflowError("INVALID_STATE", said, { cause: error });
  }
}
