import type * as vscode from "vscode";
import { type CommandName, type Commands, registerCommand } from "../platform/commands.ts";
import { withMenuRow } from "../platform/menuRow.ts";
import type { Platform } from "../platform/platform.ts";
import type { ServingTree } from "./tree.ts";

/** Registers commands of the menus of the Serving view's rows, which is drawn again with each change of a server. */
export function rowCommandsOf(platform: Platform, tree: ServingTree) {
  return <N extends CommandName>(name: N, body: (...given: Commands[N]) => Promise<unknown>): vscode.Disposable =>
    registerCommand(platform, name, async (...given) => body(...(await withMenuRow(tree.view, given, () => true))));
}
