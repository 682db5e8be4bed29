import { isObject, tryJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import { recogniseJson } from "./recognise.ts";
import type { ModelRequest } from "./requests.ts";
import type { Signature } from "./types.ts";

/** What an MLmodel file says of its input example. */
export interface ExampleInfo {
  /** `dataframe`, `ndarray`, `json_object`, `sparse_matrix_csr`… */
  type?: string;
  /** There are params beside the input. */
  params: boolean;
}

/** Reads `serving_input_example.json`: a whole request (mlflow 2.14 and later). */
export function readServingExample(text: string, signature: Signature | undefined): ModelRequest | undefined {
  const value = tryJson(text);
  return value === undefined ? undefined : requestOf(value, signature);
}

/** Reads `input_example.json` in each shape that mlflow wrote; undefined where nobody can tell what it is. */
export function readInputExample(
  text: string,
  info: ExampleInfo,
  signature: Signature | undefined,
): ModelRequest | undefined {
  const whole = tryJson(text);
  if (whole === undefined) return undefined;
  const isWrapped = info.params && isObject(whole) && "inputs" in whole;
  const value = isWrapped ? (whole["inputs"] ?? null) : whole;
  const given = isWrapped ? whole["params"] : undefined;
  const request = requestOfValue(value, info, signature);
  if (request === undefined) return undefined;
  return isObject(given) ? { ...request, params: given } : request;
}

function requestOfValue(value: Json, info: ExampleInfo, signature: Signature | undefined): ModelRequest | undefined {
  switch (info.type) {
    case "dataframe":
      // The orient `values` is the rows alone.
      return requestOf({ dataframe_split: Array.isArray(value) ? { data: value } : value }, signature);
    case "ndarray":
      // mlflow 1 wrote a whole request of TensorFlow's serving.
      if (isObject(value) && !hasTensor(signature, "inputs") && ("inputs" in value || "instances" in value)) {
        return requestOf(value, signature);
      }
      return requestOf({ inputs: value }, signature);
    case "sparse_matrix_csr":
    case "sparse_matrix_csc": {
      const dense = isObject(value) ? denseOf(value, info.type === "sparse_matrix_csc") : undefined;
      return dense === undefined ? undefined : requestOf({ inputs: dense }, signature);
    }
    case "json_object":
      return isObject(value) && ["messages", "prompt", "input"].some((key) => key in value)
        ? { input: { kind: "body", body: value }, params: {} }
        : requestOf({ inputs: value }, signature);
    default:
      return requestOf(value, signature) ?? requestOf({ inputs: value }, signature);
  }
}

function requestOf(value: Json, signature: Signature | undefined): ModelRequest | undefined {
  const read = recogniseJson(value, signature);
  return "problem" in read ? undefined : { input: read.input, params: read.params };
}

function hasTensor(signature: Signature | undefined, name: string): boolean {
  const schema = signature?.inputs;
  return schema?.kind === "tensors" && schema.tensors.some((tensor) => tensor.name === name);
}

const MOST_CELLS = 1_000_000;

/** A compressed sparse matrix as nested lists. */
function denseOf({ data, indices, indptr, shape }: JsonObject, byColumn: boolean): Json[] | undefined {
  if (!Array.isArray(data) || !Array.isArray(indices) || !Array.isArray(indptr) || !Array.isArray(shape))
    return undefined;
  const [height = 0, width = 0] = shape.map(Number);
  if (!(height * width <= MOST_CELLS)) return undefined;
  const rows: Json[][] = Array.from({ length: height }, () => Array.from({ length: width }, () => 0));
  for (let outer = 0; outer + 1 < indptr.length; outer++) {
    for (let at = Number(indptr[outer]); at < Number(indptr[outer + 1]); at++) {
      const inner = Number(indices[at]);
      const row = rows[byColumn ? inner : outer];
      if (row !== undefined) row[byColumn ? outer : inner] = data[at] ?? null;
    }
  }
  return rows;
}
