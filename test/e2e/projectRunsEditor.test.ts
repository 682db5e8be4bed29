import { deepEqual, ok } from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Run, RunStatus } from "../../src/mlflow/entities.ts";
import { isAlive } from "../../src/processes/processes.ts";
import { readStates } from "../../src/projects/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { succeeds } from "./support/acting.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, press } from "./support/rows.ts";

// One run of an entry point from its start to its end, the window reloaded in the middle: run, stop, run again, a closed terminal,
// a killed runner. The commands need no Python, and wait for files.

const skip = e2eSkip;
const top = realpathSync(temporaryFolder("flowdeck-project-runs-"));
const folder = join(top, "wine");
const state = join(top, "state");
const go = join(folder, "go");
const database = join(folder, "mlflow.db");
let editor: Editor;

const MLPROJECT = `name: wine
entry_points:
  main:
    parameters:
      eta: {type: float, default: 0.08}
      text: {type: string, default: plain}
    command: "echo $$ >> pids; echo {eta} {text}; until test -e go; do sleep 0.1; done"
  slow:
    command: "echo $$ >> pids; trap 'until test -e end; do sleep 0.1; done; exit 1' TERM; while true; do sleep 0.1; done"
  fails:
    command: "exit 3"
`;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  writeFileSync(join(folder, "MLproject"), MLPROJECT);
  const settings = { "flowdeck.projects.envManager": "local" };
  editor = await openEditor({ name: "project-runs", settings, env: { XDG_STATE_HOME: state } });
  await editor.openFolder(folder);
  await editor.onlyViews("Projects");
});
after(() => editor?.close());

/** All runs, newest first; [] while there is no database. */
async function runs(): Promise<Run[]> {
  if (!existsSync(database)) return [];
  const store = openStore(storeUri(database));
  try {
    return (await store.searchRuns({ experiment_ids: ["0"], run_view_type: "ALL" })).items;
  } finally {
    store.close();
  }
}

/** The newest of `count` runs, once it has this status. */
function newest(count: number, status: RunStatus): Promise<Run> {
  return until(
    `run ${count} is ${status}`,
    async () => {
      const all = await runs();
      return all.length === count && all[0]?.info.status === status ? all[0] : undefined;
    },
    60_000,
  );
}

/** Starts an entry point as a lens does. */
async function start(entryPoint: string, values = {}): Promise<void> {
  await editor.evaluate(`
    const uri = vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString();
    void vscode.commands.executeCommand("flowdeck.projects.run", uri, "${entryPoint}", ${JSON.stringify(values)});
  `);
}

/** The process that the command of the newest run is. */
async function commandPid(count: number): Promise<number> {
  const file = join(folder, "pids");
  const lines = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
  await until("the command runs", () => lines().length === count, 60_000);
  return Number(lines().at(-1));
}

const row = (name: RegExp) => editor.treeItem(name).first();

async function set(setting: string, value: unknown): Promise<void> {
  await editor.evaluate(
    `await vscode.workspace.getConfiguration().update("${setting}", ${JSON.stringify(value)}, vscode.ConfigurationTarget.Global)`,
  );
}

