import { closeSync, constants, fsync, lstatSync, openSync, renameSync, unlinkSync, writeSync, writev } from "node:fs";
import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { MlflowError } from "../mlflow/errors.ts";
import { UPLOAD_PREFIX } from "../store/listedFiles.ts";
import { checkLink, parentOf, tidyUp, writeProblem } from "./artifactFiles.ts";
import { codeOf, FILE_MODE, findFolder, type Folder, makeFolder, type Place } from "./artifactFolder.ts";
import { tidyFilePath } from "./artifactPath.ts";

/** Bytes that wait for the disk before the sender is asked to wait. */
const HIGH_WATER = 1024 * 1024;
/** Bytes that are written at once when no more come. */
const SMALL = 64 * 1024;
/** Buffers that one call writes: systems take 1,024. */
const MOST_BUFFERS = 512;

const CREATE =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const flush = promisify(fsync);

/**
 * Writes a file beside its place, flushes it and moves it there, so that nobody reads half of it and nothing that was
 * acknowledged is lost. `content` is not destroyed when writing fails: a request whose socket is gone could not be told why.
 * `check` may still refuse by the number of bytes.
 */
export async function saveFile(
  place: Place,
  path: string,
  content: Readable,
  check: (bytes: number) => void = () => undefined,
): Promise<void> {
  const tidy = tidyFilePath(path);
  try {
    const changed: string[] = [];
    const folder = findFolder(place, parentOf(tidy)) ?? makeFolder(place, parentOf(tidy), changed);
    try {
      await replaceIn(folder, basename(tidy), async (fd) => check(await writeAll(fd, content)));
      if (changed.length === 0) await tidyUp(folder);
    } finally {
      folder.close();
    }
    for (const made of changed) await flushFolder(made);
  } catch (error) {
    throw writeProblem(error, tidy);
  }
}

/** Saves a part of an upload that has begun: its folder is there. */
export async function savePart(place: Place, name: string, content: Readable): Promise<void> {
  try {
    const folder = findFolder(place, "");
    if (folder === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "The upload is over.");
    try {
      await replaceIn(folder, name, async (fd) => void (await writeAll(fd, content)));
    } finally {
      folder.close();
    }
  } catch (error) {
    throw writeProblem(error, name);
  }
}

async function replaceIn(folder: Folder, name: string, write: (fd: number) => Promise<void>): Promise<void> {
  checkTarget(folder, name);
  const temporary = folder.at(UPLOAD_PREFIX + randomUUID());
  const fd = openSync(temporary, CREATE, FILE_MODE);
  let named = false;
  try {
    try {
      await write(fd);
      await flush(fd);
    } finally {
      closeSync(fd);
    }
    checkTarget(folder, name);
    renameSync(temporary, folder.at(name));
    named = true;
  } finally {
    if (!named) removeIfThere(temporary);
  }
  if (folder.fd !== undefined) await flushEntries(folder.fd);
}

/** What may be replaced: a file, or a link to one of the same place. */
function checkTarget(folder: Folder, name: string): void {
  const found = lstatSync(folder.at(name), { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  if (found.isSymbolicLink()) return checkLink(folder, name);
  const message = found.isDirectory() ? `'${name}' is a folder.` : `'${name}' is no file.`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It was never made, or its folder is gone. The reason of the failure is told, not this.
  }
}

async function flushFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const fd = openSync(path, constants.O_RDONLY);
  try {
    await flushEntries(fd);
  } finally {
    closeSync(fd);
  }
}

/** Not every file system flushes folders, and those that do not say so: what was written to the file is safe all the same. */
async function flushEntries(fd: number): Promise<void> {
  try {
    await flush(fd);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EOPNOTSUPP") throw error;
  }
}

/**
 * Writes all that comes, holding up the sender while the disk is slower; gives the number of bytes. Rejects when the content
 * ends before its end: a client that went away, a body shorter than it said.
 */
function writeAll(fd: number, content: Readable): Promise<number> {
  return new Promise((done, fail) => {
    let waiting: Buffer[] = [];
    let held = 0;
    let total = 0;
    let writing = false;
    let ended = false;
    let scheduled = false;
    let over = false;
    let problem: unknown;

    const finish = (error: unknown) => {
      problem ??= error;
      // The file is closed next: what is being written to it is waited for.
      if (over || writing) return;
      over = true;
      content.off("data", take).off("end", end).off("close", breakOff);
      if (problem === undefined) done(total);
      else fail(problem);
    };
    const flushWaiting = () => {
      scheduled = false;
      if (writing || over || problem !== undefined) return;
      if (waiting.length === 0) return ended ? finish(undefined) : undefined;
      if (ended && held <= SMALL) return finish(writeNow());
      const chunks = waiting.slice(0, MOST_BUFFERS);
      waiting = waiting.slice(MOST_BUFFERS);
      writing = true;
      writev(fd, chunks, (error, written) => {
        writing = false;
        if (error || problem !== undefined) return finish(error);
        total += written;
        held -= written;
        waiting = [...rest(chunks, written), ...waiting];
        if (held < HIGH_WATER && !over) content.resume();
        flushWaiting();
      });
    };
    /** What a write of a few bytes costs on another thread is more than the write. */
    const writeNow = (): unknown => {
      try {
        for (const chunk of waiting) {
          for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
          total += chunk.length;
        }
        return undefined;
      } catch (error) {
        return error;
      }
    };
    const take = (chunk: Buffer | string) => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      if (bytes.length === 0) return;
      waiting.push(bytes);
      held += bytes.length;
      if (held >= HIGH_WATER) content.pause();
      // In a moment: the end of a small file comes right behind its beginning.
      if (scheduled || writing) return;
      scheduled = true;
      setImmediate(flushWaiting);
    };
    const end = () => {
      ended = true;
      flushWaiting();
    };
    const breakOff = () => {
      // A request closes after its end too, while the last of it is still being written.
      if (!ended) finish(new MlflowError("INVALID_PARAMETER_VALUE", "The upload broke off before its end."));
    };
    content.on("data", take).on("end", end).on("close", breakOff);
    // Stays: an error after the end of the work must not end the process.
    content.on("error", finish);
    if (content.destroyed) breakOff();
  });
}

/** What a write that did not take all left over. */
function rest(chunks: Buffer[], written: number): Buffer[] {
  let skip = written;
  const left: Buffer[] = [];
  for (const chunk of chunks) {
    if (skip >= chunk.length) skip -= chunk.length;
    else {
      left.push(chunk.subarray(skip));
      skip = 0;
    }
  }
  return left;
}
