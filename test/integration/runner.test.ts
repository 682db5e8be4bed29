import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { isAlive } from "../../src/processes/processes.ts";
import type { RunnerStore } from "../../src/projects/projectRun.ts";
import { runProject, type RunContext } from "../../src/projects/run.ts";
import { givenValues } from "../../src/projects/givenValues.ts";
import type { RunRequest } from "../../src/projects/request.ts";
import { closeAbandoned } from "../../src/projects/state.ts";
import { numberIn, temporaryFolder, until } from "../support/environment.ts";
import { projectWith, startRunner, startServer, type TestServer } from "../support/runner.ts";

let server: TestServer;
before(async () => {
  server = await startServer();
});

const MLPROJECT = `
entry_points:
  main:
    parameters:
      x: {type: float, default: 1e-3}
      s: {default: a b}
    command: "env > env.txt; echo x={x} s={s}"
  fails: {command: "echo before; exit 3"}
  misspelt: {command: "echo {nope}"}
  needs: {parameters: {a: float, b: path}, command: "echo {a} {b}"}
  waits: {command: "sleep 300 & echo $! > child.txt; sleep 300"}
`;

async function runsIn(experiment_name: string) {
  const { experiment_id } = await server.store.getExperimentByName({ experiment_name });
  return (await server.store.searchRuns({ experiment_ids: [experiment_id] })).items;
}

const asRecord = (pairs: { key: string; value: string }[]) =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));

test("a run ends FINISHED, with its values as they were given and the tags that mlflow run sets", async () => {
  const projectFolder = await realpath(await projectWith({ MLproject: MLPROJECT }));
  const runner = await startRunner(server, {
    projectFolder,
    parameters: [
      ["s", "it's $HOME"],
      ["extra", "é"],
    ],
    experiment_name: "finished",
    run_name: "first",
  });
  const { code, printed, state } = await runner.ended();
  assert.equal(code, 0, printed);
  const [run] = await runsIn("finished");
  assert.deepEqual([run?.info.status, run?.info.run_name, run?.info.run_id], ["FINISHED", "first", state?.run_id]);
  assert((run?.info.end_time ?? 0) >= (run?.info.start_time ?? Number.POSITIVE_INFINITY));
  assert.deepEqual(asRecord(run?.data.params ?? []), { x: "1e-3", s: "it's $HOME", extra: "é" });
  assert.deepEqual(asRecord(run?.data.tags ?? []), {
    "mlflow.runName": "first",
    "mlflow.user": process.env["LOGNAME"] ?? process.env["USER"] ?? userInfo().username,
    "mlflow.source.name": projectFolder,
    "mlflow.source.type": "PROJECT",
    "mlflow.project.entryPoint": "main",
    "mlflow.project.backend": "local",
  });
  const lines = printed.trim().split("\n");
  assert.deepEqual(lines.slice(0, 3), [
    "Flowdeck: entry point main, environment local (the project declares none)",
    `$ env > env.txt; echo x=1e-3 s='it'"'"'s $HOME' --extra 'é'`,
    "x=1e-3 s=it's $HOME --extra é",
  ]);
  assert.match(lines.at(-1) ?? "", /^Flowdeck: run \w{32} FINISHED after [\d.]+ s$/);
});

test("the command finds its run and the server in its environment, and no trace of how the editor starts programs", async () => {
  const projectFolder = await projectWith({ MLproject: MLPROJECT });
  const env = { MLFLOW_EXPERIMENT_NAME: "another", MLFLOW_TRACKING_URI: "http://127.0.0.1:1" };
  const runner = await startRunner(server, { projectFolder, experiment_name: "environment" }, env);
  const { state } = await runner.ended();
  const lines = (await readFile(join(projectFolder, "env.txt"), "utf8")).split("\n");
  const given = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s)).map(([key, value]) => [key, value]));
  assert.equal(given["MLFLOW_RUN_ID"], state?.run_id);
  assert.equal(given["MLFLOW_EXPERIMENT_ID"], state?.experiment_id);
  assert.equal(given["MLFLOW_TRACKING_URI"], server.tracking_uri);
  assert.equal(given["MLFLOW_TRACKING_TOKEN"], server.token);
  assert.deepEqual([given["MLFLOW_EXPERIMENT_NAME"], given["ELECTRON_RUN_AS_NODE"]], [undefined, undefined]);
});

test("the request, which holds a token, is gone once it was read; the state holds no token", async () => {
  const runner = await startRunner(server, {
    projectFolder: await projectWith({ MLproject: MLPROJECT }),
    experiment_name: "token",
  });
  await runner.ended();
  assert(!existsSync(runner.requestFile));
  assert(!(await readFile(join(runner.folder, "run.state.json"), "utf8")).includes(server.token));
});

