import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";

export interface ScriptReference {
  /** As written, relative to the project folder. */
  path: string;
  range: TextRange;
}

/** A program, its flags without values, then a script whose name is plain text. */
const CALL =
  /(?:^|[\s;&|('"])(?:python[0-9.]*|bash|sh|Rscript)((?:\s+-[A-Za-z]+)*)\s+([\w@%+=:,./-]+\.(?:py|sh|R))(?=$|[\s;&|)'"])/g;

/** The scripts a command calls by name. None where it changes the folder first. */
export function scriptsOf(document: MlprojectDocument, entryPoint: EntryPoint): ScriptReference[] {
  const { command, commandRange } = entryPoint;
  if (command === undefined || commandRange === undefined || /(?:^|[\s;&|(])(?:cd|pushd)\s/.test(command)) return [];
  const source = document.text.slice(commandRange.start, commandRange.end);
  return [...source.matchAll(CALL)].flatMap((match) => {
    const [all, flags = "", path = ""] = match;
    // After `-m` and `-c` stands no script.
    if (/-[A-Za-z]*[mc]/.test(flags) || path.startsWith("-")) return [];
    const start = commandRange.start + match.index + all.length - path.length;
    return [{ path, range: { start, end: start + path.length } }];
  });
}
