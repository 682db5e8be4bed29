import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { closeAbandoned } from "../../src/projects/state.ts";
import { runSweep, type SweepRequest, type SweepStart } from "../../src/projects/sweep/runSweep.ts";
import { readSweepState } from "../../src/projects/sweep/state.ts";
import { stopRunner } from "../../src/projects/workflow/control.ts";
import { runsBelow } from "../../src/projects/workflow/leftovers.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { holdingProxy } from "../support/holdingProxy.ts";
import { startRunner, startServer, type TestServer } from "../support/runner.ts";
import { workflowProject } from "../support/workflow.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const PROJECT = {
  MLproject: `
entry_points:
  main: {parameters: {eta: float, depth: float, name: string}, command: "echo {eta} {depth} {name} >> ran.txt"}
  waits: {parameters: {n: float}, command: "echo {n} >> ran.txt; test {n} -lt 2 || test -e go || sleep 300"}
  some: {parameters: {n: float}, command: "test {n} != 2"}
`,
};
const ran = (folder: string) => {
  const file = join(folder, "ran.txt");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
};

function sweepRequest(request: Partial<SweepRequest>): SweepRequest {
  const { tracking_uri, token } = server;
  return { format: 1, kind: "sweep", tracking_uri, token, ...request };
}

async function sweep(request: Partial<SweepRequest>, stop = new AbortController().signal) {
  const { store } = server;
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const changed = () => Promise.resolve();
  const state = await runSweep(sweepRequest(request), { store, patientStore: store, say, changed, stop });
  return { state, printed: lines.join("\n"), ...(await readBack(state.run_id)) };
}

async function readBack(run_id: string | undefined) {
  if (run_id === undefined) return {};
  const run = await server.store.getRun({ run_id });
  const children = await runsBelow(server.store, run);
  const read = readSweepState(run, children);
  return { run, children, read, statuses: read?.queue.map(({ status }) => status) };
}

const startOf = (projectFolder: string, more: Partial<SweepStart>): SweepStart => ({
  projectFolder,
  parameters: [],
  plan: { method: "grid", parameters: [["n", "1..4"]] },
  ...more,
});

test("a sweep of 3 × 3 has nine runs below one, each with its values, and tells its queue by that run alone", async () => {
  const folder = workflowProject(PROJECT, false);
  const plan = {
    method: "grid" as const,
    parameters: [
      ["eta", "log 0.01..1 in 3"],
      ["depth", "3, 6, 9"],
    ] as [string, string][],
  };
  const { state, run, read, children, statuses, printed } = await sweep({
    start: startOf(folder, { plan, parameters: [["name", "it's $x"]] }),
    maxParallel: 3,
    experiment_name: "grid",
  });
  assert.equal(state.status, "FINISHED", printed);
  assert.deepEqual([run?.info.run_name, run?.info.status, children?.length], ["sweep eta, depth", "FINISHED", 9]);
  assert.deepEqual(statuses, Array(9).fill("finished"));
  assert.deepEqual(read?.queue[5]?.values, [
    ["eta", "0.1"],
    ["depth", "9"],
  ]);
  assert.equal(read?.queue[5]?.run?.info.run_name, "eta=0.1, depth=9");
  const params = read?.queue[5]?.run?.data.params.map(({ key, value }) => `${key}=${value}`).toSorted();
  assert.deepEqual(params, ["depth=9", "eta=0.1", "name=it's $x"]);
  const expected = ["0.01", "0.1", "1"].flatMap((eta) => ["3", "6", "9"].map((depth) => `${eta} ${depth} it's $x`));
  assert.deepEqual(ran(folder).toSorted(), expected.toSorted());
});

