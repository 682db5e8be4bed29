import { deepEqual, equal } from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { createManyRuns } from "../store/manyRuns.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { comes } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { clickFor } from "./support/rows.ts";

// What a window does: rows are clicked, a terminal's link is followed, panels come back, a second window joins in.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");

const parent = temporaryFolder("flowdeck-window-");
const folder = join(parent, "team");
const database = join(folder, "mlflow.db");
let editor: Editor;
/** What the terminals of the first window have. */
let variables: Record<string, string>;

/** An unmodified client; it ends when it is told to, so that its run can be looked at while it runs. */
const SCRIPT = `
import os, sys, time
import mlflow

name, go = sys.argv[1:]
with mlflow.start_run(run_name=name):
    mlflow.log_param("eta", 0.05)
    for step in range(40):
        mlflow.log_metric("val_rmse", 1 / (step + 1), step=step)
    while not os.path.exists(go):
        time.sleep(0.02)
`;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  createManyRuns(database, 50, 10);
  writeFileSync(join(folder, "log.py"), SCRIPT);
  editor = await openEditor({ name: "window" });
});
after(() => editor?.close());

/** Runs the script in a new terminal named as its run. */
async function runScript(name: string): Promise<{ finish: () => void }> {
  const go = join(parent, `${name}.go`);
  const line = `${python} log.py ${name} ${go}`;
  await editor.evaluate(`
    const terminal = vscode.window.createTerminal({ name: ${JSON.stringify(name)} });
    terminal.show();
    terminal.sendText(${JSON.stringify(line)});`);
  return { finish: () => writeFileSync(go, "") };
}

/** The variables of MLflow that a new terminal of the window has, once there are any. */
function terminalVariables(name: string): Promise<Record<string, string>> {
  let tries = 0;
  return until(
    "the terminals are set up",
    async () => {
      tries += 1;
      const file = join(parent, `${name}-${tries}.txt`);
      const script = `env > ${file}.part; mv ${file}.part ${file}`;
      await editor.evaluate(
        `vscode.window.createTerminal({ shellPath: "/bin/sh", shellArgs: ["-c", ${JSON.stringify(script)}] })`,
      );
      await until("the terminal's variables", () => existsSync(file), 60_000);
      const lines = readFileSync(file, "utf8").split("\n");
      const found = lines.filter((line) => line.startsWith("MLFLOW_")).map((line) => line.split(/=(.*)/));
      return found.length > 0 && Object.fromEntries(found.map(([key = "", value = ""]) => [key, value]));
    },
    90_000,
  );
}

/** Id and status of a run, as anyone may read them. */
function readRun(name: string): { run_id: string; status: string } | undefined {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const row = db.prepare("SELECT run_uuid, status FROM runs WHERE name = ?").get(name);
    return row === undefined ? undefined : { run_id: String(row["run_uuid"]), status: String(row["status"]) };
  } finally {
    db.close();
  }
}

const frame = () => new Promise<number>((next) => requestAnimationFrame(next));

test("no click on a row is lost while the tree is read again", { skip }, () =>
  editor.step("clicks", async () => {
    await editor.openFolder(folder);
    await editor.showFlowdeck();
    for (const name of ["run-49", "run-39", "run-29", "run-19", "run-9"]) {
      const row = editor.treeItem(new RegExp(`^${name}, `)).first();
      await row.waitFor();
      const place = async () => (await row.boundingBox()) ?? undefined;
      // Rows of other views may come, which takes room from these.
      const box = await until("the row stands still", async () => {
        const before = await place();
        for (let frames = 0; frames < 10; frames += 1) await editor.page.evaluate(frame);
        const now = await place();
        return before !== undefined && isDeepStrictEqual(before, now) && now;
      });
      await editor.evaluate('await vscode.commands.executeCommand("flowdeck.tracking.refresh")');
      await editor.page.mouse.click(box.x + 120, box.y + box.height / 2);
      await editor.page.locator(".tab.active", { hasText: name }).waitFor();
    }
    await editor.panel().getByText("run-9", { exact: true }).first().waitFor();
    await editor.screenshot("clicked-while-refreshed");
    await editor.closeEverything();
  }),
);

