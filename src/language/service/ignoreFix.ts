import type { MlprojectDocument, Problem, ProblemFix } from "../../projects/document.ts";
import { commandKey } from "./declare.ts";

/** A comment that silences a problem: at the end of its line, or above a command whose lines take none. */
export function ignoreFix({ text, entryPoints }: MlprojectDocument, { code, range }: Problem): ProblemFix {
  const title = `Ignore ${code} here`;
  const mark = `# flowdeck: ignore ${code}`;
  const owner = entryPoints.find(
    ({ commandRange: command }) => command !== undefined && command.start <= range.start && range.start <= command.end,
  );
  const command = owner?.commandRange;
  if (owner !== undefined && command !== undefined && text.slice(command.start, command.end).trimEnd().includes("\n")) {
    const at = commandKey(text, owner);
    const indent = at === undefined ? "x" : text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
    if (at !== undefined && indent.trim() === "") {
      return { title, range: { start: at, end: at }, newText: `${mark}\n${indent}` };
    }
  }
  const lineEnd = text.indexOf("\n", range.start);
  const end = lineEnd < 0 ? text.length : lineEnd;
  const at = text[end - 1] === "\r" ? end - 1 : end;
  return { title, range: { start: at, end: at }, newText: `${text[at - 1] === "\n" || at === 0 ? "" : " "}${mark}` };
}
