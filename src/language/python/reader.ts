// Keeps what was read of scripts, as long as the texts it was read from stand.
import type { ScriptInterface } from "./model.ts";
import { readScript } from "./script.ts";
import type { PythonFile } from "./syntax.ts";

/** Longest script that is read. */
const LONGEST = 1_000_000;

/** Trees of files that are kept: a large one weighs a hundred times its text. */
const TREES = 12;

interface Kept {
  interface: ScriptInterface | undefined;
  /** Each file that was asked for, and what it held. */
  from: Map<string, string | undefined>;
}

export class ScriptReader {
  readonly #parse: (text: string) => PythonFile;
  readonly #read: (path: string) => string | undefined;
  readonly #files = new Map<string, PythonFile>();
  readonly #kept = new Map<string, Kept>();
  #turn: Map<string, string | undefined> | undefined;

  /** `read`: the text of a file as it stands in the editor, or else on disk. */
  constructor(parse: (text: string) => PythonFile, read: (path: string) => string | undefined) {
    this.#parse = parse;
    this.#read = (path) => this.#once(path, read);
  }

  /** A file is read once in a turn of the loop: one check asks for the same modules of many scripts. */
  #once(path: string, read: (path: string) => string | undefined): string | undefined {
    if (this.#turn === undefined) {
      this.#turn = new Map();
      queueMicrotask(() => {
        this.#turn = undefined;
      });
    }
    if (this.#turn.has(path)) return this.#turn.get(path);
    const text = read(path);
    this.#turn.set(path, text);
    return text;
  }

  /** What the script at `path` takes, with its imports looked for in `roots`. */
  interfaceOf(path: string, roots: readonly string[]): ScriptInterface | undefined {
    const key = [path, ...roots].join("\n");
    const kept = this.#kept.get(key);
    if (kept !== undefined && [...kept.from].every(([file, text]) => this.#read(file) === text)) return kept.interface;
    const from: Kept["from"] = new Map();
    const read = (file: string): PythonFile | undefined => {
      const text = this.#read(file);
      from.set(file, text);
      return text === undefined || text.length > LONGEST ? undefined : this.#file(file, text);
    };
    const text = (file: string): string | undefined => {
      const found = this.#read(file);
      from.set(file, found);
      return found;
    };
    const made = { interface: readScript(path, roots, { read, text }), from };
    this.#kept.set(key, made);
    return made.interface;
  }

  /** A Python file as read; undefined when it is not there. */
  file(path: string): PythonFile | undefined {
    const text = this.#read(path);
    return text === undefined || text.length > LONGEST ? undefined : this.#file(path, text);
  }

  #file(path: string, text: string): PythonFile {
    const known = this.#files.get(path);
    if (known?.text === text) return known;
    const made = this.#parse(text);
    this.#files.delete(path);
    this.#files.set(path, made);
    // What a script takes is kept without the tree it was read from.
    const [oldest = path] = this.#files.keys();
    if (this.#files.size > TREES) this.#files.delete(oldest);
    return made;
  }
}