test("the link that MLflow's client prints in a terminal opens its run", { skip }, () =>
  editor.step("link", async () => {
    variables = await terminalVariables("first");
    deepEqual(Object.keys(variables).sort(), ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_URI"]);
    const script = await runScript("linked");
    script.finish();
    // Whatever is drawn after a link was asked for makes VS Code ask again and forget the one that is clicked.
    const over = /View run linked at: http[^]*View experiment at: http\S+\n.*# /;
    await until("the client's link, and the prompt", async () => over.test(await editor.terminalText()), 60_000);
    const run_id = readRun("linked")?.run_id ?? "";
    const { mouse, keyboard } = editor.page;
    const place = () => until("the link's place", () => editor.terminalPosition(`/runs/${run_id}`));
    const hovered = editor.page.locator(".workbench-hover", { hasText: "Open run in Flowdeck" });
    await until(
      "the link is told",
      async () => {
        const { x, y } = await place();
        await mouse.move(720, 0);
        await mouse.move(x, y);
        return comes(hovered);
      },
      60_000,
    );
    await editor.screenshot("link-hovered");
    const { x, y } = await place();
    await keyboard.down("Control");
    await mouse.click(x, y);
    await keyboard.up("Control");
    await editor.page.locator(".tab.active", { hasText: "linked" }).waitFor();
    equal(editor.page.context().pages().length, 1, "no browser tab was opened");
    await editor.panel().getByText(run_id.slice(0, 8)).first().waitFor();
    await editor.panel().getByText("eta", { exact: true }).first().waitFor();
    await editor.screenshot("link-opened");
  }),
);

test("Experiment and Run panels come back after a reload as they were", { skip }, () =>
  editor.step("restored", async () => {
    const filter = "metrics.val_rmse < 0.5";
    await clickFor(
      editor.treeItem(/^Default, 51 runs/).first(),
      editor.page.locator(".tab.active", { hasText: "Default" }),
    );
    const field = editor.panel().getByRole("toolbar").getByRole("combobox").first();
    await field.fill(filter);
    await field.press("Enter");
    const cell = (text: string) => editor.panel().locator(".grid").getByText(text, { exact: true });
    await cell("linked").waitFor();
    await cell("run-49").waitFor({ state: "detached" });
    await editor.screenshot("before-reload");
    // The history of filters, which is kept apart, has the filter too.
    await until("the panels' state is saved", () => editor.hasSaved(filter, "chartScroll"), 60_000);

    await editor.reload();
    await editor.page.locator(".tab.active", { hasText: "Default" }).waitFor();
    await cell("linked").waitFor();
    equal(await field.inputValue(), filter);
    equal(await cell("run-49").count(), 0);
    await editor.screenshot("experiment-restored");
    await editor.page.locator(".tab", { hasText: "linked" }).click();
    await editor.panel().getByText("eta", { exact: true }).first().waitFor();
    await editor.panel().getByText("0.05", { exact: true }).first().waitFor();
    await editor.screenshot("run-restored");
  }),
);

test("a second window has the same server, and its runs are seen live in the first", { skip }, () =>
  editor.step("second", async () => {
    const first = editor.page;
    const before = await editor.evaluate("return process.pid");
    const second = await first.context().newPage();
    await second.goto(first.url());
    await until(
      "the host of the second window",
      async () => (await editor.evaluate("return process.pid")) !== before,
      60_000,
    );
    deepEqual(await terminalVariables("second"), variables);
    const script = await runScript("elsewhere");
    await until("the run is created", () => readRun("elsewhere"), 90_000);
    await second.screenshot({ path: join(editor.results, "second-window.png") });
    await first.bringToFront();
    await editor
      .treeItem(/^elsewhere, running/)
      .first()
      .waitFor();
    await editor.page.locator(".tab", { hasText: "Default" }).click();
    await editor.panel().locator(".grid").getByText("elsewhere", { exact: true }).waitFor();
    await editor.screenshot("seen-in-first");
    equal(readRun("elsewhere")?.status, "RUNNING");
    script.finish();
    await editor
      .treeItem(/^elsewhere, finished/)
      .first()
      .waitFor();
    await editor.statusItem("running").filter({ hasText: "1 running" }).waitFor();
    await editor.screenshot("finished-in-first");
    await close(second);
  }),
);

async function close(page: Page): Promise<void> {
  await page.close();
  await editor.page.bringToFront();
}
