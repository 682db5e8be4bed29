// What a person may type for the parameters of a sweep. No vscode: tested as a table.
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { asMlflowError } from "../../mlflow/errors.ts";
import { pointsOf, type SweepMethod, type SweepPlan } from "../../projects/sweep/points.ts";
import type { SweepState } from "../../projects/sweep/state.ts";
import { gridValues, parseSweepValues } from "../../projects/sweep/values.ts";
import { problemOf, type Values } from "./parameterValues.ts";

/** A sweep as its form stands. */
export interface SweepForm {
  /** What was typed, by parameter: one value or several, see `parseSweepValues`. What keeps its default is absent. */
  texts: Values;
  method: SweepMethod;
  /** How many runs there are by chance. */
  count: number;
  /** How many run at a time. */
  maxParallel: number;
}

/** What runs, and the values that all runs share. */
export interface Sweep {
  plan: SweepPlan;
  shared: Values;
}

/** The sweep that a form asks for: a text of one value is shared by all runs. */
export function sweepOf({ texts, method, count }: SweepForm): Sweep {
  const shared: Values = {};
  const parameters: [string, string][] = [];
  for (const [name, text] of Object.entries(texts)) {
    const one = singleValue(text);
    if (one === undefined) parameters.push([name, text]);
    else shared[name] = one;
  }
  return { plan: { method, parameters, ...(method === "random" ? { count } : {}) }, shared };
}

/** The form that asks for the same once more: `shared` are the params of the sweep's run. */
export function formOf({ plan, maxParallel }: Pick<SweepState, "plan" | "maxParallel">, shared: Values): SweepForm {
  const alone = Object.entries(shared).map(([name, value]): [string, string] => [name, oneValue(value)]);
  return {
    texts: Object.fromEntries([...alone, ...plan.parameters]),
    method: plan.method,
    count: plan.count ?? 10,
    maxParallel,
  };
}

/** The texts of a form that the entry point still takes as it is written now. */
export function declaredTexts({ parameters }: EntryPoint, texts: Values): Values {
  const kept = parameters.flatMap((parameter): [string, string][] => {
    const text = texts[parameter.name];
    return text === undefined || sweepProblem(parameter, text) !== undefined ? [] : [[parameter.name, text]];
  });
  return Object.fromEntries(kept);
}

/** Names of a form that the entry point does not declare: their values are appended to its command. */
export function undeclaredIn({ parameters }: EntryPoint, { texts }: SweepForm): string[] {
  return Object.keys(texts).filter((name) => !parameters.some((parameter) => parameter.name === name));
}

/** A value so that it is read as that one: in quotes where it would be a list or a range. */
function oneValue(value: string): string {
  try {
    if (singleValue(value) === value) return value;
  } catch {
    // What cannot be read as values stands between quotes as well.
  }
  const quote = value.includes('"') ? "'" : '"';
  return `${quote}${value}${quote}`;
}

/** How many runs a form asks for, or the sentence that says why there are none. */
export function runsOf(form: SweepForm): number | string {
  try {
    return pointsOf(sweepOf(form).plan).length;
  } catch (error) {
    return asMlflowError(error).message;
  }
}

/** One sentence when `text` gives no values, or one that the parameter's type does not take; else undefined. */
export function sweepProblem(parameter: Parameter, text: string): string | undefined {
  try {
    const values = parseSweepValues(text);
    // A range without a step is for chance, or for whole numbers.
    const all = values.kind === "list" ? values.values : [String(values.from), String(values.to)];
    return all.map((value) => problemOf(parameter, value)).find((problem) => problem !== undefined);
  } catch (error) {
    return asMlflowError(error).message;
  }
}

/** `0.1, 0.2 · 2 values`, or what the parameter would have without the sweep. */
export function textOf(parameter: Parameter, text: string | undefined): string {
  if (text === undefined) return parameter.default === undefined ? "required" : `default ${parameter.default}`;
  const values = parseSweepValues(text);
  if (singleValue(text) !== undefined) return text;
  if (values.kind === "range" && values.step === undefined && values.count === undefined && !values.whole) return text;
  return `${text} · ${gridValues(values).length} values`;
}

/** The parameters that have neither a value nor a default. */
export function missingIn({ parameters }: EntryPoint, { texts }: SweepForm): string[] {
  return parameters.flatMap(({ name, default: given }) => ((given ?? texts[name]) === undefined ? [name] : []));
}

function singleValue(text: string): string | undefined {
  const values = parseSweepValues(text);
  return values.kind === "list" && values.values.length === 1 ? values.values[0] : undefined;
}
