import { deepEqual, equal, ok } from "node:assert/strict";
import { existsSync, mkdirSync, realpathSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { createManyRuns } from "../store/manyRuns.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, clickFor, findRow, focused, offered, unfold } from "./support/rows.ts";
import { answer, told } from "./support/told.ts";

// The Experiments view: what is made, changed, found and removed from there, by mouse and by keys. The tests take turns.

const skip = e2eSkip;
const base = realpathSync(temporaryFolder("flowdeck-tree-"));
const folder = join(base, "wine");
let editor: Editor;
let store: Store;
const ids: Record<string, string> = {};

async function addRun(name: string, options: { parent?: string; loss: number; rmse?: number }): Promise<void> {
  const { parent, loss, rmse } = options;
  const start_time = Date.now() - 3_600_000 + Object.keys(ids).length * 60_000;
  const tags = parent === undefined ? [] : [{ key: RUN_TAG.parentRunId, value: ids[parent] ?? "" }];
  const { info } = await store.createRun({ experiment_id: "1", run_name: name, start_time, tags });
  const { run_id, artifact_uri } = info;
  ids[name] = run_id;
  const metrics = [{ key: "loss", value: loss }, ...(rmse === undefined ? [] : [{ key: "rmse", value: rmse }])];
  const points = metrics.map((metric) => ({ ...metric, timestamp: start_time, step: 0 }));
  await store.logBatch({ run_id, metrics: points, params: [{ key: "eta", value: String(loss) }], tags: [] });
  mkdirSync(join(artifact_uri, "plots"), { recursive: true });
  writeFileSync(join(artifact_uri, "predictions.csv"), `grape,score\n${name},${loss}\n`.padEnd(7_800, "\n"));
  writeFileSync(join(artifact_uri, "plots/a.txt"), "a".repeat(1_200));
  writeFileSync(join(artifact_uri, "plots/b.txt"), "b".repeat(1_100));
  await store.updateRun({ run_id, status: "FINISHED", end_time: start_time + 5_000 });
}

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  store = openStore(storeUri(join(folder, "mlflow.db")));
  await store.createExperiment({ name: "wine-quality" });
  await addRun("first", { loss: 0.9, rmse: 1.5 });
  await addRun("sweep", { loss: 0.8 });
  await addRun("eta-small", { parent: "sweep", loss: 0.4, rmse: 0.6 });
  await addRun("eta-tiny", { parent: "eta-small", loss: 0.3, rmse: 0.5571 });
  await addRun("last", { loss: 0.7, rmse: 0.9 });
  const large = join((await runOf("last")).info.artifact_uri, "weights.bin");
  writeFileSync(large, "");
  truncateSync(large, 60_000_000);
  editor = await openEditor({ name: "tree" });
  await editor.openFolder(folder);
  await editor.showFlowdeck();
});
after(async () => {
  await editor?.close();
  store?.close();
});

const row = (name: string | RegExp) => editor.treeItem(name).first();
const page = () => editor.page;
const experiments = () => editor.view("Experiments");

async function names(view: "ACTIVE_ONLY" | "DELETED_ONLY" = "ACTIVE_ONLY"): Promise<string[]> {
  return (await store.searchExperiments({ view_type: view, max_results: 100 })).items.map(({ name }) => name).sort();
}

const runOf = async (name: string) => store.getRun({ run_id: ids[name] ?? "" });

test("children stand below their parents, and artifacts below their run with their sizes", { skip }, () =>
  editor.step("rows", async () => {
    await row(/^wine-quality, 5 runs/).waitFor();
    await row(/^last, finished, loss 0\.700/).waitFor();
    equal(await editor.treeItem(/^eta-/).count(), 0);
    await unfold(row(/^sweep, finished/));
    await unfold(row(/^eta-small, finished/));
    await row(/^eta-tiny, finished, loss 0\.300/).waitFor();
    await unfold(row(/^last, finished/));
    await row(/^plots, folder, 2 files · 2\.3 kB/).waitFor();
    await row(/^predictions\.csv, 7\.8 kB/).waitFor();
    await editor.screenshot("rows");
    await unfold(row(/^sweep, finished/), false);
  }),
);

