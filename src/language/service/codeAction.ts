import type { CodeAction } from "vscode-languageserver";
import { CodeActionKind } from "vscode-languageserver";
import type { MlprojectDocument, TextRange } from "../../projects/document.ts";
import { declareFix, useFix } from "./declare.ts";
import { fileFixes } from "./fileFixes.ts";
import { ignoreFix } from "./ignoreFix.ts";
import { problemsOf } from "./problems.ts";
import { quickFixes, touching } from "./quickFixes.ts";
import { refactors } from "./refactors.ts";
import type { Severities } from "./severities.ts";
import type { Workspace } from "./workspace.ts";

export interface CodeActionQuestion {
  document: MlprojectDocument;
  uri: string;
  range: TextRange;
  workspace?: Workspace | undefined;
  severities?: Severities;
  /** Kinds the person asked for; all when absent. */
  only?: readonly string[] | undefined;
  /** Whether the client makes and renames files. */
  makesFiles?: boolean;
}

/** The fixes of the problems that `range` touches, and other ways to write what stands there. */
export function codeActions(question: CodeActionQuestion): CodeAction[] {
  const { document, uri, range, workspace, only, makesFiles = false } = question;
  const wants = (kind: string) => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`));
  const folder = makesFiles ? workspace : undefined;
  return [
    ...(wants(CodeActionKind.QuickFix) ? fixes(question, folder) : []),
    ...(wants(CodeActionKind.RefactorRewrite) ? refactors({ document, uri, range, workspace: folder }) : []),
  ];
}

function fixes(
  { document, uri, range, workspace, severities }: CodeActionQuestion,
  folder: Workspace | undefined,
): CodeAction[] {
  const problems = problemsOf(document, workspace, severities).filter((problem) => touching(problem.range, range));
  const solving = problems.flatMap((problem) => [
    ...quickFixes(document, uri, problem, [...declareFix(document, problem), ...useFix(document, problem)]),
    ...(folder === undefined ? [] : fileFixes(document, problem, folder)),
  ]);
  const silencing = problems
    .filter(({ code }) => code !== "yaml-syntax" && code !== "file-too-large")
    .flatMap((problem) => quickFixes(document, uri, { ...problem, fixes: [ignoreFix(document, problem)] }))
    .map((action) => ({ ...action, isPreferred: false }));
  return [...solving, ...silencing];
}