test("params are logged shell-quoted when that is asked for, as mlflow run logs them", async () => {
  const runner = await startRunner(server, {
    projectFolder: await projectWith({ MLproject: MLPROJECT }),
    paramQuoting: "mlflow",
    parameters: [["s", "it's"]],
    experiment_name: "quoted",
  });
  await runner.ended();
  const [run] = await runsIn("quoted");
  assert.deepEqual(asRecord(run?.data.params ?? []), { x: "1e-3", s: `'it'"'"'s'` });
});

test("a value that is given in quotes is given in them when its run is read, however params are logged", async () => {
  const projectFolder = await projectWith({ MLproject: MLPROJECT });
  for (const paramQuoting of ["raw", "mlflow"] as const) {
    const experiment_name = `given in quotes, ${paramQuoting}`;
    const parameters: [string, string][] = [["s", "'a b'"]];
    const runner = await startRunner(server, { projectFolder, paramQuoting, parameters, experiment_name });
    await runner.ended();
    const [run] = await runsIn(experiment_name);
    assert(run !== undefined);
    assert.deepEqual(givenValues(run.data), { x: "1e-3", s: "'a b'" }, paramQuoting);
  }
});

test("a command that fails makes the run FAILED and is told with its exit code", async () => {
  const projectFolder = await projectWith({ MLproject: MLPROJECT });
  const runner = await startRunner(server, { projectFolder, entry_point: "fails", experiment_name: "failed" });
  const { code, printed, state } = await runner.ended();
  assert.deepEqual([code, state?.status, state?.exitCode], [1, "FAILED", 3]);
  assert.match(printed, /before\nFlowdeck: run \w{32} FAILED after [\d.]+ s, exit code 3\n$/);
  assert.equal((await runsIn("failed"))[0]?.info.status, "FAILED");
});

test("a run of a project in git is tagged with its commit, its remote and its place there", async () => {
  const folder = await realpath(await projectWith({ "p/MLproject": MLPROJECT }));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder, encoding: "utf8" });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--no-gpg-sign", "-m", "one");
  git("remote", "add", "origin", "https://u:p@host.example/r.git");
  const parent = "0123456789abcdef0123456789abcdef";
  const runner = await startRunner(server, {
    projectFolder: join(folder, "p"),
    experiment_name: "git",
    parent_run_id: parent,
  });
  await runner.ended();
  const tags = asRecord((await runsIn("git"))[0]?.data.tags ?? []);
  assert.equal(tags["mlflow.source.git.commit"], git("rev-parse", "HEAD").trim());
  assert.equal(tags["mlflow.source.git.repoURL"], "https://host.example/r.git");
  assert.equal(tags["mlflow.source.name"], `file://${folder}#p`);
  assert.equal(tags["mlflow.parentRunId"], parent);
});

const refused: [what: string, request: object, files: Record<string, string>, sentence: RegExp][] = [
  ["a placeholder that is no parameter", { entry_point: "misspelt" }, {}, /`nope` is not one of its parameters/],
  ["missing values", { entry_point: "needs" }, {}, /No value given for missing parameters: 'a', 'b'/],
  [
    "a path that is not there",
    {
      entry_point: "needs",
      parameters: [
        ["a", "1"],
        ["b", "no/such"],
      ],
    },
    {},
    /Got value no\/such for parameter b/,
  ],
  ["an entry point that is not there", { entry_point: "train" }, {}, /Could not find train among entry points/],
  ["a Python that is not there", {}, { "python_env.yaml": 'python: "2.5"\n' }, /needs Python 2\.5, but .*uv/],
  [
    "an environment file that is not there",
    {},
    { MLproject: `python_env: gone.yaml${MLPROJECT}` },
    /Project specified python_env file .*gone\.yaml/,
  ],
  ["an experiment that is not there", { experiment_id: "987" }, {}, /No Experiment with id=987/],
];
for (const [what, request, files, sentence] of refused) {
  test(`${what}: one sentence, and no run is created`, async () => {
    const projectFolder = await projectWith({ MLproject: MLPROJECT, ...files });
    const before = await server.store.searchRuns({ experiment_ids: ["0"], run_view_type: "ALL" });
    const { code, printed, state } = await (await startRunner(server, { projectFolder, ...request })).ended();
    assert.deepEqual([code, state?.status, state?.run_id], [1, "FAILED", undefined]);
    assert.match(printed, sentence);
    assert.equal(printed.trim().split("\n").length, 1, printed);
    const after = await server.store.searchRuns({ experiment_ids: ["0"], run_view_type: "ALL" });
    assert.equal(after.items.length, before.items.length);
  });
}

test("a server that does not answer is said in one sentence", async () => {
  const projectFolder = await projectWith({ MLproject: MLPROJECT });
  const away = { tracking_uri: "ftp://127.0.0.1", token: "t" };
  const { code, printed } = await (await startRunner(away, { projectFolder })).ended();
  assert.equal(code, 2);
  assert.match(printed, /^Flowdeck: ftp:\/\/127\.0\.0\.1 is not the address of a tracking server\.\n$/);
});

