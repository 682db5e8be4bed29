import { floatText } from "../pythonJson.ts";

/**
 * JSON with Python's numbers: a whole number is a `bigint` (Python's int, any size), one with a point or an exponent a `number` (its float).
 * So 9007199254740993 keeps its digits and 1.0 its point; NaN and the infinities are read and written as Python's json does.
 */
export type Json = null | boolean | bigint | number | string | Json[] | { [key: string]: Json };

export type JsonObject = { [key: string]: Json };

/** Where a text stops being JSON: `at` is an offset in UTF-16 units. */
export class JsonMistake extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.name = "JsonMistake";
    this.at = at;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a whole text; throws a JsonMistake that says what stands where. */
export function readJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** As `readJson`; undefined where the text is none. */
export function tryJson(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonMistake) return undefined;
    throw error;
  }
}

/** What another reader has read (YAML, `JSON.parse`): whole numbers are Python's ints; what JSON has not is left out. */
export function jsonOf(value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string" || typeof value === "bigint")
    return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, jsonOf(each)]));
}

/** In one line, as short as may be. */
export function printJson(value: Json): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return floatText(value);
  if (Array.isArray(value)) return `[${value.map(printJson).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${printJson(each)}`)
    .join(",")}}`;
}

const LINE = 80;

/** Over several lines, each list or object that fits into a line in one. */
export function layOutJson(value: Json, indent = ""): string {
  const line = spaced(value);
  if (indent.length + line.length <= LINE || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((each) => `${inner}${layOutJson(each, inner)}`).join(",\n")}\n${indent}]`;
  }
  const parts = Object.entries(value).map(
    ([key, each]) => `${inner}${JSON.stringify(key)}: ${layOutJson(each, inner)}`,
  );
  return `{\n${parts.join(",\n")}\n${indent}}`;
}

function spaced(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (!isObject(value)) return printJson(value);
  const parts = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}: ${spaced(each)}`);
  return `{${parts.join(", ")}}`;
}

/** Python's json refuses nothing deeper than its stack; ours keeps well below its own. */
const DEEPEST = 500;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:Infinity|(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?)/y;
/** What stands before the space, which JSON wants escaped. */
const CONTROL = /[^ -\u{10ffff}]/u;
const WORDS: [string, Json][] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", Number.NaN],
];

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith("\uFEFF")) this.#at = 1;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#mistake("nothing may follow the value");
  }

  value(depth: number): Json {
    if (depth > DEEPEST) throw this.#mistake("it is nested too deeply");
    this.#space();
    const sign = this.#text[this.#at];
    if (sign === "{") return this.#object(depth);
    if (sign === "[") return this.#list(depth);
    if (sign === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    return this.#number();
  }

  #number(): Json {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (found === null) {
      throw this.#mistake(this.#at >= this.#text.length ? "it ends too early" : "a value is missing");
    }
    this.#at = NUMBER.lastIndex;
    const [text, fraction, exponent] = found;
    if (text.endsWith("Infinity") || fraction !== undefined || exponent !== undefined) return Number(text);
    return BigInt(text);
  }

  #string(): string {
    const literal = literalAt(this.#text, this.#at);
    const text = literal === undefined ? undefined : stringOf(literal);
    if (literal === undefined || text === undefined) {
      throw this.#mistake("a text is not closed or has an escape that JSON does not know");
    }
    this.#at += literal.length;
    return text;
  }

  #list(depth: number): Json[] {
    this.#at += 1;
    const items: Json[] = [];
    if (this.#passes("]")) return items;
    for (;;) {
      items.push(this.value(depth + 1));
      if (this.#passes("]")) return items;
      if (!this.#passes(",")) throw this.#mistake("`,` or `]` is missing");
    }
  }

  #object(depth: number): JsonObject {
    this.#at += 1;
    // A key `__proto__` is a key like any other.
    const entries: [string, Json][] = [];
    if (this.#passes("}")) return {};
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#mistake("a name in double quotes is missing");
      const key = this.#string();
      if (!this.#passes(":")) throw this.#mistake("`:` is missing");
      entries.push([key, this.value(depth + 1)]);
      if (this.#passes("}")) return Object.fromEntries(entries);
      if (!this.#passes(",")) throw this.#mistake("`,` or `}` is missing");
    }
  }

  #passes(sign: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #mistake(what: string): JsonMistake {
    const before = this.#text.slice(0, this.#at).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    return new JsonMistake(`This is not JSON: ${what}, in line ${line} at ${column}.`, this.#at);
  }
}

/** The text in quotes that begins at `from`; by search, for an expression would need stack for each character. */
function literalAt(text: string, from: number): string | undefined {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return text.slice(from, end + 1);
  }
  return undefined;
}

function stringOf(literal: string): string | undefined {
  if (!literal.includes("\\")) return CONTROL.test(literal) ? undefined : literal.slice(1, -1);
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
