import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { isAlive } from "../../src/processes/processes.ts";
import { runsBelow } from "../../src/projects/workflow/leftovers.ts";
import { readWorkflowState, workflowTag } from "../../src/projects/workflow/state.ts";
import { until } from "../support/environment.ts";
import { startServer, type TestServer } from "../support/runner.ts";
import { startWorkflow, workflowProject } from "../support/workflow.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const LONG = {
  MLproject: `
entry_points:
  quick: {command: "true"}
  long: {command: "sleep 300 & echo $! >> pids.txt; echo up >> up.txt; test -e go || wait"}
  last: {parameters: {of: string}, command: "true"}
`,
  "workflow.mlflow.yaml": `
steps:
  quick:
  one: {entry_point: long, needs: quick}
  two: {entry_point: long, needs: quick}
  last: {parameters: {of: "\${{ steps.one.run_id }}"}}
`,
  ".gitignore": "*.txt\ngo\n",
};
const upIn = (folder: string) => {
  const file = join(folder, "up.txt");
  return existsSync(file) && readFileSync(file, "utf8") === "up\nup\n";
};
const pidsIn = (folder: string) => readFileSync(join(folder, "pids.txt"), "utf8").trim().split("\n").map(Number);

test("a stop ends every command, and all runs that were open are KILLED; a resume goes on with those", async () => {
  const folder = workflowProject(LONG);
  const stop = new AbortController();
  const going = startWorkflow(server, folder, { experiment_name: "stopped" }, stop.signal);
  await until("both commands to run", () => upIn(folder));
  stop.abort();
  const { state, statuses, run } = await going;
  assert.equal(state.status, "KILLED");
  assert.deepEqual(statuses, ["quick finished", "one killed", "two killed", "last waiting"]);
  assert(run !== undefined);
  const children = await runsBelow(server.store, run);
  assert.deepEqual(children.map(({ info }) => String(info.status)).toSorted(), ["FINISHED", "KILLED", "KILLED"]);
  for (const pid of pidsIn(folder)) await until("what they started to be gone", () => !isAlive({ pid }));
  writeFileSync(join(folder, "go"), "");
  const resumed = await startWorkflow(server, folder, { experiment_name: "stopped", resume: {} });
  assert.equal(resumed.state.run_id, state.run_id);
  assert.deepEqual(resumed.statuses, ["quick finished", "one finished", "two finished", "last finished"]);
});

test("wherever a runner stops reaching the server for good, a resume finishes the workflow and nothing stays RUNNING", async () => {
  const files = {
    MLproject: `entry_points: {a: {command: "true"}, b: {parameters: {x: string}, command: "echo {x}"}}`,
    "workflow.mlflow.yaml": "steps: {a: , b: {parameters: {x: '${{ steps.a.run_id }}'}}}\n",
  };
  const folder = workflowProject(files, false);
  /** The real store, until `calls` of its methods were called. */
  const brittle = (calls: number): TestServer & { used(): number } => {
    let used = 0;
    const store = new Proxy(server.store, {
      get: (whole, name: keyof typeof server.store) => (query: never) => {
        used += 1;
        if (used > calls) return Promise.reject(new MlflowError("TEMPORARILY_UNAVAILABLE", "The server is gone."));
        const method: (query: never) => unknown = whole[name];
        return method(query);
      },
    });
    return { ...server, store, used: () => used };
  };
  const whole = brittle(Number.POSITIVE_INFINITY);
  const first = await startWorkflow(whole, folder, { experiment_name: "brittle 0", cache: false });
  assert.deepEqual(first.statuses, ["a finished", "b finished"]);
  const seen = new Set<string>();
  for (let calls = 1; calls < whole.used(); calls += 2) {
    const experiment_name = `brittle ${calls}`;
    await server.store.createExperiment({ name: experiment_name });
    const { experiment_id } = await server.store.getExperimentByName({ experiment_name });
    const runs = async () => (await server.store.searchRuns({ experiment_ids: [experiment_id] })).items;
    await startWorkflow(brittle(calls), folder, { experiment_name, cache: false }).catch((error: unknown) => error);
    const left = await runs();
    seen.add(left.map(({ info }) => info.status).join());
    const parent = left.find((run) => readWorkflowState(run) !== undefined);
    if (parent === undefined || parent.info.status === "FINISHED") continue;
    const resumed = await startWorkflow(server, folder, { experiment_name, resume: {}, cache: false });
    assert.deepEqual(
      resumed.statuses,
      ["a finished", "b finished"],
      `${calls}: ${resumed.printed} ${resumed.state.problem}`,
    );
    const statuses = (await runs()).map(({ info }) => info.status);
    assert(!statuses.includes("RUNNING"), `${calls}: ${statuses.join()}`);
  }
  // It was cut off in many places.
  assert(seen.size >= 5, [...seen].join(" | "));
});

test("what has ended belongs to nobody, though its runner may live and wait for a key; what is just being stopped does not", async () => {
  const folder = workflowProject({
    MLproject: `entry_points: {a: {command: "test -e go"}}`,
    "workflow.mlflow.yaml": "steps: {a: }\n",
  });
  const experiment_name = "ended";
  const { run, workflow } = await startWorkflow(server, folder, { experiment_name });
  assert(run !== undefined && workflow?.ended_at !== undefined);
  const { run_id, end_time = 0 } = run.info;
  const resume = () => startWorkflow(server, folder, { experiment_name, resume: {} });
  // As if another process that lives had run it.
  const runner = { host: workflow.runner.host, pid: process.ppid };
  const tell = (ended_at: number) =>
    server.store.logBatch({ run_id, metrics: [], params: [], tags: [workflowTag({ ...workflow, runner, ended_at })] });
  await tell(end_time + 1);
  assert.match((await resume()).state.problem ?? "", /is being run by process \d+; stop that one first/);
  await tell(workflow.ended_at);
  writeFileSync(join(folder, "go"), "");
  assert.deepEqual((await resume()).statuses, ["a finished"]);
});
