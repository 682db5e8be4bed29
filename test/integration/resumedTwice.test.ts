import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { tagOf } from "../../src/mlflow/entities.ts";
import type { RunState } from "../../src/projects/request.ts";
import { closeAbandoned, writeState } from "../../src/projects/state.ts";
import { SWEEP_TAG } from "../../src/projects/sweep/state.ts";
import { runsBelow } from "../../src/projects/workflow/leftovers.ts";
import { nameOwner } from "../../src/projects/workflow/ownership.ts";
import { WORKFLOW_TAG } from "../../src/projects/workflow/state.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { holdingProxy } from "../support/holdingProxy.ts";
import { startRunner, startServer, type RunnerProcess, type TestServer } from "../support/runner.ts";
import { workflowProject } from "../support/workflow.ts";

// The run of a workflow or a sweep has one owner at most, whoever dies when.

let server: TestServer;
before(async () => {
  server = await startServer();
});

/** Fails until there is a file `go`; then each runs for as long as there is a file `wait`. */
const PROJECT = {
  MLproject: `
entry_points:
  main:
    parameters: {n: {type: float, default: 1}}
    command: "echo {n} >> ran.txt; test -e go || exit 1; while test -e wait; do sleep 0.1; done"
`,
  "workflow.mlflow.yaml": "steps: {main: }\n",
};
const kinds = ["workflow", "sweep"] as const;
type Kind = (typeof kinds)[number];
const env = { XDG_STATE_HOME: temporaryFolder() };

function start(kind: Kind, folder: string, experiment_name: string, at = server): Promise<RunnerProcess> {
  const request =
    kind === "workflow"
      ? { file: join(folder, "workflow.mlflow.yaml") }
      : {
          start: {
            projectFolder: folder,
            parameters: [],
            plan: { method: "grid" as const, parameters: [["n", "1"]] as [string, string][] },
          },
        };
  return startRunner(at, { kind, projectFolder: folder, experiment_name, ...request }, env);
}

function resume(
  kind: Kind,
  folder: string,
  run_id: string,
  experiment_name: string,
  at = server,
): Promise<RunnerProcess> {
  const file = join(folder, "workflow.mlflow.yaml");
  return startRunner(at, { kind, projectFolder: folder, file, experiment_name, resume: { run_id } }, env);
}

/** A workflow or a sweep that failed, to be gone on with. */
async function failed(kind: Kind, experiment_name: string): Promise<{ folder: string; run_id: string }> {
  const folder = workflowProject(PROJECT, false);
  const { state, printed } = await (await start(kind, folder, experiment_name)).ended();
  assert.equal(state?.status, "FAILED", printed);
  writeFileSync(join(folder, "go"), "");
  return { folder, run_id: state.run_id ?? "" };
}

const linesOf = (folder: string) => {
  const file = join(folder, "ran.txt");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
};
const statusOf = async (run_id: string) => (await server.store.getRun({ run_id })).info.status;