test("a run that fails leaves the others alone, and a resume runs it again", async () => {
  const folder = workflowProject(PROJECT, false);
  const first = await sweep({ start: startOf(folder, { entry_point: "some" }), experiment_name: "some" });
  assert.deepEqual(first.statuses, ["finished", "failed", "finished", "finished"]);
  assert.deepEqual([first.state.status, first.state.problem], ["FAILED", "1 of 4 runs failed."]);
  writeFileSync(join(folder, "MLproject"), PROJECT.MLproject.replace("test {n} != 2", "true {n}"));
  const again = await sweep({ resume: { run_id: first.state.run_id ?? "" } });
  assert.deepEqual(again.statuses, ["finished", "finished", "finished", "finished"]);
  assert.deepEqual([again.run?.info.status, again.read?.resumed, again.children?.length], ["FINISHED", 1, 5]);
});

test("a resume that cannot begin leaves the sweep as it was, to be resumed while what tried it waits in its terminal", async () => {
  const folder = workflowProject(PROJECT, false);
  const first = await sweep({ start: startOf(folder, { entry_point: "some" }), experiment_name: "unbegun" });
  const run_id = first.state.run_id ?? "";
  const tagsOf = async () => (await server.store.getRun({ run_id })).data.tags;
  const before = await tagsOf();
  writeFileSync(join(folder, "MLproject"), PROJECT.MLproject.replace("some:", "another:"));
  const refused = await sweep({ resume: { run_id } });
  assert.match(refused.state.problem ?? "", /Could not find some/);
  assert.deepEqual(await tagsOf(), before);
  writeFileSync(join(folder, "MLproject"), PROJECT.MLproject.replace("test {n} != 2", "true {n}"));
  // This process, which tried it, is still there.
  const runner = await startRunner(server, { kind: "sweep", projectFolder: folder, resume: { run_id } });
  const { code, printed } = await runner.ended();
  assert.equal(code, 0, printed);
  assert.deepEqual((await readBack(run_id)).statuses, Array(4).fill("finished"));
});

test("a resume elsewhere has the same values: paths count from the same folder, and quotes are not doubled", async () => {
  const MLproject =
    "entry_points: {main: {parameters: {n: float, f: path, s: string}, command: 'echo {s} >> ran.txt; cat {f} >> ran.txt; test -e go'}}";
  const folder = workflowProject({ MLproject, "data.txt": "data\n" }, false);
  const here = process.cwd();
  const parameters: SweepStart["parameters"] = [
    ["f", "data.txt"],
    ["s", "it's x"],
  ];
  const plan = { method: "grid" as const, parameters: [["n", "1"]] as [string, string][] };
  try {
    process.chdir(folder);
    const start = startOf(folder, { parameters, plan });
    const { state } = await sweep({ start, experiment_name: "elsewhere", paramQuoting: "mlflow" });
    process.chdir(temporaryFolder());
    writeFileSync(join(folder, "go"), "");
    const { statuses, children, printed } = await sweep({ resume: { run_id: state.run_id ?? "" } });
    assert.deepEqual(statuses, ["finished"], printed);
    assert.deepEqual(ran(folder), ["it's x", "data", "it's x", "data"]);
    const quoted = children?.map(({ data }) => data.params.find(({ key }) => key === "s")?.value);
    assert.deepEqual(quoted, Array(2).fill(`'it'"'"'s x'`));
  } finally {
    process.chdir(here);
  }
});

test("what is wrong with every run is said before there is one", async () => {
  const folder = workflowProject(PROJECT, false);
  for (const [start, sentence] of [
    [{ entry_point: "gone" }, /Could not find gone/],
    [{ entry_point: "main" }, /No value given for missing parameters: 'eta'/],
    [{ entry_point: "some", plan: { method: "grid", parameters: [["n", "0..1.5"]] } }, /needs `step` or `in`/],
  ] as [Partial<SweepStart>, RegExp][]) {
    const { state } = await sweep({ start: startOf(folder, start), experiment_name: "wrong" });
    assert.deepEqual([state.status, state.run_id], ["FAILED", undefined]);
    assert.match(state.problem ?? "", sentence);
  }
});

