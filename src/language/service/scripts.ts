import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import { joinPath, scriptCalls } from "./scriptCall.ts";

export interface ScriptReference {
  /** Relative to the project folder, or absolute. */
  path: string;
  range: TextRange;
}

/** The scripts a command calls by name. None where the folder it is called in cannot be told. */
export function scriptsOf(document: MlprojectDocument, entryPoint: EntryPoint): ScriptReference[] {
  return scriptCalls(document, entryPoint).flatMap(({ kind, name, folder, range }) =>
    kind !== "script" || folder === undefined || !/\.(?:py|sh|R)$/.test(name)
      ? []
      : [{ path: joinPath(folder, name), range }],
  );
}
