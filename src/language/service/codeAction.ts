import type { CodeAction, TextEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { MlprojectDocument, Problem, ProblemFix, TextRange } from "../../projects/document.ts";
import { rangeIn } from "./positions.ts";
import { diagnosticOf, problemsOf } from "./validation.ts";
import type { Workspace } from "./workspace.ts";

/** The fixes of the problems that `range` touches; the likeliest of each is preferred. */
export function codeActions(
  document: MlprojectDocument,
  uri: string,
  range: TextRange,
  workspace?: Workspace,
): CodeAction[] {
  return problemsOf(document, workspace)
    .filter((problem) => problem.range.start <= range.end && range.start <= problem.range.end)
    .flatMap((problem) =>
      [...(problem.fixes ?? []), ...declareFix(document, problem)].map((fix, index): CodeAction => {
        const edit: TextEdit = { range: rangeIn(document, fix.range), newText: fix.newText };
        return {
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          diagnostics: [diagnosticOf(document, problem)],
          isPreferred: index === 0,
          edit: { changes: { [uri]: [edit] } },
        };
      }),
    );
}

/** Declares an undefined placeholder in front of the first parameter, when that stands on a line of its own. */
function declareFix(document: MlprojectDocument, problem: Problem): ProblemFix[] {
  if (problem.code !== "undefined-placeholder") return [];
  for (const { placeholders, parameters } of document.entryPoints) {
    const placeholder = placeholders.find((one) => one.range.start === problem.range.start);
    const [first] = parameters;
    if (placeholder === undefined || first === undefined || !/^[A-Za-z_][\w-]*$/.test(placeholder.name)) continue;
    const { start } = first.nameRange;
    const indent = document.text.slice(document.text.lastIndexOf("\n", start - 1) + 1, start);
    if (indent.trim() !== "") continue;
    const newText = `${placeholder.name}: string\n${indent}`;
    return [{ title: `Declare ${placeholder.name} as a parameter`, range: { start, end: start }, newText }];
  }
  return [];
}