test("an artifact opens as its own file, and beside that of another run", { skip }, () =>
  editor.step("artifact", async () => {
    await unfold(row(/^last, finished/));
    await clickFor(row(/^predictions\.csv, 7\.8 kB/), page().locator(".tab.active", { hasText: "predictions.csv" }));
    const opened = "return vscode.window.activeTextEditor?.document.uri.toString()";
    const { artifact_uri } = (await runOf("last")).info;
    await until("the file", async () => (await editor.evaluate(opened)) === `file://${artifact_uri}/predictions.csv`);
    const dialog = page().locator(".monaco-dialog-box");
    const asked = dialog.getByText("weights.bin has 60 MB, which an editor may take long to open.");
    await clickFor(row(/^weights\.bin, 60 MB/), asked);
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await choose(row(/^predictions\.csv, 7\.8 kB/), "Compare Artifact With…");
    await editor.quickPick("first");
    await page().locator(".tab.active", { hasText: "predictions.csv: last ↔ first" }).waitFor();
    await page().locator(".diff-hidden-lines, .view-line", { hasText: "last,0.7" }).first().waitFor();
    await editor.screenshot("diff");
    await editor.closeEverything();
    await unfold(row(/^last, finished/), false);
  }),
);

/** Drags a row over the middle of the editors, and drops it there once VS Code shows that it takes it. */
async function dragToEditors(name: RegExp, { shift = false } = {}): Promise<void> {
  const { mouse, keyboard } = page();
  const overlay = page().locator(".editor-group-overlay-indicator:visible, .monaco-editor .dnd-target");
  await until(
    "it can be dropped",
    async () => {
      const from = await row(name).boundingBox();
      const to = await page().locator(".editor-group-container").first().boundingBox();
      ok(from !== null && to !== null);
      await mouse.move(from.x + 60, from.y + from.height / 2);
      await mouse.down();
      await mouse.move(from.x + 90, from.y + from.height / 2 + 4, { steps: 4 });
      if (shift) await keyboard.down("Shift");
      for (let moves = 0; moves < 40; moves += 1) {
        await mouse.move(to.x + to.width / 2 + (moves % 7), to.y + to.height / 2, { steps: 3 });
        if ((await overlay.count()) > 0) return true;
      }
      // A row that is drawn anew is dragged no more.
      await keyboard.press("Escape");
      if (shift) await keyboard.up("Shift");
      await mouse.up();
      return false;
    },
    60_000,
  );
  await mouse.up();
  if (shift) await keyboard.up("Shift");
}

test(
  "an artifact that is dropped on the editors opens there, and with Shift its path goes into the text",
  { skip },
  () =>
    editor.step("drop", async () => {
      await unfold(row(/^last, finished/));
      const { artifact_uri } = (await runOf("last")).info;
      const opened = "return vscode.window.activeTextEditor?.document.uri.toString()";
      const csv = `file://${artifact_uri}/predictions.csv`;
      await row(/^predictions\.csv, 7\.8 kB/).waitFor();
      await dragToEditors(/^predictions\.csv, 7\.8 kB/);
      await until("it is open", async () => (await editor.evaluate(opened)) === csv);
      await editor.closeEverything();
      const text = join(folder, "list.txt");
      writeFileSync(text, "files: ");
      await editor.openFile(text);
      await dragToEditors(/^predictions\.csv, 7\.8 kB/, { shift: true });
      const content = "return vscode.window.activeTextEditor?.document.getText()";
      const path = artifact_uri.slice(folder.length + 1);
      await until("its path", async () => String(await editor.evaluate(content)).includes(`${path}/predictions.csv`));
      await editor.screenshot("dropped");
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor")');
      rmSync(text);
      await unfold(row(/^last, finished/), false);
    }),
);

test("an experiment is made, renamed by F2, tagged and described", { skip }, () =>
  editor.step("experiment", async () => {
    await editor.runCommand("Flowdeck: Create Experiment…");
    await editor.quickInput("Name of the experiment", "wine-quality");
    await page().locator(".quick-input-message", { hasText: "has an experiment of this name" }).waitFor();
    await editor.quickInput("Name of the experiment", "grapes");
    await focused(experiments(), /^grapes, no runs/);
    await page().keyboard.press("F2");
    await editor.quickInput("Name of the experiment", "grapes-2");
    await row(/^grapes-2, no runs/).waitFor();
    await choose(row(/^grapes-2/), "Set Tag of Experiment…");
    await editor.quickInput("Key of the tag", "team");
    await editor.quickInput("Value of team", "cellar");
    const made = () => store.getExperimentByName({ experiment_name: "grapes-2" });
    await until("the tag", async () =>
      (await made()).tags.some(({ key, value }) => `${key} ${value}` === "team cellar"),
    );
    await choose(row(/^grapes-2/), "Describe Experiment");
    await page().locator(".tab.active", { hasText: "Note of grapes-2.md" }).waitFor();
    // The window shows it before the extension host knows.
    await until("the note's editor", () =>
      editor.evaluate(`return vscode.window.activeTextEditor?.document.uri.scheme === "flowdeck-note"`),
    );
    await editor.evaluate(`
      const { document } = vscode.window.activeTextEditor;
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), "# Which grapes?");
      await vscode.workspace.applyEdit(edit);
      await document.save();`);
    await until("the note", async () => (await made()).tags.some(({ value }) => value === "# Which grapes?"));
    await editor.closeEverything();
  }),
);

