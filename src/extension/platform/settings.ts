import * as vscode from "vscode";
import type { PageSettings } from "../../protocol/panels/settings.ts";
import type { ServingEnvManager } from "../../protocol/serving.ts";

/** Every setting of package.json with its type. */
export interface Settings {
  "flowdeck.trackingUri": string;
  "flowdeck.server.port": number;
  "flowdeck.python.interpreter": string;
  "flowdeck.metrics.direction": PageSettings["directions"];
  "flowdeck.projects.envManager": "auto" | "local" | "virtualenv" | "uv";
  "flowdeck.projects.paramQuoting": "raw" | "mlflow";
  "flowdeck.projects.keepRunning": boolean;
  "flowdeck.serving.envManager": ServingEnvManager;
  "flowdeck.serving.port": number;
  "flowdeck.serving.keepRunning": boolean;
  /** Asked by the language server, through the client. */
  "flowdeck.mlproject.severity": Record<string, string>;
}

/** A setting's value for `scope` (a workspace folder or a file in it); package.json has the defaults. */
export function setting<N extends keyof Settings>(name: N, fallback: Settings[N], scope?: vscode.Uri): Settings[N] {
  return vscode.workspace.getConfiguration(undefined, scope).get<Settings[N]>(name, fallback);
}

/** Calls `changed` when one of `names` changes anywhere. */
export function onSetting(names: (keyof Settings)[], changed: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (names.some((name) => event.affectsConfiguration(name))) changed();
  });
}
