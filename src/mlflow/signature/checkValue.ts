import { pythonNumber } from "../pythonNumber.ts";
import { dateProblem } from "./dates.ts";
import { isObject, printJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { takesWords } from "./takes.ts";
import type { DataType, ValueType } from "./types.ts";

/** A value as it is to be sent, or one sentence that says what would be taken. */
export type Checked = { value: Json } | { problem: string };

/** Where a value stands. Within lists and objects MLflow converts nothing; at the top pandas converts much, some of it wrongly. */
export interface Place {
  /** `free_so2`, `items[0].price`. */
  name: string;
  /** Of a column or a property; what is within an optional one may be absent, too. */
  required: boolean;
  /** Within a list, an object or a map. */
  nested: boolean;
}

/**
 * Checks a value against what the signature says, as MLflow 3.17.2's `_enforce_schema` behind its scoring server does, and converts what
 * loses nothing: 1 to 1.0, "11" to 11. Stricter where the server would change a value without a word: 1.5 to 1, "false" to true.
 */
export function checkValue(value: Json, type: ValueType, place: Place): Checked {
  switch (type.type) {
    case "any":
      return { value };
    case "array":
      return checkList(value, type.items, place);
    case "sparkml_vector":
      return checkList(value, { type: "double" }, place);
    case "map":
      return checkMap(value, type.values, place);
    case "object":
      return checkObject(value, type, place);
    default:
      return checkPlain(value, type.type, place);
  }
}

function refused(place: Place, type: ValueType): Checked {
  return { problem: `${place.name} takes ${takesWords(type)}.` };
}

function checkPlain(value: Json, type: DataType, place: Place): Checked {
  if (place.nested && (type === "float" || type === "integer")) return unservable(value, type, place);
  if (value === null) {
    if (!place.required) return { value };
    // pandas reads nothing as NaN, NaT or None in these columns, and as another value or an error in others.
    if (!place.nested && ["float", "double", "string", "datetime"].includes(type)) return { value };
    return { problem: `${place.name} is required.` };
  }
  if (typeof value === "object") return refused(place, { type });
  switch (type) {
    case "boolean":
      return checkBoolean(value, place);
    case "integer":
    case "long":
      return checkWhole(value, type, place);
    case "float":
    case "double":
      return checkNumber(value, type, place);
    case "string":
      if (typeof value === "string") return { value };
      // A column of texts takes whatever is no list; within lists it must be text.
      return place.nested ? refused(place, { type }) : { value: pythonText(value) };
    case "binary":
      // Within lists nobody decodes it: the model gets the text.
      return typeof value === "string" && (place.nested || isBase64(value)) ? { value } : refused(place, { type });
    case "datetime":
      return checkDate(value, place);
    default:
      return type satisfies never;
  }
}

/** JSON's numbers are int64 and float64 to MLflow, which makes none of them smaller within a list or object. */
function unservable(value: Json, type: DataType, place: Place): Checked {
  if (value === null && !place.required) return { value };
  // But 0 and 1, which it takes for floats of any size.
  if (type === "float" && (Number(value) === 0 || Number(value) === 1) && isNumber(value))
    return { value: BigInt(Number(value)) };
  const wider = type === "float" ? "double" : "long";
  const problem = `${place.name} is a ${type} within a list or object, which MLflow's scoring server takes from no JSON; log the model with ${wider} there.`;
  return { problem };
}

function isNumber(value: Json): boolean {
  return typeof value === "bigint" || typeof value === "number";
}

function checkBoolean(value: Json, place: Place): Checked {
  if (typeof value === "boolean") return { value };
  if (typeof value === "object") return refused(place, { type: "boolean" });
  const text = String(value).toLowerCase();
  if (!place.nested && ["true", "1"].includes(text)) return { value: true };
  if (!place.nested && ["false", "0"].includes(text)) return { value: false };
  return refused(place, { type: "boolean" });
}

const BITS = { integer: 31n, long: 63n } as const;

function checkWhole(value: Json, type: "integer" | "long", place: Place): Checked {
  const whole = wholeOf(value);
  if (whole === undefined) return refused(place, { type });
  const limit = 1n << BITS[type];
  if (whole >= limit || whole < -limit) {
    return { problem: `${place.name} takes a whole number from ${-limit} to ${limit - 1n}.` };
  }
  return { value: whole };
}

function wholeOf(value: Json): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || !/^\s*[+-]?\d+(?:_\d+)*(?:\.0*)?\s*$/.test(value)) return undefined;
  const digits = value.trim().replaceAll("_", "").replace(/\..*/, "");
  return BigInt(digits.replace(/^\+/, ""));
}

const LARGEST_FLOAT = 3.402_823_466_385_288_6e38;

