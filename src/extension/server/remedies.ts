import * as vscode from "vscode";
import { MlflowError } from "../../mlflow/errors.ts";
import { execute } from "../platform/commands.ts";
import type { Remedy } from "../platform/platform.ts";

/** The button that helps when a tracking server did not start. */
export function serverRemedy(error: unknown): Remedy | undefined {
  if (!(error instanceof MlflowError)) return undefined;
  const { Workspace } = vscode.ConfigurationTarget;
  switch (error.error_code) {
    case "RESOURCE_CONFLICT":
      return {
        title: "Use a Free Port",
        run: async () => {
          await vscode.workspace.getConfiguration("flowdeck.server").update("port", 0, Workspace);
          await execute("flowdeck.server.start");
        },
      };
    case "TEMPORARILY_UNAVAILABLE":
      return { title: "Try Again", run: () => execute("flowdeck.server.start") };
    case "PERMISSION_DENIED":
      return {
        title: "Manage Workspace Trust",
        run: () => vscode.commands.executeCommand("workbench.trust.manage"),
      };
    case "INVALID_STATE":
      return { title: "Choose Another Store…", run: () => execute("flowdeck.stores.choose") };
    default:
      return undefined;
  }
}
