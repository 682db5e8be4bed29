import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { MlprojectDocument, Problem, ProblemSeverity } from "../../projects/document.ts";
import type { Read } from "./positions.ts";
import { rangeIn } from "./positions.ts";
import { problemsOf } from "./problems.ts";
import type { Severities } from "./severities.ts";
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
