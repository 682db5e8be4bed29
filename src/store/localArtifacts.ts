import { type Dirent, lstatSync, realpathSync } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { withoutEndSlashes } from "../mlflow/uris.ts";
import { invalid } from "./validation.ts";

// Artifacts that lie on this machine. Whatever a path says, what is answered lies below its root.

/** How the names of files begin that the tracking server is still writing: they are no artifacts yet. */
export const UPLOAD_PREFIX = ".flowdeck-upload-";

/** The folder that an artifact location names; relative ones count from `base`. Undefined when it is not local. */
export function localFolder(location: string, base: string): string | undefined {
  const folder = folderNamed(location, base);
  // A database may hold anything: no folder has such a name, and asking for it is an error.
  return folder?.includes("\0") === true ? undefined : folder;
}

function folderNamed(location: string, base: string): string | undefined {
  if (location === "") return undefined;
  if (location.startsWith("file:")) return pathOfUri(location.replace(/^file:(?!\/\/)\/?/, "file:///"));
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]+):/.exec(location);
  return scheme === null ? resolve(base, location) : undefined;
}

function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    // Another host's folder.
    return undefined;
  }
}

/** Throws INVALID_PARAMETER_VALUE for a path that could leave its root. */
export function checkArtifactPath(path: string): void {
  const parts = path.split(/[\\/]/);
  const bad = isAbsolute(path) || /^[a-zA-Z]:/.test(path) || path.includes("\0") || parts.includes("..");
  if (bad) throw invalid(`Invalid path: ${path}`);
}

/** Entries that are looked at before others get their turn. */
const TURN = 500;

/** Files and folders directly below `path`, sorted; [] when it is absent or a file (as mlflow 3.17 answers). */
export async function listFolder(root: string, path = ""): Promise<FileInfo[]> {
  checkArtifactPath(path);
  const found = await insideRoot(root, path);
  if (found === undefined || !(await stat(found.real)).isDirectory()) return [];
  const prefix = withoutEndSlashes(path);
  const infos: FileInfo[] = [];
  for (const [i, entry] of (await readdir(found.real, { withFileTypes: true })).entries()) {
    if (i % TURN === TURN - 1) await nextTurn();
    if (entry.name.startsWith(UPLOAD_PREFIX)) continue;
    const kind = kindOf(found, entry);
    const relative = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (kind === "folder") infos.push({ path: relative, is_dir: true });
    else if (kind !== undefined) infos.push({ path: relative, is_dir: false, file_size: kind });
  }
  return infos.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Bytes of a file, or "folder"; undefined for what is neither, is gone, or is a link that leads out. */
function kindOf({ real, realRoot }: Found, entry: Dirent): number | "folder" | undefined {
  if (entry.isDirectory()) return "folder";
  const path = join(real, entry.name);
  if (entry.isFile()) return lstatSync(path, { throwIfNoEntry: false })?.size;
  if (!entry.isSymbolicLink()) return undefined;
  try {
    const target = realpathSync.native(path);
    if (!isBelow(realRoot, target)) return undefined;
    const stats = lstatSync(target);
    return stats.isDirectory() ? "folder" : stats.isFile() ? stats.size : undefined;
  } catch {
    // A link to nothing, or in a circle, shows nothing.
    return undefined;
  }
}

/** The real path of an artifact; undefined when it is absent, or a pipe or device that nobody should open. */
export async function findFile(root: string, path: string): Promise<string | undefined> {
  checkArtifactPath(path);
  const found = await insideRoot(root, path);
  if (found === undefined) return undefined;
  const stats = await stat(found.real);
  return stats.isFile() || stats.isDirectory() ? found.real : undefined;
}

interface Found {
  /** Paths without links. */
  real: string;
  realRoot: string;
}

/** The real path of `path` below `root`; undefined when absent. A link that leads out is refused. */
async function insideRoot(root: string, path: string): Promise<Found | undefined> {
  const realRoot = await realpath(root).catch((error: unknown) => notFound(error, path));
  if (realRoot === undefined) return undefined;
  const real = await realpath(join(realRoot, path)).catch((error: unknown) => notFound(error, path));
  if (real === undefined) return undefined;
  if (isBelow(realRoot, real)) return { real, realRoot };
  throw invalid(`Invalid path: ${path}`);
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function notFound(error: unknown, path: string): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  if (code === "ELOOP" || code === "ENAMETOOLONG") throw invalid(`Invalid path: ${path}`);
  if (code !== "EACCES" && code !== "EPERM") throw error;
  throw new MlflowError("PERMISSION_DENIED", `The artifacts cannot be read: ${path}`, { cause: error });
}
