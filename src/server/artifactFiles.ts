import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync, unlinkSync } from "node:fs";
import type { Stats } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { fileInfos, isBelow, UPLOAD_PREFIX } from "../store/listedFiles.ts";
import {
  codeOf,
  findFolder,
  type Folder,
  type Place,
  realPathOfOpen,
  realPlaceOf,
  unlessMissing,
} from "./artifactFolder.ts";
import { invalidPath, isHidden, tidyPath } from "./artifactPath.ts";

// Artifacts as files of a place. Whatever path a client sends, nothing outside is read or removed. Short calls are made
// synchronously: for a file that the system has in memory, a promise costs more than the file.

/** ms after which what an upload or a removal left behind belongs to a server that was killed. */
export const ABANDONED_AFTER = 24 * 3600 * 1000;

/** Files and folders directly below `path`, sorted; [] when there is no such folder. */
export async function listFiles(place: Place, path: string): Promise<FileInfo[]> {
  const tidy = tidyPath(path);
  const folder = isHidden(tidy) ? undefined : findFolder(place, tidy);
  if (folder === undefined) return [];
  try {
    const { realPlace: realRoot, at } = folder;
    return await fileInfos({ path: tidy, realRoot, at }, await readdir(at(""), { withFileTypes: true }));
  } finally {
    folder.close();
  }
}

/** Folders that were tidied, and when. */
const tidied = new Map<string, number>();
const TIDIED_KEPT = 1_000;

/** Removes what killed servers left in a folder that is written to, once a day. Never fails: it is not what was asked for. */
export async function tidyUp(folder: Folder): Promise<void> {
  if (Date.now() - (tidied.get(folder.real) ?? 0) < ABANDONED_AFTER) return;
  if (tidied.size >= TIDIED_KEPT) tidied.clear();
  tidied.set(folder.real, Date.now());
  try {
    for (const name of await readdir(folder.at(""))) {
      if (name.startsWith(UPLOAD_PREFIX)) await removeIfAbandoned(folder.at(name));
    }
  } catch {
    // It may be written, but not listed.
  }
}

/** Removes what nobody has touched for a day, if the system lets us. */
export async function removeIfAbandoned(path: string): Promise<void> {
  try {
    const since = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (since === undefined || Date.now() - since < ABANDONED_AFTER) return;
    await rm(path, { recursive: true, force: true });
  } catch {
    // Another user's: it stays, hidden as it is.
  }
}

/** A file that is open to be sent; whoever opened it closes it. */
export interface OpenArtifact {
  fd: number;
  name: string;
  /** Bytes when it was opened; what a run appends meanwhile is left out. */
  size: number;
  /** ms since 1970. */
  mtime: number;
  /** Another one once the file is replaced or written to. */
  etag: string;
}

