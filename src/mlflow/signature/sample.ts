import type { Json } from "./json.ts";
import { formsOf, printRequest, type ModelInput, type PrintedRequest } from "./requests.ts";
import type { Schema, Signature, TensorSpec, ValueType } from "./types.ts";

/** A request that a model of this signature takes: one row, or one tensor, of the right types; its values mean nothing. */
export function sampleRequest(signature: Signature | undefined): PrintedRequest {
  const inputs = signature?.inputs;
  const [form = "inputs"] = inputs === undefined ? [] : formsOf(signature);
  const input: ModelInput = inputs === undefined ? { kind: "tensors", tensors: [[0n]] } : sampleInput(inputs);
  return printRequest(form, { input, params: {} });
}

function sampleInput(schema: Schema): ModelInput {
  if (schema.kind === "tensors") {
    const { tensors } = schema;
    const [first] = tensors;
    if (first !== undefined && first.name === undefined) return { kind: "tensors", tensors: filled(first, 0) };
    const named = Object.fromEntries(tensors.map((tensor) => [tensor.name ?? "", filled(tensor, 0)]));
    return { kind: "tensors", tensors: named };
  }
  const { columns } = schema;
  const names = columns.flatMap(({ name }) => name ?? []);
  const rows = [columns.map(({ value }) => valueFor(value))];
  return { kind: "table", table: names.length === columns.length ? { columns: names, rows } : { rows } };
}

function filled(tensor: TensorSpec, axis: number): Json {
  const length = tensor.shape[axis];
  if (length === undefined) return /^(?:str|bytes|object)/.test(tensor.dtype) ? "text" : 0n;
  return Array.from({ length: Math.max(1, length) }, () => filled(tensor, axis + 1));
}

function valueFor(value: ValueType): Json {
  switch (value.type) {
    case "array":
      return [valueFor(value.items)];
    case "object":
      return Object.fromEntries(value.properties.map((each) => [each.name, valueFor(each.value)]));
    case "map":
      return { key: valueFor(value.values) };
    case "sparkml_vector":
      return [0];
    case "boolean":
      return true;
    case "string":
      return "text";
    case "binary":
      return "AA==";
    case "datetime":
      return "2026-01-31T12:00:00";
    case "float":
    case "double":
      return 0;
    case "integer":
    case "long":
    case "any":
      return 0n;
    default:
      return value satisfies never;
  }
}
