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
  return [...(problem.fixes ?? []), ...more].map((fix, index): CodeAction => {
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

/** Whether two ranges touch: a cursor at the end of one does. */
export function touching(one: TextRange, other: TextRange): boolean {
  return one.start <= other.end && other.start <= one.end;
}
