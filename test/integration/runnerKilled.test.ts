import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import { closeAbandoned } from "../../src/projects/state.ts";
import { numberIn, root, temporaryFolder, until } from "../support/environment.ts";
import { holdingProxy } from "../support/holdingProxy.ts";
import { projectWith, startRunner, startServer, type RunnerProcess, type TestServer } from "../support/runner.ts";

// A runner is ended by SIGKILL at each stage: no run stays RUNNING, no process lives on, no half-made environment is used.

let server: TestServer;
before(async () => {
  server = await startServer();
});

const PROJECT = {
  MLproject: 'entry_points: {main: {command: "echo done"}, waits: {command: "echo $$ > pid.txt; sleep 300"}}\n',
};

async function kill(runner: RunnerProcess): Promise<void> {
  runner.child.kill("SIGKILL");
  await until("the runner to be gone", () => runner.child.exitCode !== null || runner.child.signalCode !== null);
}

/** Status of each run of the experiment; [] when there is no such experiment. */
async function statusesIn(experiment_name: string): Promise<string[]> {
  const { items } = await server.store.searchExperiments({ filter: `name = '${experiment_name}'` });
  if (items[0] === undefined) return [];
  const runs = await server.store.searchRuns({ experiment_ids: [items[0].experiment_id] });
  return runs.items.map(({ info }) => info.status);
}

const stages: [stage: string, holds: Parameters<typeof holdingProxy>[1], left: string, closed: string[]][] = [
  ["before its run is created", { path: "runs/create", before: true }, "", []],
  ["when its run is created and it has not heard so", { path: "runs/create" }, "RUNNING", ["KILLED"]],
  [
    "when its run is created and its params are being logged",
    { path: "runs/log-batch", before: true },
    "RUNNING",
    ["KILLED"],
  ],
  [
    "when the command has ended and the server has not heard so",
    { path: "runs/update", body: "FINISHED", before: true },
    "RUNNING",
    ["FINISHED"],
  ],
  [
    "when the server knows the end and it has not heard so",
    { path: "runs/update", body: "FINISHED" },
    "FINISHED",
    ["FINISHED"],
  ],
];
for (const [stage, holds, left, closed] of stages) {
  test(`a runner that is killed ${stage} leaves no run RUNNING`, async () => {
    const experiment_name = `killed ${stage}`;
    const proxy = await holdingProxy(server.tracking_uri, holds);
    const request = {
      projectFolder: await projectWith(PROJECT),
      experiment_name,
      parameters: [["p", "1"]] as [string, string][],
    };
    const runner = await startRunner({ tracking_uri: proxy.url, token: server.token }, request);
    await proxy.held;
    await kill(runner);
    assert.deepEqual(await statusesIn(experiment_name), left === "" ? [] : [left]);
    await closeAbandoned(runner.folder, server.store);
    assert.deepEqual(await statusesIn(experiment_name), closed);
    assert.deepEqual(
      (await readdir(runner.folder)).filter((name) => name.endsWith(".state.json")),
      [],
    );
  });
}

test("a run whose creation is not answered is closed as FAILED by the next start", async () => {
  const experiment_name = "cut";
  const proxy = await holdingProxy(server.tracking_uri, { path: "runs/create", cut: true });
  const request = { projectFolder: await projectWith(PROJECT), experiment_name };
  const runner = await startRunner({ tracking_uri: proxy.url, token: server.token }, request);
  const { code } = await runner.ended();
  assert.equal(code, 1);
  assert.deepEqual(await statusesIn(experiment_name), ["RUNNING"]);
  await closeAbandoned(runner.folder, server.store);
  assert.deepEqual(await statusesIn(experiment_name), ["FAILED"]);
});

/** An `uv` that makes what looks like an environment and then takes for ever, the first time. */
async function slowUv(folder: string): Promise<string> {
  const file = join(temporaryFolder(), "uv");
  const make = 'mkdir -p "$2/bin"; echo : > "$2/bin/activate"; ln -sf "$(command -v python3)" "$2/bin/python"';
  const wait = `if [ ! -e ${folder}/first ]; then echo $$ > ${folder}/first; sleep 300; fi; touch "$2/whole"`;
  await writeFile(file, `#!/bin/bash\n[ "$1" = venv ] || exit 0\n${make}\n${wait}\n`);
  await chmod(file, 0o755);
  return dirname(file);
}

