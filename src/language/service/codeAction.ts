import type { CodeAction, TextEdit } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { declareFix } from "./declare.ts";
import { rangeIn } from "./positions.ts";
import type { Severities } from "./severities.ts";
import { diagnosticOf, problemsOf } from "./validation.ts";
import type { Workspace } from "./workspace.ts";

export interface CodeActionQuestion {
  document: MlprojectDocument;
  uri: string;
  range: TextRange;
  workspace?: Workspace | undefined;
  severities?: Severities;
}

/** The fixes of the problems that `range` touches; the likeliest of each is preferred. */
export function codeActions({ document, uri, range, workspace, severities }: CodeActionQuestion): CodeAction[] {
  return problemsOf(document, workspace, severities)
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
