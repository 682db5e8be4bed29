import assert from "node:assert/strict";
import { test } from "node:test";
import { readMlmodel } from "../../src/models/mlmodel.ts";

// As mlflow 3.17.2 writes it.
const SKLEARN = `
artifact_path: /tmp/mlruns/1/models/m-1/artifacts
flavors:
  python_function:
    env:
      conda: conda.yaml
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    python_version: 3.11.2
  sklearn:
    pickled_model: model.pkl
    serialization_format: cloudpickle
    sklearn_version: 1.7.2
mlflow_version: 3.17.2
model_id: m-5b0c
model_size_bytes: 1200
run_id: r1
saved_input_example_info:
  artifact_path: input_example.json
  params: 'true'
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "double", "name": "alcohol", "required": true}, {"type": "string", "name": "note", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 3]}}]'
  params: '[{"name": "top_k", "type": "integer", "default": 5, "shape": null}]'
utc_time_created: '2026-11-26 04:00:00.000000'
`;

test("an MLmodel tells flavors with versions, its signature, its size and its example", () => {
  assert.deepEqual(readMlmodel(SKLEARN), {
    flavors: [
      { name: "python_function", loader_module: "mlflow.sklearn" },
      { name: "sklearn", version: "1.7.2", serialization_format: "cloudpickle" },
    ],
    model_id: "m-5b0c",
    run_id: "r1",
    mlflow_version: "3.17.2",
    utc_time_created: "2026-11-26 04:00:00.000000",
    size: 1200,
    input_example: {
      artifact_path: "input_example.json",
      serving_input_path: "serving_input_example.json",
      type: "dataframe",
      params: true,
    },
    signature: {
      inputs: {
        kind: "columns",
        columns: [
          { name: "alcohol", value: { type: "double" }, required: true },
          { name: "note", value: { type: "string" }, required: false },
        ],
      },
      outputs: { kind: "tensors", tensors: [{ dtype: "float64", shape: [-1, 3] }] },
      params: [{ name: "top_k", value: { type: "integer" }, default: "5" }],
    },
    environment: { python_version: "3.11.2", conda: "conda.yaml", virtualenv: "python_env.yaml" },
  });
});

test("the conda file of an older mlflow is a model's environment", () => {
  const { environment, flavors } = readMlmodel(
    "flavors: {python_function: {env: conda.yaml, python_version: 3.6}, xgboost: {xgb_version: 1.7.1}}",
  );
  assert.deepEqual(environment, { python_version: "3.6", conda: "conda.yaml" });
  assert.deepEqual(flavors, [{ name: "python_function" }, { name: "xgboost", version: "1.7.1" }]);
});

test("what is no MLmodel is refused in one sentence, and a broken schema is none", () => {
  for (const text of ["", "[1]", "a: [", "flavors: 3", "\u0000"]) {
    assert.throws(() => readMlmodel(text), { error_code: "INVALID_PARAMETER_VALUE", message: /names no flavors/ });
  }
  assert.deepEqual(readMlmodel("flavors: {}\nsignature: {inputs: 'x'}").signature, { unread: ["inputs"] });
});
