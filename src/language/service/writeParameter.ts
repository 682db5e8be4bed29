// A parameter of an MLproject, written for an option of a script.
import { plainTag } from "../../projects/yamlScalars.ts";
import type { ScriptOption } from "../python/model.ts";

/** The option's name, in a form that YAML takes for a text. */
export function parameterName(option: ScriptOption): string {
  return option.name
    .replace(/^-+/, "")
    .replace(/[^\w-]+/g, "_")
    .replace(/^(\d)/, "_$1");
}

/** `lr: {type: float, default: 0.1}`, indented. */
export function parameterLines(option: ScriptOption, indent: string): string {
  const type = option.type === "int" || option.type === "float" ? "float" : "string";
  const value = option.default;
  const name = quotedKey(parameterName(option));
  if (value === undefined || option.most > 1) return `${indent}${name}: ${type}`;
  return `${indent}${name}: {type: ${type}, default: ${yamlValue(value, type)}}`;
}

/** MLflow must read what the script has: a text stays one, a number stays the same. */
export function yamlValue(value: string, type: string): string {
  if (type === "float" && /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(value)) return value;
  const isPlain = /^[A-Za-z_./][\w./-]*$/.test(value) && plainTag(value) === "str";
  return isPlain ? value : `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}

/** A name that YAML takes for a text. */
export function quotedKey(name: string): string {
  return plainTag(name) === "str" ? name : `"${name}"`;
}
