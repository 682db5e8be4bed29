import { type Signal, signal } from "@preact/signals";
import { LONGEST_PIECE, ROWS_APART, type RowMark } from "../../../protocol/artifacts.ts";
import type { ArtifactReader } from "./reader.ts";

/** What is known of a file's rows. */
export interface KnownRows {
  rows: number;
  size: number;
  /** The file is read to its end. */
  complete: boolean;
  binary: boolean;
}

/** Bytes of 128 rows that are shown; what is longer is cut, and says so. */
const LONGEST_BLOCK = LONGEST_PIECE;
/** Blocks that are kept. */
const KEPT = 48;

/** The rows of a text file of any size, 128 at a time: their places are found once, their text is read when it is shown. */
export class RowReader<Row> {
  readonly known: Signal<KnownRows> = signal({ rows: 0, size: 0, complete: false, binary: false });
  readonly failure: Signal<unknown> = signal(undefined);
  readonly #reader: ArtifactReader;
  readonly #csv: boolean;
  readonly #parse: (text: string, cut: boolean) => Row[];
  readonly #blocks = new Map<number, Promise<Row[]>>();
  #starts: number[] = [];
  /** Where the last part began: a file that grew is read again from there. */
  #tail: RowMark | undefined;
  #startsBefore = 0;
  #modified: number | undefined;
  #stopped = false;
  #busy = false;
  #again = false;

  /** `parse` makes rows of whole rows' text; `cut`: the last of them goes on. */
  constructor(reader: ArtifactReader, csv: boolean, parse: (text: string, cut: boolean) => Row[]) {
    this.#reader = reader;
    this.#csv = csv;
    this.#parse = parse;
  }

  /** Finds all rows, part by part; asked again, those that came meanwhile. */
  start(): void {
    this.#again = this.#busy;
    if (this.#busy) return;
    this.#busy = true;
    this.#index()
      .catch((error: unknown) => {
        this.failure.value = error;
      })
      .finally(() => {
        this.#busy = false;
        if (this.#again) this.start();
      });
  }

  stop(): void {
    this.#stopped = true;
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
    block.catch(() => this.#blocks.delete(n));
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > KEPT && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  async #index(): Promise<void> {
    let from = this.#tail;
    this.#starts.length = this.#startsBefore;
    for (;;) {
      const query = { path: this.#reader.path, csv: this.#csv };
      const part = await this.#reader.access.index(from === undefined ? query : { ...query, from });
      if (this.#stopped) return;
      const shrunk = part.size < this.known.value.size;
      const rewritten = this.#modified !== undefined && part.modified !== this.#modified;
      this.#modified = part.modified;
      if (shrunk && from !== undefined) {
        this.#starts = [];
        from = undefined;
        this.#tail = undefined;
        this.#startsBefore = 0;
        this.known.value = { rows: 0, size: 0, complete: false, binary: false };
        this.#blocks.clear();
        continue;
      }
      if (rewritten || part.size !== this.known.value.size) this.#blocks.clear();
      this.#startsBefore = this.#starts.length;
      this.#tail = from;
      for (const start of part.starts) this.#starts.push(start);
      const { rows, size, binary, next } = part;
      const was = this.known.value;
      this.known.value = { rows, size, complete: next === undefined, binary: from === undefined ? binary : was.binary };
      if (next === undefined) return;
      from = next;
    }
  }

  async #read(n: number): Promise<Row[]> {
    const start = this.#starts[n];
    if (start === undefined) return [];
    const { size, rows } = this.known.value;
    const end = this.#starts[n + 1] ?? size;
    const cut = end - start > LONGEST_BLOCK;
    const bytes = await this.#reader.range(start, Math.min(end, start + LONGEST_BLOCK));
    const text = new TextDecoder().decode(bytes);
    return this.#parse(text, cut).slice(0, Math.min(ROWS_APART, rows - n * ROWS_APART));
  }
}

/** The lines of a text, without their ends. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
}
