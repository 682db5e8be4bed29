import type * as vscode from "vscode";
import { type CommandName, type Commands, registerCommand } from "../platform/commands.ts";
import { isLostRow, rowIsGone } from "../platform/menuRow.ts";
import type { Platform } from "../platform/platform.ts";

/**
 * Registers commands of the Serving view's rows. VS Code (1.139) hands on `undefined` for a row that went meanwhile: then no server
 * is meant, least of all the only one that is left. Whoever calls from elsewhere gives a target or no argument at all.
 */
export function rowCommandsOf(platform: Platform) {
  return <N extends CommandName>(name: N, body: (...given: Commands[N]) => Promise<unknown>): vscode.Disposable =>
    registerCommand(platform, name, async (...given) => {
      if (isLostRow(given)) throw rowIsGone();
      return body(...given);
    });
}
