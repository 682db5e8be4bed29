import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { createManyRuns } from "../store/manyRuns.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// A script logs from a terminal of the editor while its window is reloaded and a second window comes and goes.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");
const POINTS = 1_500;

const folder = temporaryFolder("flowdeck-reload-");
const database = join(folder, "mlflow.db");
const progress = join(folder, "acknowledged.txt");
let editor: Editor;

/** Every call of the client waits for the server's answer, so what it wrote down is acknowledged. */
const SCRIPT = `
import os
import mlflow

assert os.environ["MLFLOW_TRACKING_URI"].startswith("http://127.0.0.1:"), "the terminal is not set up"
with mlflow.start_run(run_name="steady"), open("acknowledged.txt", "w", buffering=1) as acknowledged:
    for step in range(${POINTS}):
        mlflow.log_metric("value", step * 0.5, step=step)
        acknowledged.write(f"{step}\\n")
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
    await until("the terminals are set up", terminalsAreSetUp, 30_000);
    await editor.evaluate('vscode.window.createTerminal({ name: "script" }).show()');
    await editor.evaluate(
      `vscode.window.terminals.find(({ name }) => name === "script").sendText(${JSON.stringify(`${python} log.py`)})`,
    );
    await until("the script logs", () => acknowledged() > 20, 60_000);

    await editor.reload();
    const afterReload = acknowledged();
    ok(afterReload < POINTS, "the script was over before the window came back");
    const second = await editor.page.context().browser()?.newPage();
    ok(second !== undefined);
    await second.goto(editor.page.url());
    await second.locator(".monaco-workbench .statusbar-item").first().waitFor({ timeout: 60_000 });
    await second.close();
    await editor.page.bringToFront();
    ok(acknowledged() > afterReload, "logging stood still");

    await until(
      "the script is over",
      () => existsSync(progress) && /done/.test(readFileSync(progress, "utf8")),
      120_000,
    );
    const steps = await until("the run is finished", () => stepsOfFinishedRun(), 20_000);
    equal(steps.length, POINTS);
    deepEqual(
      steps,
      Array.from({ length: POINTS }, (_, step) => step),
    );
    await editor.treeItem(/^steady, finished/).click();
    await editor.panel().getByText("Finished", { exact: true }).first().waitFor();
    await editor.screenshot("after-reload");
  }),
);

/** Whether a new terminal would log to our server. */
async function terminalsAreSetUp(): Promise<boolean> {
  const discovered = await editor.evaluate(`
    const { readdirSync } = require("node:fs");
    const folder = ${JSON.stringify(join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/servers"))};
    try { return readdirSync(folder).some((name) => name.endsWith(".json")); } catch { return false; }`);
  return discovered === true;
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
