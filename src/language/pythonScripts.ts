import { dirname } from "node:path";
import { loadPython } from "./python/load.ts";
import { ScriptReader } from "./python/reader.ts";
import type { PythonFile } from "./python/syntax.ts";
import type { Scripts } from "./service/scriptFacts.ts";
import type { Workspace } from "./service/workspace.ts";

/** Texts of open files that are kept as read. */
const KEPT = 8;

export interface PythonEvents {
  /** The parser is there: what was asked before can be answered. */
  loaded(): Promise<void>;
  failed(error: unknown): void;
}

/** The scripts of the open projects. The parser is loaded when the first of them must be read. */
export class PythonScripts {
  readonly #events: PythonEvents;
  readonly #readers = new Map<string, ScriptReader>();
  #parse: ((text: string) => PythonFile) | undefined;
  #loading = false;
  /** The texts that were read last: one question about a file follows another. */
  #last: PythonFile[] = [];

  constructor(events: PythonEvents) {
    this.#events = events;
  }

  /** Loads the parser before anything is asked, for whoever does not listen. */
  async ready(): Promise<void> {
    this.#parse ??= await loadPython();
  }

  /** The folder of `file`, with its scripts. */
  of(workspace: Workspace, file: string): Workspace {
    const folder = dirname(file);
    const scripts: Scripts = {
      interfaceOf: (path, roots) => this.#reader(folder, workspace)?.interfaceOf(path, roots),
      file: (path) => this.#reader(folder, workspace)?.file(path),
    };
    return { ...workspace, scripts };
  }

  /** A Python text as read; undefined until the parser is there. */
  read(text: string): PythonFile | undefined {
    if (this.#parse === undefined) {
      this.#load();
      return undefined;
    }
    const known = this.#last.find((file) => file.text === text);
    if (known !== undefined) return known;
    const made = this.#parse(text);
    this.#last = [made, ...this.#last.slice(0, KEPT - 1)];
    return made;
  }

  #reader(folder: string, workspace: Workspace): ScriptReader | undefined {
    if (this.#parse === undefined) {
      this.#load();
      return undefined;
    }
    const known = this.#readers.get(folder);
    if (known !== undefined) return known;
    const made = new ScriptReader(this.#parse, (path) => workspace.read(path));
    this.#readers.set(folder, made);
    return made;
  }

  #load(): void {
    if (this.#loading) return;
    this.#loading = true;
    loadPython()
      .then((parse) => {
        this.#parse = parse;
        return this.#events.loaded();
      })
      .catch((error: unknown) => this.#events.failed(error));
  }
}
