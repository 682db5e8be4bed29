import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { MlprojectDocument, Problem, ProblemSeverity } from "../../projects/document.ts";
import { CHECKERS } from "./checkers.ts";
import type { CommentedFile } from "./ignored.ts";
import { ignoredProblems } from "./ignored.ts";
import type { Read } from "./positions.ts";
import { rangeIn } from "./positions.ts";
import type { Severities } from "./severities.ts";
import { withSeverity } from "./severities.ts";
import type { Workspace } from "./workspace.ts";

const SEVERITIES: Record<ProblemSeverity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Every problem of a file; those that need the folder are found when there is a workspace. */
export function validate(document: MlprojectDocument, workspace?: Workspace, severities?: Severities): Diagnostic[] {
  return problemsOf(document, workspace, severities).map((problem) => diagnosticOf(document, problem));
}

/** The reader's problems and those of the folder, in text order; without those that a comment or a setting silences. */
export function problemsOf(document: MlprojectDocument, workspace?: Workspace, severities: Severities = {}): Problem[] {
  const beside = workspace === undefined ? [] : CHECKERS.flatMap((check) => check(document, workspace));
  return told([...document.problems, ...beside], document, severities);
}

/** The problems that a person wants to be told, in text order. */
export function told(problems: readonly Problem[], file: CommentedFile, severities: Severities): Problem[] {
  const isIgnored = ignoredProblems(file);
  return problems
    .filter((problem) => !isIgnored(problem))
    .flatMap((problem) => withSeverity(problem, severities))
    .toSorted((a, b) => a.range.start - b.range.start);
}

export function diagnosticOf(document: Read, problem: Problem): Diagnostic {
  const diagnostic: Diagnostic = {
    range: rangeIn(document, problem.range),
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    source: "MLproject",
    message: problem.message,
  };
  if (problem.code === "unused-parameter") diagnostic.tags = [DiagnosticTag.Unnecessary];
  return diagnostic;
}
