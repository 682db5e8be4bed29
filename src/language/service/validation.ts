import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { MlprojectDocument, Problem, ProblemSeverity } from "../../projects/document.ts";
import { CHECKERS } from "./checkers.ts";
import { ignoredProblems } from "./ignored.ts";
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
  const isIgnored = ignoredProblems(document);
  return [...document.problems, ...beside]
    .filter((problem) => !isIgnored(problem))
    .flatMap((problem) => withSeverity(problem, severities))
    .toSorted((a, b) => a.range.start - b.range.start);
}

export function diagnosticOf(document: MlprojectDocument, problem: Problem): Diagnostic {
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
