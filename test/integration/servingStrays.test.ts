import { equal, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { OtherServers } from "../../src/extension/serving/findServing.ts";
import { endMarked, MARK } from "../../src/models/serving/marked.ts";
import { stateFileOf, writeState } from "../../src/models/serving/stateFile.ts";
import { isAlive, markOf, type ProcessMark } from "../../src/processes/processes.ts";
import { findPython, numberIn, skipWithout, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { processesWith, serveModel, usualEnvironment } from "../support/scoring.ts";
import { doublingModel, smallModel } from "../support/smallModel.ts";

// What a served model starts in a process group of its own.

const skip = process.platform !== "linux" ? "Linux alone tells of what has left its group" : false;
const serves = skip || skipWithout(findPython(), "Python with mlflow");

/** Starts what has another session, what has no environment besides, and what has lost its parent, and notes their pids. */
const LOADER = `
import os, subprocess, sys

DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        print(os.getpid(), file=open(sys.argv[1], "w"))
        time.sleep(300)
    os._exit(0)
os.wait()
"""

def _load_pyfunc(path):
    folder = os.environ["STRAYS"]
    sleeps = ["/bin/sleep", "300"]
    apart = subprocess.Popen(sleeps, start_new_session=True)
    bare = subprocess.Popen(sleeps, start_new_session=True, env={})
    subprocess.run([sys.executable, "-c", DAEMON, os.path.join(folder, "daemon")], check=True)
    for name, process in {"apart": apart, "bare": bare}.items():
        print(process.pid, file=open(os.path.join(folder, name), "w"))
    return Model()

class Model:
    def predict(self, data):
        return data
`;
/** A process of somebody else, in a session of its own. */
function bystander(environment: NodeJS.ProcessEnv): ProcessMark {
  const child = spawn("/bin/sleep", ["300"], { env: environment, detached: true, stdio: "ignore" });
  whenOver(() => child.kill("SIGKILL"));
  const mark = markOf(child.pid ?? 0);
  ok(mark !== undefined);
  return mark;
}

for (const end of ["is stopped", "is ended when its owner is killed"] as const) {
  test(`what a model started in a session of its own goes when its server ${end}, and nothing else`, {
    skip: serves,
  }, async () => {
    const strays = temporaryFolder();
    const environment = { ...usualEnvironment(), STRAYS: strays };
    const { request, held, reaches } = await serveModel(smallModel(LOADER), { environment });
    const others = [bystander(process.env), bystander({ ...process.env, [MARK]: `${request.id}0` })];
    await reaches("ready");
    const started: { name: string; mark: ProcessMark }[] = [];
    for (const name of ["apart", "bare", "daemon"]) {
      const pid = await until(`the pid of ${name}`, () => numberIn(join(strays, name)));
      const mark = markOf(pid);
      ok(mark !== undefined, name);
      started.push({ name, mark });
    }
    if (end === "is stopped") await held.stop();
    else process.kill(held.state.program.pid, "SIGKILL");
    for (const { name, mark } of started) await until(`${name} to be gone`, () => !isAlive(mark));
    await until("nothing else of it to be left", () => processesWith(request.id).length === 1);
    for (const other of others) equal(isAlive(other), true);
  });
}

test("what a killed server left, and nothing ended, goes when the next window looks", { skip }, async () => {
  const folder = temporaryFolder();
  const id = "11111111-2222-3333-4444-555555555555";
  const owner = bystander(process.env);
  const left = bystander({ [MARK]: id });
  const other = bystander({ [MARK]: `${id}0`, SAID: `${MARK}=${id}` });
  const server = {
    ...{ id, store: "s", model_uri: "m", title: "m", host: "127.0.0.1", port: 1, url: "u", state: "ready" as const },
    ...{ started: 0, requests: 0, failures: 0, env_manager: "local" as const, workers: 1, timeout: 1, keep: false },
    log: "",
  };
  const state = { format: 1 as const, server, python: "p", served_uri: "m", control: { port: 1, token: "t" } };
  const file = stateFileOf(folder, id);
  writeState(file, { ...state, program: owner });
  const found = () => new OtherServers(folder).find([id], new Set(["s"])).length;
  equal(found(), 1);
  equal(isAlive(left), true);
  // Of that number, and another process.
  writeState(file, { ...state, program: { ...owner, started: "1" } });
  equal(found(), 0);
  await until("it to be gone", () => !isAlive(left));
  equal(isAlive(other), true);
  equal(isAlive(owner), true);
  equal(existsSync(file), false);
});

test("what a server left that was lost before a window's eyes goes with it", { skip: serves }, async () => {
  const { request, held, reaches } = await serveModel(doublingModel());
  await reaches("ready");
  const left = bystander({ [MARK]: request.id });
  // What would end the rest when the program is killed is killed before it.
  const guards = new Set(processesWith("flowdeck-guard"));
  for (const pid of processesWith(request.id).filter((one) => guards.has(one))) process.kill(pid, "SIGKILL");
  process.kill(held.state.program.pid, "SIGKILL");
  await until("it to be gone", () => !isAlive(left));
});

test("what is ended is what bears the mark, also what it starts meanwhile", { skip }, async () => {
  const id = "forking";
  const script = "for _ in $(seq 300); do sleep 300 & done; wait";
  const child = spawn("bash", ["-c", script], { env: { ...process.env, [MARK]: id }, detached: true, stdio: "ignore" });
  child.unref();
  await until("it to have begun", () => processesWith(`${MARK}=${id}`).length > 3);
  endMarked(id);
  await until("nothing of it to be left", () => processesWith(`${MARK}=${id}`).length === 0);
});