test("a run goes on while the window is reloaded, and is FINISHED in its row", { skip }, () =>
  editor.step("run", async () => {
    await start("main", { eta: "0.06", text: "it's $x" });
    await newest(1, "RUNNING");
    await commandPid(1);
    await row(/^main, running, eta 0\.06, text it's \$x/).waitFor();
    await editor.screenshot("running");
    await editor.untilTerminalsAreNoted();
    await editor.reload();
    await row(/^main, running, eta 0\.06/).waitFor();
    await editor.screenshot("running-reloaded");
    writeFileSync(go, "");
    await row(/^main, finished, eta 0\.06/).waitFor({ timeout: 60_000 });
    deepEqual((await newest(1, "FINISHED")).data.params, [
      { key: "eta", value: "0.06" },
      { key: "text", value: "it's $x" },
    ]);
    // The terminal comes back a while after the rows.
    await until("its terminal is there", async () => /0\.06 it's \$x/.test(await editor.terminalText()), 60_000);
    await editor.screenshot("finished");
    await editor.closeEverything();
  }),
);

test("a run that is run again has the same parameters, also when the window is reloaded meanwhile", { skip }, () =>
  editor.step("again", async () => {
    await choose(row(/^main, finished/), "Run Again…", () => editor.screenshot("menu"));
    await editor.page.locator(".quick-input-widget .monaco-list-row", { hasText: "string = it's $x" }).waitFor();
    await editor.screenshot("run-again");
    rmSync(go, { force: true });
    await editor.quickPick("Run main");
    await newest(2, "RUNNING");
    await commandPid(2);
    await editor.reload();
    await row(/^main, running/).waitFor();
    writeFileSync(go, "");
    const again = await newest(2, "FINISHED");
    deepEqual(again.data.params, (await runs())[1]?.data.params);
    await editor.closeEverything();
  }),
);

test("a run is stopped in its row, and nothing of it goes on though the window is reloaded meanwhile", { skip }, () =>
  editor.step("stop", async () => {
    await start("slow");
    await newest(3, "RUNNING");
    const pid = await commandPid(3);
    await row(/^slow, running/).hover();
    await editor.screenshot("stop");
    const stop = editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Stop" });
    await press(row(/^slow, running/), "Stop Run", stop);
    await stop.click();
    await row(/^slow, killed/).waitFor();
    // It takes its time.
    ok(isAlive({ pid }));
    await editor.reload();
    await row(/^slow, killed/).waitFor();
    writeFileSync(join(folder, "end"), "");
    await until("its command has ended", () => !isAlive({ pid }));
    await newest(3, "KILLED");
    await editor.screenshot("stopped");
    await editor.closeEverything();
  }),
);

test("a failed run tells its exit code, after a reload as well", { skip }, () =>
  editor.step("fails", async () => {
    await start("fails");
    await row(/^fails, failed, exit 3/).waitFor({ timeout: 60_000 });
    await editor.closeEverything();
    await editor.reload();
    await row(/^fails, failed, exit 3/).waitFor();
    await editor.screenshot("exit-code");
  }),
);

test(
  "a terminal that is closed stops its run, but with keepRunning it goes on and can be followed again",
  { skip },
  () =>
    editor.step("closed-terminal", async () => {
      rmSync(go, { force: true });
      await start("main");
      await newest(5, "RUNNING");
      const stopped = await commandPid(4);
      await editor.closeEverything();
      await newest(5, "KILLED");
      await until("its command has ended", () => !isAlive({ pid: stopped }));

      await set("flowdeck.projects.keepRunning", true);
      await start("main");
      await newest(6, "RUNNING");
      const kept = await commandPid(5);
      await until("its terminal follows", async () => /0\.08 plain/.test(await editor.terminalText()));
      await editor.screenshot("followed");
      await editor.closeEverything();
      await until(
        "no terminal is left",
        async () => (await editor.evaluate("return vscode.window.terminals.length")) === 0,
      );
      await editor.reload();
      ok(isAlive({ pid: kept }));
      await choose(row(/^main, running/), "Show Log of Run");
      await until("another terminal follows", async () => /0\.08 plain/.test(await editor.terminalText()));
      await editor.screenshot("followed-again");
      writeFileSync(go, "");
      await newest(6, "FINISHED");
      await until("its end is told", async () => /FINISHED after/.test(await editor.terminalText()));
      await set("flowdeck.projects.keepRunning", undefined);
      await editor.closeEverything();
    }),
);

test("runs whose runner was killed are closed by the next start, those of the command line as well", { skip }, () =>
  editor.step("killed", async () => {
    rmSync(go, { force: true });
    await start("main");
    await newest(7, "RUNNING");
    await commandPid(6);
    const environment = { ...process.env, XDG_STATE_HOME: state, MLFLOW_TRACKING_URI: "" };
    const child = spawn(process.execPath, [join(root, "src/cli/main.ts"), "run", ".", "-e", "slow"], {
      ...{ cwd: folder, env: environment, stdio: "ignore" },
    });
    whenOver(() => child.kill("SIGKILL"));
    rmSync(join(folder, "end"), { force: true });
    await newest(8, "RUNNING");
    const pid = await commandPid(7);
    // A stop in its row would reach this one, too.
    const slow = row(/^slow, running/);
    await until("it can be stopped", async () => {
      await succeeds(slow.hover({ timeout: 5_000 }));
      return succeeds(slow.getByRole("button", { name: "Stop Run" }).waitFor({ timeout: 5_000 }));
    });
    const runner = await until("the runner has written its state", async () => {
      const ours = await readStates(join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/runs"));
      return ours.find(({ state: { ended_at, run_id } }) => ended_at === undefined && run_id !== undefined);
    });
    process.kill(runner.state.runner.pid, "SIGKILL");
    child.kill("SIGKILL");
    await row(/^slow, no process since (?:\d\d:\d\d|\d+ \w+)/).waitFor({ timeout: 60_000 });
    await row(/^main, no process since (?:\d\d:\d\d|\d+ \w+)/).waitFor({ timeout: 60_000 });
    await editor.screenshot("no-process");
    writeFileSync(join(folder, "end"), "");
    await editor.reload();
    await until("both are closed", async () => (await runs()).every(({ info }) => info.status !== "RUNNING"), 60_000);
    deepEqual(
      (await runs()).slice(0, 2).map(({ info }) => info.status),
      ["KILLED", "KILLED"],
    );
    await until("nothing of them goes on", () => !isAlive({ pid }));
    await until("nothing is kept of it", () => readdirSync(join(state, "flowdeck/runs")).length === 0);
    await row(/^slow, killed/).waitFor();
    await editor.screenshot("closed");
  }),
);
