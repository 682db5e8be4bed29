import * as vscode from "vscode";
import type { ServerDiscovery } from "../../protocol/discovery.ts";

/** What makes a script in a terminal of `folder` log to our server: MLflow's own variables. */
export function setTerminalEnvironment(
  context: vscode.ExtensionContext,
  folder: vscode.WorkspaceFolder,
  discovery: ServerDiscovery,
  storeName: string,
): void {
  const variables = context.environmentVariableCollection.getScoped({ workspaceFolder: folder });
  const wanted = variablesOf(discovery);
  // Setting a value anew marks running terminals as out of date, so nothing is touched that is right already.
  const unchanged = Object.entries(wanted).every(([name, value]) => variables.get(name)?.value === value);
  if (unchanged) return;
  variables.description = new vscode.MarkdownString(`MLflow scripts of this terminal log to \`${storeName}\`.`);
  for (const [name, value] of Object.entries(wanted)) variables.replace(name, value);
}

export function clearTerminalEnvironment(context: vscode.ExtensionContext, folder: vscode.WorkspaceFolder): void {
  context.environmentVariableCollection.getScoped({ workspaceFolder: folder }).clear();
}

/** The variables MLflow's clients read (mlflow 3.17: the token is sent as `Authorization: Bearer`). */
export function variablesOf(discovery: ServerDiscovery): Record<string, string> {
  return {
    MLFLOW_TRACKING_URI: addressOf(discovery),
    MLFLOW_TRACKING_TOKEN: discovery.token,
  };
}

/** The tracking URI that our server answers at. */
export function addressOf({ port }: ServerDiscovery): string {
  return `http://127.0.0.1:${port}`;
}