for (const kind of kinds) {
  test(`of two that go on with one ${kind} at once one does, and the other says why not`, async () => {
    const name = `${kind} twice`;
    const { folder, run_id } = await failed(kind, name);
    writeFileSync(join(folder, "wait"), "");
    const both = await Promise.all([resume(kind, folder, run_id, name), resume(kind, folder, run_id, name)]);
    // The first that ends is the one that may not.
    const [printed, other] = await Promise.race(
      both.map(async (one, index) => [(await one.ended()).printed, both[1 - index]] as const),
    );
    assert.match(printed, /is being run by (process \d+|another process); stop that one first\.$/m);
    await until("the command of the other to run", () => linesOf(folder) === 2);
    assert.equal(await statusOf(run_id), "RUNNING");
    // A third is refused by what the run tells of its owner.
    assert.match((await (await resume(kind, folder, run_id, name)).ended()).printed, /is being run by/);
    rmSync(join(folder, "wait"));
    assert.equal((await other?.ended())?.code, 0);
    assert.deepEqual([linesOf(folder), await statusOf(run_id)], [2, "FINISHED"]);
    assert.deepEqual(await readdir(join(env.XDG_STATE_HOME, "flowdeck", "owners")), []);
  });

  test(`a ${kind} whose runner is killed while its run becomes RUNNING again is closed by the next start`, async () => {
    const name = `${kind} reopened`;
    const { folder, run_id } = await failed(kind, name);
    const proxy = await holdingProxy(server.tracking_uri, { path: "runs/update", body: '"RUNNING"' });
    const runner = await resume(kind, folder, run_id, name, { ...server, tracking_uri: proxy.url });
    await proxy.held;
    assert.equal(await statusOf(run_id), "RUNNING");
    runner.child.kill("SIGKILL");
    await until("the runner to be gone", () => runner.child.signalCode !== null);
    assert.deepEqual(await closeAbandoned(runner.folder, server.store), [run_id]);
    assert.equal(await statusOf(run_id), "KILLED");
    // Its claim is a dead one's, and keeps nobody away.
    assert.equal((await (await resume(kind, folder, run_id, name)).ended()).code, 0);
  });

  test(`a ${kind} that cannot be set running again is left to the owner of before`, async () => {
    const name = `${kind} refused`;
    const { folder, run_id } = await failed(kind, name);
    const key = kind === "sweep" ? SWEEP_TAG.sweep : WORKFLOW_TAG.workflow;
    const ownerOf = async () => tagOf(await server.store.getRun({ run_id }), key);
    const before = await ownerOf();
    const proxy = await holdingProxy(server.tracking_uri, { path: "runs/update", body: '"RUNNING"', refused: true });
    const { printed } = await (
      await resume(kind, folder, run_id, name, { ...server, tracking_uri: proxy.url })
    ).ended();
    assert.match(printed, /Not now\./);
    assert.equal(await ownerOf(), before);
  });

  test(`a ${kind} that another runner has gone on with is not closed for the one that died before`, async () => {
    const name = `${kind} taken up`;
    const { folder, run_id } = await failed(kind, name);
    writeFileSync(join(folder, "wait"), "");
    const runner = await resume(kind, folder, run_id, name);
    await until("its command to run", () => linesOf(folder) === 2);
    const dead = temporaryFolder();
    const state: RunState = {
      format: 1,
      runner: { pid: process.pid, started: "1" },
      started_at: 1,
      projectFolder: folder,
      entry_point: "main",
      tracking_uri: server.tracking_uri,
      status: "RUNNING",
      reported: false,
      run_id,
    };
    await writeState(join(dead, "x.state.json"), state);
    assert.deepEqual(await closeAbandoned(dead, server.store), []);
    assert.deepEqual(await readdir(dead), []);
    rmSync(join(folder, "wait"));
    assert.equal((await runner.ended()).code, 0);
    const run = await server.store.getRun({ run_id });
    assert.deepEqual([run, ...(await runsBelow(server.store, run))].map(({ info }) => info.status).toSorted(), [
      "FAILED",
      "FINISHED",
      "FINISHED",
    ]);
  });
}

test("a run that somebody on another machine took up in the same moment is left to them", async () => {
  const { run_id } = await failed("workflow", "elsewhere");
  const run = await server.store.getRun({ run_id });
  const key = WORKFLOW_TAG.workflow;
  const theirs = { run_id, metrics: [], params: [], tags: [{ key, value: "theirs" }] };
  // Their name comes a moment after ours; who looks at once does not see it.
  let named = 0;
  const logBatch: typeof server.store.logBatch = async (batch) => {
    await server.store.logBatch(batch);
    named = performance.now();
  };
  const getRun: typeof server.store.getRun = async (query) => {
    if (performance.now() - named >= 250) await server.store.logBatch(theirs);
    return server.store.getRun(query);
  };
  const store = { ...server.store, logBatch, getRun };
  const ours = nameOwner(store, "http://tracking.example:5000", run, { key, value: "ours" });
  await assert.rejects(ours, /was taken up on another machine a moment ago/);
  await nameOwner(server.store, "http://tracking.example:5000", run, { key, value: "ours" });
});
