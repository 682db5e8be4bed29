import type { CodeAction, Diagnostic } from "vscode-languageserver";
import type { Problem, TextRange } from "../../../projects/document.ts";
import { checkSteps } from "../../../projects/workflow/checkSteps.ts";
import type { WorkflowDocument } from "../../../projects/workflow/document.ts";
import { readWorkflow } from "../../../projects/workflow/readWorkflow.ts";
import { quickFixes, touching } from "../quickFixes.ts";
import type { Severities } from "../severities.ts";
import { told } from "../told.ts";
import { tooLarge } from "../tooLarge.ts";
import { diagnosticOf } from "../validation.ts";
import type { Workspace } from "../workspace.ts";
import { projectFor } from "./stepProjects.ts";

/** Reads a workflow for someone who waits. */
export function readWorkflowForEditor(text: string): WorkflowDocument {
  const refusal = tooLarge(text);
  if (refusal === undefined) return readWorkflow(text);
  return { text: text.slice(0, 1000), parameters: [], steps: [], maxParallel: 1, problems: [refusal] };
}

/** The reader's problems, and those beside the projects of the steps. */
export function workflowProblems(
  document: WorkflowDocument,
  workspace: Workspace | undefined,
  severities: Severities = {},
): Problem[] {
  const beside =
    workspace === undefined
      ? []
      : checkSteps(document, (step) => {
          const found = projectFor(workspace, step);
          return typeof found === "object" ? found.document : found;
        });
  return told([...document.problems, ...beside], document, severities);
}

export function validateWorkflow(
  document: WorkflowDocument,
  workspace: Workspace | undefined,
  severities?: Severities,
): Diagnostic[] {
  return workflowProblems(document, workspace, severities).map((problem) => ({
    ...diagnosticOf(document, problem),
    source: "workflow",
  }));
}

export function workflowActions(
  document: WorkflowDocument,
  uri: string,
  range: TextRange,
  workspace: Workspace | undefined,
  severities?: Severities,
): CodeAction[] {
  return workflowProblems(document, workspace, severities)
    .filter((problem) => touching(problem.range, range))
    .flatMap((problem) => quickFixes(document, uri, problem));
}
