import { type Dirent, lstatSync, realpathSync, statSync } from "node:fs";
import { sep } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FileInfo } from "../mlflow/entities.ts";

/** How the names of files begin that the tracking server is still writing: they are no artifacts yet. */
export const UPLOAD_PREFIX = ".flowdeck-upload-";

/** Entries that are looked at before others get their turn. */
const TURN = 500;

/** A folder of artifacts that is listed. */
export interface ListedFolder {
  /** Its path as artifacts are asked for; "" is the root. */
  path: string;
  /** The real path of what its links must not lead out of. */
  realRoot: string;
  /** The path by which an entry is reached. */
  at(name: string): string;
}

/** The artifacts of a folder, sorted by their paths. */
export async function fileInfos(folder: ListedFolder, entries: readonly Dirent[]): Promise<FileInfo[]> {
  const infos: FileInfo[] = [];
  for (const [i, entry] of entries.entries()) {
    if (i % TURN === TURN - 1) await nextTurn();
    if (entry.name.startsWith(UPLOAD_PREFIX)) continue;
    const found = kindOf(folder, entry);
    const path = folder.path === "" ? entry.name : `${folder.path}/${entry.name}`;
    if (found === "folder") infos.push({ path, is_dir: true });
    else if (found !== undefined) infos.push({ path, is_dir: false, file_size: found });
  }
  return infos.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Bytes of a file, or "folder"; undefined for what is neither, is gone, or is a link that leads out. */
function kindOf({ realRoot, at }: ListedFolder, entry: Dirent): number | "folder" | undefined {
  if (entry.isDirectory()) return "folder";
  const path = at(entry.name);
  if (entry.isFile()) return sizeOf(path);
  if (!entry.isSymbolicLink()) return undefined;
  try {
    const real = realpathSync.native(path);
    if (!isBelow(realRoot, real)) return undefined;
    const stats = statSync(real);
    return stats.isDirectory() ? "folder" : stats.isFile() ? stats.size : undefined;
  } catch {
    // A link to nothing, or in a circle, shows nothing.
    return undefined;
  }
}

/** Bytes of a file; 0, which is not told, where the system does not say; undefined when it is gone. */
function sizeOf(path: string): number | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.size;
  } catch {
    // A folder that may be listed, but not entered.
    return 0;
  }
}

/** Whether a path without links is a folder itself or lies below it. */
export function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
