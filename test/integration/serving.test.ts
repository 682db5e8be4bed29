import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { OtherServers } from "../../src/extension/serving/findServing.ts";
import { readState, removeServer, stateFileOf, temporaryFolderOf } from "../../src/models/serving/stateFile.ts";
import type { ServeRequest, ServeState } from "../../src/protocol/serving.ts";
import {
  findPython,
  findScriptsPython,
  findSkinny,
  skipWithout,
  temporaryFolder,
  until,
} from "../support/environment.ts";
import { freePort } from "../support/ports.ts";
import {
  artifactsOf,
  askModel,
  hold,
  processesWith,
  serveModel,
  servingCycle,
  usualEnvironment,
} from "../support/scoring.ts";

// Real models, served by the real mlflow, owned by the program as a window starts it.

const skip = skipWithout(findPython(), "Python with mlflow");

/** Gone, and nothing that it started lives. */
function nothingLeft(id: string): Promise<boolean> {
  return until("nothing of the server to be left", () => processesWith(id).length === 0);
}

/** What the next window finds. */
function othersIn({ folder, id, store }: ServeRequest): ServeState[] {
  return new OtherServers(folder).find([id], new Set([store]));
}

/** The processes of a server whose command line has `what`. */
function serverProcesses(id: string, what: string): number[] {
  return processesWith(id).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(what));
}

test("a model is served, answers, is counted, and is stopped with all of its processes", { skip }, async () => {
  const { request, held, reaches } = await serveModel(await artifactsOf("echo"), { workers: 2 });
  const { url, mlflow_version } = await reaches("ready");
  equal(mlflow_version, "3.17.2");
  equal((await askModel(url, { dataframe_split: { columns: ["a"], data: [[1]] } })).status, 200);
  equal((await askModel(url, { columns: ["a"], data: [[1]] })).status, 400);
  await until("both requests to be counted", () => held.server.requests === 2);
  equal(held.server.failures, 1);
  await until("its memory to be known", () => (held.server.memory ?? 0) > 20 << 20);

  const file = stateFileOf(request.folder, request.id);
  equal(statSync(file).mode & 0o777, 0o600);
  const log = readFileSync(held.server.log, "utf8");
  ok(log.includes('"POST /invocations HTTP/1.1" 400'), log);
  ok(!log.includes("GET /ping"), log);
  ok(!readFileSync(file, "utf8").includes("secret of the tracking server"));

  const window = hold(request.folder, readState(file) ?? held.state);
  await until("a second window to be told the counts", () => window.held.server.requests === 2);

  // One of its two workers.
  const [worker = 0] = serverProcesses(request.id, "multiprocessing");
  process.kill(worker, "SIGKILL");
  await until("the worker to be gone", () => !processesWith(request.id).includes(worker));
  equal((await askModel(url, { dataframe_split: { columns: ["a"], data: [[2]] } })).status, 200);

  ok(processesWith(request.id).length >= 5);
  // What mlflow downloads goes here, and mlflow leaves it.
  const downloads = temporaryFolderOf(request.id);
  ok(readFileSync(`/proc/${processesWith(request.id).at(-1)}/environ`, "utf8").includes(`TMPDIR=${downloads}`));
  mkdirSync(join(downloads, "model"));
  // A model may start what is to outlive it: it has another group, and is not waited for.
  const env = { ...process.env, FLOWDECK_SERVING: request.id };
  const straying = spawn("sleep", ["300"], { env, detached: true, stdio: "ignore" });
  await until("it to be there", () => processesWith(request.id).includes(straying.pid ?? 0));
  await held.stop();
  await window.held.ended;
  await nothingLeft(request.id);
  deepEqual(readdirSync(request.folder), []);
  ok(!existsSync(file));
  ok(!existsSync(downloads));
});

test("a server that hangs is unhealthy until it answers again, and one that is killed says so", { skip }, async () => {
  const { request, held, reaches } = await serveModel(await artifactsOf("echo"), { patience: 500 });
  const late = await reaches("unhealthy");
  equal(late.problem?.text, "the model has not answered for 1 s since its start; look into its log, or stop it.");
  const ready = await reaches("ready");
  equal(ready.problem, undefined);
  const [server = 0] = serverProcesses(request.id, "uvicorn");
  process.kill(server, "SIGSTOP");
  // Each window that comes is a reason to look.
  const state = () => readState(stateFileOf(request.folder, request.id)) ?? held.state;
  const windows = [hold(request.folder, state())];
  await until(
    "a look to be in vain",
    () => statSync(held.server.log).size > 0 && windows[0]?.held.server.state === "ready",
  );
  const ill = await reaches("unhealthy");
  equal(ill.problem?.text, "the model does not answer any more; look into its log, or stop it.");
  process.kill(server, "SIGCONT");
  windows.push(hold(request.folder, state()));
  await reaches("ready");
  process.kill(server, "SIGKILL");
  const failed = await reaches("failed");
  equal(
    failed.problem?.text,
    "the model was ended by another program, or by the system for want of memory; start it again.",
  );
  equal(failed.problem?.next?.action, "restart");
  await held.ended;
  await nothingLeft(request.id);
  equal(readState(stateFileOf(request.folder, request.id))?.server.state, "failed");
});