for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends the command with all it started, and the run is KILLED`, async () => {
    const projectFolder = await projectWith({ MLproject: MLPROJECT });
    const experiment_name = `killed by ${signal}`;
    const runner = await startRunner(server, { projectFolder, entry_point: "waits", experiment_name });
    const child = join(projectFolder, "child.txt");
    const pid = await until("the command to start its child", () => numberIn(child));
    runner.child.kill(signal);
    const { code, state } = await runner.ended();
    assert.deepEqual([code, state?.status, state?.reported], [1, "KILLED", true]);
    const [run] = await runsIn(experiment_name);
    assert.equal(run?.info.status, "KILLED");
    assert(run?.info.end_time !== undefined);
    await until("the child to be gone", () => !isAlive({ pid }));
  });
}

/** Runs `main` in this process, and notes every status that the server is told. */
async function runHere(experiment_name: string, changed: RunContext["changed"]) {
  const { tracking_uri, store } = server;
  const stop = new AbortController();
  const told: (string | undefined)[] = [];
  const patientStore: RunnerStore = {
    ...store,
    updateRun: (update) => {
      told.push(update.status);
      return store.updateRun(update);
    },
  };
  const projectFolder = await projectWith({ MLproject: 'entry_points: {main: {command: "true"}}' });
  const request: RunRequest = {
    format: 1,
    projectFolder,
    parameters: [],
    tracking_uri,
    token: server.token,
    experiment_name,
  };
  const context = { store, patientStore, say: () => undefined, changed, stop: stop.signal };
  return { state: await runProject(request, context), told, stop };
}

test("a terminal that is closed after the run leaves its status alone", async () => {
  const { told, stop } = await runHere("closed later", async () => undefined);
  stop.abort();
  assert.deepEqual(told, ["FINISHED"]);
});

test("a run whose state cannot be written is closed all the same", async () => {
  const { state } = await runHere("full disk", ({ status }) =>
    status === "PREPARING" ? Promise.resolve() : Promise.reject(new Error("ENOSPC")),
  );
  assert.equal(state.status, "FINISHED");
  assert.equal((await runsIn("full disk"))[0]?.info.status, "FINISHED");
});

test("when a runner is ended without warning its command ends, too, and the next start closes the run", async () => {
  const projectFolder = await projectWith({ MLproject: MLPROJECT });
  const runner = await startRunner(server, { projectFolder, entry_point: "waits", experiment_name: "abandoned" });
  const file = join(projectFolder, "child.txt");
  const pid = await until("the command's child", () => numberIn(file));
  const state = await runner.stateOf("the command to run", ({ command }) => command !== undefined);
  runner.child.kill("SIGKILL");
  await until("the command to be gone", () => state.command !== undefined && !isAlive(state.command));
  await until("its child to be gone", () => !isAlive({ pid }));
  assert.deepEqual(await closeAbandoned(runner.folder, server.store), [state.run_id]);
  assert.equal((await runsIn("abandoned"))[0]?.info.status, "KILLED");
});

test("flowdeck run logs to mlflow.db of the folder it is started in and exits as mlflow run does", async () => {
  const { MLFLOW_TRACKING_URI: _, ...env } = process.env;
  const { runCli } = await import("../support/cli.ts");
  const cwd = temporaryFolder();
  const project = await projectWith({ MLproject: MLPROJECT });
  const codes: [args: string[], code: number, printed: RegExp][] = [
    [[project, "-P", "x=2", "--experiment-name", "cli"], 0, /FINISHED/],
    [[project, "-e", "fails"], 1, /FAILED/],
    [[project, "-e", "main", "--dry-run"], 0, /\$ env > env\.txt; echo x=1e-3 s='a b'/],
    [
      ["https://me:secret@host/a.git", "-b", "databricks", "--dry-run"],
      0,
      /^\$ mlflow run https:\/\/host\/a\.git --backend databricks$/m,
    ],
    [["'https://me:secret@host/a.git'", "-b", "databricks", "--dry-run"], 0, /^\$ mlflow run https:\/\/host\/a\.git /m],
    [[join(project, "absent")], 1, /is no folder of this machine/],
    [[project, "-P", "x"], 2, /Invalid format for -P parameter: 'x'/],
    [[project, "-P", "x=1", "-P", "x=2"], 2, /Repeated parameter: 'x'/],
    [[project, "--experiment-name", "a", "--experiment-id", "1"], 2, /only one of/],
    [[project, "--env-manager", "poetry"], 2, /must be one of/],
  ];
  for (const [args, code, printed] of codes) {
    const result = runCli(["run", ...args], cwd, env);
    assert.equal(result.code, code, result.printed);
    assert.match(result.printed, printed);
  }
  assert(existsSync(join(cwd, "mlflow.db")));
});
