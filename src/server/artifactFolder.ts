import { closeSync, constants, existsSync, mkdirSync, openSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { isBelow } from "../store/listedFiles.ts";
import { invalidPath } from "./artifactPath.ts";

// Folders of artifacts, opened so that nothing outside their place is reached, also not through a link that is put there
// between a check and the use: what is open is asked where it really lies, and names are looked up in what is open.

/** Where artifacts of one owner (a run, a logged model, all proxied ones) may lie. */
export interface Place {
  /** Absolute folder that the server may serve; made when it is not there. */
  root: string;
  /** Path of the owner's folder below `root`, `/` between its parts; "" = `root` itself. */
  folder: string;
}

/** A folder that was found inside its place. */
export interface Folder {
  /** Its path, free of links. */
  real: string;
  /** The real path of its place. */
  realPlace: string;
  /** The path by which an entry of this very folder is reached, whatever happens to the names above it. */
  at(name: string): string;
  /** What can be flushed to the disk; undefined where a folder cannot be opened. */
  fd: number | undefined;
  close(): void;
}

/** Modes of what the server makes; the umask of the process takes its part. */
export const FILE_MODE = 0o666;
const FOLDER_MODE = 0o777;

const HAS_PROC = process.platform === "linux" && existsSync("/proc/self/fd");
const OPEN_FOLDER = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The folder `path` of a place; undefined when it is not there. Throws INVALID_PARAMETER_VALUE when it really lies elsewhere. */
export function findFolder(place: Place, path: string): Folder | undefined {
  return unlessMissing(() => {
    const realPlace = realPlaceOf(place);
    return inside(enter(join(place.root, place.folder, path)), realPlace);
  });
}

/** The same, made when it is not there; `changed` takes the real path of each folder that got a new entry. */
export function makeFolder(place: Place, path: string, changed: string[]): Folder {
  mkdirSync(place.root, { recursive: true, mode: FOLDER_MODE });
  const root = enter(place.root);
  let folder = inside(root, root.real);
  const steps = [...partsOf(place.folder).map((name) => ({ name, own: true })), ...partsOf(path).map(named)];
  let realPlace = folder.real;
  for (const { name, own } of steps) {
    const parent = folder;
    try {
      folder = inside(enterOrMake(parent, name, changed), own ? root.real : realPlace);
    } finally {
      parent.close();
    }
    if (own) realPlace = folder.real;
  }
  return { ...folder, realPlace };
}

function named(name: string): { name: string; own: boolean } {
  return { name, own: false };
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function enterOrMake(parent: Folder, name: string, changed: string[]): Entered {
  const found = unlessMissing(() => enter(parent.at(name)));
  if (found) return found;
  try {
    mkdirSync(parent.at(name), { mode: FOLDER_MODE });
    changed.push(parent.real);
  } catch (error) {
    // Another upload made it first; a link to nothing is told by the next line.
    if (codeOf(error) !== "EEXIST") throw error;
  }
  return enter(parent.at(name));
}

/** The real path of a place. Throws INVALID_PARAMETER_VALUE when it lies outside the root, by a link. */
export function realPlaceOf({ root, folder }: Place): string {
  const realRoot = realpathSync.native(root);
  const real = folder === "" ? realRoot : realpathSync.native(join(root, folder));
  if (!isBelow(realRoot, real)) throw invalidPath();
  return real;
}

type Entered = Omit<Folder, "realPlace">;

function enter(path: string): Entered {
  if (!HAS_PROC) {
    const real = realpathSync.native(path);
    if (!statSync(real).isDirectory()) throw Object.assign(new Error(`${path} is no folder`), { code: "ENOTDIR" });
    return { real, fd: undefined, at: (name) => join(real, name), close: () => undefined };
  }
  const fd = openSync(path, OPEN_FOLDER);
  const open = `/proc/self/fd/${fd}`;
  let closed = false;
  const close = () => {
    if (!closed) closeSync(fd);
    closed = true;
  };
  return { real: readlinkSync(open), fd, at: (name) => `${open}/${name}`, close };
}

function inside(folder: Entered, realPlace: string): Folder {
  if (isBelow(realPlace, folder.real)) return { ...folder, realPlace };
  folder.close();
  throw invalidPath();
}

/** The real path of something that is open. */
export function realPathOfOpen(fd: number, path: string): string {
  return HAS_PROC ? readlinkSync(`/proc/self/fd/${fd}`) : realpathSync.native(path);
}

/** Undefined for what is not there; a loop of links and an endless name are refused. */
export function unlessMissing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    switch (codeOf(error)) {
      case "ENOENT":
      case "ENOTDIR":
        return undefined;
      case "ELOOP":
      case "ENAMETOOLONG":
      case "EINVAL":
        throw invalidPath();
      case "EACCES":
      case "EPERM":
        throw new MlflowError("PERMISSION_DENIED", "The artifacts folder cannot be read.", { cause: error });
      default:
        throw error;
    }
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
