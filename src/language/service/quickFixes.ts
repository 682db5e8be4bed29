import type { CodeAction } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { Problem, ProblemFix, TextRange } from "../../projects/document.ts";
import type { Read } from "./positions.ts";
import { rangeIn } from "./positions.ts";
import { diagnosticOf } from "./validation.ts";

/** The fixes of a problem as code actions; the first, likeliest one is preferred. */
export function quickFixes(
  document: Read,
  uri: string,
  problem: Problem,
  more: readonly ProblemFix[] = [],
): CodeAction[] {
  return [...(problem.fixes ?? []), ...more].map((written, index): CodeAction => {
    const fix = betweenBrackets(document.text, written);
    const edit = { range: rangeIn(document, fix.range), newText: fix.newText };
    return {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnosticOf(document, problem)],
      isPreferred: index === 0,
      edit: { changes: { [uri]: [edit] } },
    };
  });
}

/** Between brackets a key goes with a comma, not with its line. */
function betweenBrackets(text: string, fix: ProblemFix): ProblemFix {
  const { range, newText } = fix;
  const before = text.slice(text.lastIndexOf("\n", range.start - 1) + 1, range.start);
  if (newText.endsWith("\n") && before.trim() !== "") return { ...fix, newText: `${newText.trimEnd()}, ` };
  if (newText !== "") return fix;
  const behind = /^[ \t]*,[ \t]*/.exec(text.slice(range.end, range.end + 80));
  if (behind !== null) return { ...fix, range: { start: range.start, end: range.end + behind[0].length } };
  const isLast = /^\s*[}\]]/.test(text.slice(range.end, range.end + 80));
  const comma = isLast ? /,\s*$/.exec(text.slice(Math.max(range.start - 80, 0), range.start)) : null;
  return comma === null ? fix : { ...fix, range: { start: range.start - comma[0].length, end: range.end } };
}

/** Whether two ranges touch: a cursor at the end of one does. */
export function touching(one: TextRange, other: TextRange): boolean {
  return one.start <= other.end && other.start <= one.end;
}
