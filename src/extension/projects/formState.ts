// What stands in the form of a run, and what it may be filled with. No vscode: tested as a table.
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import type { EnvManager, RunRequest } from "../../projects/request.ts";
import { problemOf, type Values } from "./parameterValues.ts";

/** What a run is given, as its form stands. */
export interface RunForm {
  /** Of declared parameters; what keeps its default is absent. */
  values: Values;
  /** Of parameters that the entry point does not declare: they are appended to its command. */
  extra: Values;
  /** Absent: as the setting says. */
  env_manager?: EnvManager;
  experiment_name?: string;
  run_name?: string;
}

/** Where the form of an entry point is kept. */
export function formKey(uri: string, entry_point: string): string {
  return `flowdeck.projects.form ${uri} ${entry_point}`;
}

/** The form as it stood the last time. */
export function keptForm(memory: { get(key: string): unknown }, key: string): RunForm {
  const empty: RunForm = { values: {}, extra: {} };
  const kept = memory.get(key);
  return typeof kept === "object" && kept !== null ? { ...empty, ...structuredClone(kept) } : empty;
}

/** What somebody gives for the form to begin with, such as what an earlier run had. */
export interface GivenForm {
  values?: Values | undefined;
  experiment_name?: string | undefined;
}

/** The form as it is shown first: as it stood the last time, unless values are given. */
export function firstForm(entryPoint: EntryPoint, kept: RunForm, given: GivenForm, folder?: string): RunForm {
  const { values, experiment_name } = given;
  const { env_manager } = kept;
  const again: RunForm = {
    values: values ?? {},
    extra: {},
    ...(env_manager === undefined ? {} : { env_manager }),
    ...(experiment_name === undefined ? {} : { experiment_name }),
  };
  const form = values === undefined ? kept : again;
  return { ...form, values: declaredValues(entryPoint, form.values, folder) };
}

/** Values that the form can be filled with at once. */
export interface Offer {
  /** Such as `Values of the best run`. */
  title: string;
  /** Which one that is. */
  detail: string;
  icon: "bookmark" | "star-full" | "history" | "discard";
  form: RunForm;
}

/** The values of declared parameters that differ from their defaults, and that the types take. */
export function declaredValues({ parameters }: EntryPoint, given: Values, folder?: string): Values {
  const values: Values = {};
  for (const parameter of parameters) {
    const value = given[parameter.name];
    if (value === undefined || value === parameter.default) continue;
    if (problemOf(parameter, value, folder) === undefined) values[parameter.name] = value;
  }
  return values;
}

/** The first parameter whose value would be refused, with the sentence that says why. */
export function firstProblem(
  { parameters }: EntryPoint,
  values: Values,
  folder: string,
): { parameter: Parameter; problem: string } | undefined {
  for (const parameter of parameters) {
    const value = values[parameter.name] ?? parameter.default;
    const problem = value === undefined ? undefined : problemOf(parameter, value, folder);
    if (problem !== undefined) return { parameter, problem };
  }
  return undefined;
}

/** Puts what is offered into the form: values as a whole, the rest as far as it says something. */
export function fill(form: RunForm, { form: offered }: Offer): void {
  const { values, extra, ...more } = structuredClone(offered);
  Object.assign(form, more, { values, extra: { ...extra } });
}

/** `alpha 0.1, epochs 5`; what is shown of several values in one row. */
export function valuesText(values: Values): string {
  const parts = Object.entries(values).map(([name, value]) => `${name} ${value === "" ? '""' : value}`);
  return parts.length === 0 ? "all defaults" : parts.join(", ");
}

/** What the form's last rows say of environment, experiment and name. */
export function moreText({ env_manager, experiment_name, run_name }: RunForm, usual: EnvManager): string {
  return [
    `environment ${env_manager ?? usual}`,
    ...(experiment_name === undefined ? [] : [`experiment ${experiment_name}`]),
    ...(run_name === undefined ? [] : [`run ${run_name}`]),
  ].join(", ");
}

/** One sentence when no parameter can have this name beside those that are there. */
export function nameProblem(entryPoint: EntryPoint, { extra }: RunForm, name: string): string | undefined {
  if (name.trim() === "") return "A parameter has a name, such as seed.";
  if (/[=\s]|^-/.test(name)) return "A name has no blank, no = and no - in front; it becomes --name of the command.";
  if (entryPoint.parameters.some((parameter) => parameter.name === name)) return `${name} is declared; choose its row.`;
  return name in extra ? `${name} is there already; choose its row.` : undefined;
}

/** The part of a request that a form decides. */
export function requestPart({
  values,
  extra,
  env_manager,
  experiment_name,
  run_name,
}: RunForm): Pick<RunRequest, "parameters" | "env_manager" | "experiment_name" | "run_name"> {
  return {
    parameters: [...Object.entries(values), ...Object.entries(extra)],
    ...(env_manager === undefined ? {} : { env_manager }),
    ...(experiment_name === undefined ? {} : { experiment_name }),
    ...(run_name === undefined ? {} : { run_name }),
  };
}
