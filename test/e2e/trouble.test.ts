import { deepEqual, equal } from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { openStore, storeUri } from "../../src/store/open.ts";
import { createManyRuns } from "../store/manyRuns.ts";
import { findPython, root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { comes, succeeds } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, clickFor } from "./support/rows.ts";
import { answer, notification, told } from "./support/told.ts";

// What goes wrong is one sentence with a next step, and nothing is lost.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");
const parent = temporaryFolder("flowdeck-trouble-");
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  const settings = { "flowdeck.python.interpreter": python, "flowdeck.projects.envManager": "virtualenv" };
  editor = await openEditor({ name: "trouble", settings, env: { MLFLOW_ENV_ROOT: join(parent, "envs") } });
});
after(() => editor?.close());

function folderWith(name: string, files: Record<string, string>): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}

/** Runs the open MLproject by its lens, until `heard` is there: one that is drawn anew in the moment of a click does not hear it. */
async function runByLens(by: Editor, heard: Locator): Promise<void> {
  const lens = by.codeLens("▷ Run").first();
  await lens.waitFor();
  const run = async () => (await succeeds(lens.click({ timeout: 5_000 }))) && comes(heard, 20_000);
  await until("the lens hears a click", run, 90_000);
}

test("a database that is none says so and offers another; the file stays as it is", { skip }, () =>
  editor.step("corrupt", async () => {
    const text = "These are my notes, not a database. ".repeat(40);
    const folder = folderWith("corrupt", { "mlflow.db": text });
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    for (const name of ["Experiments", "Models"]) {
      const rows = editor.view(name).getByRole("treeitem");
      await rows.and(editor.treeItem(/is not an SQLite database, so no run can be read from it/)).waitFor();
      await rows.and(editor.treeItem(/Choose Another Store/)).waitFor();
    }
    await editor.screenshot("corrupt");
    equal(readFileSync(join(folder, "mlflow.db"), "utf8"), text);
    deepEqual(readdirSync(folder), ["mlflow.db"]);
  }),
);

test("a locked database says so, and its runs appear when the lock is gone", { skip }, () =>
  editor.step("locked", async () => {
    const folder = folderWith("locked", {});
    const database = join(folder, "mlflow.db");
    createManyRuns(database, 20, 20);
    const holder = new DatabaseSync(database);
    holder.exec("PRAGMA journal_mode = delete; BEGIN EXCLUSIVE");
    try {
      await editor.openFolder(folder);
      await editor.showFlowdeck();
      await editor
        .treeItem(/is locked by another program/)
        .first()
        .waitFor({ timeout: 60_000 });
      await editor.screenshot("locked");
    } finally {
      holder.exec("ROLLBACK");
      holder.close();
    }
    await editor.treeItem(/^Default, 20 runs/).waitFor({ timeout: 60_000 });
    await editor.screenshot("unlocked");
  }),
);

/** Writes the state of a runner that has ended without closing its run, as one that was killed leaves it. */
async function loseRunner(run_id: string): Promise<void> {
  const runner = { pid: spawnSync(process.execPath, ["-e", ""]).pid };
  const folder = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/runs");
  const state = { format: 1, runner, started_at: 1, projectFolder: "/p", entry_point: "main" };
  const more = { tracking_uri: "http://127.0.0.1:1", status: "RUNNING", reported: false, run_id };
  writeFileSync(join(folder, "lost.state.json"), JSON.stringify({ ...state, ...more }));
}

