import assert from "node:assert/strict";
import { test } from "node:test";
import { readRunOptions } from "../../src/projects/runOptions.ts";

test("an experiment is named or given by its id, not both, by flags or by the environment; flags go before", () => {
  const experimentOf = (args: string[], env: NodeJS.ProcessEnv = {}) => {
    const { request } = readRunOptions([".", ...args], env, "/here");
    return [request.experiment_name, request.experiment_id];
  };
  const both = { MLFLOW_EXPERIMENT_NAME: "E", MLFLOW_EXPERIMENT_ID: "7" };
  const sentence = /Specify only one of 'experiment-name' or 'experiment-id' options\./;
  assert.deepEqual(experimentOf([]), [undefined, undefined]);
  assert.deepEqual(experimentOf(["--experiment-name", "a"]), ["a", undefined]);
  assert.deepEqual(experimentOf(["--experiment-id", "1"], both), [undefined, "1"]);
  assert.deepEqual(experimentOf([], { MLFLOW_EXPERIMENT_ID: "7" }), [undefined, "7"]);
  assert.throws(() => experimentOf(["--experiment-id", "1", "--experiment-name", "a"]), sentence);
  assert.throws(() => experimentOf([], both), sentence);
});
