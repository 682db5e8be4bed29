import { constants, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import type { Dirent, Stats } from "node:fs";
import { join } from "node:path";
import { isBelow } from "../listedFiles.ts";

/** ms: what was changed so shortly before it was read may change again without a new time (jiffies, FAT, NFS). */
const UNSETTLED = 50;

/** How the names of what is still being written or cleared away begin: nobody reads it. */
export const DRAFT = ".flowdeck-";

/** Bytes of the longest file that is read as one text: a dataset's profile may have 16 MB. */
const LONGEST = 32 << 20;
/** Never waits at a pipe that has come where a file was a moment ago. */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Where a folder was looked at, and how it looked: paths relative to it, modification times in ms, bytes (-1: a folder). */
export interface Stamps {
  paths: string[];
  times: number[];
  sizes: number[];
  /** False: look again, whatever the times say. */
  settled: boolean;
}

const known = new Map<string, string>();

/** One string for equal paths: thousands of runs have the same keys. */
function shared(path: string): string {
  const found = known.get(path);
  if (found !== undefined) return found;
  if (known.size < 100_000) known.set(path, path);
  return path;
}

export function sharePaths(stamps: Stamps): Stamps {
  return { ...stamps, paths: stamps.paths.map(shared) };
}

/**
 * Reads a folder and keeps what was looked at. Everything is synchronous: for thousands of small files promises cost
 * three times as much. Only plain files are read (a pipe would never end).
 */
export class Look {
  readonly folder: string;
  readonly stamps: Stamps = { paths: [], times: [], sizes: [], settled: true };
  readonly #started = Date.now();
  #real: string | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Names in a folder, sorted; [] when it is missing. `path` is "" for the folder itself. */
  list(path: string): Dirent[] {
    const whole = join(this.folder, path);
    const stats = statsOf(whole);
    if (stats === undefined || !stats.isDirectory()) return [];
    this.#stamp(path, stats.mtimeMs, -1);
    return entriesOf(whole).filter((entry) => !entry.isSymbolicLink() || this.#isOwn(join(whole, entry.name)));
  }

  /** False for a link that leads elsewhere: what lies there is no part of the run. */
  #isOwn(link: string): boolean {
    this.#real ??= realpathSync.native(this.folder);
    return isInside(this.#real, link);
  }

  /** Keys of the files below a folder: `/` between the parts of nested ones. */
  keys(path: string): string[] {
    return this.list(path).flatMap((entry) => {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory()) return this.keys(inside).map((key) => `${entry.name}/${key}`);
      return isPlainFile(entry, join(this.folder, inside)) ? [entry.name] : [];
    });
  }

  /** A file that is written once: its text, without a stamp of its own. Undefined when it cannot be read. */
  once(path: string): string | undefined {
    return readText(join(this.folder, path));
  }

  /** A file that may change: its text. Undefined when it cannot be read. */
  text(path: string): string | undefined {
    const stats = this.stat(path);
    return stats === undefined || stats.size > LONGEST ? undefined : readText(join(this.folder, path));
  }

  /** Stamps a file that is read in another way. */
  stat(path: string): Stats | undefined {
    const stats = statsOf(join(this.folder, path));
    if (stats === undefined || !stats.isFile()) return undefined;
    this.#stamp(path, stats.mtimeMs, stats.size);
    return stats;
  }

  #stamp(path: string, time: number, size: number): void {
    this.stamps.paths.push(shared(path));
    this.stamps.times.push(time);
    this.stamps.sizes.push(size);
    if (time > this.#started - UNSETTLED) this.stamps.settled = false;
  }
}

/** True when nothing was changed since; `quick` looks at folders and meta.yaml only, not at each file's content. */
export function unchanged(folder: string, stamps: Stamps, quick: boolean): boolean {
  if (!stamps.settled) return false;
  const { paths, times, sizes } = stamps;
  for (let i = 0; i < paths.length; i++) {
    const path = paths[i] ?? "";
    const size = sizes[i] ?? -1;
    if (quick && size >= 0 && path !== "meta.yaml") continue;
    const stats = statsOf(path === "" ? folder : `${folder}/${path}`);
    if (stats === undefined || stats.mtimeMs !== times[i] || (size >= 0 && stats.size !== size)) return false;
  }
  return true;
}

/** Entries of a folder, sorted by name; [] when it cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // Missing, no folder, or not ours to read: as if it were empty.
    return [];
  }
}

/** True for a folder and for a link to one. */
export function isFolder(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statsOf(path)?.isDirectory() === true;
}

function isPlainFile(entry: Dirent, path: string): boolean {
  return entry.isSymbolicLink() ? statsOf(path)?.isFile() === true : entry.isFile();
}

/** What a path is, links followed; undefined when nobody can tell. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // A ring of links, a file where a folder was, a path too long or closed to us: as if it were missing.
    return undefined;
  }
}

/** True for what lies in a folder once all links are followed; `real` is the folder's path without links. */
export function isInside(real: string, path: string): boolean {
  try {
    return isBelow(real, realpathSync.native(path));
  } catch {
    // Leads nowhere, or in a ring.
    return false;
  }
}

/** The text of what was found to be a plain file; undefined when it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, { encoding: "utf8", flag: READ_FLAGS });
  } catch {
    // Removed meanwhile, or not ours to read: as if it were missing.
    return undefined;
  }
}

/** The text of a file below `folder` that was not looked at before. */
export function readOwn(folder: string, path: string): string | undefined {
  const file = join(folder, path);
  const stats = statsOf(file);
  if (stats === undefined || !stats.isFile() || stats.size > LONGEST) return undefined;
  return isInside(realpathSync.native(folder), file) ? readText(file) : undefined;
}
