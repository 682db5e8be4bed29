import { equal } from "node:assert/strict";
import { test } from "node:test";
import { sampleRequest } from "../../../src/mlflow/signature/sample.ts";
import type { Schema, Signature } from "../../../src/mlflow/signature/types.ts";

const named: Schema = {
  kind: "columns",
  columns: [
    { name: "alcohol", value: { type: "double" }, required: true },
    { name: "note", value: { type: "string" }, required: false },
    { name: "items", value: { type: "array", items: { type: "long" } }, required: true },
  ],
};
const samples: [what: string, signature: Signature | undefined, body: string][] = [
  [
    "columns",
    { inputs: named },
    '{"dataframe_split":{"columns":["alcohol","note","items"],"data":[[0.0,"text",[0]]]}}',
  ],
  [
    "columns without names",
    { inputs: { kind: "columns", columns: [{ value: { type: "boolean" }, required: true }] } },
    '{"dataframe_split":{"data":[[true]]}}',
  ],
  [
    "columns that a type hint describes",
    { inputs: named, fromTypeHint: true },
    '{"inputs":[{"alcohol":0.0,"note":"text","items":[0]}]}',
  ],
  [
    "one tensor",
    { inputs: { kind: "tensors", tensors: [{ dtype: "float32", shape: [-1, 2, 3] }] } },
    '{"inputs":[[[0,0,0],[0,0,0]]]}',
  ],
  [
    "a tensor of texts",
    { inputs: { kind: "tensors", tensors: [{ name: "a", dtype: "str", shape: [-1] }] } },
    '{"inputs":{"a":["text"]}}',
  ],
  ["no signature", undefined, '{"inputs":[[0]]}'],
];
for (const [what, signature, body] of samples) {
  test(`a sample request for ${what} has its names and shapes`, () => equal(sampleRequest(signature).body, body));
}
