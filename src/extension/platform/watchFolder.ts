import { watch } from "node:fs";
import type * as vscode from "vscode";
import type { Platform } from "./platform.ts";

/**
 * Calls `look` when something in the folder changes, with its name where the system tells it; where the system watches no more
 * files, every `poll` ms.
 */
export function watchFolder(
  platform: Platform,
  folder: string,
  poll: number,
  look: (name?: string) => void,
): vscode.Disposable {
  let end = (): void => undefined;
  const goRound = (error: unknown): void => {
    platform.log.warn(`${folder} is looked at every ${poll} ms, since it cannot be watched: ${String(error)}`);
    const timer = setInterval(() => look(), poll);
    end = () => clearInterval(timer);
  };
  try {
    const watcher = watch(folder, (_, name) => look(name ?? undefined));
    end = () => watcher.close();
    watcher.on("error", goRound);
  } catch (error) {
    goRound(error);
  }
  return { dispose: () => end() };
}
