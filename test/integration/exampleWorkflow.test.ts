import assert from "node:assert/strict";
import { chmodSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RUN_TAG, type Run } from "../../src/mlflow/entities.ts";
import { readWorkflowState } from "../../src/projects/workflow/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { runCli } from "../support/cli.ts";
import { root, temporaryFolder } from "../support/environment.ts";

// examples/wine-workflow, run by the command line. A stand-in for Python logs what the scripts would log; the real ones run in
// test/long/exampleWorkflow.test.ts.

/** Accuracy by hidden units and penalty: wide and strict are equals, and the simpler one wins. */
const STAND_IN = `#!${process.execPath}
const [script, ...words] = process.argv.slice(2);
const given = Object.fromEntries(words.map((word, index) => [word.replace("--", ""), words[index + 1]]));
const { MLFLOW_TRACKING_URI: server, MLFLOW_TRACKING_TOKEN: token, MLFLOW_RUN_ID: run_id } = process.env;
const log = async (batch) => {
  const headers = { "content-type": "application/json", authorization: "Bearer " + token };
  const body = JSON.stringify({ run_id, metrics: [], params: [], tags: [], ...batch });
  const answer = await fetch(server + "/api/2.0/mlflow/runs/log-batch", { method: "POST", headers, body });
  if (!answer.ok) throw new Error(await answer.text());
};
const metric = (key, value) => ({ metrics: [{ key, value, timestamp: Date.now(), step: 0 }] });
if (script === "prepare.py") await log(metric("test_rows", 54));
if (script === "train.py") await log(metric("accuracy", given.hidden === "8" ? 0.5 : 0.9));
if (script === "pick.py") await log({ ...metric("accuracy", given.strict), params: [{ key: "winner", value: "strict" }] });
if (script === "report.py") console.log(["reported", given.winner, given.accuracy, given.rows].join(" "));
`;

test("the example workflow runs: three trainings side by side between the split and the choice of the best", async () => {
  const folder = temporaryFolder();
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  const python = join(folder, "python");
  writeFileSync(python, STAND_IN);
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  chmodSync(python, 0o755);
  const database = join(folder, "mlflow.db");
  const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, MLFLOW_TRACKING_URI: storeUri(database) };
  const words = ["workflow", "run", "workflow.mlflow.yaml", "--env-manager", "local", "-P", "epochs=2"];
  const { code, printed } = runCli(words, join(folder, "examples/wine-workflow"), env);
  assert.equal(code, 0, printed);
  assert.match(printed, /reported strict 0\.9 54/);
  const store = openStore(storeUri(database));
  try {
    const { experiment_id } = await store.getExperimentByName({ experiment_name: "wine-workflow" });
    const { items } = await store.searchRuns({ experiment_ids: [experiment_id] });
    const isChild = (run: Run) => run.data.tags.some(({ key }) => key === RUN_TAG.parentRunId);
    const parent = items.find((run) => !isChild(run));
    assert(parent !== undefined);
    const state = readWorkflowState(parent);
    assert.deepEqual(
      state?.steps.map(({ name, needs, status }) => [name, [...needs].toSorted().join(" "), status]),
      [
        ["prepare", "", "finished"],
        ["narrow", "prepare", "finished"],
        ["wide", "prepare", "finished"],
        ["strict", "prepare", "finished"],
        ["pick", "narrow strict wide", "finished"],
        ["report", "pick prepare", "finished"],
      ],
    );
  } finally {
    store.close();
  }
});
