import * as vscode from "vscode";
import { basename, relative } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { registerCommand } from "../platform/commands.ts";
import type { Platform } from "../platform/platform.ts";
import { pickOne } from "../platform/questions.ts";
import { serverRemedy } from "../server/remedies.ts";
import type { Servers } from "../server/servers.ts";
import { upgradeDatabase } from "./upgrade.ts";
import { storeAt } from "./whichStore.ts";
import type { Stores } from "./stores.ts";

export function registerStoreCommands(platform: Platform, stores: Stores, servers: Servers): vscode.Disposable[] {
  return [
    registerCommand(platform, "flowdeck.stores.choose", () => chooseStore()),
    registerCommand(platform, "flowdeck.stores.add", (place) => addStore(stores, place)),
    registerCommand(platform, "flowdeck.stores.remove", (target) => removeStore(stores, target?.uri)),
    registerCommand(platform, "flowdeck.stores.upgrade", () => upgradeStore(platform, stores)),
    registerCommand(platform, "flowdeck.server.start", () => startTracking(stores, servers), serverRemedy),
  ];
}

/** Writes the chosen store into the workspace's settings: the one file of a workspace that we write, because it was asked for. */
async function chooseStore(): Promise<void> {
  const folder = await pickFolder("Folder whose store is chosen");
  if (folder === undefined) return;
  const chosen = await askForStore(folder.uri);
  if (chosen === undefined) return;
  const { path } = await storeAt(chosen.fsPath);
  const inside = relative(folder.uri.fsPath, path);
  const value = inside.startsWith("..") ? path : inside || ".";
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  const target = several ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration("flowdeck", folder.uri).update("trackingUri", value, target);
}

/** A file that is a database, or a folder of runs; undefined when the person chose none. */
async function askForStore(beside: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const file = { label: "$(database) mlflow.db…", description: "a SQLite database", folders: false };
  const directory = { label: "$(folder-library) mlruns…", description: "a folder of runs", folders: true };
  const kind = await pickOne([file, directory], { placeHolder: "What holds the runs?" });
  if (kind === undefined) return undefined;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: !kind.folders,
    canSelectFolders: kind.folders,
    ...(beside === undefined ? {} : { defaultUri: beside }),
    openLabel: "Show Runs",
    ...(kind.folders ? {} : { filters: { "SQLite databases": ["db", "sqlite", "sqlite3"], "All files": ["*"] } }),
  });
  return chosen?.[0];
}

async function addStore(stores: Stores, place: vscode.Uri | undefined): Promise<void> {
  const chosen = place ?? (await askForStore(vscode.workspace.workspaceFolders?.[0]?.uri));
  if (chosen === undefined) return;
  const found = await storeAt(chosen.fsPath);
  if (!found.exists) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `There is no ${basename(found.path)} any more.`);
  await stores.add(found);
  await vscode.commands.executeCommand("flowdeck.experiments.focus");
}

async function removeStore(stores: Stores, uri: string | undefined): Promise<void> {
  const added = stores.known.filter((store) => store.added);
  const items = added.map(({ name, status, uri: value }) => ({ label: name, description: status.path, value }));
  if (items.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No store was added to the view.");
  const placeHolder = "Store that is no longer shown; nothing in it changes";
  const chosen = uri ?? (await pickOne(items, { placeHolder }))?.value;
  if (chosen !== undefined) await stores.remove(chosen);
}

async function upgradeStore(platform: Platform, stores: Stores): Promise<void> {
  const folder = await pickFolder("Folder whose database is upgraded");
  const store = folder === undefined ? undefined : await stores.of(folder.uri);
  if (folder !== undefined && store !== undefined) await upgradeDatabase(platform, folder, store);
}

async function startTracking(stores: Stores, servers: Servers): Promise<void> {
  const folder = await pickFolder("Folder whose scripts are tracked");
  const store = folder === undefined ? undefined : await stores.of(folder.uri);
  if (folder === undefined || store === undefined) return;
  if (store.status.kind === "files" && !(await logToDatabase(folder))) return;
  const current = store.status.kind === "files" ? await stores.again(folder) : store;
  await servers.start(current);
  const chosen = await vscode.window.showInformationMessage(
    "Scripts that run in a new terminal of this window are tracked.",
    "Open Terminal",
  );
  if (chosen !== undefined) await vscode.commands.executeCommand("workbench.action.terminal.new");
}

/** A file store takes no new runs from us: asks whether the folder logs to an mlflow.db from here on. */
async function logToDatabase(folder: vscode.WorkspaceFolder): Promise<boolean> {
  const agreed = "Log to mlflow.db";
  const detail = "The runs in mlruns stay as they are and can be shown again with the setting flowdeck.trackingUri.";
  const question = "mlruns takes no new runs from Flowdeck. Log to an mlflow.db in this folder instead?";
  const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, agreed);
  if (chosen !== agreed) return false;
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await vscode.workspace.getConfiguration("flowdeck", folder.uri).update("trackingUri", "mlflow.db", target);
  return true;
}

async function pickFolder(placeHolder: string): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0)
    throw new MlflowError("INVALID_STATE", "No folder is open; open the one that holds the runs.");
  return folders.length < 2 ? folders[0] : vscode.window.showWorkspaceFolderPick({ placeHolder, ignoreFocusOut: true });
}
