import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { withProgress } from "../platform/progress.ts";
import { pickOne } from "../platform/questions.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { addWorktree, existingWorktree, fileAt, pathInside, repositoryOf, worktreeFolder } from "./git.ts";
import { type SourceFacts, sourceFacts } from "./sourceFacts.ts";

const SOURCE_SCHEME = "flowdeck-source";

/** What a run's tags tell of its code; relative names count from the folder of its store. */
export function sourceOf(store: StoreHandle, run: Run): SourceFacts {
  return sourceFacts(run.data.tags, store.folders[0]?.uri.fsPath);
}

/** Files of a commit as read-only documents. */
export function registerSourceDocuments(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SOURCE_SCHEME, {
    async provideTextDocumentContent(uri) {
      const { root, commit, path } = queryOf(uri);
      if (!vscode.workspace.isTrusted) return "";
      return (await fileAt(root, commit, path)) ?? "";
    },
  });
}

/** Opens the script, or MLproject, that a run was made with: as it was at its commit where that is known, else as it is. */
export async function openSource(store: StoreHandle, run: Run): Promise<void> {
  const facts = sourceOf(store, run);
  const path = facts.isProject && facts.path !== undefined ? projectFile(facts.path) : facts.path;
  if (path === undefined) throw gone(run);
  const root = facts.commit === undefined || !vscode.workspace.isTrusted ? undefined : await rootOf(facts);
  if (root !== undefined && facts.commit !== undefined) {
    const inside = pathInside(root, path);
    if ((await fileAt(root, facts.commit, inside)) !== undefined) {
      const query = JSON.stringify({ root, commit: facts.commit, path: inside });
      const name = `${basename(path)} (${facts.commit.slice(0, 7)})`;
      // The file's own name ends the path, so that its language is known.
      const uri = vscode.Uri.from({ scheme: SOURCE_SCHEME, path: `/${name}/${basename(path)}`, query });
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
      return;
    }
  }
  if (!existsSync(path)) throw gone(run);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
}

/** Checks a run's commit out into a working tree of its own and offers to open it. */
export async function checkOutCommit(store: StoreHandle, run: Run): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new MlflowError("PERMISSION_DENIED", "This workspace is not trusted, so nothing is checked out in it.");
  }
  const facts = sourceOf(store, run);
  const { commit } = facts;
  if (commit === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${run.info.run_name} tells no commit.`);
  const short = commit.slice(0, 7);
  const root = await rootOf(facts);
  if (root === undefined) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No repository of this window has commit ${short}.`);
  }
  const folder = (await existingWorktree(root, commit)) ?? (await newWorktree(root, commit));
  if (folder === undefined) return;
  const window = "Open in New Window";
  const add = "Add to Workspace";
  const told = `Commit ${short} is checked out in ${basename(folder)}.`;
  const chosen = await vscode.window.showInformationMessage(told, window, add);
  const uri = vscode.Uri.file(folder);
  if (chosen === window) await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
  if (chosen === add) {
    vscode.workspace.updateWorkspaceFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, { uri });
  }
}

/** Asks for the folder and fills it; undefined when the person went away. */
async function newWorktree(root: string, commit: string): Promise<string | undefined> {
  const beside = worktreeFolder(root, commit);
  const other = { label: "$(folder-opened) Choose Folder…", description: "", folder: undefined };
  const items = [{ label: `$(folder) ${basename(beside)}`, description: beside, folder: beside }, other];
  const placeHolder = `Folder that commit ${commit.slice(0, 7)} is checked out into`;
  const free = existsSync(beside) ? [other] : items;
  const chosen = await pickOne(free, { placeHolder });
  if (chosen === undefined) return undefined;
  const folder = chosen.folder ?? (await chooseParent(basename(beside)));
  if (folder === undefined) return undefined;
  const title = `Flowdeck: checking out ${commit.slice(0, 7)}…`;
  await withProgress(title, (signal) => addWorktree(root, commit, folder, signal));
  return folder;
}

async function chooseParent(name: string): Promise<string | undefined> {
  const options = { canSelectFolders: true, canSelectFiles: false, openLabel: "Check Out Here" };
  const [parent] = (await vscode.window.showOpenDialog(options)) ?? [];
  return parent === undefined ? undefined : join(parent.fsPath, name);
}

function rootOf({ commit = "", path }: SourceFacts): Promise<string | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
  return repositoryOf(commit, path === undefined ? folders : [path, ...folders]);
}

/** The MLproject of a project's folder. */
export function projectFile(folder: string): string {
  if (existsSync(folder) && statSync(folder).isFile()) return folder;
  const names = ["MLproject", "mlproject", "MLPROJECT"];
  return join(folder, names.find((name) => existsSync(join(folder, name))) ?? "MLproject");
}

/** The border: the query is ours, but anyone may write one. */
function queryOf(uri: vscode.Uri): { root: string; commit: string; path: string } {
  const query: unknown = JSON.parse(uri.query);
  const { root, commit, path } = query as Record<string, unknown>;
  if (typeof root !== "string" || typeof path !== "string") throw vscode.FileSystemError.FileNotFound(uri);
  if (typeof commit !== "string" || !/^[0-9a-f]{7,64}$/i.test(commit)) throw vscode.FileSystemError.FileNotFound(uri);
  return { root, commit, path };
}

function gone({ info }: Run): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", `The source of ${info.run_name} is not on this machine.`);
}
