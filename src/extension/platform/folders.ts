import * as vscode from "vscode";

/** Whether two workspace folders are the same one: their index changes when another comes or goes. */
export function sameFolder(one: vscode.WorkspaceFolder, other: vscode.WorkspaceFolder | undefined): boolean {
  return one.uri.toString() === other?.uri.toString();
}

/** Whether `file` lies in one of `folders`, as the workspace sees it. */
export function holdsFile(folders: readonly vscode.WorkspaceFolder[], file: vscode.Uri): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  return folders.some((one) => sameFolder(one, folder));
}
