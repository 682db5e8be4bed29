// Protobuf's JSON as MLflow's server reads and prints it (mlflow 3.17 `proto_json_utils`), by the generated field table.
import { ENUMS, FIELDS } from "../mlflow/api.generated.ts";

export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export interface ParsedMessage {
  message: Record<string, unknown>;
  /** False when a value had the wrong type; what came before it was read, what follows was not. */
  ok: boolean;
}

class WrongType extends Error {}

// The border: TypeScript's library does not know this function of V8's yet.
const { rawJSON: rawJson } = JSON as unknown as { rawJSON(text: string): Json };

/** Reads a message. Unknown fields are passed over, null means "not set", names may be snake_case or camelCase. */
export function parseMessage(name: string, json: JsonObject): ParsedMessage {
  const message: Record<string, unknown> = {};
  try {
    readFields(name, json, message);
    return { message, ok: true };
  } catch (error) {
    if (!(error instanceof WrongType)) throw error;
    return { message, ok: false };
  }
}

function readFields(name: string, json: JsonObject, message: Record<string, unknown>): void {
  const fields = fieldsOf(name);
  for (const key in json) {
    const field = fields.get(key);
    const value = json[key];
    if (field === undefined || value === undefined || value === null) continue;
    message[field.name] = field.read(value);
  }
}

/** A message in a message: the JSON itself where nothing in it is spelled otherwise, which a batch of 1,000 points is. */
function readInner(name: string, value: Json): unknown {
  const json = objectOf(value);
  const fields = fieldsOf(name);
  for (const key in json) {
    const field = fields.get(key);
    const each = json[key];
    if (field !== undefined && field.name === key && each !== undefined && each !== null && field.read(each) === each)
      continue;
    const message: Record<string, unknown> = {};
    readFields(name, json, message);
    return message;
  }
  return json;
}

type Reader = (value: Json) => unknown;

interface Field {
  name: string;
  read: Reader;
}

const fieldsByMessage = new Map<string, ReadonlyMap<string, Field>>();

/** Fields by each spelling: `run_id` and `runId`. */
function fieldsOf(name: string): ReadonlyMap<string, Field> {
  const known = fieldsByMessage.get(name);
  if (known) return known;
  const fields = new Map<string, Field>();
  for (const [field, type] of Object.entries(FIELDS[name] ?? {})) {
    const read = readerOf(type);
    fields.set(camelCase(field), { name: field, read });
    fields.set(field, { name: field, read });
  }
  fieldsByMessage.set(name, fields);
  return fields;
}

export function camelCase(field: string): string {
  return field.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function readerOf(type: string): Reader {
  if (type.startsWith("map:")) {
    const read = readerOf(type.slice(4));
    return (value) => Object.fromEntries(Object.entries(objectOf(value)).map(([key, each]) => [key, read(each)]));
  }
  if (type.endsWith("[]")) {
    const read = readerOf(type.slice(0, -2));
    return (value) => {
      if (!Array.isArray(value)) throw new WrongType();
      return value.map((each) => read(each));
    };
  }
  if (type.startsWith("enum:")) {
    const name = type.slice(5);
    return (value) => readEnum(name, value);
  }
  switch (type) {
    case "string":
    case "bytes":
    case "timestamp":
    case "duration":
      return readText;
    case "bool":
      return readBool;
    case "int32":
      return (value) => readInteger(value, 2 ** 31);
    case "int64":
      return (value) => readInteger(value);
    case "double":
      return readDouble;
    case "json":
      return (value) => value;
    case "FieldMask":
      return readFieldMask;
    default:
      return (value) => readInner(type, value);
  }
}

function readText(value: Json): string {
  if (typeof value !== "string") throw new WrongType();
  return value;
}

function readBool(value: Json): boolean {
  if (typeof value !== "boolean") throw new WrongType();
  return value;
}

/** The one message that JSON spells as a text: paths in camelCase with commas between. */
function readFieldMask(value: Json): { paths: string[] } {
  if (typeof value !== "string") throw new WrongType();
  const paths = value === "" ? [] : value.split(",");
  return { paths: paths.map((path) => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) };
}

function objectOf(value: Json): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new WrongType();
  return value;
}

/** An integer from `-bound` to just below `bound`: SQLite would store another one as a float, which Python cannot read. */
function readInteger(value: Json, bound = 2 ** 63): number {
  const isText = typeof value === "string" && /^[-+]?\d+$/.test(value);
  const number = isText ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number) || number < -bound || number >= bound) {
    throw new WrongType();
  }
  return number;
}

/** A number as Python's float() takes it; protobuf refuses the one word `nan`. */
const PYTHON_FLOAT =
  /^\s*[-+]?(?:(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[-+]?\d+(?:_\d+)*)?|inf(?:inity)?|nan)\s*$/i;

function readDouble(value: Json): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value === "nan" || !PYTHON_FLOAT.test(value)) throw new WrongType();
  const text = value.trim().toLowerCase();
  if (text.includes("nan")) return Number.NaN;
  if (text.includes("inf")) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text.replaceAll("_", ""));
}

function readEnum(name: string, value: Json): string {
  const values = ENUMS[name] ?? {};
  if (typeof value === "string" && Object.hasOwn(values, value)) return value;
  const number = readInteger(value);
  const found = Object.keys(values).find((word) => values[word] === number);
  if (found === undefined) throw new WrongType();
  return found;
}

/** Prints a message: fields in the order of the wire, unset ones and empty lists left out, NaN as text. */
export function printMessage(name: string, message: object): string {
  return JSON.stringify(printFields(name, message));
}

function printFields(name: string, message: object): JsonObject {
  const printed: JsonObject = {};
  // The border where messages leave: the field table says what may be in them.
  const values = message as Readonly<Record<string, unknown>>;
  const fields = FIELDS[name] ?? {};
  for (const field in fields) {
    const value = values[field];
    if (value === undefined || value === null) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    printed[field] = printValue(fields[field] ?? "", value);
  }
  return printed;
}

function printValue(type: string, value: unknown): Json {
  if (type.endsWith("[]") && Array.isArray(value)) {
    const inner = type.slice(0, -2);
    return value.map((each) => printValue(inner, each));
  }
  if (type.startsWith("map:") && typeof value === "object" && value !== null) {
    const inner = type.slice(4);
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, printValue(inner, each)]));
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "bigint") return exact(value);
  if (typeof value === "object" && value !== null && Object.hasOwn(FIELDS, type)) return printFields(type, value);
  return JSON.parse(JSON.stringify(value));
}

/** A number whose digits are printed as they are: beyond 2^53 a number would be another one. */
function exact(value: bigint): Json {
  return rawJson(String(value));
}
