// What a workflow says about the entry points of projects, looked at beside those projects.
import { isScript, missingParameters, resolveEntryPoint, type RunnableEntryPoint } from "../command.ts";
import type { MlprojectDocument, Parameter, Problem, TextRange } from "../document.ts";
import { Problems } from "../problems.ts";
import { nearest } from "../spelling.ts";
import { hasScheme } from "../uriText.ts";
import type { Reference, Step, StepValue, WorkflowDocument } from "./document.ts";
import { expressionsIn } from "./expression.ts";

/**
 * The project of a step. A text says in one sentence why there is none; undefined means that it cannot be looked at now, as
 * when it must be fetched first.
 */
export type ProjectOf = (step: Step) => MlprojectDocument | string | undefined;

/** Entry points and parameters that are not there, values that are missing or do not suit their type. */
export function checkSteps(workflow: WorkflowDocument, projectOf: ProjectOf): Problem[] {
  const problems = new Problems([]);
  for (const step of workflow.steps) {
    const project = projectOf(step);
    if (project === undefined) continue;
    if (typeof project === "string") {
      problems.error("step-project", project, (step.project ?? step.entryPoint).range);
      continue;
    }
    const entryPoint = entryPointOf(step, project, problems);
    if (entryPoint !== undefined) checkValues(workflow, step, entryPoint, problems);
  }
  return problems.list();
}

function entryPointOf(step: Step, project: MlprojectDocument, problems: Problems): RunnableEntryPoint | undefined {
  const { text, range } = step.entryPoint;
  try {
    return resolveEntryPoint(project, text);
  } catch {
    const names = project.entryPoints.map(({ name }) => name);
    const meant = nearest(text, names);
    const known = names.length === 0 ? "its project declares none" : `there are ${names.slice(0, 10).join(", ")}`;
    const told = meant === undefined ? known : `\`${meant}\` seems to be meant`;
    // The name of the step itself stays as it is: others may use it.
    const isOwn = range.start === step.nameRange.start;
    const change = { title: `Change to ${meant}`, range, newText: meant ?? "" };
    const fixes = meant === undefined || isOwn ? [] : [change];
    problems.error("entry-point-unknown", `No entry point is called \`${text}\`; ${told}.`, range, fixes);
    return undefined;
  }
}

function checkValues(workflow: WorkflowDocument, step: Step, entryPoint: RunnableEntryPoint, problems: Problems): void {
  const given = step.parameters.map(({ name, value }): [string, string] => [name, value.text]);
  const missing = missingParameters(entryPoint, given);
  if (missing.length > 0) {
    const names = missing.map((name) => `\`${name}\``).join(", ");
    const message = `${step.name} gives no value for ${names}, which ${entryPoint.name} needs.`;
    problems.error("value-required", message, step.entryPoint.range);
  }
  if (isScript(entryPoint)) return;
  for (const value of step.parameters) {
    const parameter = entryPoint.parameters.find(({ name }) => name === value.name);
    if (parameter === undefined) reportUndeclared(value, entryPoint, given, problems);
    else checkType(workflow, value, parameter, problems);
  }
}

function reportUndeclared(
  { name, nameRange }: StepValue,
  entryPoint: Exclude<RunnableEntryPoint, { kind: "script" }>,
  given: readonly [string, string][],
  problems: Problems,
): void {
  const free = entryPoint.parameters.map((one) => one.name).filter((one) => !given.some(([other]) => other === one));
  const meant = nearest(name, free);
  if (meant === undefined) {
    const message = `${entryPoint.name} declares no \`${name}\`; its command gets \`--${name}\` with the value at its end.`;
    problems.hint("parameter-undeclared", message, nameRange);
    return;
  }
  const message = `${entryPoint.name} declares no \`${name}\`; \`${meant}\` seems to be meant.`;
  const fix = { title: `Change to ${meant}`, range: nameRange, newText: meant };
  problems.warning("parameter-unknown", message, nameRange, [fix]);
}

const NUMBERS = ["float", "number", "double", "int", "integer", "long"];
/** What Python's `float()` makes of a text. */
const NUMBER = /^\s*[-+]?(?:(?:\d[\d_]*\.?\d*|\.\d+)(?:e[-+]?\d+)?|inf(?:inity)?|nan)\s*$/i;

/** A value that is wholly known, or whose kind is, against the type of the parameter that gets it. */
function checkType(workflow: WorkflowDocument, { value }: StepValue, parameter: Parameter, problems: Problems): void {
  const expressions = expressionsIn(value);
  const [only] = value.parts.length === 1 ? expressions : [];
  if (expressions.length > 0 && only === undefined) return;
  const is = only === undefined ? kindOfText(value.text) : kindOf(only.reference, workflow);
  if (is === undefined) return;
  const wanted = NUMBERS.includes(parameter.type) ? "number" : parameter.type === "uri" ? "address" : undefined;
  if (wanted === "number" && is.number === false) report("a number", value.range);
  if (wanted === "address" && is.address === false) report("a URI with a scheme", value.range);

  function report(what: string, range: TextRange): void {
    const message = `\`${parameter.name}\` is declared as ${parameter.type}, but ${is?.what} is not ${what}.`;
    problems.add(wanted === "address" ? "error" : "warning", "value-not-of-type", message, range);
  }
}

interface Kind {
  what: string;
  number?: boolean;
  address?: boolean;
}

function kindOfText(text: string): Kind {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return { what: `\`${shown}\``, number: NUMBER.test(text), address: hasScheme(text) };
}

function kindOf(reference: Reference | undefined, workflow: WorkflowDocument): Kind | undefined {
  switch (reference?.kind) {
    case "text":
      return kindOfText(reference.text);
    case "parameter": {
      const declared = workflow.parameters.find(({ name }) => name === reference.name);
      const what = `the workflow's ${reference.name}`;
      if (declared === undefined) return undefined;
      if (NUMBERS.includes(declared.type)) return { what, number: true, address: false };
      return declared.type === "uri" ? { what, number: false, address: true } : undefined;
    }
    case "step":
      if (reference.field === "run_id") return { what: "the id of a run", number: false, address: false };
      if (reference.field === "artifact_uri") return { what: "an artifact URI", number: false };
      return reference.field === "metrics" ? { what: "a metric", number: true, address: false } : undefined;
    default:
      return undefined;
  }
}
