import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { isAlive } from "../../src/processes/processes.ts";
import { closeAbandoned } from "../../src/projects/state.ts";
import { runsBelow } from "../../src/projects/workflow/leftovers.ts";
import { until } from "../support/environment.ts";
import { projectWith, startRunner, startServer, type TestServer } from "../support/runner.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

async function startWithNested(experiment_name: string) {
  const projectFolder = await projectWith({ MLproject: 'entry_points: {main: {command: "touch up; sleep 300"}}\n' });
  const runner = await startRunner(server, { projectFolder, experiment_name });
  await until("the command", () => existsSync(join(projectFolder, "up")));
  const { run_id = "", experiment_id = "" } = await runner.stateOf("its run", (state) => state.run_id !== undefined);
  // As the command's script does, and the one that this starts.
  const below = async (parent: string) => {
    const tags = [{ key: RUN_TAG.parentRunId, value: parent }];
    return (await server.store.createRun({ experiment_id, start_time: Date.now(), tags })).info.run_id;
  };
  const child = await below(run_id);
  await below(child);
  const ended = await below(run_id);
  await server.store.updateRun({ run_id: ended, status: "FAILED", end_time: 5 });
  return { runner, run_id };
}

async function statusesBelow(run_id: string): Promise<string[]> {
  const run = await server.store.getRun({ run_id });
  return [run, ...(await runsBelow(server.store, run))].map(({ info }) => info.status).toSorted();
}

const CLOSED = ["FAILED", "KILLED", "KILLED", "KILLED"];

test("runs that a command opened below its own are closed with it when it is stopped", async () => {
  const { runner, run_id } = await startWithNested("stopped");
  runner.child.kill("SIGTERM");
  assert.equal((await runner.ended()).state?.status, "KILLED");
  const filter = `tags.\`${RUN_TAG.parentRunId}\` != 'none'`;
  const { experiment_id } = (await server.store.getRun({ run_id })).info;
  const { items } = await server.store.searchRuns({ experiment_ids: [experiment_id], filter });
  assert.deepEqual([...items.map(({ info }) => info.status), "KILLED"].toSorted(), CLOSED);
});

test("and when its runner dies, by the next start", async () => {
  const { runner, run_id } = await startWithNested("killed");
  const { command } = await runner.stateOf("the command to run", (state) => state.command !== undefined);
  const exit = runner.ended();
  runner.child.kill("SIGKILL");
  await exit;
  await until("its command to be gone", () => command !== undefined && !isAlive(command));
  assert.deepEqual(await statusesBelow(run_id), ["FAILED", "RUNNING", "RUNNING", "RUNNING"]);
  assert.deepEqual(await closeAbandoned(runner.folder, server.store), [run_id]);
  assert.deepEqual(await statusesBelow(run_id), ["FAILED", "KILLED", "KILLED"]);
});

test("a run that is below itself, as its tags say, is looked at once", async () => {
  const { info } = await server.store.createRun({ experiment_id: "0", start_time: Date.now() });
  const tag = { run_id: info.run_id, key: RUN_TAG.parentRunId, value: info.run_id };
  await server.store.logBatch({ run_id: info.run_id, metrics: [], params: [], tags: [tag] });
  assert.deepEqual(await runsBelow(server.store, await server.store.getRun({ run_id: info.run_id })), []);
});
