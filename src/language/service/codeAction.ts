import type { CodeAction } from "vscode-languageserver";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { declareFix } from "./declare.ts";
import { quickFixes, touching } from "./quickFixes.ts";
import type { Severities } from "./severities.ts";
import { problemsOf } from "./problems.ts";
import type { Workspace } from "./workspace.ts";

export interface CodeActionQuestion {
  document: MlprojectDocument;
  uri: string;
  range: TextRange;
  workspace?: Workspace | undefined;
  severities?: Severities;
}

/** The fixes of the problems that `range` touches. */
export function codeActions({ document, uri, range, workspace, severities }: CodeActionQuestion): CodeAction[] {
  return problemsOf(document, workspace, severities)
    .filter((problem) => touching(problem.range, range))
    .flatMap((problem) => quickFixes(document, uri, problem, declareFix(document, problem)));
}
