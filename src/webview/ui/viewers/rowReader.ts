import { type Signal, signal } from "@preact/signals";
import { LONGEST_PIECE, ROWS_APART, type RowMark } from "../../../protocol/artifacts.ts";
import { isPassing } from "../errors.ts";
import type { ArtifactReader } from "./reader.ts";

/** What is known of a file's rows. */
export interface KnownRows {
  rows: number;
  size: number;
  /** The file is read to its end. */
  complete: boolean;
  binary: boolean;
  /** Another text: the file was written since, and what was shown of it may be old. */
  stamp: string;
}

/** What of a file is looked at to tell whether it only grew, in bytes. */
const PRINT = 1024;

/** The beginning of a file, and what stands before a place that was read to. */
interface Print {
  head: Uint8Array;
  before: Uint8Array;
  at: number;
}

const NOTHING_KNOWN: KnownRows = { rows: 0, size: 0, complete: false, binary: false, stamp: "" };

/** Bytes of 128 rows that are shown; what is longer is cut, and says so. */
const LONGEST_BLOCK = LONGEST_PIECE;
/** Blocks that are kept. */
const KEPT = 48;
/** ms until a file that is seen to be another one is looked through again: some are written all the time. */
const PAUSE = 1_000;

/**
 * The rows of a text file of any size, 128 at a time: their places are found once, their text is read when it is shown. A file that
 * grew is read on; one that was written anew, from its beginning.
 */
export class RowReader<Row> {
  readonly known: Signal<KnownRows> = signal(NOTHING_KNOWN);
  readonly failure: Signal<unknown> = signal(undefined);
  readonly #reader: ArtifactReader;
  readonly #csv: boolean;
  readonly #parse: (text: string, block: number) => Row[];
  readonly #blocks = new Map<number, Promise<Row[]>>();
  #starts: number[] = [];
  /** Where the last part began: a file that grew is read again from there. */
  #tail: RowMark | undefined;
  #startsBefore = 0;
  #print: Print | undefined;
  #stopped = false;
  #busy = false;
  #again = false;
  readonly #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `parse` makes rows of whole rows' text, which begins with row 128 `block`. */
  constructor(reader: ArtifactReader, csv: boolean, parse: (text: string, block: number) => Row[], pause = PAUSE) {
    this.#pause = pause;
    this.#reader = reader;
    this.#csv = csv;
    this.#parse = parse;
  }

  /** Finds all rows, part by part; asked again, those that came meanwhile. */
  start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = this.#busy;
    if (this.#busy) return;
    this.#busy = true;
    this.#index()
      .catch((error: unknown) => {
        // What is known is shown on while nobody answers.
        if (isPassing(error) && this.known.value.stamp !== "") this.#startLater();
        else this.failure.value = error;
      })
      .finally(() => {
        this.#busy = false;
        if (this.#again && !this.#stopped) this.start();
      });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Rows 128 n and those that follow. */
  block(n: number): Promise<Row[]> {
    const known = this.#blocks.get(n);
    if (known !== undefined) {
      this.#blocks.delete(n);
      this.#blocks.set(n, known);
      return known;
    }
    const block = this.#read(n);
    this.#blocks.set(n, block);
    // A block that could not be read is asked for again by who shows it next.
    block.catch(() => this.#blocks.get(n) === block && this.#blocks.delete(n));
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  #startLater(): void {
    if (!this.#stopped) this.#timer ??= setTimeout(() => this.start(), this.#pause);
  }

  async #index(): Promise<void> {
    let from = this.#tail;
    let kept = this.#startsBefore;
    for (;;) {
      const query = { path: this.#reader.path, csv: this.#csv };
      const part = await this.#reader.access.index(from === undefined ? query : { ...query, from });
      if (this.#stopped) return;
      const was = this.known.value;
      const stamp = stampOf(part);
      const written = was.stamp !== "" && was.stamp !== stamp;
      if (written && from !== undefined && !(await this.#onlyGrew())) {
        if (this.#stopped) return;
        this.#starts = [];
        this.#startsBefore = 0;
        kept = 0;
        from = undefined;
        this.#tail = undefined;
        this.#print = undefined;
        this.#blocks.clear();
        this.known.value = NOTHING_KNOWN;
        continue;
      }
      const { rows, size, binary, next } = part;
      // Only a file of several parts is read on from its last one.
      const print = next === undefined && from === undefined ? undefined : await this.#printAt(next?.offset ?? size);
      if (this.#stopped) return;
      // From here on nothing waits: whoever asks for a block meanwhile finds all of the old places or all of the new ones.
      this.#print = print;
      this.#tail = from;
      this.#startsBefore = kept;
      this.#starts.length = kept;
      for (const start of part.starts) this.#starts.push(start);
      kept = this.#starts.length;
      // What was read of the old places is no longer true, be it rows that were not known yet.
      this.#blocks.clear();
      const first = from === undefined;
      this.known.value = { rows, size, complete: next === undefined, binary: first ? binary : was.binary, stamp };
      if (next === undefined) return;
      from = next;
    }
  }

  async #printAt(at: number): Promise<Print> {
    const head = this.#print?.head ?? (await this.#reader.range(0, Math.min(PRINT, at)));
    return { head, before: await this.#reader.range(Math.max(0, at - PRINT), at), at };
  }

  /** Whether the file still begins, and goes on to where it was read, as it did. */
  async #onlyGrew(): Promise<boolean> {
    const print = this.#print;
    if (print === undefined) return false;
    const { head, before, at } = print;
    const isAs = async (known: Uint8Array, from: number) => {
      const bytes = await this.#reader.range(from, from + known.length);
      return bytes.length === known.length && bytes.every((byte, i) => byte === known[i]);
    };
    return (await isAs(head, 0)) && isAs(before, at - before.length);
  }

  async #read(n: number): Promise<Row[]> {
    const start = this.#starts[n];
    if (start === undefined) return [];
    const { size, rows, stamp } = this.known.value;
    const end = this.#starts[n + 1] ?? size;
    const bytes = await this.#reader.range(start, Math.min(end, start + LONGEST_BLOCK));
    // Rows lie elsewhere in a file that was written meanwhile: they are looked for again, and then read again.
    if (this.#reader.last !== undefined && stampOf(this.#reader.last) !== stamp) this.#startLater();
    const text = new TextDecoder().decode(bytes);
    return this.#parse(text, n).slice(0, Math.min(ROWS_APART, rows - n * ROWS_APART));
  }
}

function stampOf({ size, modified }: { size: number; modified?: number }): string {
  return `${size} ${modified ?? ""}`;
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}
