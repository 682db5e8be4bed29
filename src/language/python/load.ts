import type { PythonFile } from "./syntax.ts";

let loaded: ((text: string) => PythonFile) | undefined;

/** The parser, read from disk with the first script that must be understood. */
export async function loadPython(): Promise<(text: string) => PythonFile> {
  loaded ??= (await import("./parse.ts")).parsePython;
  return loaded;
}
