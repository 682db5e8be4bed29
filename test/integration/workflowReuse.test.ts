import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { WORKFLOW_TAG } from "../../src/projects/workflow/state.ts";
import { startServer, type TestServer } from "../support/runner.ts";
import { startWorkflow, workflowProject } from "../support/workflow.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

test("a step whose input was written anew runs again, also when its workflow is resumed, and the reason names it", async () => {
  const folder = workflowProject({
    MLproject: `
entry_points:
  read: {parameters: {table: path, images: path, more: uri}, command: "cat {table}"}
  judge: {parameters: {of: string}, command: "test -e ok"}
`,
    "data.csv": "1\n",
    "images/deep/one.bin": "1\n",
    ".gitignore": "*\n!MLproject\n",
  });
  const absolute = {
    table: join(folder, "data.csv"),
    images: join(folder, "images"),
    more: `file://${folder}/data.csv`,
  };
  writeFileSync(
    join(folder, "workflow.mlflow.yaml"),
    `
experiment_name: inputs
steps:
  read: {parameters: ${JSON.stringify(absolute)}}
  judge: {parameters: {of: "\${{ steps.read.run_id }}"}}
`,
  );
  const start = (more = {}) => startWorkflow(server, folder, more);
  assert.deepEqual((await start()).statuses, ["read finished", "judge failed"]);
  writeFileSync(join(folder, "data.csv"), "2\n");
  const resumed = await start({ resume: {} });
  assert.deepEqual([resumed.statuses[0], resumed.workflow?.steps[0]?.tries.length], ["read finished", 2]);
  assert.match(resumed.printed, /^\[read\]  2$/m);
  writeFileSync(join(folder, "ok"), "");
  assert.deepEqual((await start()).statuses, ["read cached", "judge finished"]);
  writeFileSync(join(folder, "images", "deep", "one.bin"), "2\n");
  const again = await start();
  assert.deepEqual(again.statuses, ["read finished", "judge finished"]);
  assert.match(again.printed, /Not reused: what images names is not, or may not be, what it was when read ran\./);
  const third = await start();
  assert.deepEqual(third.statuses, ["read cached", "judge cached"]);
  assert.match(third.printed, /Reused because the entry point, its parameters with the files they name, commit/);
});

test("what other tools write into tags of a step's run ends no workflow: the step runs again", async () => {
  const folder = workflowProject({
    MLproject: `entry_points: {a: {command: "echo a >> ran.txt"}, b: {command: "test -e ok"}}`,
    "workflow.mlflow.yaml": "experiment_name: foreign tags\nsteps: {a: , b: {needs: a}}\n",
    ".gitignore": "ran.txt\nok\n",
  });
  const { workflow, state } = await startWorkflow(server, folder);
  const resume = { run_id: state.run_id ?? "" };
  const { run_id = "" } = workflow?.steps[0] ?? {};
  const write = (id: string, key: string, value: string) =>
    server.store.logBatch({ run_id: id, metrics: [], params: [], tags: [{ key, value }] });
  for (const value of ["not JSON", "[1]", "null", '{"params": 1, "files": 3}']) {
    await write(run_id, WORKFLOW_TAG.identity, value);
    const resumed = await startWorkflow(server, folder, { resume, cache: false });
    assert.deepEqual(resumed.statuses, ["a finished", "b failed"], `${value}: ${resumed.printed}`);
  }
  await write(resume.run_id, `${WORKFLOW_TAG.step}a`, '{"name": "a", "tries": 7}');
  writeFileSync(join(folder, "ok"), "");
  const resumed = await startWorkflow(server, folder, { resume });
  assert.equal(resumed.state.status, "FINISHED", resumed.printed);
});