test("a run that nothing runs any more says so, and is marked as failed when the person wants it", { skip }, () =>
  editor.step("no-process", async () => {
    const folder = folderWith("no-process", {});
    const store = openStore(storeUri(join(folder, "mlflow.db")));
    const HOUR = 3_600_000;
    const run = async (run_name: string, hours: number, heard: number) => {
      const start_time = Date.now() - hours * HOUR;
      const { info } = await store.createRun({ experiment_id: "0", run_name, start_time, tags: [] });
      const metrics = [{ key: "loss", value: 0.5, timestamp: Date.now() - heard * HOUR, step: 0 }];
      await store.logBatch({ run_id: info.run_id, metrics, params: [], tags: [] });
      return info.run_id;
    };
    await run("forgotten", 73, 50);
    const slow = await run("slow", 72, 3);
    const left = await run("left", 71, 60);
    const stopped = await run("stopped", 70, 61);
    const ended = await run("ended", 69, 62);
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    const row = (name: RegExp) => editor.treeItem(name).first();
    await row(/^forgotten, no process since \d+ \w+, 3 d/).waitFor();
    await row(/^slow, running, loss 0\.500/).waitFor();
    // Whose runner was killed says so at once.
    const lost = await run("lost", 0, 0);
    await row(/^lost, running/).waitFor();
    await loseRunner(lost);
    await row(/^lost, no process since (?:\d\d:\d\d|\d+ \w+)/).waitFor();
    await editor.screenshot("tree");

    await choose(row(/^forgotten/), "Mark Run as Failed");
    await row(/^forgotten, failed/).waitFor();
    const { items } = await store.searchRuns({ experiment_ids: ["0"], filter: "run_name = 'forgotten'" });
    const { status, start_time = 0, end_time = 0 } = items[0]?.info ?? {};
    deepEqual(
      [status, Math.round((end_time - start_time) / HOUR)],
      ["FAILED", 23],
      "it ended when it was last heard of",
    );

    await clickFor(row(/^left, no process/), editor.page.locator(".tab.active", { hasText: "left" }));
    const panel = editor.panel();
    await panel.getByText(/^no process since \d+ \w+$/).waitFor();
    await editor.screenshot("run");
    await panel.getByRole("button", { name: "Mark as failed" }).click();
    await panel.locator(".chip", { hasText: "Failed" }).waitFor();
    await row(/^left, failed/).waitFor();
    equal((await store.getRun({ run_id: left })).info.status, "FAILED");

    await choose(row(/^stopped/), "Mark Run as Killed");
    await row(/^stopped, killed/).waitFor();
    equal((await store.getRun({ run_id: stopped })).info.status, "KILLED");
    await clickFor(row(/^ended, no process/), editor.page.locator(".tab.active", { hasText: "ended" }));
    const item = editor.page.getByRole("menuitem", { name: "Mark Run as Killed" });
    await until("the Run panel's menu", async () => {
      await succeeds(editor.panel().locator(".runHeader").click({ button: "right", timeout: 5_000 }));
      return comes(item);
    });
    await editor.screenshot("run-menu");
    await item.click();
    await panel.locator(".chip", { hasText: "Killed" }).waitFor();
    await row(/^ended, killed/).waitFor();
    equal((await store.getRun({ run_id: ended })).info.status, "KILLED");

    await clickFor(row(/^Default, 6 runs/), editor.page.locator(".tab.active", { hasText: "Default" }));
    const name = editor.panel().locator(".pinnedColumn .nameCell", { hasText: "lost" });
    await name.getByText("no process").waitFor();
    await editor.screenshot("table");
    await name.click({ button: "right" });
    await editor.panel().getByRole("menuitem", { name: "Mark as Killed" }).click();
    await name.getByRole("img", { name: "Killed" }).waitFor();
    equal((await store.getRun({ run_id: lost })).info.status, "KILLED");

    // One that may have a process is asked about, and nothing is changed by looking.
    await editor.closeEverything();
    await editor.runCommand("Flowdeck: Mark Run as Failed");
    await editor.quickPick("slow");
    const dialog = editor.page.locator(".monaco-dialog-box");
    await dialog.getByText("slow may still be running: it was last heard of 3 h ago.").waitFor();
    await dialog.getByRole("button", { name: "Cancel" }).click();
    equal((await store.getRun({ run_id: slow })).info.status, "RUNNING");
    // Nor is one that ends while the person thinks about it.
    await editor.runCommand("Flowdeck: Mark Run as Failed");
    await editor.quickPick("slow");
    await dialog.getByText("slow may still be running").waitFor();
    await store.updateRun({ run_id: slow, status: "FINISHED", end_time: Date.now() });
    await dialog.getByRole("button", { name: "Mark as Failed" }).click();
    await told(editor, /slow is not running: it is finished\./);
    equal((await store.getRun({ run_id: slow })).info.status, "FINISHED");
    store.close();
  }),
);

const mountSkip = skip || (process.getuid?.() === 0 ? false : "needs root, to mount a read-only folder");

