import { pythonNumber } from "../pythonNumber.ts";
import type { Checked } from "./checkValue.ts";
import { checkValue } from "./checkValue.ts";
import { dateProblem } from "./dates.ts";
import { readField } from "./fields.ts";
import { isObject, tryJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { takesWords } from "./takes.ts";
import type { ParamSpec, ValueType } from "./types.ts";

/** Params as they are to be sent; those that are not given keep the model's defaults. */
export interface CheckedParams {
  params: JsonObject;
  problems: { param: string; text: string }[];
  notes: string[];
}

/** Checks params as MLflow 3.17.2's `_enforce_params_schema` does; only whole numbers become others. */
export function checkParams(specs: readonly ParamSpec[] | undefined, given: JsonObject): CheckedParams {
  const problems: CheckedParams["problems"] = [];
  const done: [string, Json][] = [];
  const unknown = Object.keys(given).filter((key) => specs?.some(({ name }) => name === key) !== true);
  const notes =
    unknown.length === 0
      ? []
      : [
          specs === undefined || specs.length === 0
            ? `The model takes no params, so ${unknown.join(", ")} would be ignored.`
            : `The model has no param ${unknown.join(", ")}, which would be ignored.`,
        ];
  for (const spec of specs ?? []) {
    const value = given[spec.name];
    if (value === undefined) continue;
    const checked = checkParam(value, spec);
    if ("problem" in checked) problems.push({ param: spec.name, text: checked.problem });
    else done.push([spec.name, checked.value]);
  }
  return { params: Object.fromEntries(done), problems, notes };
}

/** Reads what stands in the field of a param. Nothing: the default is used, and the param is not sent. */
export function readParam(text: string, spec: ParamSpec): Checked | undefined {
  const { name, value: type, shape } = spec;
  if (text.trim() === "") return undefined;
  if (shape !== undefined) {
    const value = tryJson(text);
    if (value !== undefined) return checkParam(value, spec);
    return { problem: `${name} takes a list, such as ${listExample(type)}.` };
  }
  if (type.type === "string") return { value: text };
  const read = readField(text, { name, value: type, required: true });
  return "problem" in read ? read : checkParam(read.value, spec);
}

function checkParam(value: Json, { name, value: type, shape }: ParamSpec): Checked {
  if (shape === undefined) return checkOne(value, type, name);
  if (!Array.isArray(value)) return { problem: `${name} takes a list, such as ${listExample(type)}.` };
  const done: Json[] = [];
  for (const [i, each] of value.entries()) {
    const checked = checkOne(each, type, `${name}[${i}]`);
    if ("problem" in checked) return checked;
    done.push(checked.value);
  }
  return { value: done };
}

function listExample(type: ValueType): string {
  return type.type === "string" ? '["red", "white"]' : type.type === "datetime" ? '["2026-11-26"]' : "[1, 2]";
}

function checkOne(value: Json, type: ValueType, name: string): Checked {
  const refused: Checked = { problem: `${name} takes ${takesWords(type)}.` };
  if (type.type === "object") {
    // The values go to the model as they are; the check of MLflow is that of a column.
    const checked = checkValue(value, type, { name, required: true, nested: false });
    return "problem" in checked ? checked : { value };
  }
  if (value === null) return { value };
  if (Array.isArray(value) || isObject(value)) return refused;
  switch (type.type) {
    case "boolean":
      return typeof value === "boolean" ? { value } : refused;
    case "integer":
    case "long":
      return typeof value === "bigint" ? { value } : refused;
    case "float":
    case "double": {
      const number = typeof value === "bigint" ? pythonNumber(String(value)) : value;
      return typeof number === "number" ? { value: number } : refused;
    }
    case "string":
      return typeof value === "string" ? { value } : refused;
    case "datetime": {
      const problem = typeof value === "string" ? dateProblem(value) : "none";
      return problem === undefined || problem === "range" ? { value } : refused;
    }
    default:
      return refused;
  }
}
