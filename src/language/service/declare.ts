import type { EntryPoint, MlprojectDocument, Problem, ProblemFix } from "../../projects/document.ts";
import { quotedKey } from "./writeParameter.ts";

/** Declares an undefined placeholder as a parameter of its entry point. */
export function declareFix(document: MlprojectDocument, problem: Problem): ProblemFix[] {
  if (problem.code !== "undefined-placeholder") return [];
  for (const entryPoint of document.entryPoints) {
    const placeholder = entryPoint.placeholders.find((one) => one.range.start === problem.range.start);
    if (placeholder === undefined || !/^[A-Za-z_][\w-]*$/.test(placeholder.name)) continue;
    // Of a part of a value no declaration makes one that is filled in.
    if (/[.[]/.test(document.text.slice(placeholder.nameRange.end, placeholder.range.end))) continue;
    const insertion = insertionOf(document.text, entryPoint, quotedKey(placeholder.name));
    if (insertion === undefined) continue;
    const range = { start: insertion.at, end: insertion.at };
    return [{ title: `Declare ${placeholder.name} as a parameter`, range, newText: insertion.newText }];
  }
  return [];
}

/** Hands an unused parameter to the command, behind what is there. */
export function useFix({ text, entryPoints }: MlprojectDocument, problem: Problem): ProblemFix[] {
  if (problem.code !== "unused-parameter") return [];
  const owner = entryPoints.find(({ parameters }) =>
    parameters.some((one) => one.nameRange.start === problem.range.start),
  );
  const name = text.slice(problem.range.start, problem.range.end);
  if (owner?.commandRange === undefined || !/^[A-Za-z_][\w-]*$/.test(name)) return [];
  const { start, end } = owner.commandRange;
  const source = text.slice(start, end).trimEnd();
  const isQuoted = /^["']/.test(source);
  // Between brackets a brace needs quotes.
  if (!isQuoted && /[{,]/.test(lineBefore(text, start))) return [];
  const at = start + source.length - (isQuoted ? 1 : 0);
  const words = ` --${name.replaceAll("_", "-")} {${name}}`;
  return [
    { title: `Add --${name.replaceAll("_", "-")} to the command`, range: { start: at, end: at }, newText: words },
  ];
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