test("a read-only folder is looked at, and what would write in it says why it cannot", { skip: mountSkip }, () =>
  editor.step("read-only", async () => {
    const folder = folderWith("read-only", {});
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", folder]);
    try {
      createManyRuns(join(folder, "mlflow.db"), 20, 20);
      writeFileSync(join(folder, "MLproject"), 'entry_points:\n  main: {command: "echo hello"}\n');
      const files = readdirSync(folder);
      execFileSync("mount", ["-o", "remount,ro", folder]);
      await editor.openFolder(folder);
      await editor.showFlowdeck();
      await editor.treeItem(/^Default, 20 runs/).waitFor();
      await editor.treeItem(/^mlflow.db, .*read-only/).waitFor();
      await editor.openFile(join(folder, "MLproject"));
      const readOnly = notification(
        editor,
        /mlflow\.db.* cannot be written, so its runs can be read but not changed\./,
      );
      await runByLens(editor, readOnly.getByRole("button", { name: "Choose Another Store…" }));
      await editor.screenshot("read-only");
      const target = { run_id: "0".padStart(32, "0") };
      await editor.evaluate(
        `vscode.commands.executeCommand("flowdeck.tracking.markFailed", ${JSON.stringify(target)})`,
      );
      await until("both say so", async () => {
        // The first one may be in the list only by then.
        await editor.evaluate('await vscode.commands.executeCommand("notifications.showList")');
        return (await readOnly.count()) === 2;
      });
      deepEqual(readdirSync(folder), files);
    } finally {
      await editor.openFolder(parent);
      execFileSync("umount", ["--lazy", folder]);
    }
  }),
);

test("a port that is taken is named, with a button that takes a free one", { skip }, () =>
  editor.step("port", async () => {
    const folder = folderWith("port", {});
    const taken = createServer();
    await new Promise<void>((listening) => taken.listen(0, "127.0.0.1", listening));
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    mkdirSync(join(folder, ".vscode"));
    writeFileSync(join(folder, ".vscode/settings.json"), JSON.stringify({ "flowdeck.server.port": port }));
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    await editor.runCommand("Flowdeck: Start Tracking Here");
    const text = `Port ${port} is taken by another program, so tracking into mlflow.db did not start.`;
    await told(editor, text);
    await editor.screenshot("port-taken");
    await answer(editor, text, "Use a Free Port");
    await editor.page.getByText("terminals are already set up for it").waitFor();
    taken.close();
    deepEqual(readdirSync(folder), [".vscode"]);
  }),
);

test("an environment that cannot be built: one sentence, and no run is left behind", { skip }, () =>
  editor.step("environment", async () => {
    const folder = folderWith("environment", {
      MLproject: 'python_env: python_env.yaml\nentry_points:\n  main: {command: "python -c 1"}\n',
      "python_env.yaml": "dependencies:\n  - ./no-such-package\n",
    });
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    await editor.openFile(join(folder, "MLproject"));
    await runByLens(editor, editor.page.locator(".terminal-wrapper.active"));
    const failed = await told(editor, /environment|could not be installed|pip/i, 180_000);
    await failed.getByRole("button", { name: "Show Terminal" }).waitFor();
    await editor.screenshot("environment-fails");
    await until("the terminal has it, too", async () => /no-such-package/.test(await editor.terminalText()));
    deepEqual(readdirSync(folder).sort(), ["MLproject", "python_env.yaml"]);
  }),
);

test("without a Python, running says so and offers to choose one", { skip }, async () => {
  const folder = join(parent, "wine");
  cpSync(join(root, "examples/wine"), folder, { recursive: true });
  const empty = folderWith("empty-path", {});
  // VSCODE_CLI keeps VS Code from asking a login shell for another PATH.
  const bare = await openEditor({ name: "no-python", env: { PATH: empty, VSCODE_CLI: "1" } });
  try {
    await bare.step("no-python", async () => {
      await bare.openFolder(folder);
      await bare.openFile(join(folder, "MLproject"));
      const told = notification(bare, "No Python was found");
      await runByLens(bare, told.getByRole("button", { name: "Select Interpreter…" }));
      await bare.screenshot("no-python");
      equal(
        await until("no terminal", async () => (await bare.evaluate("return vscode.window.terminals.length")) === 0),
        true,
      );
    });
  } finally {
    await bare.close();
  }
});