test("a runner that is killed while an environment is built leaves no process, and the next one builds it anew", async () => {
  const [notes, environments] = [temporaryFolder(), temporaryFolder()];
  const PATH = [await slowUv(notes), process.env["PATH"]].join(":");
  const env = { PATH, MLFLOW_ENV_ROOT: environments };
  const request = {
    projectFolder: await projectWith(PROJECT),
    experiment_name: "half-made",
    env_manager: "uv" as const,
  };
  const runner = await startRunner(server, request, env);
  const pid = await until("the build", () => numberIn(join(notes, "first")));
  await kill(runner);
  await until("the build to be gone", () => !isAlive({ pid }));
  assert.deepEqual(await statusesIn("half-made"), []);
  const [half] = (await readdir(environments)).filter((name) => /^mlflow-\w{40}$/.test(name));
  assert(half !== undefined && !existsSync(join(environments, half, "whole")));
  const { code, printed } = await (await startRunner(server, request, env)).ended();
  assert.equal(code, 0, printed);
  assert.match(printed, /environment uv \(building again: the last time was cut short\)/);
  assert(existsSync(join(environments, half, "whole")));
});

test("a run that was there already is closed when its runner is killed before it came to it", async () => {
  const { info } = await server.store.createRun({ experiment_id: "0", start_time: Date.now() });
  const notes = temporaryFolder();
  const PATH = [await slowUv(notes), process.env["PATH"]].join(":");
  const request = { projectFolder: await projectWith(PROJECT), run_id: info.run_id, env_manager: "uv" as const };
  const runner = await startRunner(server, request, { PATH, MLFLOW_ENV_ROOT: temporaryFolder() });
  await until("the build", () => existsSync(join(notes, "first")));
  await kill(runner);
  assert.deepEqual(await closeAbandoned(runner.folder, server.store), [info.run_id]);
  assert.equal((await server.store.getRun({ run_id: info.run_id })).info.status, "KILLED");
});

test("flowdeck run that is killed ends its command and its server, and the next one closes its run", async () => {
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const env = { ...inherited, XDG_STATE_HOME: temporaryFolder() };
  const [cwd, project] = [temporaryFolder(), await projectWith(PROJECT)];
  const args = [join(root, "src/cli/main.ts"), "run", project, "--experiment-name", "cli"];
  const start = (...more: string[]) =>
    spawn(process.execPath, [...args, ...more], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const first = start("-e", "waits");
  const file = join(project, "pid.txt");
  const pid = await until("the command", () => numberIn(file));
  const states = join(env.XDG_STATE_HOME, "flowdeck/runs");
  const run_id = await until("its state", async () => {
    const [name] = (await readdir(states)).filter((one) => one.endsWith(".state.json"));
    const state = JSON.parse(await readFile(join(states, name ?? ""), "utf8")) as { run_id?: string };
    return state.run_id;
  });
  const servers = await childrenNamed(cwd);
  assert.equal(servers.length, 1);
  first.kill("SIGKILL");
  await until("the command to be gone", () => !isAlive({ pid }));
  await until("the server to be gone", () => servers.every((one) => !isAlive({ pid: one })));
  const second = start();
  const code = await new Promise((resolve) => second.once("close", resolve));
  assert.equal(code, 0);
  const { openStore } = await import("../../src/store/open.ts");
  const store = openStore(`sqlite:///${join(cwd, "mlflow.db")}`, { readonly: true });
  const { info } = await store.getRun({ run_id });
  store.close();
  assert.equal(info.status, "KILLED");
  assert.deepEqual(await readdir(states), []);
});

test("flowdeck run whose server is killed tells the run's end to another one", async () => {
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const env = { ...inherited, XDG_STATE_HOME: temporaryFolder() };
  const cwd = temporaryFolder();
  const project = await projectWith({
    MLproject: 'entry_points: {main: {command: "touch up; while test ! -e go; do sleep 0.1; done"}}',
  });
  const child = spawn(process.execPath, [join(root, "src/cli/main.ts"), "run", project], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const closed = new Promise((resolve) => child.once("close", resolve));
  await until("the command", () => existsSync(join(project, "up")));
  for (const pid of await childrenNamed(cwd)) process.kill(pid, "SIGKILL");
  await writeFile(join(project, "go"), "");
  assert.equal(await closed, 0);
  assert.match(
    printed,
    /run \w{32} FINISHED after .*\. Its tracking server died, so that what it logged afterwards is lost\.$/m,
  );
  assert.deepEqual(await readdir(join(env.XDG_STATE_HOME, "flowdeck/runs")), []);
  const { openStore } = await import("../../src/store/open.ts");
  const store = openStore(`sqlite:///${join(cwd, "mlflow.db")}`, { readonly: true });
  const { items } = await store.searchRuns({ experiment_ids: ["0"] });
  store.close();
  assert.deepEqual(
    items.map(({ info }) => info.status),
    ["FINISHED"],
  );
});

/** Processes whose command line names the folder, which is how a server of this test is known. */
async function childrenNamed(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const line = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`sqlite:///${folder}`) && line.includes("--discovery-file")) found.push(Number(name));
  }
  return found;
}
