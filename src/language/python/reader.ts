// Keeps what was read of scripts, as long as the texts it was read from stand.
import type { ScriptInterface } from "./model.ts";
import { readScript } from "./script.ts";
import type { PythonFile } from "./syntax.ts";

/** Longest script that is read. */
const LONGEST = 1_000_000;

interface Kept {
  interface: ScriptInterface | undefined;
  /** Each file that was asked for, and what it held. */
  from: Array<[path: string, text: string | undefined]>;
}

export class ScriptReader {
  readonly #parse: (text: string) => PythonFile;
  readonly #read: (path: string) => string | undefined;
  readonly #files = new Map<string, PythonFile>();
  readonly #kept = new Map<string, Kept>();

  /** `read`: the text of a file as it stands in the editor, or else on disk. */
  constructor(parse: (text: string) => PythonFile, read: (path: string) => string | undefined) {
    this.#parse = parse;
    this.#read = read;
  }

  /** What the script at `path` takes, with its imports looked for in `roots`. */
  interfaceOf(path: string, roots: readonly string[]): ScriptInterface | undefined {
    const key = [path, ...roots].join("\n");
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.from.every(([file, text]) => this.#read(file) === text)) return kept.interface;
    const from: Kept["from"] = [];
    const read = (file: string): PythonFile | undefined => {
      const text = this.#read(file);
      from.push([file, text]);
      return text === undefined || text.length > LONGEST ? undefined : this.#file(file, text);
    };
    const text = (file: string): string | undefined => {
      const found = this.#read(file);
      from.push([file, found]);
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
    this.#files.set(path, made);
    return made;
  }
}
