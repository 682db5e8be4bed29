// What one field of `str.format` makes of a text: lookup, index, conversion, width.
import { MlflowError } from "../mlflow/errors.ts";
import type { FormatField } from "./formatString.ts";
import { parseFormat } from "./formatString.ts";
import { textRepr } from "./yamlScalars.ts";

/** A mistake of a field that shows without its value. */
export type FieldMistake = "positional" | "attribute" | "conversion" | "spec";

/**
 * `text.format(**values)`.
 * @throws MlflowError INVALID_PARAMETER_VALUE where Python raises KeyError, IndexError, ValueError, AttributeError or TypeError.
 */
export function formatText(text: string, values: ReadonlyMap<string, string>): string {
  const { parts, mistakes } = parseFormat(text);
  const [mistake] = mistakes;
  if (mistake !== undefined) throw refused(`${mistake.message}; a literal brace is written twice.`);
  return parts.map((part) => (typeof part === "string" ? part : fieldText(part, values))).join("");
}

/** What is wrong with a field whatever its value is. */
export function fieldMistake(field: FormatField): FieldMistake | undefined {
  if (/^[0-9]*$/.test(field.name)) return "positional";
  if (field.access !== "" && !/^(?:\[[0-9]+\])+$/.test(field.access)) return "attribute";
  if (field.conversion !== undefined && !["r", "s", "a"].includes(field.conversion)) return "conversion";
  return field.inner.length > 0 || TEXT_SPEC.test(field.spec) ? undefined : "spec";
}

/** `[[fill]align][0][width][.precision][s]`; a sign, `=`, `,` and number types are refused for texts. */
const TEXT_SPEC = /^(?:(.)?([<>^]))?(0)?([0-9]+)?(?:\.([0-9]+))?s?$/su;

function fieldText(field: FormatField, values: ReadonlyMap<string, string>): string {
  const mistake = fieldMistake(field);
  if (mistake === "positional") {
    throw refused(`\`{${field.name}}\` has no name, and values have no numbers; a literal brace is written twice.`);
  }
  const value = values.get(field.name);
  if (value === undefined) throw refused(`\`{${field.name}}\` is not a parameter; a literal brace is written twice.`);
  if (mistake !== undefined) throw refused(`\`{${field.name}}\` is a text and cannot be used in this way.`);
  const indexed = atIndexes(value, field);
  const converted =
    field.conversion === "r" ? textRepr(indexed) : field.conversion === "a" ? textAscii(indexed) : indexed;
  return padded(converted, formatText(field.spec, values), field.name);
}

function atIndexes(value: string, field: FormatField): string {
  let text = value;
  for (const [, index] of field.access.matchAll(/\[([0-9]+)\]/g)) {
    const character = [...text][Number(index)];
    if (character === undefined) throw refused(`The value of \`{${field.name}}\` has no character ${index}.`);
    text = character;
  }
  return text;
}

function textAscii(text: string): string {
  return [...textRepr(text)].map((character) => (character > "\x7f" ? escaped(character) : character)).join("");
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

function padded(text: string, spec: string, name: string): string {
  const match = TEXT_SPEC.exec(spec);
  if (match === null) throw refused(`\`{${name}}\` is a text and cannot be used in this way.`);
  const [, fill, align, zero, width = "0", precision] = match;
  const characters = [...text].slice(0, precision === undefined ? undefined : Number(precision));
  const missing = Math.max(0, Math.min(Number(width), MAX_WIDTH) - characters.length);
  const filler = fill ?? (zero === undefined ? " " : "0");
  const before = align === ">" ? missing : align === "^" ? Math.floor(missing / 2) : 0;
  return filler.repeat(before) + characters.join("") + filler.repeat(missing - before);
}

/** No command is that long; keeps a mistyped width from taking all memory. */
const MAX_WIDTH = 100_000;

function refused(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
