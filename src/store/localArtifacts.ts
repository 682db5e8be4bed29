import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { withoutEndSlashes } from "../mlflow/uris.ts";
import { fileInfos, isBelow } from "./listedFiles.ts";
import { invalid } from "./validation.ts";

// Artifacts that lie on this machine. Whatever a path says, what is answered lies below its root.

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

/** Files and folders directly below `path`, sorted; [] when it is absent or a file (as mlflow 3.17 answers). */
export async function listFolder(root: string, path = ""): Promise<FileInfo[]> {
  checkArtifactPath(path);
  const found = await insideRoot(root, path);
  if (found === undefined || !(await stat(found.real)).isDirectory()) return [];
  const { real, realRoot } = found;
  const folder = { path: withoutEndSlashes(path), realRoot, at: (name: string) => join(real, name) };
  return fileInfos(folder, await readdir(real, { withFileTypes: true }));
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

function notFound(error: unknown, path: string): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  if (code === "ELOOP" || code === "ENAMETOOLONG") throw invalid(`Invalid path: ${path}`);
  if (code !== "EACCES" && code !== "EPERM") throw error;
  throw new MlflowError("PERMISSION_DENIED", `The artifacts cannot be read: ${path}`, { cause: error });
}
