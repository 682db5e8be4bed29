// What is known of the scripts that an entry point calls.
import type { EntryPoint, MlprojectDocument, Parameter } from "../../projects/document.ts";
import type { Argument } from "../python/argumentValues.ts";
import type { ScriptInterface } from "../python/model.ts";
import type { PythonFile } from "../python/syntax.ts";
import type { Word } from "./commandWords.ts";
import { joinPath, scriptCalls } from "./scriptCall.ts";
import type { ScriptCall } from "./scriptCall.ts";
import type { Workspace } from "./workspace.ts";

/** Reads scripts without running them. Paths are relative to the project folder, or absolute. */
export interface Scripts {
  /** What the script takes; undefined where nothing can be said. `roots`: folders its imports are looked for in. */
  interfaceOf(path: string, roots: readonly string[]): ScriptInterface | undefined;
  /** A Python file as read. */
  file(path: string): PythonFile | undefined;
}

export interface KnownCall {
  call: ScriptCall;
  path: string;
  script: ScriptInterface;
}

/** The calls of Python scripts that are there and understood. */
export function knownCalls(document: MlprojectDocument, entryPoint: EntryPoint, workspace: Workspace): KnownCall[] {
  return scriptCalls(document, entryPoint).flatMap((call) => {
    const place = placeOfCall(call, workspace);
    const script = place === undefined ? undefined : workspace.scripts?.interfaceOf(place.path, place.roots);
    return place === undefined || script === undefined ? [] : [{ call, path: place.path, script }];
  });
}

/** The known calls of all entry points. */
export function callsOf(document: MlprojectDocument, workspace: Workspace): KnownCall[] {
  return document.entryPoints.flatMap((entryPoint) => knownCalls(document, entryPoint, workspace));
}

/** The file a call runs, and where Python looks for what it imports. */
export function placeOfCall(call: ScriptCall, workspace: Workspace): { path: string; roots: string[] } | undefined {
  if (call.folder === undefined || call.program !== "python") return undefined;
  const { folder } = call;
  const more = call.pythonPath.map((path) => joinPath(folder, path));
  if (call.kind === "script") {
    const path = joinPath(folder, call.name);
    return workspace.exists(path) ? { path, roots: [joinPath(path, ".."), ...more] } : undefined;
  }
  for (const root of [folder, ...more]) {
    const base = joinPath(root, call.name.replaceAll(".", "/"));
    const path = [`${base}.py`, `${base}/__main__.py`].find((one) => workspace.exists(one));
    if (path !== undefined) return { path, roots: [folder, ...more] };
  }
  return undefined;
}

export function parameterOf(entryPoint: EntryPoint, name: string): Parameter | undefined {
  return entryPoint.parameters.find((parameter) => parameter.name === name);
}

/** A word with its placeholders filled by their defaults, as far as they have one. */
export function argumentOf(word: Word, entryPoint: EntryPoint): Argument {
  let start = "";
  let isKnown = true;
  for (const piece of word.pieces) {
    const text =
      piece.kind === "text"
        ? piece.text
        : piece.kind === "placeholder" && piece.plain
          ? valueOf(entryPoint, piece.name)
          : undefined;
    if (text === undefined) isKnown = false;
    else if (isKnown) start += text;
  }
  return isKnown ? { text: start, start, splits: word.splits } : { start, splits: word.splits };
}

/** The default of a parameter, unless MLflow changes it on the way to the command. */
function valueOf(entryPoint: EntryPoint, name: string): string | undefined {
  const parameter = parameterOf(entryPoint, name);
  return parameter?.type === "path" ? undefined : parameter?.default;
}
