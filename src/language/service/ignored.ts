import type { MlprojectDocument, Problem } from "../../projects/document.ts";

/** `# flowdeck: ignore CODE, CODE`; without a code, all. */
const MARK = /#\s*flowdeck:\s*ignore\b:?[ \t]*([a-z0-9-]+(?:[\s,]+[a-z0-9-]+)*)?/;

/** A file whose comments are looked at; one without commands has none that span lines. */
export interface CommentedFile {
  text: string;
  entryPoints?: MlprojectDocument["entryPoints"];
}

/**
 * Whether a comment silences a problem: one on its line or alone on the line above. A command of several lines may have no
 * room for a comment, so that one where the command begins counts for all of it.
 */
export function ignoredProblems({ text, entryPoints = [] }: CommentedFile) {
  if (!/flowdeck:\s*ignore/.test(text)) return () => false;
  const silences = (offset: number, code: string): boolean => {
    const start = text.lastIndexOf("\n", offset - 1) + 1;
    const end = text.indexOf("\n", offset);
    const line = text.slice(start, end < 0 ? text.length : end);
    const above = start === 0 ? "" : text.slice(text.lastIndexOf("\n", start - 2) + 1, start - 1);
    return [line, ...(/^\s*#/.test(above) ? [above] : [])].some((one) => namesCode(one, code));
  };
  return ({ code, range }: Problem): boolean => {
    const command = entryPoints.find(
      ({ commandRange }) =>
        commandRange !== undefined && commandRange.start < range.start && range.start <= commandRange.end,
    )?.commandRange;
    return silences(range.start, code) || (command !== undefined && silences(command.start, code));
  };
}

function namesCode(line: string, code: string): boolean {
  const mark = MARK.exec(line);
  return mark !== null && (mark[1] === undefined || mark[1].split(/[\s,]+/).includes(code));
}
