import { readdir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileInfo } from "../mlflow/entities.ts";
import { invalid } from "./validation.ts";

// Artifacts that lie on this machine. Whatever a path says, what is answered lies below its root.

/** How the names of files begin that the tracking server is still writing: they are no artifacts yet. */
export const UPLOAD_PREFIX = ".flowdeck-upload-";

/** The folder that an artifact location names; relative ones count from `base`. Undefined when it is not local. */
export function localFolder(location: string, base: string): string | undefined {
  if (location === "") return undefined;
  if (location.startsWith("file:")) return fileURLToPath(location.replace(/^file:(?!\/\/)\/?/, "file:///"));
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]+):/.exec(location);
  return scheme === null ? resolve(base, location) : undefined;
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
  const folder = await insideRoot(root, path);
  if (folder === undefined || !(await stat(folder)).isDirectory()) return [];
  const prefix = path.replace(/\/+$/, "");
  const names = (await readdir(folder)).filter((name) => !name.startsWith(UPLOAD_PREFIX));
  const infos = await Promise.all(
    names.map(async (name): Promise<FileInfo | undefined> => {
      const stats = await stat(join(folder, name)).catch(notFound);
      if (stats === undefined) return undefined;
      const relative = prefix === "" ? name : `${prefix}/${name}`;
      if (stats.isDirectory()) return { path: relative, is_dir: true };
      return { path: relative, is_dir: false, file_size: stats.size };
    }),
  );
  return infos.filter((info) => info !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The real path of an artifact; undefined when it is absent. */
export async function findFile(root: string, path: string): Promise<string | undefined> {
  checkArtifactPath(path);
  return insideRoot(root, path);
}

/** The real path of `path` below `root`; undefined when absent. A link that leads out is refused. */
async function insideRoot(root: string, path: string): Promise<string | undefined> {
  const realRoot = await realpath(root).catch(notFound);
  if (realRoot === undefined) return undefined;
  const real = await realpath(join(realRoot, path)).catch(notFound);
  if (real === undefined || real === realRoot || real.startsWith(realRoot + sep)) return real;
  throw invalid(`Invalid path: ${path}`);
}

function notFound(error: unknown): undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return undefined;
  throw error;
}
