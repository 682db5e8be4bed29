import * as vscode from "vscode";
import type { Platform } from "../platform/platform.ts";

/** Tells what was done, with a button that takes it back. */
export function offerUndo(platform: Platform, told: string, back: () => Promise<void>): void {
  const answered = async (): Promise<void> => {
    if ((await vscode.window.showInformationMessage(told, "Undo")) === "Undo") await back();
  };
  answered().then(undefined, (error: unknown) => platform.report(error));
}
