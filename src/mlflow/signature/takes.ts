import type { ValueType } from "./types.ts";

/** What a value of a type looks like, for "free_so2 takes a whole number, such as 11." */
export function takesWords(type: ValueType): string {
  switch (type.type) {
    case "boolean":
      return "true or false";
    case "integer":
    case "long":
      return "a whole number, such as 11";
    case "float":
    case "double":
      return "a number, such as 0.5";
    case "string":
      return 'text, such as "red"';
    case "binary":
      return "bytes in Base64, such as aGVsbG8=";
    case "datetime":
      return "a date, such as 2026-11-26 or 2026-11-26T14:05:00";
    case "array":
      return `a list, such as ${exampleOf(type)}`;
    case "sparkml_vector":
      return "a list of numbers, such as [0.5, 1.5]";
    case "object":
    case "map":
      return `an object, such as ${exampleOf(type)}`;
    case "any":
      return "any JSON";
    default:
      return type satisfies never;
  }
}

/** A value of a type as JSON; nested ones in short. */
export function exampleOf(type: ValueType): string {
  switch (type.type) {
    case "boolean":
      return "true";
    case "integer":
    case "long":
      return "11";
    case "float":
    case "double":
      return "0.5";
    case "string":
      return '"red"';
    case "binary":
      return '"aGVsbG8="';
    case "datetime":
      return '"2026-11-26T14:05:00"';
    case "array":
      return `[${exampleOf(type.items)}]`;
    case "sparkml_vector":
      return "[0.5, 1.5]";
    case "map":
      return `{"key": ${exampleOf(type.values)}}`;
    case "object":
      return `{${type.properties.map(({ name, value }) => `${JSON.stringify(name)}: ${exampleOf(value)}`).join(", ")}}`;
    case "any":
      return "null";
    default:
      return type satisfies never;
  }
}

/** `a text`, `a number`: what stands there instead. */
export function kindWords(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "text";
    case "bigint":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}

/** A type that a JSON field holds as text and a form needs no JSON for. */
export function isPlain(type: ValueType): boolean {
  return !["array", "object", "map", "any", "sparkml_vector"].includes(type.type);
}
