import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { readSignature } from "../../../src/mlflow/signature/read.ts";
import { paramWords, schemaWords } from "../../../src/mlflow/signature/words.ts";

const column = (name: string, rest: object) => ({ name, required: true, ...rest });

test("columns of every type are read and said in words", () => {
  const { inputs } = readSignature({
    inputs: JSON.stringify([
      ...["boolean", "integer", "long", "float", "double", "string", "binary", "datetime"].map((type) =>
        column(type, { type }),
      ),
      column("tags", { type: "array", items: { type: "string" } }),
      column("matrix", { type: "array", items: { type: "array", items: { type: "double" } } }),
      column("place", {
        type: "object",
        properties: { city: { type: "string" }, zip: { type: "long", required: false } },
        required: false,
      }),
      column("counts", { type: "map", values: { type: "long" } }),
      column("vector", { type: "sparkml_vector" }),
      column("whatever", { type: "any", required: false }),
    ]),
  });
  deepEqual(
    inputs === undefined
      ? []
      : schemaWords(inputs).map(({ name, words, required }) => `${name} ${words}${required ? "" : "?"}`),
    [
      "boolean boolean",
      "integer integer",
      "long long",
      "float float",
      "double double",
      "string string",
      "binary binary",
      "datetime datetime",
      "tags array<string>",
      "matrix array<array<double>>",
      "place object {city, zip?}?",
      "counts map<long>",
      "vector vector",
      "whatever any?",
    ],
  );
});

test("tensors have a dtype and a shape, with or without a name", () => {
  const tensor = { type: "tensor", "tensor-spec": { dtype: "float32", shape: [-1, 28, 28] } };
  deepEqual(readSignature({ inputs: JSON.stringify([tensor]) }).inputs, {
    kind: "tensors",
    tensors: [{ dtype: "float32", shape: [-1, 28, 28] }],
  });
  const { outputs } = readSignature({ outputs: [{ ...tensor, name: "image" }] });
  deepEqual(outputs === undefined ? [] : schemaWords(outputs), [
    { name: "image", words: "float32 (-1, 28, 28)", required: true },
  ]);
});

test("params keep every digit of their defaults, and lists say so", () => {
  const { params = [] } = readSignature({
    params: `[{"name": "seed", "dtype": "long", "default": 9007199254740993, "shape": null},
              {"name": "bounds", "type": "double", "default": [0.0, 1.5], "shape": [-1]},
              {"name": "top", "type": "float", "default": NaN, "shape": null}]`,
  });
  deepEqual(
    params.map((param) => `${param.name} ${paramWords(param)} = ${param.default}`),
    ["seed long = 9007199254740993", "bounds double (-1) = [0.0,1.5]", "top float = NaN"],
  );
});

test("an older MLflow's `optional` and unnamed columns are read", () => {
  deepEqual(readSignature({ inputs: '[{"type": "double"}, {"type": "long"}]' }).inputs, {
    kind: "columns",
    columns: [
      { value: { type: "double" }, required: true },
      { value: { type: "long" }, required: true },
    ],
  });
  const { inputs } = readSignature({ inputs: '[{"name": "a", "type": "double", "optional": true}]' });
  equal(inputs?.kind === "columns" && inputs.columns[0]?.required, false);
});

const UNREADABLE: [string, unknown][] = [
  ["no JSON", "[{"],
  ["no list", "{}"],
  ["an unknown type", '[{"name": "a", "type": "decimal"}]'],
  ["an array without items", '[{"name": "a", "type": "array"}]'],
  ["some names", '[{"name": "a", "type": "long"}, {"type": "long"}]'],
  ["a shape of words", '[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": ["x"]}}]'],
];

for (const [what, inputs] of UNREADABLE) {
  test(`a part with ${what} is left out and named`, () => {
    const outputs = '[{"type": "long"}]';
    const { unread, ...rest } = readSignature({ inputs, outputs });
    deepEqual(unread, ["inputs"]);
    deepEqual(Object.keys(rest), ["outputs"]);
  });
}