const OPEN_FILE = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Opens a file to send. Throws RESOURCE_DOES_NOT_EXIST when it is missing, INVALID_PARAMETER_VALUE for a folder. */
export function openFile(place: Place, path: string): OpenArtifact {
  const tidy = tidyPath(path);
  const found = isHidden(tidy) ? undefined : unlessMissing(() => openInside(place, tidy));
  if (found) return found;
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No such artifact: '${tidy}'`);
}

function openInside(place: Place, path: string): OpenArtifact {
  const realPlace = realPlaceOf(place);
  const real = realpathSync.native(join(place.root, place.folder, path));
  if (!isBelow(realPlace, real)) throw invalidPath();
  // Before it is opened: opening a pipe or a device can do something.
  checkIsFile(lstatSync(real), path);
  const fd = openToRead(real, path);
  try {
    const stats = fstatSync(fd);
    checkIsFile(stats, path);
    if (!isBelow(realPlace, realPathOfOpen(fd, real))) throw invalidPath();
    const { size, mtimeMs } = stats;
    return { fd, name: basename(path), size, mtime: mtimeMs, etag: etagOf(stats) };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function checkIsFile(stats: Stats, path: string): void {
  if (stats.isFile()) return;
  const what = stats.isDirectory() ? "refers to a directory, not a file" : "does not refer to a file";
  throw new MlflowError("INVALID_PARAMETER_VALUE", `Artifact path ${what}: '${path}'`);
}

function openToRead(real: string, path: string): number {
  try {
    return openSync(real, OPEN_FILE);
  } catch (cause) {
    const code = codeOf(cause);
    if (code === "EACCES" || code === "EPERM") {
      throw new MlflowError("PERMISSION_DENIED", `The artifact cannot be read: '${path}'.`, { cause });
    }
    if (code === "EMFILE" || code === "ENFILE") {
      throw new MlflowError("TEMPORARILY_UNAVAILABLE", "Too many files are open: try again.", { cause });
    }
    throw cause;
  }
}

function etagOf({ ino, size, mtimeMs, ctimeMs }: Stats): string {
  return `"${[ino, size, mtimeMs * 1000, ctimeMs * 1000].map((part) => Math.round(part).toString(36)).join("-")}"`;
}

/** The whole of a small file. */
export function readWhole({ fd, size }: OpenArtifact): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let read = 0;
  while (read < size) {
    const more = readSync(fd, bytes, read, size - read, read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

/** Removes a file or a folder with all it holds; nothing happens when it is not there. */
export async function deleteFiles(place: Place, path: string): Promise<void> {
  const tidy = tidyPath(path);
  if (tidy === "") throw invalidPath();
  const folder = isHidden(tidy) ? undefined : findFolder(place, parentOf(tidy));
  if (folder === undefined) return;
  try {
    const name = basename(tidy);
    const found = lstatSync(folder.at(name), { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isSymbolicLink()) checkLink(folder, name);
    if (found.isDirectory()) await deleteFolder(folder, name);
    else unlinkSync(folder.at(name));
  } catch (error) {
    throw writeProblem(error, tidy);
  } finally {
    folder.close();
  }
}

/** Moved aside first, so that no other request sees or changes half of it. */
async function deleteFolder(folder: Folder, name: string): Promise<void> {
  const aside = folder.at(UPLOAD_PREFIX + randomUUID());
  await rename(folder.at(name), aside);
  try {
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    // What cannot be removed stays where people see it.
    await rename(aside, folder.at(name));
    throw error;
  }
}

/** "" for a path of one part. */
export function parentOf(path: string): string {
  const parent = dirname(path);
  return parent === "." ? "" : parent;
}

/** Throws INVALID_PARAMETER_VALUE for a link that leads out of the place, or to nothing. */
export function checkLink(folder: Folder, name: string): void {
  const real = unlessMissing(() => realpathSync.native(folder.at(name)));
  if (real === undefined || !isBelow(folder.realPlace, real)) throw invalidPath();
}

/** What the system refused, as the client is told it. */
export function writeProblem(error: unknown, path: string): unknown {
  const told = (code: "RESOURCE_EXHAUSTED" | "PERMISSION_DENIED" | "INVALID_PARAMETER_VALUE", sentence: string) =>
    new MlflowError(code, sentence, { cause: error });
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return told("RESOURCE_EXHAUSTED", `The disk is full: '${path}' was not stored.`);
    case "EFBIG":
      return told("INVALID_PARAMETER_VALUE", `The disk takes no file as large as '${path}'.`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return told("PERMISSION_DENIED", `The artifacts folder cannot be written: '${path}'.`);
    case "EISDIR":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOTEMPTY":
      return told("INVALID_PARAMETER_VALUE", `'${path}' is a folder, or lies below a file.`);
    case "ENOENT":
      return new MlflowError("RESOURCE_CONFLICT", `The folder of '${path}' was removed meanwhile.`, { cause: error });
    case "EMFILE":
    case "ENFILE":
      return new MlflowError("TEMPORARILY_UNAVAILABLE", "Too many files are open: try again.", { cause: error });
    case "ENAMETOOLONG":
    case "EILSEQ":
    case "EINVAL":
    case "ELOOP":
      return invalidPath();
    default:
      return error;
  }
}
