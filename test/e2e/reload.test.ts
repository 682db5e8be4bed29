import { deepEqual, ok } from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { createManyRuns } from "../store/manyRuns.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { clickFor } from "./support/rows.ts";

// A script logs from a terminal of the editor while its window is reloaded and a second window comes and goes.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");

const folder = temporaryFolder("flowdeck-reload-");
const database = join(folder, "mlflow.db");
const progress = join(folder, "acknowledged.txt");
const enough = join(folder, "enough");
let editor: Editor;

/** Every call of the client waits for the server's answer, so what it wrote down is acknowledged. */
const SCRIPT = `
import os
import mlflow

assert os.environ["MLFLOW_TRACKING_URI"].startswith("http://127.0.0.1:"), "the terminal is not set up"
with mlflow.start_run(run_name="steady"), open("acknowledged.txt", "w", buffering=1) as acknowledged:
    step = 0
    while not os.path.exists("enough"):
        mlflow.log_metric("value", step * 0.5, step=step)
        acknowledged.write(f"{step}\\n")
        step += 1
    acknowledged.write("done\\n")
`;

before(async () => {
  if (skip !== false) return;
  createManyRuns(database, 10, 10);
  writeFileSync(join(folder, "log.py"), SCRIPT);
  editor = await openEditor({ name: "reload" });
  await editor.openFolder(folder);
});
after(() => editor?.close());

test("nothing that was acknowledged is lost when windows are reloaded, opened and closed", { skip }, () =>
  editor.step("reload", async () => {
    await editor.showFlowdeck();
    await editor.treeItem(/^Default, 10 runs/).waitFor();
    await until("the terminals are set up", terminalsAreSetUp, 90_000);
    await editor.evaluate('vscode.window.createTerminal({ name: "script" }).show()');
    await editor.evaluate(
      `vscode.window.terminals.find(({ name }) => name === "script").sendText(${JSON.stringify(`${python} log.py`)})`,
    );
    await until("the script logs", () => acknowledged() > 20, 60_000);

    await editor.reload();
    const afterReload = acknowledged();
    const second = await editor.page.context().browser()?.newPage();
    ok(second !== undefined);
    await second.goto(editor.page.url(), { timeout: 120_000 });
    await second.locator(".monaco-workbench .statusbar-item").first().waitFor({ timeout: 120_000 });
    await until("logging goes on", () => acknowledged() > afterReload);
    await second.close();
    await editor.page.bringToFront();

    writeFileSync(enough, "");
    await until("the script is over", () => /done/.test(readFileSync(progress, "utf8")), 60_000);
    const steps = await until("the run is finished", () => stepsOfFinishedRun());
    deepEqual(
      steps,
      Array.from({ length: acknowledged() - 1 }, (_, step) => step),
    );
    await clickFor(editor.treeItem(/^steady, finished/), editor.page.locator(".tab.active", { hasText: "steady" }));
    await editor.panel().getByText("Finished", { exact: true }).first().waitFor();
    await editor.screenshot("after-reload");
  }),
);

/** Whether a new terminal would log to our server. */
async function terminalsAreSetUp(): Promise<boolean> {
  const file = join(folder, "uri.txt");
  rmSync(file, { force: true });
  const script = `echo "$MLFLOW_TRACKING_URI" > ${file}.part; mv ${file}.part ${file}`;
  await editor.evaluate(
    `vscode.window.createTerminal({ shellPath: "/bin/sh", shellArgs: ["-c", ${JSON.stringify(script)}] })`,
  );
  await until("the terminal answers", () => existsSync(file), 60_000);
  return readFileSync(file, "utf8").startsWith("http://127.0.0.1:");
}

function acknowledged(): number {
  return existsSync(progress) ? readFileSync(progress, "utf8").split("\n").length - 1 : 0;
}

function stepsOfFinishedRun(): number[] | undefined {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const run = db.prepare("SELECT run_uuid FROM runs WHERE name = 'steady' AND status = 'FINISHED'").get();
    if (run === undefined) return undefined;
    const rows = db.prepare("SELECT step FROM metrics WHERE run_uuid = ? ORDER BY step").all(String(run["run_uuid"]));
    return rows.map(({ step }) => Number(step));
  } finally {
    db.close();
  }
}
