import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModelFile } from "../../src/mlflow/modelFile.ts";
import type { Schema } from "../../src/mlflow/signature/types.ts";
import { compareVersions, type VersionFacts } from "../../src/models/compareVersions.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";

const NOTHING: VersionFacts = { metrics: [], params: [] };
const FILE: ModelFile = {
  flavors: [{ name: "python_function" }, { name: "sklearn", version: "1.7.2" }],
  size: 1200,
  signature: {
    inputs: {
      kind: "columns",
      columns: [
        { name: "alcohol", value: { type: "double" }, required: true },
        { name: "note", value: { type: "string" }, required: false },
      ],
    },
    outputs: { kind: "tensors", tensors: [{ dtype: "float64", shape: [-1] }] },
    params: [{ name: "top_k", value: { type: "integer" }, default: "5" }],
  },
  environment: {},
};

function compared(version: Partial<VersionFacts>, against: Partial<VersionFacts>) {
  return compareVersions({ ...NOTHING, ...version }, { ...NOTHING, ...against }, directionByName);
}

test("a metric is better by its direction", () => {
  const cases: [key: string, value: number, against: number, verdict: string, difference: number | undefined][] = [
    ["rmse", 0.5, 0.75, "better", -0.25],
    ["rmse", 0.75, 0.5, "worse", 0.25],
    ["r2", 0.75, 0.5, "better", 0.25],
    ["r2", 0.5, 0.75, "worse", -0.25],
    ["r2", 0.5, 0.5, "same", 0],
    ["r2", Number.NaN, 0.5, "unknown", undefined],
    ["r2", Number.POSITIVE_INFINITY, 0.5, "better", undefined],
    ["loss", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, "same", 0],
  ];
  for (const [key, value, other, verdict, difference] of cases) {
    const [row] = compared({ metrics: [{ key, value }] }, { metrics: [{ key, value: other }] }).metrics;
    assert.deepEqual([row?.verdict, row?.difference], [verdict, difference], `${key} ${value} ${other}`);
  }
});

test("metrics and params of either are listed, and nothing is said of what one has not logged", () => {
  const { metrics, params } = compared(
    { metrics: [{ key: "rmse", value: 1 }], params: [{ key: "eta", value: "0.1" }] },
    {
      metrics: [{ key: "r2", value: 1 }],
      params: [
        { key: "depth", value: "6" },
        { key: "eta", value: "0.10" },
      ],
    },
  );
  assert.deepEqual(metrics, [
    { key: "rmse", value: 1, direction: "lower", verdict: "unknown" },
    { key: "r2", against: 1, direction: "higher", verdict: "unknown" },
  ]);
  assert.deepEqual(params, [
    { key: "eta", value: "0.1", against: "0.10", same: false },
    { key: "depth", against: "6", same: false },
  ]);
});

test("a signature is the same, differs, is absent or unknown", () => {
  const { signature = {}, ...without } = FILE;
  const inputs: Schema = { kind: "columns", columns: [] };
  if (signature.inputs?.kind === "columns") inputs.columns = signature.inputs.columns.toReversed();
  const cases: [ModelFile | undefined, ModelFile | undefined, string][] = [
    [FILE, structuredClone(FILE), "same"],
    [FILE, { ...FILE, signature: { ...signature, inputs } }, "differs"],
    [FILE, { ...FILE, signature: { ...signature, params: [] } }, "differs"],
    [FILE, without, "differs"],
    [without, without, "absent"],
    [undefined, FILE, "unknown"],
  ];
  for (const [file, other, state] of cases) {
    const facts = (one: ModelFile | undefined) => (one === undefined ? {} : { file: one });
    assert.equal(compared(facts(file), facts(other)).signature.state, state);
  }
});

test("each column of a signature stands beside the one of its name", () => {
  const inputs: Schema = {
    kind: "columns",
    columns: [{ name: "alcohol", value: { type: "float" }, required: true }],
  };
  const { rows } = compared({ file: FILE }, { file: { ...FILE, signature: { inputs } } }).signature;
  assert.deepEqual(rows, [
    { part: "inputs", key: "alcohol", value: "double", against: "float", same: false },
    { part: "inputs", key: "note", value: "string, optional", same: false },
    { part: "outputs", key: "0", value: "float64 (-1)", same: false },
    { part: "params", key: "top_k", value: "integer = 5", same: false },
  ]);
});

test("environments are compared by package, Python first", () => {
  const packages = new Map([
    ["scikit-learn", "1.7.2"],
    ["python", "3.11.2"],
  ]);
  const others = new Map([...packages, ["scikit-learn", "1.5.0"]] as [string, string][]);
  assert.deepEqual(compared({ packages }, { packages: others }).environment, {
    state: "differs",
    rows: [
      { key: "python", value: "3.11.2", against: "3.11.2", same: true },
      { key: "scikit-learn", value: "1.7.2", against: "1.5.0", same: false },
    ],
  });
  assert.equal(compared({ packages }, { packages }).environment.state, "same");
  assert.equal(compared({ packages }, {}).environment.state, "unknown");
});

test("flavors and size of either are told", () => {
  const other = { ...FILE, size: 1300, flavors: [{ name: "sklearn", version: "1.5.0" }] };
  const { flavors, size } = compared({ file: FILE }, { file: other });
  assert.deepEqual(flavors, [
    { key: "python_function", value: "", same: false },
    { key: "sklearn", value: "1.7.2", against: "1.5.0", same: false },
  ]);
  assert.deepEqual(size, { value: 1200, against: 1300 });
});
