import { isObject, jsonOf, printJson, tryJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { DATA_TYPES, SIGNATURE_PARTS } from "./types.ts";
import type { ColumnSpec, ParamSpec, Property, Schema, Signature, TensorSpec, ValueType } from "./types.ts";

/** A signature as it stands in MLmodel: each part a JSON text, in old files JSON itself, or nothing. */
export interface WrittenSignature {
  inputs?: unknown;
  outputs?: unknown;
  params?: unknown;
  is_signature_from_type_hint?: unknown;
}

/** Reads a signature. A part that MLflow could not read is left out and named in `unread`. */
export function readSignature(written: WrittenSignature): Signature {
  const inputs = readPart(written.inputs, readSchema);
  const outputs = readPart(written.outputs, readSchema);
  const params = readPart(written.params, readParams);
  const parts = { inputs, outputs, params };
  const unread = SIGNATURE_PARTS.filter((part) => parts[part] === "unreadable");
  return {
    ...(inputs === undefined || inputs === "unreadable" ? {} : { inputs }),
    ...(outputs === undefined || outputs === "unreadable" ? {} : { outputs }),
    ...(params === undefined || params === "unreadable" ? {} : { params }),
    ...(unread.length > 0 ? { unread } : {}),
    ...(written.is_signature_from_type_hint === true ? { fromTypeHint: true } : {}),
  };
}

function readPart<T>(written: unknown, read: (items: JsonObject[]) => T | undefined): T | "unreadable" | undefined {
  if (written === undefined || written === null || written === "") return undefined;
  const value = typeof written === "string" ? tryJson(written) : jsonOf(written);
  if (!Array.isArray(value) || !value.every(isObject)) return "unreadable";
  return read(value) ?? "unreadable";
}

function readSchema(items: JsonObject[]): Schema | undefined {
  if (items.length === 0) return undefined;
  const named = items.filter(({ name }) => typeof name === "string").length;
  if (named !== 0 && named !== items.length) return undefined;
  if (items.every(({ type }) => type === "tensor")) {
    const tensors = allOf(items, readTensor);
    return tensors === undefined || (tensors.length > 1 && named === 0) ? undefined : { kind: "tensors", tensors };
  }
  const columns = allOf(items, readColumn);
  return columns === undefined ? undefined : { kind: "columns", columns };
}

function readTensor(item: JsonObject): TensorSpec | undefined {
  const spec = item["tensor-spec"];
  if (!isObject(spec) || typeof spec["dtype"] !== "string" || !Array.isArray(spec["shape"])) return undefined;
  if (!spec["shape"].every((length) => typeof length === "bigint")) return undefined;
  return { ...nameOf(item), dtype: spec["dtype"], shape: spec["shape"].map(Number) };
}

/** `optional` is what mlflow before 2.5 wrote instead of `required`; nested types of a column without `required` have none in MLflow, too. */
function readColumn(item: JsonObject): ColumnSpec | undefined {
  const value = readType(item);
  if (value === undefined) return undefined;
  const required = item["required"] ?? item["optional"] !== true;
  return { ...nameOf(item), value, required: required !== false };
}

function nameOf({ name }: JsonObject): { name?: string } {
  return typeof name === "string" ? { name } : {};
}

function readType(item: JsonObject): ValueType | undefined {
  const { type, items, values, properties } = item;
  switch (type) {
    case "array": {
      const inner = isObject(items) ? readType(items) : undefined;
      return inner === undefined ? undefined : { type, items: inner };
    }
    case "map": {
      const inner = isObject(values) ? readType(values) : undefined;
      return inner === undefined ? undefined : { type, values: inner };
    }
    case "object": {
      if (!isObject(properties)) return undefined;
      const read = allOf(Object.entries(properties), readProperty);
      return read === undefined || read.length === 0 ? undefined : { type, properties: read };
    }
    case "sparkml_vector":
    case "any":
      return { type };
    default: {
      const plain = DATA_TYPES.find((each) => each === type);
      return plain === undefined ? undefined : { type: plain };
    }
  }
}

function readProperty([name, item]: [string, Json]): Property | undefined {
  const value = isObject(item) ? readType(item) : undefined;
  if (value === undefined || !isObject(item)) return undefined;
  return { name, value, required: item["required"] !== false };
}

/** `dtype` is what mlflow 2.6 wrote instead of `type`. */
function readParams(items: JsonObject[]): ParamSpec[] | undefined {
  return allOf(items, (item) => {
    const value = readType({ ...item, type: item["type"] ?? item["dtype"] ?? null });
    const { name, shape } = item;
    const otherwise = item["default"];
    if (value === undefined || typeof name !== "string" || otherwise === undefined) return undefined;
    return { name, value, default: printJson(otherwise), ...(Array.isArray(shape) ? { shape: [-1] as [-1] } : {}) };
  });
}

function allOf<A, B>(list: A[], read: (one: A) => B | undefined): B[] | undefined {
  const done: B[] = [];
  for (const one of list) {
    const value = read(one);
    if (value === undefined) return undefined;
    done.push(value);
  }
  return done;
}