test("a server whose owner is killed ends with it, and its window says what happened", { skip }, async () => {
  const { request, held } = await serveModel(await artifactsOf("echo"));
  await until("mlflow to be at work", () => serverProcesses(request.id, "mlflow").length > 0);
  process.kill(held.state.program.pid, "SIGKILL");
  await held.ended;
  equal(held.server.state, "failed");
  match(held.server.problem?.text ?? "", /^the model ended, for the program that owned it was ended from outside/);
  await nothingLeft(request.id);
  // The next window tells it, too.
  const [found] = othersIn(request);
  deepEqual(found?.server, held.server);
  removeServer(request.folder, request.id);
  deepEqual(readdirSync(request.folder), []);
  ok(!existsSync(temporaryFolderOf(request.id)));
});

test("a server that no window has stops, unless it is to keep running; then the next window finds it", {
  skip,
}, async () => {
  const { request, held } = await serveModel(await artifactsOf("echo"), { keep: true, linger: 1 });
  held.dispose();
  const [found] = othersIn(request);
  equal(found?.server.keep, true);
  notEqual(found, undefined);
  const window = hold(request.folder, found ?? held.state);
  window.held.keep(false);
  await until("it is no longer kept", () => !window.held.server.keep);
  window.held.dispose();
  await nothingLeft(request.id);
  deepEqual(readdirSync(request.folder), []);
});

test("nobody without its token holds a server or ends it", { skip }, async () => {
  const { request, held } = await serveModel(await artifactsOf("echo"));
  const { port, token } = held.state.control;
  for (const said of [{ stop: true }, { hello: "wrong" }, { hello: `${token}x` }, [], "stop"]) {
    const stranger = connect({ host: "127.0.0.1", port });
    stranger.on("error", () => undefined);
    stranger.write(`${JSON.stringify(said)}\n{"stop":true}\n`);
    stranger.resume();
    await once(stranger, "close");
  }
  ok(["starting", "ready"].includes(held.server.state), held.server.state);
  await held.stop();
  await nothingLeft(request.id);
});

test("a port that is taken while the model is loaded is told with another one", { skip }, async () => {
  const port = await freePort();
  const other = createServer().listen(port, "127.0.0.1");
  const { request, reaches } = await serveModel(await artifactsOf("echo"), { port });
  const { problem } = await reaches("failed");
  other.close();
  equal(problem?.text, `Port ${port} is taken by another program, so the model was not served.`);
  equal(problem?.next?.action, "serveElsewhere");
  await nothingLeft(request.id);
});

const broken: [what: string, python: string | undefined, manager: "local" | "conda", told: RegExp, next: string][] = [
  ["without its Python", "/nowhere/bin/python", "local", /^The Python of nowhere cannot be run/, "selectInterpreter"],
  ["by a Python without mlflow", findScriptsPython(), "local", /^mlflow is not installed in /, "selectInterpreter"],
  ["by mlflow-skinny", findSkinny(), "local", /cannot serve, .* install the whole mlflow\.$/, "copyInstall"],
  ["by conda where there is none", findPython(), "conda", /^conda is not on this machine/, "useLocal"],
];
for (const [what, python, env_manager, told, next] of broken) {
  const without = skip || skipWithout(python, `the Python of "${what}"`);
  test(`a model that is served ${what} is told with what helps`, { skip: without }, async () => {
    const PATH = "/usr/bin:/bin";
    const change = { env_manager, python: python ?? "", environment: { PATH, MLFLOW_DISABLE_TELEMETRY: "true" } };
    const { request, reaches } = await serveModel(await artifactsOf("echo"), change);
    const { problem } = await reaches("failed");
    match(problem?.text ?? "", told);
    equal(problem?.next?.action, next);
    await nothingLeft(request.id);
  });
}

test("two servers are started and stopped one after the other, and nothing of them is left", { skip }, async () => {
  for (let cycle = 0; cycle < 2; cycle += 1) await servingCycle(cycle);
});

const pyenv = spawnSync("pyenv", ["--version"], { encoding: "utf8" }).stdout?.trim();
const builds = skip || skipWithout(pyenv, "pyenv");
test("an environment whose making is ended goes with it; one that was left half made is told", {
  skip: builds,
}, async () => {
  const root = temporaryFolder();
  const environment = { ...usualEnvironment(), MLFLOW_ENV_ROOT: root };
  const change = { env_manager: "virtualenv", environment } as const;
  const model = await artifactsOf("echo");
  const making = () => readdirSync(root).filter((name) => name.startsWith("mlflow-"));

  const first = await serveModel(model, change);
  await until("an environment to be made", () => making().length === 1);
  await first.held.stop();
  await nothingLeft(first.request.id);
  deepEqual(making(), []);

  const second = await serveModel(model, change);
  await until("an environment to be made", () => making().length === 1);
  process.kill(second.held.state.program.pid, "SIGKILL");
  await nothingLeft(second.request.id);
  const [left = ""] = making();
  const third = await serveModel(model, change);
  const { problem } = await third.reaches("failed");
  equal(problem?.next?.action, "rebuild");
  equal(problem?.next?.value, join(root, left));
  await nothingLeft(third.request.id);
});