test("a deleted experiment is in the trash, and comes back by Undo and from there", { skip }, () =>
  editor.step("delete", async () => {
    await choose(row(/^grapes-2/), "Delete Experiment");
    await row(/^Trash, 1 experiment/).waitFor();
    await answer(editor, "grapes-2 and its runs are in the trash.", "Undo");
    await row(/^grapes-2, no runs/).waitFor();
    await row(/^Trash/).waitFor({ state: "detached" });
    await choose(row(/^grapes-2/), "Delete Experiment");
    await unfold(row(/^Trash, 1 experiment/));
    await row(/^grapes-2, deleted experiment/).waitFor();
    await editor.screenshot("trash");
    await choose(row(/^grapes-2, deleted experiment/), "Restore Experiment");
    await row(/^grapes-2, no runs/).waitFor();
    deepEqual(await names(), ["Default", "grapes-2", "wine-quality"]);
    await editor.closeEverything();
  }),
);

test("keys alone choose, rename, delete and bring back the run that has the focus", { skip }, () =>
  editor.step("keys", async () => {
    // A click opens and selects; the arrow moves the focus alone.
    await clickFor(row(/^last, finished/), page().locator(".tab.active", { hasText: "last" }));
    // The page takes the focus when it is drawn.
    await editor.panel().locator(".runHeader").waitFor();
    // As VS Code calls what is chosen for a row that it is reading again; the run of the panel is not meant.
    const chosenForLost = (command: string) =>
      editor.evaluate(`await vscode.commands.executeCommand("flowdeck.tracking.${command}", undefined)`);
    await chosenForLost("deleteRun");
    await told(editor, "The list was being read anew, so nothing was done; choose again.");
    equal((await runOf("last")).info.lifecycle_stage, "active");
    await editor.evaluate('await vscode.commands.executeCommand("flowdeck.experiments.focus")');
    await focused(experiments(), /^last, finished/);
    await page().keyboard.press("ArrowDown");
    await focused(experiments(), /^sweep, finished/);
    await page().context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await chosenForLost("copyRunId");
    equal(await editor.evaluate("return vscode.env.clipboard.readText()"), ids["sweep"]);
    await focused(experiments(), /^sweep, finished/);
    await page().keyboard.press("Space");
    await page().locator(".pane-header[aria-label^='Experiments'] .description", { hasText: "1 chosen" }).waitFor();
    await row(/^sweep, finished.*, chosen$/).waitFor();
    await page().keyboard.press("F2");
    await editor.quickInput("Name of the run", "sweep-eta");
    await focused(experiments(), /^sweep-eta, finished/);
    await page().keyboard.press("Delete");
    await until("it is deleted", async () => (await runOf("sweep")).info.lifecycle_stage === "deleted");
    await row(/^Trash, 1 run/).waitFor();
    await editor.screenshot("deleted-run");
    await answer(editor, "sweep-eta is deleted.", "Undo");
    await until("it is back", async () => (await runOf("sweep")).info.lifecycle_stage === "active");
    await row(/^Trash/).waitFor({ state: "detached" });
    await row(/^sweep-eta, finished/).waitFor();
    await editor.runCommand("Flowdeck: Clear Chosen Runs");
    await row(/^sweep-eta, finished.* [hm]$/).waitFor();
    await editor.closeEverything();
  }),
);

test("a chosen metric stands behind the runs, and a filter leaves what matches below its parents", { skip }, () =>
  editor.step("filter", async () => {
    await choose(row(/^wine-quality/), "Choose Metric of Runs…");
    await editor.quickPick("rmse");
    await row(/^last, finished, rmse 0\.900/).waitFor();
    await editor.runCommand("Flowdeck: Filter Experiments View…");
    await editor.quickInput("Filter of the Experiments view", "metrics.rmse < ");
    await page().locator(".quick-input-message", { hasText: /\w/ }).waitFor();
    await editor.screenshot("wrong-filter");
    await editor.quickInput("Filter of the Experiments view", "metrics.rmse < 0.6 OR params.eta = '0.9'");
    await row(/^wine-quality, 2 of 5 runs/).waitFor();
    await row(/^eta-tiny, finished, rmse 0\.557/).waitFor();
    await row(/^sweep.*, does not match the filter/).waitFor();
    await row(/^last, finished/).waitFor({ state: "detached" });
    await page().locator(".pane-header[aria-label^='Experiments'] .description", { hasText: "2 of 5 runs" }).waitFor();
    await editor.screenshot("filter");
    // What matches from here on appears by itself.
    await addRun("newest", { loss: 0.9 });
    await row(/^newest, finished/).waitFor();
    await editor.runCommand("Flowdeck: Clear Filter of Experiments View");
    await row(/^last, finished, rmse 0\.900/).waitFor();
  }),
);

