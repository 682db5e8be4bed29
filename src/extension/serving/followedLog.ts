// A log that another program writes, read as it grows. No vscode.
import { closeSync, fstatSync, openSync, readSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import { StringDecoder } from "node:string_decoder";

/** Bytes of what was logged before that are shown. */
const BEFORE = 512 << 10;
const PIECE = 64 << 10;

/** Gives what is in a file, and what comes to it, until it is disposed; one that is begun anew is read from its start. */
export class FollowedLog {
  readonly #file: string;
  readonly #append: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #watcher: FSWatcher | undefined;
  #position = 0;
  #inode = 0;

  constructor(file: string, append: (text: string) => void) {
    this.#file = file;
    this.#append = append;
    this.#read(true);
    try {
      // The folder: what watches a file follows it to its other name, and hears nothing of the one that took its place.
      const name = basename(file);
      this.#watcher = watch(dirname(file), (_, changed) => changed === name && this.read());
      // Removed with its servers.
      this.#watcher.on("error", () => this.dispose());
    } catch {
      // Gone, or the system watches no more files: what was read stays, and is read on when it is shown again.
      this.#watcher = undefined;
    }
  }

  /** Reads what came since. */
  read(): void {
    this.#read(false);
  }

  dispose(): void {
    this.#watcher?.close();
  }

  #read(first: boolean): void {
    let descriptor: number;
    try {
      descriptor = openSync(this.#file, "r");
    } catch {
      // It is being replaced, or went with its server.
      return;
    }
    try {
      const { size, ino } = fstatSync(descriptor);
      if (first) this.#position = Math.max(0, size - BEFORE);
      else if (size < this.#position || ino !== this.#inode) this.#position = 0;
      this.#inode = ino;
      const piece = Buffer.alloc(PIECE);
      for (;;) {
        const length = readSync(descriptor, piece, 0, PIECE, this.#position);
        if (length === 0) return;
        this.#position += length;
        this.#append(this.#decoder.write(piece.subarray(0, length)));
      }
    } finally {
      closeSync(descriptor);
    }
  }
}
