// What a person may type for a parameter. No vscode: tested as a table.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { EntryPoint, Parameter } from "../../projects/document.ts";
import { localPathOf } from "../../projects/uriText.ts";

/** Values by parameter name; what keeps its default is absent. */
export type Values = Record<string, string>;

/** What an entry point is run with unasked: `given`, else defaults; where there is none, the value of the last time that the type takes. */
export function valuesUnasked({ parameters }: EntryPoint, given: Values, remembered: Values): Values {
  const values: Values = {};
  for (const parameter of parameters) {
    const { name } = parameter;
    const before = parameter.default === undefined ? remembered[name] : undefined;
    const value = given[name] ?? (before === undefined || problemOf(parameter, before) ? undefined : before);
    if (value !== undefined && value !== parameter.default) values[name] = value;
  }
  return values;
}

/** The parameters that have neither a value nor a default. */
export function missingParameters({ parameters }: EntryPoint, values: Values): Parameter[] {
  return parameters.filter((parameter) => (values[parameter.name] ?? parameter.default) === undefined);
}

/**
 * One sentence when `value` is nothing that the parameter's type takes, else undefined. Other types take any text, as in mlflow 3.17.
 * Paths count from `folder`, where the run starts; without it they are not looked for.
 */
export function problemOf(parameter: Parameter, value: string, folder?: string): string | undefined {
  const { name, type } = parameter;
  switch (type.toLowerCase()) {
    case "float":
    case "double":
    case "number":
      return isPythonFloat(value) ? undefined : `${name} takes a number, such as ${exampleOf(parameter, "0.1")}.`;
    case "int":
    case "integer":
    case "long":
      return /^[+-]?\d+(_\d+)*$/.test(value.trim())
        ? undefined
        : `${name} takes a whole number, such as ${exampleOf(parameter, "11")}.`;
    case "bool":
    case "boolean":
      return /^(true|false|yes|no|on|off|0|1)$/i.test(value.trim()) ? undefined : `${name} takes True or False.`;
    case "uri":
      return /^[a-z][a-z0-9+.-]*:/i.test(value)
        ? undefined
        : `${name} takes a URI with a scheme, such as ${exampleOf(parameter, "runs:/…")}.`;
    case "path":
      return value.trim() === "" ? `${name} takes a path.` : missingPath(value, folder);
    default:
      return undefined;
  }
}

function missingPath(value: string, folder: string | undefined): string | undefined {
  const local = localPathOf(value);
  // The others are downloaded when the run begins.
  if (folder === undefined || local === undefined || local === "" || existsSync(resolve(folder, local)))
    return undefined;
  return `There is no file or folder ${value} in ${folder}.`;
}

/** What the type of a parameter leaves to choose from; undefined for most. */
export function choicesOfType({ type }: Parameter): string[] | undefined {
  return ["bool", "boolean"].includes(type.toLowerCase()) ? ["True", "False"] : undefined;
}

/** Python's `float()`: also `1e-5`, `.5`, `inf`, `nan`, underscores between digits. */
function isPythonFloat(value: string): boolean {
  return /^[+-]?((\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?|inf(inity)?|nan)$/i.test(value.trim());
}

function exampleOf({ default: value }: Parameter, otherwise: string): string {
  return value !== undefined && value !== "" ? value : otherwise;
}

/** How a parameter is shown with the value it would get: `float = 0.08`, `float = 0.06 · default 0.08`, `float, required`. */
export function parameterText(parameter: Parameter, value: string | undefined): string {
  const { type, default: otherwise } = parameter;
  const chosen = value ?? otherwise;
  if (chosen === undefined) return `${type}, required`;
  const changed = value !== undefined && otherwise !== undefined && value !== otherwise;
  return `${type} = ${shown(chosen)}${changed ? ` · default ${shown(otherwise)}` : ""}`;
}

function shown(value: string): string {
  return value === "" ? '""' : value;
}