test("one more store is shown beside the folder's; one of an unknown schema offers nothing that writes", { skip }, () =>
  editor.step("stores", async () => {
    mkdirSync(join(base, "cluster"));
    const other = join(base, "cluster/other.db");
    createManyRuns(other, 1_210, 3);
    const db = new DatabaseSync(other);
    db.exec("UPDATE alembic_version SET version_num = 'fedcba987654'");
    db.close();
    const place = `vscode.Uri.file(${JSON.stringify(other)})`;
    await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.stores.add", ${place})`);
    await row(/^other\.db, cluster · read-only/).waitFor();
    await row(/^Default, 1,210 runs/).waitFor();
    const menu = await offered(row(/^Default, 1,210 runs/));
    ok(menu.includes("Open Experiment"));
    deepEqual(
      menu.filter((label) => /Rename|Tag|Describe|Delete/.test(label)),
      [],
    );
    ok((await offered(row(/^wine-quality/))).includes("Rename Experiment…"));
    await editor.screenshot("two-stores");
    // A hundred at a time, of the 121 that have no parent: the row that loads more stands below them.
    await unfold(row(/^Default, 1,210 runs/));
    await findRow(experiments(), /^run-1209, /);
    await clickFor(await findRow(experiments(), /^Default, 1,210 runs/), editor.panel().locator(".grid"));
    const more = await findRow(experiments(), /^Load 100 more/);
    await more.click();
    await more.waitFor({ state: "detached" });
    await findRow(experiments(), /^run-9, /);
    await editor.closeEverything();
    await choose(await findRow(experiments(), /^other\.db/), "Remove Store from View…");
    await row(/^other\.db/).waitFor({ state: "detached" });
  }),
);

test("a trash that holds nothing but a logged model is shown, and emptied", { skip }, () =>
  editor.step("purge-model", async () => {
    const { info } = await store.createLoggedModel({ experiment_id: "1", name: "elastic", params: [], tags: [] });
    await store.deleteLoggedModel({ model_id: info.model_id });
    await row(/^Trash, 1 logged model/).waitFor();
    await unfold(row(/^Trash/));
    await row(/^elastic, deleted logged model, wine-quality/).waitFor();
    ok((await offered(row(/^elastic, deleted/))).includes("Purge Trash…"));
    await choose(row(/^Trash/), "Purge Trash…");
    const dialog = page().locator(".monaco-dialog-box");
    await dialog.getByText("1 logged model and no artifacts go for good.").waitFor();
    await editor.screenshot("trash-model");
    await dialog.getByRole("button", { name: "Purge…" }).click();
    await editor.quickInput("Purge mlflow.db", "mlflow.db");
    await row(/^Trash/).waitFor({ state: "detached" });
    equal((await store.countTrashedModels({})).models, 0);
  }),
);

test("what was deleted is removed for good only after the dry run and its name", { skip }, () =>
  editor.step("purge", async () => {
    const { artifact_uri } = (await runOf("first")).info;
    await choose(row(/^first, finished/), "Delete Run");
    await row(/^Trash, 1 run/).waitFor();
    await unfold(row(/^Trash/));
    await row(/^first, deleted run, wine-quality · 10 kB/).waitFor();
    const purge = async () => {
      await choose(row(/^first, deleted run/), "Purge Trash…");
      const dialog = page().locator(".monaco-dialog-box");
      await dialog.getByText("Remove first for good?").waitFor();
      await dialog.getByText("1 run, 2 metric points and 10 kB of artifacts go for good.").waitFor();
      return dialog;
    };
    await editor.screenshot("trash-sizes");
    await (await purge()).getByRole("button", { name: "Cancel" }).click();
    equal((await runOf("first")).info.lifecycle_stage, "deleted");
    const dialog = await purge();
    await editor.screenshot("dry-run");
    await dialog.getByRole("button", { name: "Purge…" }).click();
    await editor.quickInput("Purge first", "frist");
    equal((await runOf("first")).info.lifecycle_stage, "deleted");
    await editor.quickInput("Purge first", "first");
    await row(/^Trash/).waitFor({ state: "detached" });
    await until("its artifacts are gone", () => !existsSync(artifact_uri));
    await runOf("first").then(
      () => ok(false, "the run is still there"),
      (error: unknown) => ok(String(error).includes(ids["first"] ?? "")),
    );
    ok(existsSync((await runOf("last")).info.artifact_uri));
    await editor.screenshot("purged");
  }),
);
