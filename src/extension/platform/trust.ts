import * as vscode from "vscode";

/** Calls `then` at once in a trusted workspace, else when it becomes one. */
export function whenTrusted(then: () => void): vscode.Disposable {
  if (vscode.workspace.isTrusted) {
    then();
    return new vscode.Disposable(() => undefined);
  }
  return vscode.workspace.onDidGrantWorkspaceTrust(then);
}
