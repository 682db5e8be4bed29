import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** Bytes of the log; as many again are kept in the file before it. */
const LIMIT = 4 << 20;
/** Lines that tell why a server failed. */
const TAIL = 200;

/** The log of one server: a file of its owner alone, which becomes `FILE.1` when it is full. */
export class BoundedLog {
  readonly file: string;
  readonly #limit: number;
  readonly #tail: string[] = [];
  #descriptor: number | undefined;
  #size = 0;

  constructor(file: string, limit = LIMIT) {
    this.file = file;
    this.#limit = limit;
    this.#open();
  }

  /** The lines that came last. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  write(line: string): void {
    this.#tail.push(line);
    if (this.#tail.length > TAIL) this.#tail.shift();
    try {
      if (this.#size >= this.#limit) {
        this.close();
        // Known anew when it is opened, also when it cannot be renamed since somebody removed it.
        this.#size = 0;
        renameSync(this.file, `${this.file}.1`);
      }
      if (this.#descriptor === undefined) this.#open();
      if (this.#descriptor !== undefined) this.#size += writeSync(this.#descriptor, `${line}\n`);
    } catch (error) {
      // A full disk, or a folder that is gone: the server answers all the same, and the next line is tried again.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open(): void {
    this.#descriptor = openSync(this.file, "a", 0o600);
    this.#size = fstatSync(this.#descriptor).size;
  }
}
