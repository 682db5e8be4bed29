import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { createManyRuns } from "../store/manyRuns.ts";
import { findPython, root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

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

function notification(text: string | RegExp) {
  return editor.page.locator(".notification-list-item").filter({ hasText: text });
}

test("a database that is none says so and offers another; the file stays as it is", { skip }, () =>
  editor.step("corrupt", async () => {
    const text = "These are my notes, not a database. ".repeat(40);
    const folder = folderWith("corrupt", { "mlflow.db": text });
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    await editor.treeItem(/is not an SQLite database, so no run can be read from it/).waitFor();
    await editor.treeItem(/Choose Another Store/).waitFor();
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
      await editor.treeItem(/is locked by another program/).waitFor({ timeout: 60_000 });
      await editor.screenshot("locked");
    } finally {
      holder.exec("ROLLBACK");
      holder.close();
    }
    await editor.treeItem(/^Default, 20 runs/).waitFor({ timeout: 60_000 });
    await editor.screenshot("unlocked");
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
      await editor.codeLens("▷ Run").first().click();
      await editor.quickPick("Run main");
      await notification(/mlflow\.db.* cannot be written, so its runs can be read but not changed\./)
        .getByRole("button", { name: "Choose Another Store…" })
        .waitFor();
      await editor.screenshot("read-only");
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
    const told = notification(`Port ${port} is taken by another program, so tracking into mlflow.db did not start.`);
    await told.waitFor();
    await editor.screenshot("port-taken");
    await told.getByRole("button", { name: "Use a Free Port" }).click();
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
    await editor.codeLens("▷ Run").first().click();
    await editor.quickPick("Run main");
    const told = notification(/environment|could not be installed|pip/i).first();
    await told.waitFor({ timeout: 120_000 });
    await told.getByRole("button", { name: "Show Terminal" }).waitFor();
    await editor.screenshot("environment-fails");
    const text = await editor.terminalText();
    ok(/no-such-package/.test(text), text);
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
      await bare.codeLens("▷ Run").first().click();
      await bare.quickPick("Run main");
      const told = bare.page.locator(".notification-list-item").filter({ hasText: "No Python was found" });
      await told.getByRole("button", { name: "Select Interpreter…" }).waitFor();
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
