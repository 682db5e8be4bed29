import type { EntryPoint, MlprojectDocument, Problem, ProblemFix } from "../../projects/document.ts";

/** Declares an undefined placeholder as a parameter of its entry point. */
export function declareFix(document: MlprojectDocument, problem: Problem): ProblemFix[] {
  if (problem.code !== "undefined-placeholder") return [];
  for (const entryPoint of document.entryPoints) {
    const placeholder = entryPoint.placeholders.find((one) => one.range.start === problem.range.start);
    if (placeholder === undefined || !/^[A-Za-z_][\w-]*$/.test(placeholder.name)) continue;
    const insertion = insertionOf(document.text, entryPoint, placeholder.name);
    if (insertion === undefined) continue;
    const range = { start: insertion.at, end: insertion.at };
    return [{ title: `Declare ${placeholder.name} as a parameter`, range, newText: insertion.newText }];
  }
  return [];
}

function insertionOf(text: string, entryPoint: EntryPoint, name: string): { at: number; newText: string } | undefined {
  const [first] = entryPoint.parameters;
  if (first !== undefined) {
    const at = first.nameRange.start;
    const before = lineBefore(text, at);
    if (before.trim() === "") return { at, newText: `${name}: string\n${before}` };
    return before.trimEnd().endsWith("{") ? { at, newText: `${name}: string, ` } : undefined;
  }
  // An empty `parameters:` is an error of its own, with its own fix.
  if (entryPoint.parametersRange !== undefined) return undefined;
  const at = commandKey(text, entryPoint);
  if (at === undefined) return undefined;
  const before = lineBefore(text, at);
  if (before.trim() === "") return { at, newText: `parameters:\n${before}  ${name}: string\n${before}` };
  return /[{,]\s*$/.test(before) ? { at, newText: `parameters: {${name}: string}, ` } : undefined;
}

/** Where the key `command` of an entry point begins. */
export function commandKey(text: string, { commandRange, nameRange }: EntryPoint): number | undefined {
  if (commandRange === undefined || commandRange.start < nameRange.end) return undefined;
  const found = /(?:command|"command"|'command')[ \t]*:\s*$/.exec(text.slice(nameRange.end, commandRange.start));
  return found === null ? undefined : nameRange.end + found.index;
}

function lineBefore(text: string, at: number): string {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
}
