import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import { closeGroup } from "../../src/projects/workflow/control.ts";
import { readWorkflowState } from "../../src/projects/workflow/state.ts";
import { runCli } from "../support/cli.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { startServer, type TestServer } from "../support/runner.ts";
import { startWorkflow, workflowProject } from "../support/workflow.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
const plainEnv = { ...inherited, FLOWDECK_RUNS: temporaryFolder() };

const PROJECT = {
  MLproject: `
entry_points:
  prepare: {parameters: {raw: path}, command: "cat {raw}"}
  train: {parameters: {data: uri, alpha: float}, command: "echo {alpha} {data}; test -e {data} -o -e ok"}
`,
  "workflow.mlflow.yaml": `
name: Two
parameters: {alpha: {type: float, default: 0.5}, raw: {type: path, default: raw.csv}}
steps:
  train:
    parameters: {data: "file://\${{ steps.prepare.artifact_uri }}", alpha: "\${{ workflow.parameters.alpha }}"}
  prepare: {parameters: {raw: "\${{ workflow.parameters.raw }}"}}
`,
  "raw.csv": "1,2\n",
};

test("flowdeck workflow run exits with 0, 1 or 2, resumes, and finds paths of the file beside it", async () => {
  const folder = workflowProject(PROJECT);
  const cwd = temporaryFolder();
  const env = { ...plainEnv, MLFLOW_TRACKING_URI: server.tracking_uri, MLFLOW_TRACKING_TOKEN: server.token };
  const run = (...args: string[]) => runCli(["workflow", "run", folder, ...args], cwd, env);
  const failed = run("--experiment-name", "cli");
  assert.equal(failed.code, 1, failed.printed);
  assert.match(failed.printed, /^\[prepare\] 1,2$/m);
  assert.match(failed.printed, /^Flowdeck: 1 finished, 1 failed$/m);
  assert.match(failed.printed, /^Flowdeck: run \w{32} FAILED after .*\. train failed\.$/m);
  writeFileSync(join(folder, "ok"), "");
  const resumed = run("--experiment-name", "cli", "--resume");
  assert.equal(resumed.code, 0, resumed.printed);
  assert.match(resumed.printed, /^\[prepare\] Finished before, in this run of the workflow\.$/m);
  const codes: [args: string[], code: number, printed: RegExp][] = [
    [["--max-parallel", "0"], 2, /--max-parallel is a whole number/],
    [["--env-manager", "poetry"], 2, /must be one of/],
    [["-P", "alpha"], 2, /Invalid format for -P parameter/],
    [["-P", "alhpa=1", "--dry-run"], 1, /no parameter alhpa; alpha seems to be meant/],
  ];
  for (const [args, code, printed] of codes) {
    const result = run(...args);
    assert.equal(result.code, code, result.printed);
    assert.match(result.printed, printed);
  }
});

test("a dry run prints the steps in an order they can run in, with their commands, and starts nothing", () => {
  const folder = workflowProject(PROJECT);
  const { code, printed } = runCli(
    ["workflow", "run", "workflow.mlflow.yaml", "--dry-run", "-P", "alpha=0.25"],
    folder,
    plainEnv,
  );
  assert.equal(code, 0, printed);
  assert.equal(
    printed,
    `1. prepare: entry point prepare of ${folder}
   environment local (the project declares none)
   $ cat ${folder}/raw.csv
2. train: entry point train of ${folder}, after prepare
   environment local (the project declares none)
   $ echo 0.25 'file://\${{ steps.prepare.artifact_uri }}'; test -e 'file://\${{ steps.prepare.artifact_uri }}' -o -e ok
`,
  );
  assert(!existsSync(join(folder, "mlflow.db")));
});