function checkNumber(value: Json, type: "float" | "double", place: Place): Checked {
  const number = numberOf(value);
  if (number === undefined) {
    const comma = typeof value === "string" && /^\s*-?\d+,\d+\s*$/.test(value);
    if (comma)
      return { problem: `${place.name} takes a number with a point, such as ${value.trim().replace(",", ".")}.` };
    return refused(place, { type });
  }
  const isInfinite = typeof value === "bigint" && !Number.isFinite(number);
  if (isInfinite || (type === "float" && Number.isFinite(number) && Math.abs(number) > LARGEST_FLOAT)) {
    return { problem: `${place.name} takes a number up to ${type === "float" ? "3.4e38" : "1.8e308"}.` };
  }
  return { value: number };
}

function numberOf(value: Json): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "string" ? pythonNumber(value) : undefined;
}

function checkDate(value: Json, place: Place): Checked {
  if (Number.isNaN(value) && !place.nested) return { value: null };
  if (typeof value !== "string") return refused(place, { type: "datetime" });
  const problem = dateProblem(value);
  switch (problem) {
    case undefined:
      return { value: value.trim() };
    case "zone":
      return { problem: `${place.name} takes a date without a zone, such as 2026-11-26T14:05:00.` };
    case "range":
      return { problem: `${place.name} takes a date from 1677 to 2262.` };
    case "none":
      return refused(place, { type: "datetime" });
    default:
      return problem satisfies never;
  }
}

/** As Python's `str` writes it. */
function pythonText(value: Json): string {
  return typeof value === "boolean" ? (value ? "True" : "False") : printJson(value);
}

function isBase64(text: string): boolean {
  const bare = text.replaceAll(/\s/g, "");
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
}

/** A list of plain values becomes one pandas Series, in which nothing is NaN, which only numbers have. */
function checkList(value: Json, items: ValueType, place: Place): Checked {
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (isEmpty && (!place.required || items.type === "any")) return { value };
  if (value === null) return { problem: `${place.name} is required.` };
  if (!Array.isArray(value)) return refused(place, { type: "array", items });
  const within = { ...place, name: `${place.name}[0]`, nested: true };
  if (value[0] !== undefined && (items.type === "float" || items.type === "integer")) {
    return unservable(value, items.type, within);
  }
  const done: Json[] = [];
  const isSeries = !["array", "sparkml_vector", "map", "object", "any"].includes(items.type);
  for (const [i, each] of value.entries()) {
    if (isSeries && each === null && items.type === "double") {
      done.push(Number.NaN);
      continue;
    }
    const required = isSeries || place.required;
    const checked = checkValue(each, items, { name: `${place.name}[${i}]`, required, nested: true });
    if ("problem" in checked) return checked;
    done.push(checked.value);
  }
  return { value: done };
}

function checkMap(value: Json, values: ValueType, place: Place): Checked {
  const isEmpty = value === null || (isObject(value) && Object.keys(value).length === 0);
  if (isEmpty && (!place.required || values.type === "any")) return { value };
  if (value === null) return { problem: `${place.name} is required.` };
  if (!isObject(value)) return refused(place, { type: "map", values });
  return checkEntries(value, place, () => ({ type: values, required: place.required }));
}

function checkObject(value: Json, type: ValueType & { type: "object" }, place: Place): Checked {
  const isEmpty = value === null || (isObject(value) && Object.keys(value).length === 0);
  if (isEmpty && !place.required) return { value };
  if (value === null) return { problem: `${place.name} is required.` };
  if (!isObject(value)) return refused(place, type);
  const missing = type.properties.find(({ name, required }) => required && !Object.hasOwn(value, name));
  if (missing !== undefined) return { problem: `${place.name}.${missing.name} is required.` };
  const properties = new Map(type.properties.map((property) => [property.name, property]));
  const unknown = Object.keys(value).find((key) => !properties.has(key));
  if (unknown !== undefined) {
    const known = [...properties.keys()].join(", ");
    return { problem: `${place.name} has ${unknown}, which the signature does not; it knows ${known}.` };
  }
  return checkEntries(value, place, (key) => {
    const property = properties.get(key);
    return { type: property?.value ?? { type: "any" }, required: property?.required ?? false };
  });
}

function checkEntries(
  value: JsonObject,
  place: Place,
  specOf: (key: string) => { type: ValueType; required: boolean },
): Checked {
  const done: [string, Json][] = [];
  for (const [key, each] of Object.entries(value)) {
    const { type, required } = specOf(key);
    const checked = checkValue(each, type, { name: `${place.name}.${key}`, required, nested: true });
    if ("problem" in checked) return checked;
    done.push([key, checked.value]);
  }
  return { value: Object.fromEntries(done) };
}
