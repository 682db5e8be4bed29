// Steps and parameters of a workflow: where they are declared, and where they are used.
import type { TextRange } from "../../../projects/document.ts";
import { STEP_NAME, type Expression, type Step, type WorkflowDocument } from "../../../projects/workflow/document.ts";
import { expressionsIn } from "../../../projects/workflow/expression.ts";
import { touches } from "../positions.ts";

/** A step or a parameter of the workflow. */
export interface WorkflowName {
  kind: "step" | "parameter";
  name: string;
  declaration?: TextRange;
  uses: TextRange[];
  /** The place that was asked about. */
  at: TextRange;
}

/** The name at `offset`. */
export function nameAt(document: WorkflowDocument, offset: number): WorkflowName | undefined {
  const all = [
    ...document.steps.map(({ name, nameRange }) => ({ kind: "step" as const, name, range: nameRange })),
    ...document.parameters.map(({ name, nameRange }) => ({ kind: "parameter" as const, name, range: nameRange })),
    ...usesIn(document),
  ];
  const found = all.find(({ range }) => touches(range, offset));
  if (found === undefined) return undefined;
  const { kind, name, range } = found;
  const declared = kind === "step" ? document.steps : document.parameters;
  const declaration = declared.find((one) => one.name === name)?.nameRange;
  const uses = usesIn(document)
    .filter((use) => use.kind === kind && use.name === name)
    .map((use) => use.range);
  return { kind, name, at: range, uses, ...(declaration === undefined ? {} : { declaration }) };
}

interface Use {
  kind: "step" | "parameter";
  name: string;
  range: TextRange;
}

function usesIn({ steps }: WorkflowDocument): Use[] {
  return steps.flatMap((step) => [
    ...step.needs.map(({ text, range }): Use => ({ kind: "step", name: text, range: withoutQuotes(range, text) })),
    ...step.parameters.flatMap(({ value }) => expressionsIn(value)).flatMap(useOf),
  ]);
}

function useOf({ words, reference, innerRange }: Expression): Use[] {
  const [, second, third] = words;
  if (reference?.kind === "step" && second !== undefined) {
    return [{ kind: "step", name: reference.step, range: second.range }];
  }
  if (reference?.kind !== "parameter" || third === undefined) return [];
  return [{ kind: "parameter", name: reference.name, range: { start: third.range.start, end: innerRange.end } }];
}

/** The range of a scalar takes its quotes in. */
function withoutQuotes({ start, end }: TextRange, text: string): TextRange {
  return end - start === text.length + 2 ? { start: start + 1, end: end - 1 } : { start, end };
}

/** Why a step cannot be called so; undefined when it can. A parameter may have any name. */
export function workflowRenameProblem(
  document: WorkflowDocument,
  found: WorkflowName,
  newName: string,
): string | undefined {
  const others: readonly { name: string }[] = found.kind === "step" ? document.steps : document.parameters;
  if (found.declaration === undefined) return `Nothing is called ${found.name} here.`;
  if (found.kind === "step" && !STEP_NAME.test(newName)) {
    return "The name of a step has letters, digits, - and _ only, and begins with a letter or _.";
  }
  if (!/^[\w.-]+$/.test(newName)) return "A name in `${{ … }}` has letters, digits, -, _ and dots.";
  if (newName !== found.name && others.some(({ name }) => name === newName)) return `There is a ${newName} already.`;
  return undefined;
}

/** The texts that change when a step or a parameter gets another name. */
export function workflowRenames(
  document: WorkflowDocument,
  found: WorkflowName,
  newName: string,
): [TextRange, string][] {
  const places = [...(found.declaration === undefined ? [] : [found.declaration]), ...found.uses];
  const changes = places.map((range): [TextRange, string] => [range, newName]);
  // A step that is called as its entry point keeps that one.
  const step = found.kind === "step" ? document.steps.find(({ name }) => name === found.name) : undefined;
  const own = step === undefined ? undefined : keptEntryPoint(document, step);
  return own === undefined ? changes : [...changes, own];
}

/** The step's value, in whichever way it is written, with the name of its entry point in it. */
function keptEntryPoint({ text }: WorkflowDocument, step: Step): [TextRange, string] | undefined {
  if (step.entryPoint.range.start !== step.nameRange.start) return undefined;
  const written = `entry_point: ${step.name}`;
  const { end } = step.nameRange;
  const colon = /^\s*:/.exec(text.slice(end))?.[0];
  // In brackets a name may stand alone.
  if (colon === undefined) return [{ start: end, end }, `: {${written}}`];
  const properties = /^(?:[ \t]*[&!][^\s,{}[\]]+)*/.exec(text.slice(end + colon.length))?.[0] ?? "";
  const at = end + colon.length + properties.length;
  const rest = text.slice(at);
  const open = /^\s*\{/.exec(rest)?.[0];
  if (open !== undefined) {
    const inside = at + open.length;
    return [{ start: inside, end: inside }, /^\s*\}/.test(text.slice(inside)) ? written : `${written}, `];
  }
  const scalar = /^[ \t]*(?:null|Null|NULL|~|(\*[\w-]+))(?=[ \t]*(?:#|,|\}|\r?\n|$))/.exec(rest);
  if (scalar !== null) {
    const merged = scalar[1] === undefined ? "" : `<<: ${scalar[1]}, `;
    return [{ start: at, end: at + scalar[0].length }, ` {${merged}${written}}`];
  }
  if (/^\s*[,}]/.test(rest)) return [{ start: at, end: at }, ` {${written}}`];
  const lineStart = text.lastIndexOf("\n", step.nameRange.start - 1) + 1;
  const indent = " ".repeat(step.nameRange.start - lineStart);
  const inner = /^[^\n]*\n(?:[ \t]*\r?\n)*([ \t]+)\S/.exec(rest)?.[1] ?? "";
  const own = inner.length > indent.length ? inner : `${indent}  `;
  return [{ start: at, end: at }, `\n${own}${written}`];
}
