import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { RunInfo } from "../../src/mlflow/entities.ts";
import { isAlive, markOf } from "../../src/processes/processes.ts";
import type { RunState } from "../../src/projects/request.ts";
import { askToStop, closeAbandoned, readStates, runnersIn, stateFileOf, writeState } from "../../src/projects/state.ts";
import type { UpdateRun } from "../../src/store/trackingStore.ts";
import { readRun } from "../../src/store/rest/read.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

/** The mark of a process that has ended. */
async function deadMark() {
  const child = spawn(process.execPath, ["-e", ""]);
  const mark = { pid: child.pid ?? 0, started: "1" };
  await once(child, "exit");
  return mark;
}

const state = (changes: Partial<RunState>): RunState => ({
  format: 1,
  runner: { pid: process.pid },
  started_at: 1,
  projectFolder: "/p",
  entry_point: "main",
  tracking_uri: "http://127.0.0.1:1",
  status: "RUNNING",
  reported: false,
  run_id: "r",
  ...changes,
});

/** Records what it is told; every run in it has one status. */
function recorder(status: RunInfo["status"]) {
  const told: UpdateRun[] = [];
  const run = readRun({ info: { run_id: "r", status } });
  return {
    told,
    getRun: () => Promise.resolve(run),
    searchRuns: () => Promise.resolve({ items: [run] }),
    updateRun: (update: UpdateRun) => {
      told.push(update);
      return Promise.resolve(run.info);
    },
  };
}

test("a state file lies beside its request, only its owner reads it, and nothing else is left", async () => {
  const folder = temporaryFolder();
  const file = stateFileOf(join(folder, "a.json"));
  assert.equal(file, join(folder, "a.state.json"));
  await writeState(file, state({}));
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ["a.state.json"]);
});

test("states are read newest first, and files that are none are passed over", async () => {
  const folder = temporaryFolder();
  await writeState(join(folder, "a.state.json"), state({ started_at: 1 }));
  await writeState(join(folder, "b.state.json"), state({ started_at: 2 }));
  await writeFile(join(folder, "c.state.json"), "{");
  await writeFile(join(folder, "d.json"), "{}");
  assert.deepEqual(
    (await readStates(folder)).map((each) => each.state.started_at),
    [2, 1],
  );
  assert.deepEqual(await readStates(join(folder, "absent")), []);
});

test("a process is told from a later one with its pid", () => {
  const mark = markOf(process.pid);
  assert(mark !== undefined && isAlive(mark));
  assert.equal(isAlive({ ...mark, started: "1" }), mark.started === undefined);
});

test("a folder of states tells whose runner lives, and nothing of runs that were closed", async () => {
  const folder = temporaryFolder();
  const dead = { runner: await deadMark() };
  const { run_id: _, ...preparing } = state(dead);
  const states = [
    state({ run_id: "lives" }),
    state({ ...dead, run_id: "gone" }),
    state({ ...dead, run_id: "goes on without its runner", command: { pid: process.pid } }),
    state({ ...dead, run_id: "closed", reported: true }),
    preparing,
  ];
  for (const [i, one] of states.entries()) await writeState(join(folder, `${i}.state.json`), one);
  assert.deepEqual(
    await runnersIn(folder),
    new Map([
      ["lives", "alive"],
      ["gone", "gone"],
      ["goes on without its runner", "alive"],
    ]),
  );
});

test("a stop is heard by a command that goes on without its runner", async () => {
  const child = spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
  whenOver(() => child.kill("SIGKILL"));
  const [command, ended] = [markOf(child.pid ?? 0), once(child, "exit")];
  assert(command !== undefined);
  await askToStop(state({ runner: await deadMark(), command }));
  assert.deepEqual(await ended, [null, "SIGTERM"]);
});

test("the run of a dead runner is closed KILLED and its state file goes", async () => {
  const folder = temporaryFolder();
  await writeState(join(folder, "a.state.json"), state({ runner: await deadMark() }));
  const store = recorder("RUNNING");
  assert.deepEqual(await closeAbandoned(folder, store), ["r"]);
  assert.equal(store.told[0]?.status, "KILLED");
  assert.deepEqual(await readdir(folder), []);
});

