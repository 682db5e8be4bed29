// Names in a workflow file that name nothing in it, and steps that wait for themselves.
import type { Problems } from "../problems.ts";
import { nearest } from "../spelling.ts";
import type { Expression, Located, Step, WorkflowDocument } from "./document.ts";
import { expressionsIn } from "./expression.ts";
import { findCycle, needsOf, usesOf } from "./plan.ts";

export function checkReferences(document: WorkflowDocument, problems: Problems): void {
  for (const step of document.steps) {
    for (const need of step.needs) checkStepName(document, step, need, problems);
    for (const { value } of step.parameters) {
      for (const expression of expressionsIn(value)) checkExpression(document, step, expression, problems);
    }
    for (const need of step.needs) {
      if (usesOf(step).includes(need.text) && document.steps.some(({ name }) => name === need.text)) {
        const message = `${step.name} uses ${need.text}, so that it waits for it without being told.`;
        problems.hint("need-implied", message, need.range);
      }
    }
  }
  checkCycle(document, problems);
}

function checkExpression(document: WorkflowDocument, step: Step, expression: Expression, problems: Problems): void {
  const { reference, words } = expression;
  if (reference?.kind === "step" && words[1] !== undefined) checkStepName(document, step, words[1], problems);
  if (reference?.kind !== "parameter") return;
  const names = document.parameters.map(({ name }) => name);
  if (names.includes(reference.name)) return;
  const range = { start: words[2]?.range.start ?? expression.range.start, end: expression.innerRange.end };
  const meant = nearest(reference.name, names);
  const known = names.length === 0 ? "it declares none" : `it has ${names.join(", ")}`;
  const told = meant === undefined ? known : `\`${meant}\` seems to be meant`;
  const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range, newText: meant }];
  const message = `This workflow has no parameter \`${reference.name}\`; ${told}.`;
  problems.error("workflow-parameter-unknown", message, range, fixes);
}

function checkStepName({ steps }: WorkflowDocument, step: Step, { text, range }: Located, problems: Problems): void {
  if (text === step.name) {
    problems.error("step-needs-itself", `${text} cannot wait for itself.`, range);
    return;
  }
  const names = steps.map(({ name }) => name).filter((name) => name !== step.name);
  if (names.includes(text)) return;
  const meant = nearest(text, names);
  const known = names.length === 0 ? "there is no other step" : `there are ${names.slice(0, 10).join(", ")}`;
  const told = meant === undefined ? known : `\`${meant}\` seems to be meant`;
  const fixes = meant === undefined ? [] : [{ title: `Change to ${meant}`, range, newText: meant }];
  problems.error("step-unknown", `No step is called \`${text}\`; ${told}.`, range, fixes);
}

function checkCycle(document: WorkflowDocument, problems: Problems): void {
  const needs = new Map([...needsOf(document)].map(([name, others]) => [name, others.filter((one) => one !== name)]));
  const cycle = findCycle(needs);
  if (cycle === undefined) return;
  const around = [...cycle, cycle[0]].join(" → ");
  for (const name of cycle) {
    const step = document.steps.find((one) => one.name === name);
    if (step === undefined) continue;
    const message = `These steps wait for each other, so that none can start: ${around}.`;
    problems.error("step-cycle", message, step.nameRange);
  }
}
