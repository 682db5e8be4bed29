import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readRunOptions } from "../../src/projects/runOptions.ts";
import { temporaryFolder } from "../support/environment.ts";

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

test("a variable that is empty says nothing", () => {
  const { request } = readRunOptions(["."], { MLFLOW_TMP_DIR: "", MLFLOW_EXPERIMENT_NAME: "" }, "/here");
  assert.deepEqual([request.storage_dir, request.experiment_name], [undefined, undefined]);
});

const mistakes: [args: string[], env: NodeJS.ProcessEnv, sentence: string][] = [
  [["-v", "-x"], {}, "Option '-v' argument is ambiguous; see flowdeck run --help."],
  [["--bogus"], {}, "Unknown option '--bogus'; see flowdeck run --help."],
  [
    [],
    { MLFLOW_TRACKING_URI: "sqlite:///here" },
    "sqlite:///here is a folder; set MLFLOW_TRACKING_URI to a file, as in sqlite:///mlflow.db.",
  ],
];
for (const [args, env, message] of mistakes) {
  test(`flowdeck run says: ${message}`, () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "here"));
    assert.throws(() => readRunOptions([".", ...args], env, folder), { message });
  });
}
