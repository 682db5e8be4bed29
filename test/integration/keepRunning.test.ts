import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { followerFileOf, logFileOf } from "../../src/projects/state.ts";
import type { RunRequest, RunState } from "../../src/projects/request.ts";
import { closeAbandoned, readState, stateFileOf } from "../../src/projects/state.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { projectWith, startServer, type TestServer } from "../support/runner.ts";

// `flowdeck.projects.keepRunning`: the terminal's program follows a runner that outlives it.

let server: TestServer;
before(async () => {
  server = await startServer();
});

const MLPROJECT = `
entry_points:
  main: {command: "echo begun; until test -e go; do sleep 0.05; done; echo over; test ! -e fail"}
  waits: {command: "echo begun; sleep 300"}
  floods: {command: "head -c 80000000 /dev/zero | tr '\\\\0' x"}
`;

async function requestIn(folder: string, entry_point: string): Promise<string> {
  const requestFile = join(temporaryFolder("flowdeck-runs-"), "run.json");
  const { tracking_uri, token } = server;
  const request: RunRequest = { format: 1, parameters: [], tracking_uri, token, projectFolder: folder, entry_point };
  writeFileSync(requestFile, JSON.stringify(request), { mode: 0o600 });
  return requestFile;
}

/** What the terminal runs. */
function follow(requestFile: string) {
  const args = [join(root, "src/projects/runner.ts"), "--request", requestFile, "--follow"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  whenOver(() => child.kill("SIGKILL"));
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const ended = once(child, "close").then(() => ({ code: child.exitCode, printed }));
  return { child, printed: () => printed, ended };
}

function stateOf(requestFile: string, what: string, wanted: (state: RunState) => boolean): Promise<RunState> {
  return until(what, async () => {
    const state = (await readState(stateFileOf(requestFile)))?.state;
    return state !== undefined && wanted(state) ? state : undefined;
  });
}

const isOver = ({ ended_at }: RunState) => ended_at !== undefined;

test("the terminal shows what the run prints, and ends as the run does", async () => {
  for (const [files, code, status] of [
    [{}, 0, "FINISHED"],
    [{ fail: "" }, 1, "FAILED"],
  ] as const) {
    const folder = await projectWith({ MLproject: MLPROJECT, go: "", ...files });
    const requestFile = await requestIn(folder, "main");
    const { code: ended, printed } = await follow(requestFile).ended;
    assert.equal(ended, code, printed);
    assert.match(
      printed,
      /^Flowdeck: the run goes on when this terminal is closed[^]*\nbegun\nover\n[^]*Flowdeck: run /,
    );
    const { status: told } = await stateOf(requestFile, "its end", isOver);
    assert.equal(told, status);
    // It may hold a token.
    assert(!existsSync(requestFile));
    assert.equal(statSync(logFileOf(requestFile)).mode & 0o777, 0o600);
  }
});

test("a closed terminal leaves the run as it is; another one follows it from its beginning", async () => {
  const folder = await projectWith({ MLproject: MLPROJECT });
  const requestFile = await requestIn(folder, "main");
  const first = follow(requestFile);
  const { run_id = "" } = await stateOf(requestFile, "the command", ({ command }) => command !== undefined);
  await until("it to be followed", () => first.printed().includes("begun\n"));
  // The whole group of the terminal, as the system does it.
  process.kill(-(first.child.pid ?? 0), "SIGHUP");
  await first.ended;
  const second = follow(requestFile);
  await until("it to be followed again", () => second.printed().includes("begun\n"));
  assert.equal(readFileSync(followerFileOf(requestFile), "utf8"), String(second.child.pid));
  assert.equal((await server.store.getRun({ run_id })).info.status, "RUNNING");
  writeFileSync(join(folder, "go"), "");
  const { code, printed } = await second.ended;
  assert.equal(code, 0, printed);
  assert.match(printed, /\nover\n/);
  assert.equal((await server.store.getRun({ run_id })).info.status, "FINISHED");
  // What was kept for those who follow goes with the state.
  await closeAbandoned(join(requestFile, ".."), server.store);
  assert.deepEqual(readdirSync(join(requestFile, "..")), []);
  const late = await follow(requestFile).ended;
  assert.match(late.printed, /this run has ended/);
});

test("a stop reaches the run whose terminal is gone: KILLED, and nothing of it goes on", async () => {
  const folder = await projectWith({ MLproject: MLPROJECT });
  const requestFile = await requestIn(folder, "waits");
  const { child, ended } = follow(requestFile);
  const { run_id = "", runner } = await stateOf(requestFile, "the command", ({ command }) => command !== undefined);
  process.kill(-(child.pid ?? 0), "SIGHUP");
  await ended;
  process.kill(runner.pid, "SIGTERM");
  const state = await stateOf(requestFile, "its end", isOver);
  assert.equal(state.status, "KILLED");
  assert.equal((await server.store.getRun({ run_id })).info.status, "KILLED");
});

test("what a run prints without end does not fill the disk", async () => {
  const folder = await projectWith({ MLproject: MLPROJECT });
  const requestFile = await requestIn(folder, "floods");
  const { code, printed } = await follow(requestFile).ended;
  assert.equal(code, 0);
  assert.match(printed.slice(-100), /The rest is not kept\./);
  assert(statSync(logFileOf(requestFile)).size < 68_000_000);
});

test("following ends when the files of a run that has ended are taken away meanwhile", async () => {
  const requestFile = join(temporaryFolder("flowdeck-runs-"), "run.json");
  writeFileSync(logFileOf(requestFile), "its last words\n");
  const { code, printed } = await follow(requestFile).ended;
  assert.match(printed, /its last words/);
  assert.equal(code, 1);
});
