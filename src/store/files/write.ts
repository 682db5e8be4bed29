import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Meta, writeMeta } from "./metaYaml.ts";

/**
 * Writes a file whole: whoever reads sees the old or the new text. The draft lies in `folder` (of the run, the experiment,
 * the model), where MLflow looks at no files: in `tags/` it would be taken for a tag.
 */
export function writeText(folder: string, path: string, text: string, sync = false): void {
  const draft = join(folder, `.flowdeck-${randomUUID().slice(0, 8)}.tmp`);
  const file = join(folder, path);
  try {
    const handle = openSync(draft, "wx");
    try {
      writeSync(handle, text);
      if (sync) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (dirname(file) !== folder) mkdirSync(dirname(file), { recursive: true });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Writes a folder's meta.yaml, onto the disk before anything else goes on. */
export function writeMetaFile(folder: string, meta: Meta): void {
  writeText(folder, "meta.yaml", writeMeta(meta), true);
}

/** Adds whole lines in one write, so that lines of several writers never mix. */
export function appendLines(file: string, lines: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(file, "a");
  try {
    const bytes = Buffer.from(lines);
    for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
  } finally {
    closeSync(handle);
  }
}

/** Makes a folder and the ones above it; it may be there. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
}
