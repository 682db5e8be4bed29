import type { DocumentSymbol, Hover, Location } from "vscode-languageserver";
import { SymbolKind } from "vscode-languageserver";
import type { TextRange } from "../../../projects/document.ts";
import type { Step, WorkflowDocument } from "../../../projects/workflow/document.ts";
import { expressionsIn } from "../../../projects/workflow/expression.ts";
import { dependenciesOf } from "../../../projects/workflow/plan.ts";
import { cursorAt } from "../cursor.ts";
import { commandWithDefaults } from "../hover.ts";
import { code, codeBlock, escapeMarkdown } from "../markdown.ts";
import { parameterSummary } from "../nodeAt.ts";
import { rangeIn, touches } from "../positions.ts";
import type { Workspace } from "../workspace.ts";
import { entryPointOfStep, projectOfStep } from "./stepProjects.ts";
import { workflowKeysAt } from "./workflowKeys.ts";
import { nameAt } from "./workflowNames.ts";

const FIELDS = {
  run_id: "The id of the run of",
  experiment_id: "The id of the experiment of",
  artifact_uri: "Where the artifacts lie of",
  metrics: "The last value of this metric, logged by",
  params: "The value of this param, logged by",
} as const;

export function hoverWorkflow(
  document: WorkflowDocument,
  offset: number,
  workspace: Workspace | undefined,
): Hover | null {
  const tell = (parts: readonly string[], range: TextRange): Hover => ({
    contents: { kind: "markdown", value: parts.join("\n\n") },
    range: rangeIn(document, range),
  });
  for (const step of document.steps) {
    const value = step.parameters.find(({ nameRange }) => touches(nameRange, offset));
    if (value !== undefined) {
      const parameter = entryPointOfStep(workspace, step)?.parameters.find(({ name }) => name === value.name);
      if (parameter === undefined) return null;
      const { description } = parameter;
      const more = description === undefined ? [] : [escapeMarkdown(description)];
      return tell([`${code(parameter.name)} ${escapeMarkdown(parameterSummary(parameter))}`, ...more], value.nameRange);
    }
    const expression = step.parameters
      .flatMap((one) => expressionsIn(one.value))
      .find(({ range }) => touches(range, offset));
    if (expression?.reference?.kind === "step") {
      const { reference, range } = expression;
      const other = document.steps.find(({ name }) => name === reference.step);
      const head = `${FIELDS[reference.field]} ${code(reference.step)}.`;
      return tell([head, ...(other === undefined ? [] : describeStep(other, workspace))], range);
    }
    if (touches(step.nameRange, offset) || touches(step.entryPoint.range, offset)) {
      const isName = touches(step.nameRange, offset);
      return tell(describeStep(step, workspace), isName ? step.nameRange : step.entryPoint.range);
    }
  }
  const name = nameAt(document, offset);
  const step = name?.kind === "step" ? document.steps.find((one) => one.name === name.name) : undefined;
  if (name !== undefined && step !== undefined) return tell(describeStep(step, workspace), name.at);
  const parameter = name?.kind === "parameter" ? document.parameters.find((one) => one.name === name.name) : undefined;
  if (name !== undefined && parameter !== undefined) {
    return tell(
      [`Parameter ${code(parameter.name)} of the workflow: ${escapeMarkdown(parameterSummary(parameter))}`],
      name.at,
    );
  }
  const cursor = cursorAt(document.text, offset);
  if (cursor?.kind !== "key") return null;
  const word = document.text.slice(cursor.range.start, cursor.range.end);
  const meaning = workflowKeysAt(cursor.path)?.find(({ key }) => key === word);
  return meaning === undefined ? null : tell([meaning.text], cursor.range);
}

function describeStep(step: Step, workspace: Workspace | undefined): string[] {
  const entryPoint = entryPointOfStep(workspace, step);
  const needs = dependenciesOf(step).map(code).join(", ");
  const of = step.project === undefined ? "" : ` of ${code(step.project.text)}`;
  const command = entryPoint === undefined ? undefined : commandWithDefaults(entryPoint);
  return [
    `Step ${code(step.name)}: entry point ${code(step.entryPoint.text)}${of}${needs === "" ? "" : `, after ${needs}`}`,
    ...(entryPoint?.parameters.map((one) => `- ${code(one.name)} ${escapeMarkdown(parameterSummary(one))}`) ?? []),
    ...(command === undefined ? [] : [codeBlock("shellscript", command)]),
  ];
}

/** From the name of a step or a parameter to where it is declared; from an entry point into its project. */
export function workflowDefinition(
  document: WorkflowDocument,
  uri: string,
  offset: number,
  workspace: Workspace | undefined,
): Location[] {
  const step = document.steps.find(({ range }) => touches(range, offset));
  if (step !== undefined && workspace !== undefined) {
    const project = projectOfStep(workspace, step);
    const entryPoint = entryPointOfStep(workspace, step);
    const value = step.parameters.find(({ nameRange }) => touches(nameRange, offset));
    const parameter = entryPoint?.parameters.find(({ name }) => name === value?.name);
    const start = { start: 0, end: 0 };
    const target =
      parameter?.nameRange ??
      (touches(step.entryPoint.range, offset) ? entryPoint?.nameRange : undefined) ??
      (touches(step.project?.range, offset) ? start : undefined);
    if (project !== undefined && target !== undefined) {
      return [{ uri: workspace.uriOf(project.path), range: rangeIn(project.document, target) }];
    }
  }
  const declaration = nameAt(document, offset)?.declaration;
  return declaration === undefined ? [] : [{ uri, range: rangeIn(document, declaration) }];
}

/** The outline: parameters and steps. */
export function workflowSymbols(document: WorkflowDocument): DocumentSymbol[] {
  const symbol = (
    name: string,
    kind: SymbolKind,
    range: TextRange,
    nameRange: TextRange,
    detail: string,
  ): DocumentSymbol => ({
    name: name === "" ? "?" : name,
    kind,
    detail,
    range: rangeIn(document, range),
    selectionRange: rangeIn(document, nameRange),
  });
  return [
    ...document.parameters.map((one) =>
      symbol(one.name, SymbolKind.Variable, one.range, one.nameRange, parameterSummary(one)),
    ),
    ...document.steps.map((one) =>
      symbol(one.name, SymbolKind.Function, one.range, one.nameRange, one.entryPoint.text),
    ),
  ];
}
