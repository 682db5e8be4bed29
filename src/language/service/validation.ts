import type { Diagnostic } from "vscode-languageserver";
import { DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import type { MlprojectDocument, Problem, ProblemSeverity } from "../../projects/document.ts";
import { rangeIn } from "./positions.ts";
import { scriptsOf } from "./scripts.ts";
import type { Workspace } from "./workspace.ts";

const SEVERITIES: Record<ProblemSeverity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Every problem of a file; those that need the folder are found when there is a workspace. */
export function validate(document: MlprojectDocument, workspace?: Workspace): Diagnostic[] {
  return problemsOf(document, workspace).map((problem) => diagnosticOf(document, problem));
}

/** The reader's problems and those of the folder, in text order. */
export function problemsOf(document: MlprojectDocument, workspace?: Workspace): Problem[] {
  if (workspace === undefined) return document.problems;
  const found = [
    ...document.problems,
    ...checkEnvironmentFile(document, workspace),
    ...checkScripts(document, workspace),
  ];
  return found.toSorted((a, b) => a.range.start - b.range.start);
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

function checkEnvironmentFile({ environment }: MlprojectDocument, workspace: Workspace): Problem[] {
  if (environment?.path === undefined || workspace.exists(environment.path)) return [];
  const message = `MLflow cannot load this project: ${environment.path} is not in its folder.`;
  return [{ code: "environment-file-missing", severity: "error", message, range: environment.range }];
}

function checkScripts(document: MlprojectDocument, workspace: Workspace): Problem[] {
  return document.entryPoints.flatMap((entryPoint) =>
    scriptsOf(document, entryPoint)
      .filter((script) => !workspace.exists(script.path))
      .map((script): Problem => {
        const message = `Running ${entryPoint.name} fails: ${script.path} is not in the project folder.`;
        return { code: "script-missing", severity: "warning", message, range: script.range };
      }),
  );
}
