import { lstatSync, readdirSync, rmdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pause } from "./chain.ts";

/** Bytes of all files in a folder; links are not followed, what cannot be read counts nothing. */
export async function bytesIn(folder: string, signal?: AbortSignal): Promise<number> {
  let bytes = 0;
  let pausedAt = performance.now();
  const waiting = isRealFolder(folder) ? [folder] : [];
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

/** Ids of runs and logged models as MLflow makes them. */
const OWN_ID = /^(m-)?[0-9a-f]{32}$/;

/**
 * Whether a folder of artifacts may be removed with all that is in it: only one that bears the id of what it belongs to, as MLflow's do.
 * A database from elsewhere may name any folder, and any id.
 */
export function isOwnFolder(folder: string, id: string): boolean {
  return OWN_ID.test(id) && basename(folder) === "artifacts" && basename(dirname(folder)) === id;
}

/**
 * Removes a folder of artifacts, and the folder of its run when nothing else is in it. A link is removed, not followed. False when the disk
 * refuses.
 */
export async function removeArtifacts(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    // Somebody else's, or in use: whoever asked is told that it stays.
    return false;
  }
  removeEmpty(dirname(folder));
  return true;
}

export function removeEmpty(folder: string): void {
  try {
    if (isRealFolder(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  } catch {
    // An empty folder that stays harms nobody.
  }
}

function isRealFolder(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // Below something that is no folder, or not ours to look at.
    return false;
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}
