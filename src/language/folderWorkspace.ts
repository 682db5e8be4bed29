import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Workspace } from "./service/workspace.ts";

/** Text of a file that is open in the editor. */
export type OpenText = (file: string) => string | undefined;

/** Bytes; a larger file beside an MLproject is no script or environment file that someone wrote. */
const MOST_BYTES = 1_000_000;

/** The folder of a file on disk. */
export function folderWorkspace(file: string, openText: OpenText = () => undefined): Workspace {
  const folder = dirname(file);
  return {
    fileName: basename(file),
    uriOf: (path) => pathToFileURL(resolve(folder, path)).href,
    exists: (path) => existsSync(resolve(folder, path)),
    read: (path) => small(openText(resolve(folder, path))) ?? readText(resolve(folder, path)),
    list: (path) => namesIn(resolve(folder, path)),
  };
}

function small(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= MOST_BYTES ? text : undefined;
}

/** Path of a file URI; undefined for another one, and for one that names no file here. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** Files whose texts are kept: a check asks for each script at every keystroke. */
const KEPT = 100;

/** What tells a file from another version of it, and its text then. */
const kept = new Map<string, { version: string; text: string }>();

function readText(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true || stats.size > MOST_BYTES) return undefined;
  const version = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(" ");
  const known = kept.get(file);
  if (known?.version === version) return known.text;
  try {
    const text = readFileSync(file, "utf8");
    kept.delete(file);
    // One that was written this moment may be written again within the clock's grain.
    if (Date.now() - stats.ctimeMs > 1000) kept.set(file, { version, text });
    const [oldest = file] = kept.keys();
    if (kept.size > KEPT) kept.delete(oldest);
    return text;
  } catch {
    // It may not be looked at, or went away meanwhile.
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
