import { checkValue } from "./checkValue.ts";
import type { Checked } from "./checkValue.ts";
import { JsonMistake, layOutJson, printJson, readJson, tryJson } from "./json.ts";
import type { Json } from "./json.ts";
import { isPlain, takesWords } from "./takes.ts";
import type { ValueType } from "./types.ts";

/** What a field of a form is about. */
export interface FieldSpec {
  name: string;
  value: ValueType;
  required: boolean;
}

/**
 * Reads what stands in a field. Nothing in an optional field is `null`: it is not given; a required text may be empty.
 * Lists, objects and maps are written as JSON; what may be anything is JSON where it can be read as such, else text.
 */
export function readField(text: string, { name, value: type, required }: FieldSpec): Checked {
  if (text.trim() === "" && !(type.type === "string" && (required || text !== ""))) {
    return required ? { problem: `${name} is required.` } : { value: null };
  }
  if (type.type === "any") return { value: tryJson(text) ?? text };
  if (isPlain(type)) return checkValue(text, type, { name, required, nested: false });
  let value: Json;
  try {
    value = readJson(text);
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    return { problem: `${name} takes ${takesWords(type)}.` };
  }
  return checkValue(value, type, { name, required, nested: false });
}

/** A value as a field of its type shows it. */
export function fieldText(value: Json, type: ValueType): string {
  if (value === null) return "";
  if (typeof value === "string") {
    // What would be read as another value is written in quotes.
    return type.type === "any" && (tryJson(value) !== undefined || value.trim() === "") ? printJson(value) : value;
  }
  return typeof value === "object" ? layOutJson(value) : printJson(value);
}
