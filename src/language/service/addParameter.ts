// "Add parameter to MLproject": from an option of a script to the entry point that runs it.
import type { EntryPoint, MlprojectDocument, TextRange } from "../../projects/document.ts";
import type { ScriptOption } from "../python/model.ts";
import { isPositional, shownName } from "../python/model.ts";
import { bindingsOf, isSameName } from "./callCursor.ts";
import { touches } from "./positions.ts";
import type { RunProject } from "./projectOfRun.ts";
import { projectIn } from "./projectOfRun.ts";
import type { PythonQuestion } from "./pythonRuns.ts";
import { knownCalls } from "./scriptFacts.ts";
import type { KnownCall } from "./scriptFacts.ts";
import { parameterLines, parameterName } from "./writeParameter.ts";

export interface TextChange {
  range: TextRange;
  newText: string;
}

export interface AddParameter {
  title: string;
  project: RunProject;
  changes: TextChange[];
}

/** For each entry point that calls the script at `offset` without its option there. */
export function addParameterActions({ path, workspace }: PythonQuestion, range: TextRange): AddParameter[] {
  const project = projectIn(".", workspace);
  if (project === undefined) return [];
  const { document } = project;
  return document.entryPoints.flatMap((entryPoint): AddParameter[] => {
    const bound = bindingsOf(document, entryPoint, workspace).map(({ option }) => option.place.range.start);
    for (const known of knownCalls(document, entryPoint, workspace)) {
      const option = known.script.options.find(
        (one) => one.place.file === path && one.place.range.start <= range.end && range.start <= one.place.range.end,
      );
      if (option === undefined || option.most === 0 || bound.includes(option.place.range.start)) continue;
      const changes = changesFor(document, entryPoint, known, option);
      if (changes !== undefined)
        return [
          { title: `Add parameter ${parameterName(option)} to ${entryPoint.name} of MLproject`, project, changes },
        ];
    }
    return [];
  });
}

/** Undefined where the MLproject is written in a way that is not added to by lines. */
function changesFor(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  { call }: KnownCall,
  option: ScriptOption,
): TextChange[] | undefined {
  const existing = entryPoint.parameters.find(({ name }) => isSameName(name, option));
  const name = existing?.name ?? parameterName(option);
  const last = call.words.at(-1)?.range.end ?? call.range.end;
  const text = isPositional(option)
    ? ` {${name}}`
    : ` ${shownName(option)}${shownName(option).endsWith("=") ? "" : " "}{${name}}`;
  const used: TextChange = { range: { start: last, end: last }, newText: text };
  if (existing !== undefined) return [used];
  const declared = declaration(document, entryPoint, option);
  return declared === undefined ? undefined : [declared, used];
}

function declaration(
  document: MlprojectDocument,
  entryPoint: EntryPoint,
  option: ScriptOption,
): TextChange | undefined {
  const { text } = document;
  const lineStart = (offset: number) => text.lastIndexOf("\n", offset - 1) + 1;
  const indentAt = (offset: number) => text.slice(lineStart(offset), offset);
  const [first] = entryPoint.parameters;
  if (first !== undefined) {
    const indent = indentAt(first.nameRange.start);
    if (indent.trim() !== "") return undefined;
    const at = lineStart(first.nameRange.start);
    return { range: { start: at, end: at }, newText: `${parameterLines(option, indent)}\n` };
  }
  if (entryPoint.parametersRange !== undefined || entryPoint.commandRange === undefined) return undefined;
  const line = lineStart(entryPoint.commandRange.start);
  const indent = /^( *)command\s*:/.exec(text.slice(line))?.[1];
  if (indent === undefined || indent === "" || touches({ start: line, end: line }, entryPoint.nameRange.start))
    return undefined;
  return {
    range: { start: line, end: line },
    newText: `${indent}parameters:\n${parameterLines(option, `${indent}  `)}\n`,
  };
}
