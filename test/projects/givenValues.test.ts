import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run } from "../../src/mlflow/entities.ts";
import { givenValues, looksQuoted, PARAM_QUOTING_TAG } from "../../src/projects/givenValues.ts";
import { shellQuote } from "../../src/projects/shellQuote.ts";
import { readWorkflow } from "../../src/projects/workflow/readWorkflow.ts";
import { valuesOf } from "../../src/projects/workflow/references.ts";

const values = ["plain", "a b", "", "it's", "*.csv", "(1, 2)", "'", "''", "'a b'", "'a'", '"quoted"', "a\nb"];

test("what mlflow run has logged, quoted for the shell, and what we have logged give the values that a run was given", () => {
  for (const value of values) {
    const quoted = { params: [{ key: "a", value: shellQuote(value) }], tags: [] };
    assert.deepEqual(givenValues(quoted), { a: value }, value);
    const tags = looksQuoted(value) ? [{ key: PARAM_QUOTING_TAG, value: "raw" }] : [];
    assert.deepEqual(givenValues({ params: [{ key: "a", value }], tags }), { a: value }, value);
  }
  assert.deepEqual(values.filter(looksQuoted), ["''", "'a b'"]);
});

/** What a step gets that uses the param of another one, which was started with `given` and whose run has this one. */
function paramUsed(logged: string, given?: string): string | undefined {
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
    data: { metrics: [], params: [{ key: "a", value: logged }], tags: [] },
    inputs: { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: [] },
  };
  const values = new Map(given === undefined ? [] : [["a", given]]);
  return valuesOf(step, {
    values: new Map(),
    workflow: { run_id: "0", name: "" },
    runs: new Map([["one", run]]),
    given: new Map([["one", values]]),
  })[0]?.[1];
}

test("a step gives the values it was given, logged in quotes or not, and what its script has logged as that stands", () => {
  for (const value of values) {
    assert.equal(paramUsed(shellQuote(value), value), value);
    assert.equal(paramUsed(value, value), value);
    assert.equal(paramUsed(value), value);
  }
});
