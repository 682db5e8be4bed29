import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { untilFocused } from "./support/acting.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { clickFor, focusOn } from "./support/rows.ts";
import { downTo } from "./support/runsTable.ts";
import { answer, told } from "./support/told.ts";
import { logTuning } from "./support/tuning.ts";

// What the runs table does by way of VS Code: its questions, its file dialog, its clipboard, its notifications. The tests take turns.

const skip = e2eSkip;
const folder = join(realpathSync(temporaryFolder("flowdeck-files-")), "wine");
let editor: Editor;
let store: Store;
let ids: Map<string, string>;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  store = openStore(storeUri(join(folder, "mlflow.db")));
  ({ ids } = await logTuning(store, 4));
  editor = await openEditor({ name: "tableFiles" });
  await editor.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.openFolder(folder);
  await editor.showFlowdeck();
  await clickFor(
    editor.treeItem(/^wine-quality, 13 runs/),
    editor.page.locator(".tab.active", { hasText: "wine-quality" }),
  );
  await editor.panel().locator(".grid [role=row]").nth(5).waitFor();
});
after(async () => {
  await editor?.close();
  store?.close();
});

const panel = () => editor.panel();
const press = async (...keys: string[]) => {
  for (const key of keys) await editor.page.keyboard.press(key);
};
const infoOf = async (name: string) => (await store.getRun({ run_id: ids.get(name) ?? "" })).info;
const FILLERS = ["filler-0", "filler-1", "filler-2"];

/** Checks the first three fillers by keys. */
async function checkFillers(): Promise<void> {
  await focusOn(panel().locator(".grid"));
  await press("Control+Home");
  await panel().locator('.pinnedCells.focused[data-row="0"]').waitFor();
  await downTo(panel().locator(".grid"), "filler-0");
  await press(" ", "Shift+ArrowDown", "Shift+ArrowDown");
  await panel().getByText("3 checked").waitFor();
}

test("checked runs are renamed by a pattern, tagged and deleted at once, and come back by Undo", { skip }, () =>
  editor.step("bulk", async () => {
    await checkFillers();
    await press("F2");
    await editor.quickInput("Names of 3 Runs", "{name}-again-{n}");
    await until("new names", async () => (await infoOf("filler-2")).run_name.startsWith("filler-2-again-"));
    await panel().getByText("filler-0-again-1").waitFor();
    await focusOn(panel().locator(".grid"));
    await press("t");
    await editor.quickInput("Key of the Tag of 3 Runs", "batch");
    await editor.quickInput("Value of batch of 3 Runs", "one");
    const tagged = async (name: string) =>
      (await store.getRun({ run_id: ids.get(name) ?? "" })).data.tags.some(
        ({ key, value }) => `${key}=${value}` === "batch=one",
      );
    for (const name of FILLERS) await until(`the tag of ${name}`, () => tagged(name));
    equal(await tagged("filler-3"), false);
    await focusOn(panel().locator(".grid"));
    await press("Delete");
    await told(editor, "3 runs are deleted.");
    const stages = () => Promise.all(FILLERS.map(async (name) => (await infoOf(name)).lifecycle_stage));
    deepEqual(await stages(), ["deleted", "deleted", "deleted"]);
    await panel().getByText("filler-0-again-1").waitFor({ state: "detached" });
    await editor.screenshot("undo");
    await answer(editor, "3 runs are deleted.", "Undo");
    await until("they are back", async () => (await stages()).every((stage) => stage === "active"));
    await panel().getByText("filler-0-again-1").waitFor();
  }),
);

test("the table is exported as CSV and JSON to where the file dialog says", { skip }, () =>
  editor.step("export", async () => {
    await focusOn(panel().locator(".grid"));
    await press("Control+f");
    await untilFocused(panel().getByRole("combobox", { name: "Filter runs" }));
    await editor.page.keyboard.type("params.model = 'elasticnet'");
    await press("Escape", "Enter");
    await panel()
      .getByText(/^3 runs$/)
      .first()
      .waitFor();
    for (const [command, name] of [
      ["exportRunsCsv", "runs.csv"],
      ["exportRunsJson", "runs.json"],
    ] as const) {
      // Not awaited: it asks.
      await editor.evaluate(`void vscode.commands.executeCommand("flowdeck.tracking.${command}")`);
      const input = editor.page
        .locator(".quick-input-widget:visible", { hasText: "Export Runs" })
        .locator("input")
        .last();
      await until("the suggested place", async () => (await input.inputValue()).includes("wine-quality."));
      await input.fill(join(folder, name));
      if (name === "runs.csv") await editor.screenshot("file-dialog");
      await press("Enter");
      const hasText = () => existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8") !== "";
      await until(`${name} is written`, hasText);
    }
    const [head = "", ...lines] = readFileSync(join(folder, "runs.csv"), "utf8").trim().split(/\r?\n/);
    ok(head.startsWith("run_id,") && head.includes("metrics.val_rmse") && head.includes("params.model"), head);
    equal(lines.length, 3);
    const rows: unknown = JSON.parse(readFileSync(join(folder, "runs.json"), "utf8"));
    ok(Array.isArray(rows) && rows.length === 3);
    ok(lines.some((line) => line.startsWith(ids.get("rare-finch-655") ?? "?")));
  }),
);

test("the rows are copied as Python, for mlflow and for pandas", { skip }, () =>
  editor.step("copy", async () => {
    const copied = () => editor.evaluate("return vscode.env.clipboard.readText()");
    for (const [command, wanted] of [
      ["Flowdeck: Copy Runs as mlflow.search_runs", /mlflow\.search_runs\([^]*params\.model = 'elasticnet'/],
      ["Flowdeck: Copy Runs as pandas", /mlflow\.search_runs\([^]*table = runs\.reindex\(columns=/],
    ] as const) {
      await editor.runCommand(command);
      const text = await until("Python on the clipboard", async () => {
        const now = String(await copied());
        return wanted.test(now) ? now : undefined;
      });
      match(text, /^import mlflow/m);
    }
  }),
);

test("a view is saved to the repository, and no file is made before that", { skip }, () =>
  editor.step("view", async () => {
    const file = join(folder, ".vscode/flowdeck-views.json");
    equal(existsSync(join(folder, ".vscode")), false);
    await editor.runCommand("Flowdeck: Save View to Repository…");
    await editor.quickInput("Name of the View in the Repository", "Elastic");
    await until("the file", () => existsSync(file) && readFileSync(file, "utf8") !== "");
    match(readFileSync(file, "utf8"), /"Elastic"[^]*params\.model = 'elasticnet'/);
    await panel().getByRole("button", { name: "Saved views: Elastic" }).click();
    await panel().getByRole("menuitemradio", { name: "Elastic (repository)", checked: true }).waitFor();
    await editor.screenshot("views");
    await panel().getByRole("menuitemradio", { name: "Default" }).click();
    await panel()
      .getByText(/^13 runs/)
      .first()
      .waitFor();
  }),
);
