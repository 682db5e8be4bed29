import { MlflowError } from "../errors.ts";
import { floatText } from "../pythonJson.ts";
import { pythonNumber } from "../pythonNumber.ts";
import { type Identifier, unquoted } from "./identifier.ts";
import { pythonSet, SUBJECTS } from "./subjects.ts";
import type { Token } from "./tokens.ts";
import type { EntityType, FilterSubject } from "./tree.ts";

/** Reads the right side of a comparison. Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function readValue(
  subject: FilterSubject,
  { entity, key, name }: Identifier,
  token: Token,
): string | number | string[] {
  const rules = SUBJECTS[subject];
  const { text } = token;
  const quoted = token.kind === "string" || token.kind === "identifier";
  if (subject === "loggedModels") return readLoggedModelValue(entity, rules.numericAttributes.includes(key), token);
  if (entity === "metric") {
    if (!isNumber(token)) throw fail(token, `Expected numeric value type for metric. Found ${text}`);
    return Number(text);
  }
  if (entity === "parameter" || entity === "tag") {
    if (quoted) return readText(token);
    throw fail(token, `Expected a quoted string value for ${entity} (e.g. 'my-value'). Got value ${text}`);
  }
  if (entity === "dataset") {
    if (quoted) return readText(token);
    if (token.kind === "list") return readList(token);
    throw fail(token, `Expected a quoted string value for dataset attributes. Got value ${text}`);
  }
  if (rules.numericAttributes.includes(key)) return readNumericAttribute(subject, name, token);
  if (quoted) return readText(token);
  if (token.kind === "list") {
    const { listAttributes } = rules;
    if (listAttributes && !listAttributes.includes(key)) {
      const known = `[${listAttributes.map((name) => `'${name}'`).join(", ")}]`;
      throw fail(token, `Only ${known} attributes support comparison with a list of quoted string values.`);
    }
    return readList(token);
  }
  if (subject === "modelVersions" && isNumber(token)) {
    const numeric = pythonSet(["version_number", "creation_timestamp", "last_updated_timestamp"]);
    throw fail(token, `Only the '${numeric}' attributes support comparison with numeric values.`);
  }
  const lists = subject === "registeredModels" || subject === "modelVersions";
  const kinds = lists ? "string value or a list of quoted string values" : "string value";
  throw fail(token, `Expected a quoted ${kinds} for attributes. Got value ${text}`);
}

function readNumericAttribute(subject: FilterSubject, key: string, token: Token): number {
  const { text } = token;
  if (subject === "modelVersions") {
    // Text such as '2' is taken too (mlflow 3.17 calls int() on it).
    const digits = token.kind === "integer" ? text : unquoted(unquoted(text, "'"), '"');
    if (/^\s*[-+]?\d+\s*$/.test(digits)) return Number(digits);
    const shown = token.kind === "float" ? floatText(Number(text)) : text;
    throw fail(token, `Invalid value for numeric attribute '${key}': ${shown}`);
  }
  if (!isNumber(token)) {
    throw fail(token, `Expected numeric value type for numeric attribute: ${key}. Found ${text}`);
  }
  if (subject === "experiments" && token.kind === "float") {
    throw fail(token, `Invalid value for numeric attribute '${key}': '${floatText(Number(text))}'`);
  }
  return Number(text);
}

/** Logged models have a parser of their own in MLflow: any text counts, with or without quotes. */
function readLoggedModelValue(entity: EntityType, numericAttribute: boolean, token: Token): string | number | string[] {
  if (entity === "metric" || numericAttribute) {
    const number = pythonNumber(token.text);
    if (number !== undefined) return number;
    throw fail(token, `could not convert string to float: "${token.text}"`);
  }
  return token.kind === "list" ? readList(token) : token.text.replace(/^'+|'+$/g, "");
}

function isNumber(token: Token): boolean {
  return token.kind === "integer" || token.kind === "float";
}

/** A quoted text without its quotes. Throws INVALID_PARAMETER_VALUE when it has none. */
export function readText(token: Token): string {
  const { text } = token;
  const inner = unquoted(unquoted(text, "'"), '"');
  if (inner !== text) return text.slice(1, -1);
  const message = `Parameter value is either not quoted or unidentified quote types used for string value ${text}. `;
  throw fail(token, `${message}Use either single or double quotes.`);
}

/** A text of a list stands on one line, as in Python. */
const LIST_ITEM = /\s*(?:'((?:\\.|[^'\\\r\n])*)'|"((?:\\.|[^"\\\r\n])*)"|([^\s,]+))\s*/y;

/** `('a', "b",)`: a list of quoted texts, with Python's escapes for quotes and backslashes. */
export function readList(token: Token): string[] {
  const start = "While parsing a list in the query, expected";
  const illFormed = `${start} a non-empty list of string values, but got ill-formed list.`;
  const inner = token.text.slice(1, -1);
  const values: string[] = [];
  let at = 0;
  if (inner.trim() === "") throw fail(token, `${start} a non-empty list of string values, but got empty list`);
  while (at < inner.length && inner.slice(at).trim() !== "") {
    LIST_ITEM.lastIndex = at;
    const item = LIST_ITEM.exec(inner);
    if (!item) throw fail(token, illFormed);
    const text = item[1] ?? item[2];
    if (text === undefined) {
      if (!/^[-+]?[\d.]+$/.test(item[3] ?? "")) throw fail(token, illFormed);
      const got = `but got different type in list: ${token.text}`;
      throw fail(token, `${start} string value, punctuation, or whitespace, ${got}`);
    }
    values.push(text.replace(/\\(['"\\])/g, "$1"));
    at = LIST_ITEM.lastIndex;
    if (at < inner.length && inner[at] !== ",") throw fail(token, illFormed);
    at += 1;
  }
  return values;
}

function fail(token: Token, message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, { cause: { start: token.start, end: token.end } });
}
