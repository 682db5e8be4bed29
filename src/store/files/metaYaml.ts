import { parse } from "yaml";

// `meta.yaml` as PyYAML writes it (mlflow 1.x–3.17): one level of keys, with small lists and maps below some of them.

export type MetaValue = null | boolean | number | string | MetaValue[] | { [key: string]: MetaValue };
export type Meta = { [key: string]: MetaValue };

/** What the parser's time grows with the square of: keys, and things in things. No MLflow writes as many. */
const MOST_LINES = 1_000;
const LONGEST = 4 << 20;
const TOO_DEEP = /(?:[?-][ \t]+){30}|(?:[!&*]\S{0,20}[ \t]+){30}|(?:[[{][^[\]{}'"\n]{0,20}){200}/;

const LINE = /^([A-Za-z_][\w.]*):(?: (.*))?$/;
/** Plain text that YAML 1.1 takes for nothing but text. */
const PLAIN_TEXT = /^(?![-?:,[\]{}#&*!|>'"%@`~.\d+=<\s])(?:[^\s:#]|:(?=\S)|(?<=\S)#| (?=\S))+$/;
const NOT_TEXT = /^(?:y|n|yes|no|true|false|on|off|null)$/i;

/** Reads a meta.yaml. Undefined when it is empty or no map: a writer may be in the middle of it. */
export function readMeta(text: string): Meta | undefined {
  const quick = readSimple(text);
  if (quick !== undefined) return quick;
  if (text.length > LONGEST || (text.match(/^(?! {2})/gm)?.length ?? 0) > MOST_LINES || TOO_DEEP.test(text))
    return undefined;
  let value: unknown;
  try {
    value = parse(text, { version: "1.1", logLevel: "silent", maxAliasCount: 10 });
  } catch {
    // Damaged or half written: the folder is passed over.
    return undefined;
  }
  return isMeta(value) ? value : undefined;
}

/** The common case without a YAML parser: a line for each key. Undefined when any line is something else. */
function readSimple(text: string): Meta | undefined {
  const meta: Meta = {};
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length === 0) return undefined;
  for (const line of lines) {
    const found = LINE.exec(line);
    if (found === null) return undefined;
    const value = readScalar(found[2] ?? "");
    if (value === undefined) return undefined;
    meta[found[1] ?? ""] = value;
  }
  return meta;
}

function readScalar(text: string): MetaValue | undefined {
  if (text === "null") return null;
  if (text === "[]") return [];
  if (text === "{}") return {};
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  return PLAIN_TEXT.test(text) && !NOT_TEXT.test(text) ? text : undefined;
}

/** The border where a file's content enters. */
function isMeta(value: unknown): value is Meta {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A meta.yaml that PyYAML and we read back as the same: keys sorted, as Python writes them. */
export function writeMeta(meta: Meta): string {
  return Object.keys(meta)
    .sort()
    .map((key) => entry(key, meta[key] ?? null, ""))
    .join("");
}

function entry(key: string, value: MetaValue, indent: string): string {
  const name = `${indent}${scalar(key)}:`;
  if (Array.isArray(value)) {
    if (value.length === 0) return `${name} []\n`;
    return `${name}\n${value.map((item) => `${indent}- ${flow(item)}\n`).join("")}`;
  }
  if (typeof value !== "object" || value === null) return `${name} ${flow(value)}\n`;
  const keys = Object.keys(value).sort();
  if (keys.length === 0) return `${name} {}\n`;
  return `${name}\n${keys.map((inner) => entry(inner, value[inner] ?? null, `${indent}  `)).join("")}`;
}

function flow(value: MetaValue): string {
  if (typeof value === "string") return scalar(value);
  return typeof value === "object" && value !== null ? quoted(JSON.stringify(value)) : String(value);
}

function scalar(text: string): string {
  if (PLAIN_TEXT.test(text) && !NOT_TEXT.test(text) && printable(text)) return text;
  return printable(text) && !/[\r\n\t]/.test(text) ? `'${text.replaceAll("'", "''")}'` : quoted(text);
}

/** Double quotes with JSON's escapes, which YAML has too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** No control characters or line separators, which YAML has only as escapes. */
function printable(text: string): boolean {
  return !/[\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u.test(text);
}

/** A field as text; numbers (old integer ids) count as their digits. */
export function textOf(value: MetaValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** A field as a finite number; text of digits counts too. */
export function numberOf(value: MetaValue | undefined): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
