import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyValue, Run } from "../../src/mlflow/entities.ts";
import { givenValues } from "../../src/projects/givenValues.ts";
import { shellQuote } from "../../src/projects/shellQuote.ts";
import { readWorkflow } from "../../src/projects/workflow/readWorkflow.ts";
import { valuesOf } from "../../src/projects/workflow/references.ts";
import { WORKFLOW_TAG } from "../../src/projects/workflow/state.ts";

const values = ["plain", "a b", "", "it's", "*.csv", "(1, 2)", "'", "''", '"quoted"', "a\nb"];

test("what mlflow run has logged, quoted for the shell, and what we have logged give the values that a run was given", () => {
  for (const value of values) {
    assert.deepEqual(givenValues([{ key: "a", value: shellQuote(value) }]), { a: value }, value);
    // Two quotes alone are how an empty value is quoted.
    if (value !== "''") assert.deepEqual(givenValues([{ key: "a", value }]), { a: value }, value);
  }
});

/** What a step gets that uses the param of another one, whose run has this one and these tags. */
function paramUsed(value: string, tags: KeyValue[]): string | undefined {
  const { steps } = readWorkflow('steps:\n  one:\n  two:\n    parameters: {given: "${{ steps.one.params.a }}"}\n');
  const step = steps.find(({ name }) => name === "two");
  assert(step !== undefined);
  const run: Run = {
    info: {
      run_id: "1",
      run_uuid: "1",
      run_name: "one",
      experiment_id: "0",
      user_id: "",
      status: "FINISHED",
      start_time: 0,
      artifact_uri: "",
      lifecycle_stage: "active",
    },
    data: { metrics: [], params: [{ key: "a", value }], tags },
    inputs: { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: [] },
  };
  const known = { values: new Map(), workflow: { run_id: "0", name: "" }, runs: new Map([["one", run]]) };
  return valuesOf(step, known)[0]?.[1];
}

test("a step that was taken from mlflow run gives the values of its params, one of our own gives them as they stand", () => {
  for (const value of values) assert.equal(paramUsed(shellQuote(value), []), value);
  for (const value of values) assert.equal(paramUsed(value, [{ key: WORKFLOW_TAG.identity, value: "{}" }]), value);
});