test("after kill -9 of its runner a workflow is gone on with: nothing stays RUNNING, no command is left behind", async () => {
  const folder = workflowProject({
    MLproject: `
entry_points:
  quick: {command: "true"}
  long: {command: "echo $$ >> pids.txt; test -e go || sleep 300"}
`,
    "workflow.mlflow.yaml":
      "steps: {quick: , one: {entry_point: long, needs: quick}, two: {entry_point: long, needs: one}}\n",
    ".gitignore": "pids.txt\ngo\n",
  });
  const env = { ...plainEnv, MLFLOW_TRACKING_URI: server.tracking_uri, MLFLOW_TRACKING_TOKEN: server.token };
  const args = [join(root, "src/cli/main.ts"), "workflow", "run", folder, "--experiment-name", "killed"];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  whenOver(() => child.kill("SIGKILL"));
  const exit = once(child, "exit");
  const pids = join(folder, "pids.txt");
  await until("the long step to run", () => existsSync(pids) && readFileSync(pids, "utf8").endsWith("\n"));
  const pid = Number(readFileSync(pids, "utf8"));
  const { experiment_id } = await server.store.getExperimentByName({ experiment_name: "killed" });
  const runs = async () => (await server.store.searchRuns({ experiment_ids: [experiment_id] })).items;
  await until("the command to be told", async () => {
    const parent = (await runs()).map(readWorkflowState).find((state) => state !== undefined);
    return parent?.steps[1]?.command !== undefined;
  });
  // Its own runner is the one that may go on.
  const second = await startWorkflow(server, folder, { experiment_name: "killed", resume: {} });
  assert.match(second.state.problem ?? "", /is being run by process \d+; stop that one first/);
  const parentRun = async () => {
    const found = (await runs()).find((run) => readWorkflowState(run) !== undefined);
    assert(found !== undefined);
    return found;
  };
  assert.deepEqual(await closeGroup(server.store, await parentRun()), []);
  child.kill("SIGKILL");
  await exit;
  assert.equal((await closeGroup(server.store, await parentRun())).length, 2);
  assert(!isAlive({ pid }));
  assert((await runs()).every(({ info }) => info.status !== "RUNNING"));
  writeFileSync(join(folder, "go"), "");
  const resumed = await startWorkflow(server, folder, { experiment_name: "killed", resume: {} });
  assert.deepEqual(resumed.statuses, ["quick finished", "one finished", "two finished"], resumed.printed);
  assert.deepEqual((await runs()).map(({ info }) => `${info.run_name} ${info.status}`).toSorted(), [
    "one FINISHED",
    "one KILLED",
    "quick FINISHED",
    "two FINISHED",
    "workflow.mlflow.yaml FINISHED",
  ]);
  // What was cut off ended when its run was closed, not when somebody went on with the workflow.
  const cutOff = (await runs()).find(({ info }) => info.status === "KILLED")?.info;
  const [firstTry] = readWorkflowState(await parentRun())?.steps.find(({ name }) => name === "one")?.tries ?? [];
  assert.deepEqual([firstTry?.status, firstTry?.ended_at], ["killed", cutOff?.end_time]);
  assert(!isAlive({ pid }));
});

test("flowdeck sweep runs every combination under one run, says them before, and exits as the others do", () => {
  const project = {
    MLproject: "entry_points: {main: {parameters: {a: float, b: string}, command: 'echo {a} {b}; test {a} != 9'}}",
  };
  const folder = workflowProject(project, false);
  const env = { ...plainEnv, MLFLOW_TRACKING_URI: server.tracking_uri, MLFLOW_TRACKING_TOKEN: server.token };
  const codes: [args: string[], code: number, printed: RegExp][] = [
    [[".", "-S", "a=1..2", "-S", "b=x y, z"], 0, /^\[a=1, b=x y\] 1 x y$[^]*run \w{32} FINISHED/m],
    [[".", "-S", "a=9", "-P", "b=z", "--max-parallel", "1"], 1, /FAILED.*1 of 1 runs failed/],
    [[".", "-S", "a=0..1 in 3", "-P", "b=z", "--dry-run"], 0, /^1\. a=0\n2\. a=0\.5\n3\. a=1\n$/],
    [[".", "-S", "a=1..0"], 2, /a range goes up/],
    [[".", "-S", "a=1,2", "-P", "a=1"], 2, /one value by -P and several by -S/],
    [["--random", "2"], 2, /Name one project/],
    [
      ["https://me:secret@host/a.git", "-S", "a=1"],
      2,
      /^Flowdeck: https:\/\/host\/a\.git is no folder of this machine/m,
    ],
  ];
  for (const [args, code, printed] of codes) {
    const result = runCli(["sweep", ...args], folder, env);
    assert.equal(result.code, code, result.printed);
    assert.match(result.printed, printed);
  }
});
