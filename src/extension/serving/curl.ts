// The command line that asks a server. No vscode.
import type { Schema, TensorSpec, ValueType } from "../../mlflow/signature/types.ts";
import { readMlmodel } from "../../models/mlmodel.ts";
import { shellQuote } from "../../projects/shellQuote.ts";
import type { Remote } from "../../protocol/rpc.ts";
import type { StoreMethods } from "../../store/store.ts";
import { readFolderText } from "../models/versionFiles.ts";
import type { ServedModel } from "./target.ts";

/** Written by mlflow beside a model that was logged with an input example: the whole body of a request. */
const EXAMPLE = "serving_input_example.json";
/** Bytes of an example that a command line takes. */
const LONGEST = 16 << 10;

/** A line that works as it is: with the model's input example where it has one, else with the columns of its signature. */
export async function curlFor(remote: Remote<StoreMethods>, served: ServedModel, url: string): Promise<string> {
  const body = (await exampleOf(remote, served)) ?? (await bodyOf(remote, served));
  return [`curl ${url}/invocations`, "  -H 'Content-Type: application/json'", `  -d ${shellQuote(body)}`].join(" \\\n");
}

async function exampleOf(remote: Remote<StoreMethods>, served: ServedModel): Promise<string | undefined> {
  const text = served.files === undefined ? undefined : await readFolderText(remote, served.files, EXAMPLE);
  if (text === undefined || Buffer.byteLength(text) > LONGEST) return undefined;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    // Not written by mlflow.
    return undefined;
  }
}

async function bodyOf(remote: Remote<StoreMethods>, served: ServedModel): Promise<string> {
  const text = served.files === undefined ? undefined : await readFolderText(remote, served.files, "MLmodel");
  const inputs = text === undefined ? undefined : readMlmodel(text).signature?.inputs;
  return JSON.stringify(inputs === undefined ? { inputs: [[0]] } : requestFor(inputs));
}

/** One row, or one tensor, of the right types; its values mean nothing. */
export function requestFor(schema: Schema): unknown {
  if (schema.kind === "tensors") {
    const { tensors } = schema;
    const [first] = tensors;
    if (first !== undefined && first.name === undefined) return { inputs: filled(first, 0) };
    return { inputs: Object.fromEntries(tensors.map((tensor) => [tensor.name ?? "", filled(tensor, 0)])) };
  }
  const { columns } = schema;
  const row = columns.map(({ value }) => valueFor(value));
  const isNamed = columns.every(({ name }) => name !== undefined);
  return isNamed
    ? { dataframe_split: { columns: columns.map(({ name }) => name), data: [row] } }
    : { dataframe_split: { data: [row] } };
}

function filled(tensor: TensorSpec, axis: number): unknown {
  const length = tensor.shape[axis];
  if (length === undefined) return /^(?:str|bytes|object)/.test(tensor.dtype) ? "text" : 0;
  return Array.from({ length: Math.max(1, length) }, () => filled(tensor, axis + 1));
}

function valueFor(value: ValueType): unknown {
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
    case "integer":
    case "long":
    case "float":
    case "double":
    case "any":
      return 0;
    default:
      return value satisfies never;
  }
}
