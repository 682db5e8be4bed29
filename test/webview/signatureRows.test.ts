import assert from "node:assert/strict";
import { test } from "node:test";
import { readSignature } from "../../src/mlflow/signature/read.ts";
import { paramRows, schemaRows } from "../../src/webview/ui/signatureRows.ts";

test("a signature's rows have the properties of nested columns below them, places from 0, and defaults of params", () => {
  const item = '{"type":"object","properties":{"name":{"type":"string"},"count":{"type":"long","required":false}}}';
  const { inputs, outputs, params } = readSignature({
    inputs: `[{"name":"items","type":"array","items":${item}},{"name":"labels","type":"map","values":{"type":"string"},"required":false}]`,
    outputs: '[{"type":"double"},{"type":"any"}]',
    params: '[{"name":"weights","type":"double","default":[1.0,0.5],"shape":[-1]}]',
  });
  const told = (rows: ReturnType<typeof schemaRows>) =>
    rows.map(
      ({ name, type, about, depth, isPlace }) => `${"  ".repeat(depth)}${isPlace ? "#" : ""}${name}: ${type}, ${about}`,
    );
  assert.ok(inputs !== undefined && outputs !== undefined);
  assert.deepEqual(told(schemaRows(inputs)), [
    "items: array<object>, required",
    "  name: string, required",
    "  count: long, optional",
    "labels: map<string>, optional",
  ]);
  assert.deepEqual(told(schemaRows(outputs)), ["#0: double, required", "#1: any, required"]);
  assert.deepEqual(told(paramRows(params ?? [])), ["weights: double (-1), default [1.0,0.5]"]);
});