test("a stopped sweep has no run that goes on, and goes on with what is left", async () => {
  const folder = workflowProject(PROJECT, false);
  const stop = new AbortController();
  const start = startOf(folder, { entry_point: "waits" });
  const going = sweep({ start, maxParallel: 2, experiment_name: "stopped" }, stop.signal);
  await until("two of them to wait", () => ran(folder).length === 3);
  stop.abort();
  const stopped = await going;
  assert.deepEqual(stopped.statuses, ["finished", "killed", "killed", "waiting"]);
  assert.deepEqual([stopped.run?.info.status, stopped.children?.length], ["KILLED", 3]);
  writeFileSync(join(folder, "go"), "");
  const again = await sweep({ resume: { run_id: stopped.state.run_id ?? "" } });
  assert.deepEqual(again.statuses, ["finished", "finished", "finished", "finished"]);
  assert.deepEqual(ran(folder).toSorted(), ["1", "2", "2", "3", "3", "4"]);
});

test("after kill -9 of its runner the next start closes the sweep with its runs; it is resumed, stopped by its run alone, and finished", async () => {
  const folder = workflowProject(PROJECT, false);
  const files = temporaryFolder();
  const request = sweepRequest({ start: startOf(folder, { entry_point: "waits" }), experiment_name: "killed" });
  const startHere = async (what: SweepRequest) => {
    writeFileSync(join(files, "sweep.json"), JSON.stringify(what), { mode: 0o600 });
    const args = [join(root, "src/projects/runner.ts"), "--request", join(files, "sweep.json")];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    whenOver(() => child.kill("SIGKILL"));
    return { child, exit: once(child, "close") };
  };
  const first = await startHere(request);
  await until("two of them to wait", () => ran(folder).length === 3);
  first.child.kill("SIGKILL");
  await first.exit;
  const [run_id = ""] = await closeAbandoned(files, server.store);
  const closed = await readBack(run_id);
  assert.deepEqual([closed.run, ...(closed.children ?? [])].map((run) => String(run?.info.status)).toSorted(), [
    "FINISHED",
    "KILLED",
    "KILLED",
    "KILLED",
  ]);
  const second = await startHere(sweepRequest({ resume: { run_id } }));
  await until("them to wait again", () => ran(folder).length === 5);
  // Who knows the run alone can stop it.
  stopRunner(await server.store.getRun({ run_id }));
  const [code] = (await second.exit) as [number];
  const stopped = await readBack(run_id);
  assert.deepEqual([code, stopped.run?.info.status], [1, "KILLED"]);
  assert.deepEqual(stopped.statuses, ["finished", "killed", "killed", "waiting"]);
  assert(stopped.run !== undefined);
  const { run: over } = stopped;
  assert.throws(() => stopRunner(over), /has ended already/);
  writeFileSync(join(folder, "go"), "");
  const { statuses, run } = await sweep({ resume: { run_id } });
  assert.deepEqual([run?.info.status, statuses], ["FINISHED", ["finished", "finished", "finished", "finished"]]);
});

test("a run whose creation is not answered does not stay RUNNING below a sweep that is over", async () => {
  const proxy = await holdingProxy(server.tracking_uri, { path: "runs/create", body: "mlflow.parentRunId", cut: true });
  const store = restStore({ tracking_uri: proxy.url, token: server.token });
  const start = startOf(workflowProject(PROJECT, false), {
    entry_point: "some",
    plan: { method: "grid", parameters: [["n", "1"]] },
  });
  const request = { ...sweepRequest({ start, experiment_name: "cut" }), tracking_uri: proxy.url };
  const context = { store, patientStore: store, say: () => undefined, changed: () => Promise.resolve() };
  const { run_id } = await runSweep(request, { ...context, stop: new AbortController().signal });
  const { run, children = [] } = await readBack(run_id);
  assert.equal(run?.info.status, "FAILED");
  assert.deepEqual(
    children.map(({ info }) => info.status),
    ["KILLED"],
  );
});
