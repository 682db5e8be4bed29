import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { basename, dirname, join, resolve, sep } from "node:path";
import { Readable } from "node:stream";
import type { FileInfo } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { UPLOAD_PREFIX } from "../store/localArtifacts.ts";

// Artifacts as files below one folder. Whatever path a client sends, nothing outside that folder is read or written.

/** Files and folders directly below `path`, sorted; [] when there is no such folder. */
export async function listFiles(root: string, path: string): Promise<FileInfo[]> {
  const folder = await resolveInside(root, path);
  const names = await unlessMissing(readdir(folder));
  const files: FileInfo[] = [];
  for (const name of (names ?? []).toSorted()) {
    if (name.startsWith(UPLOAD_PREFIX)) continue;
    const whole = path === "" ? name : `${path}/${name}`;
    const inside = await isInside(root, join(folder, name));
    const found = inside ? await unlessMissing(stat(join(folder, name))) : undefined;
    if (found?.isDirectory()) files.push({ path: whole, is_dir: true });
    else if (found?.isFile()) files.push({ path: whole, is_dir: false, file_size: found.size });
  }
  return files;
}

export interface OpenArtifact {
  stream: Readable;
  /** Bytes. */
  size: number;
  name: string;
}

/** Opens a file to send. Throws RESOURCE_DOES_NOT_EXIST when it is missing, INVALID_PARAMETER_VALUE for a folder. */
export async function openFile(root: string, path: string): Promise<OpenArtifact> {
  const file = await resolveInside(root, path);
  const found = await unlessMissing(stat(file));
  if (!found) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `No such artifact: '${path}'`);
  if (!found.isFile()) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Artifact path refers to a directory, not a file: '${path}'`);
  }
  // Opened before anything is answered, so that a file that cannot be read is an error and no broken answer.
  const handle = await openToRead(file, path);
  const { size } = await handle.stat();
  // What a run appends meanwhile is left out: the size has been told by then.
  const stream = size === 0 ? await emptyStream(handle) : handle.createReadStream({ start: 0, end: size - 1 });
  return { stream, size, name: basename(file) };
}

async function openToRead(file: string, path: string): Promise<FileHandle> {
  try {
    return await open(file, "r");
  } catch (cause) {
    if (codeOf(cause) !== "EACCES") throw cause;
    throw new MlflowError("PERMISSION_DENIED", `The artifact cannot be read: '${path}'.`, { cause });
  }
}

async function emptyStream(handle: FileHandle): Promise<Readable> {
  await handle.close();
  return Readable.from([]);
}

/**
 * Writes a file beside its place and moves it there, so that nobody reads half of it. `content` is not destroyed when
 * writing fails: a request whose socket is gone could not be told why.
 */
export async function saveFile(root: string, path: string, content: Readable): Promise<void> {
  const file = await resolveInside(root, path);
  if (file === resolve(root)) throw invalidPath();
  const folder = dirname(file);
  const temporary = join(folder, UPLOAD_PREFIX + randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    await writeNew(temporary, content.iterator({ destroyOnReturn: false }));
    await rename(temporary, file);
  } catch (error) {
    await unlessMissing(rm(temporary, { force: true }));
    throw writeProblem(error, path);
  }
}

async function writeNew(file: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(content);
  } finally {
    await handle.close();
  }
}

/** Removes a file or a folder with all it holds; nothing happens when it is not there. */
export async function deleteFiles(root: string, path: string): Promise<void> {
  const target = await resolveInside(root, path);
  if (target === resolve(root)) throw invalidPath();
  await rm(target, { recursive: true, force: true });
}

/**
 * The place of `path` below `root`. Throws INVALID_PARAMETER_VALUE when it would lie outside: by `..`, by an absolute path,
 * by either of them encoded once more, or through a symbolic link.
 */
async function resolveInside(root: string, path: string): Promise<string> {
  checkPath(path);
  const target = resolve(root, path);
  const whole = resolve(root);
  if (target !== whole && !target.startsWith(whole + sep)) throw invalidPath();
  if (!(await isInside(root, target))) throw invalidPath();
  return target;
}

/** Refuses what could leave a folder, however often it is encoded (mlflow 3.17 `validate_path_is_safe`). */
export function checkPath(path: string): void {
  for (let seen = path; ; ) {
    const windowsPath = /^[A-Za-z]:[\\/]|^\\\\/.test(seen);
    const leaves = seen.split("/").includes("..") || (sep === "\\" && seen.split("\\").includes(".."));
    if (leaves || windowsPath || seen.startsWith("/") || /^file:/i.test(seen) || seen.includes("\0"))
      throw invalidPath();
    const decoded = decodeOnce(seen);
    if (decoded === seen) return;
    seen = decoded;
  }
}

/** Percent signs decoded until none is left: `%252e` hides a dot twice. */
export function fullyDecoded(text: string): string {
  const decoded = decodeOnce(text);
  return decoded === text ? text : fullyDecoded(decoded);
}

function decodeOnce(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (codes) => Buffer.from(codes.replaceAll("%", ""), "hex").toString("utf8"));
}

/** Whether the real place of `target` lies below the real place of `root`; links on the way are followed. */
async function isInside(root: string, target: string): Promise<boolean> {
  const [realRoot, real] = await Promise.all([realPath(resolve(root)), realPath(target)]);
  if (realRoot === undefined || real === undefined) return false;
  return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
}

/**
 * The real path, also of something that is not there yet: its nearest parent that exists is resolved. Undefined for a link
 * to nothing, which a later write would follow.
 */
async function realPath(path: string): Promise<string | undefined> {
  const real = await unlessMissing(realpath(path));
  if (real !== undefined) return real;
  if (await unlessMissing(lstat(path))) return undefined;
  const parent = dirname(path);
  if (parent === path) return path;
  const above = await realPath(parent);
  return above === undefined ? undefined : join(above, basename(path));
}

async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "ELOOP" || code === "ENAMETOOLONG") throw invalidPath();
    throw error;
  }
}

function writeProblem(error: unknown, path: string): unknown {
  switch (codeOf(error)) {
    case "ENOSPC":
      return new MlflowError("INTERNAL_ERROR", `The disk is full: '${path}' was not stored.`, { cause: error });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new MlflowError("PERMISSION_DENIED", `The artifacts folder cannot be written: '${path}'.`, {
        cause: error,
      });
    case "EISDIR":
    case "ENOTDIR":
    case "EEXIST":
    case "ENOTEMPTY":
      return new MlflowError("INVALID_PARAMETER_VALUE", `'${path}' is a folder, or lies below a file.`, {
        cause: error,
      });
    case "ENAMETOOLONG":
      return invalidPath();
    default:
      return error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function invalidPath(): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", "Invalid path");
}
