import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pause } from "./chain.ts";

/** Bytes of all files in a folder; links are not followed, what cannot be read counts nothing. */
export async function bytesIn(folder: string, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  let pausedAt = performance.now();
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const entry of entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.isDirectory()) waiting.push(path);
      else if (entry.isFile()) bytes += lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
    if (performance.now() - pausedAt < 20) continue;
    await pause(signal);
    pausedAt = performance.now();
  }
  return bytes;
}

/**
 * Whether a folder of artifacts may be removed with all that is in it: only one that bears the id of what it belongs to, as MLflow's do.
 * A database from elsewhere may name any folder.
 */
export function isOwnFolder(folder: string, id: string): boolean {
  return id !== "" && basename(folder) === "artifacts" && basename(dirname(folder)) === id;
}

/** Removes a folder of artifacts, and the folder of its run when nothing else is in it. A link is removed, not followed. */
export function removeArtifacts(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  removeEmpty(dirname(folder));
}

export function removeEmpty(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}
