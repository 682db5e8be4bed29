import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { DRAFT, isInside, readOwn } from "./stamps.ts";
import { type Meta, type MetaValue, readMeta, writeMeta } from "./metaYaml.ts";

/** Adds at the end of a plain file: neither waits at a pipe nor writes through a link. */
const APPEND =
  constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * What one call writes to the store. Whoever reads sees each file whole, old or new, and a folder whole or not at all. `undo`
 * takes back what was done; what was taken away is cleared only by `finish`. A draft lies in the folder (of the run, the
 * experiment, the model), where MLflow looks at no files: in `tags/` it would be taken for a tag.
 */
export class Edit {
  readonly #trash: string;
  /** Folder for what is made or cleared away where MLflow does not look: folders beside models would be taken for models. */
  readonly #shed: string;
  readonly #undo: (() => void)[] = [];
  readonly #rest: string[] = [];

  /** `trash` lies in the store's folder. */
  constructor(trash: string) {
    this.#trash = trash;
    this.#shed = join(trash, draftName());
  }

  /** Writes a file whole; `path` is relative to `folder`. */
  text(folder: string, path: string, text: string, sync = false): void {
    const file = join(folder, path);
    const draft = join(folder, `${draftName()}.tmp`);
    try {
      writeNew(draft, Buffer.from(text), sync);
      this.#parent(folder, file);
      const before = bytesOf(file);
      renameSync(draft, file);
      this.#undo.push(() => {
        if (before === undefined) return rmSync(file, { force: true });
        writeNew(draft, before, sync);
        renameSync(draft, file);
      });
    } catch (error) {
      attempt(() => rmSync(draft, { force: true }));
      throw error;
    }
  }

  /** Writes a folder's meta.yaml, onto the disk before anything else goes on. */
  meta(folder: string, meta: Meta): void {
    this.text(folder, "meta.yaml", writeMeta(meta), true);
  }

  /** Changes some fields of a folder's meta.yaml; what else is in it stays, undefined takes a field away. */
  rewrite(folder: string, changes: Record<string, MetaValue | undefined>): void {
    const meta = readMeta(readOwn(folder, "meta.yaml") ?? "");
    if (meta === undefined) throw new MlflowError("INVALID_STATE", "The folder's meta.yaml cannot be read.");
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) delete meta[key];
      else meta[key] = value;
    }
    this.meta(folder, meta);
  }

  /** Adds whole lines in one write, so that lines of several writers never mix. */
  append(folder: string, path: string, lines: string): void {
    const file = join(folder, path);
    this.#parent(folder, file);
    const isNew = lstatSync(file, { throwIfNoEntry: false }) === undefined;
    const bytes = Buffer.from(lines);
    const handle = openSync(file, APPEND, 0o666);
    try {
      const before = fstatSync(handle).size;
      let done = 0;
      this.#undo.push(() => {
        // Lines that another program has added since are not ours to take away.
        if (lstatSync(file).size !== before + done) return;
        if (isNew && before === 0) rmSync(file);
        else truncateSync(file, before);
      });
      while (done < bytes.length) done += writeSync(handle, bytes, done);
    } finally {
      closeSync(handle);
    }
  }

  /** Takes a file away. */
  remove(folder: string, path: string): void {
    const file = join(folder, path);
    checkInside(folder, file);
    const aside = join(folder, `${draftName()}.tmp`);
    this.move(file, aside);
    this.#rest.push(aside);
  }

  /** Takes a folder away with all that is in it. */
  removeFolder(folder: string): void {
    this.move(folder, this.shed(`old-${randomUUID().slice(0, 8)}`));
  }

  /** A path below `folder`, with the folders above it made. Throws INVALID_STATE when a link among them leads out of `folder`. */
  below(folder: string, path: string): string {
    const whole = join(folder, path);
    this.#parent(folder, whole);
    return whole;
  }

  /** Makes the folder that `file` lies in, below `folder`. */
  #parent(folder: string, file: string): void {
    if (dirname(file) === folder) return;
    this.folder(dirname(file));
    checkInside(folder, file);
  }

  /** The folder of what was deleted, which is made where it is missing. Throws INVALID_STATE when it is a link out of the store. */
  trash(): string {
    this.#parent(dirname(this.#trash), join(this.#trash, "x"));
    return this.#trash;
  }

  move(from: string, to: string): void {
    renameSync(from, to);
    this.#undo.push(() => renameSync(to, from));
  }

  /** Moves a folder to where none is; false when another one is faster. */
  claim(from: string, to: string): boolean {
    try {
      this.move(from, to);
      return true;
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOTEMPTY" || code === "EEXIST") return false;
      throw error;
    }
  }

  /** Makes a folder and the ones above it; it may be there. */
  folder(folder: string): void {
    const first = mkdirSync(folder, { recursive: true });
    if (first === undefined) return;
    this.#undo.push(() => {
      for (let made = folder; made.length >= first.length; made = dirname(made)) rmdirSync(made);
    });
  }

  /** Makes a folder in one where MLflow looks at no others, for what gets its name when it is whole. */
  draft(folder: string): string {
    const draft = join(folder, draftName());
    this.#rest.push(draft);
    mkdirSync(draft);
    return draft;
  }

  /** A place for a folder that is made whole before it gets its name. */
  shed(name: string): string {
    // Below `models`, which no release takes for a run of a deleted experiment.
    const inner = join(this.#shed, "models");
    if (!this.#rest.includes(this.#shed)) {
      this.trash();
      this.#rest.push(this.#shed);
    }
    mkdirSync(inner, { recursive: true });
    return join(inner, name);
  }

  /** Clears away what was replaced. What stays because of the disk is passed over by every reader. */
  finish(): void {
    for (const path of this.#rest) attempt(() => rmSync(path, { recursive: true, force: true }));
  }

  /** Takes everything back, the last first. */
  undo(): void {
    for (const step of this.#undo.reverse()) attempt(step);
    this.finish();
  }
}

function draftName(): string {
  return `${DRAFT}${randomUUID().slice(0, 8)}`;
}

/** A link to elsewhere in place of `tags` or `metrics` is nothing to write through. */
function checkInside(folder: string, file: string): void {
  const parent = dirname(file);
  if (parent === folder || isInside(realpathSync.native(folder), parent)) return;
  throw new MlflowError("INVALID_STATE", "A link in the store leads out of it: nothing was written there.");
}

function writeNew(file: string, bytes: Buffer, sync: boolean): void {
  const handle = openSync(file, "wx");
  try {
    writeAll(handle, bytes);
    if (sync) fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(handle, bytes, done);
}

/** What a file holds that is about to be replaced; undefined when there is none. */
function bytesOf(file: string): Buffer | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file) : undefined;
}

/** Half of something is better than nothing: what is cleared away must not hide the error that it came from. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Gone already, or a disk that refuses everything.
  }
}