test("a run whose end the server did not hear of gets that end, with its time", async () => {
  const folder = temporaryFolder();
  const ended = state({ runner: await deadMark(), status: "FINISHED", ended_at: 77 });
  await writeState(join(folder, "a.state.json"), ended);
  const store = recorder("RUNNING");
  await closeAbandoned(folder, store);
  assert.deepEqual(store.told, [{ run_id: "r", status: "FINISHED", end_time: 77 }]);
});

test("a run whose runner died before it heard of its id is found by its start and closed", async () => {
  const folder = temporaryFolder();
  const creating = { experiment_id: "1", start_time: 5 };
  const { run_id: _, ...begun } = state({ runner: await deadMark(), status: "PREPARING", reported: true, creating });
  await writeState(join(folder, "a.state.json"), begun);
  const store = recorder("RUNNING");
  assert.deepEqual(await closeAbandoned(folder, store), ["r"]);
  assert.equal(store.told[0]?.status, "KILLED");
});

test("a run that was closed by its script stays as it is", async () => {
  const folder = temporaryFolder();
  await writeState(join(folder, "a.state.json"), state({ runner: await deadMark() }));
  const store = recorder("FINISHED");
  assert.deepEqual(await closeAbandoned(folder, store), []);
  assert.deepEqual(store.told, []);
});

const kept: [why: string, changes: () => Promise<Partial<RunState>>, serves: boolean][] = [
  ["its runner lives", () => Promise.resolve({}), true],
  ["its command lives on", async () => ({ runner: await deadMark(), command: { pid: process.pid } }), true],
  [
    "it is being created in another store",
    async () => ({
      runner: await deadMark(),
      started_at: Date.now(),
      creating: { experiment_id: "1", start_time: 5 },
    }),
    false,
  ],
];
for (const [why, changes, serves] of kept) {
  test(`a run is left alone when ${why}`, async () => {
    const folder = temporaryFolder();
    await writeState(join(folder, "a.state.json"), state(await changes()));
    const store = recorder("RUNNING");
    assert.deepEqual(await closeAbandoned(folder, store, () => serves), []);
    assert.deepEqual([store.told, await readdir(folder)], [[], ["a.state.json"]]);
  });
}

test("of another store's address a run is closed where it lies, and its file stays for a month", async () => {
  const folder = temporaryFolder();
  const started_at = Date.now();
  await writeState(join(folder, "a.state.json"), state({ runner: await deadMark(), started_at }));
  const elsewhere = recorder("RUNNING");
  const gone = Object.assign(elsewhere, {
    getRun: () => Promise.reject(new MlflowError("RESOURCE_DOES_NOT_EXIST", "No such run.")),
  });
  const other = () => false;
  assert.deepEqual(await closeAbandoned(folder, gone, other), []);
  assert.deepEqual(await closeAbandoned(folder, recorder("RUNNING"), other), ["r"]);
  assert.deepEqual(await readdir(folder), ["a.state.json"]);
  await writeState(
    join(folder, "a.state.json"),
    state({ runner: await deadMark(), started_at: started_at - 31 * 24 * 3_600_000 }),
  );
  assert.deepEqual(await closeAbandoned(folder, gone, other), []);
  assert.deepEqual(await readdir(folder), []);
});

test("in a folder that machines share the runs of another one are left to it", async () => {
  const folder = temporaryFolder();
  const runner = { ...(await deadMark()), host: "another machine" };
  await writeState(join(folder, "a.state.json"), state({ runner, started_at: Date.now() }));
  const store = recorder("RUNNING");
  assert.deepEqual(await closeAbandoned(folder, store), []);
  assert.deepEqual([store.told, await readdir(folder)], [[], ["a.state.json"]]);
  assert.deepEqual(await runnersIn(folder), new Map());
});
