import { equal } from "node:assert/strict";
import { existsSync, mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { withRun } from "../store/oneRun.ts";
import { temporaryFolder } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// A store that is moved, removed, swapped or put back while the Experiment panel shows it: a sentence, a next step, nothing lost.

const skip = e2eSkip;
const folder = temporaryFolder("flowdeck-replaced-");
const database = join(folder, "mlflow.db");
const aside = join(temporaryFolder("flowdeck-aside-"), "mlflow.db");
let editor: Editor;
let experiment_id: string;

/** A database with one experiment of some runs. */
async function create(path: string, name: string, runs: string[]): Promise<string> {
  const store = openStore(storeUri(path));
  const made = await store.createExperiment({ name });
  for (const run_name of runs) {
    const { info } = await store.createRun({ experiment_id: made.experiment_id, run_name });
    const metrics = [0, 1].map((step) => ({ key: "loss", value: 1 / (step + 1), timestamp: step, step }));
    await store.logBatch({ run_id: info.run_id, metrics, params: [], tags: [] });
  }
  store.close();
  return made.experiment_id;
}

/** With what SQLite keeps beside it. */
function move(from: string, to: string): void {
  for (const end of ["", "-wal", "-shm"]) if (existsSync(from + end)) renameSync(from + end, to + end);
}

before(async () => {
  if (skip !== false) return;
  experiment_id = await create(database, "wine", ["hare", "fox"]);
  editor = await openEditor({ name: "replaced" });
  await editor.openFolder(folder);
  await editor.step("first-rows", async () => {
    await open(storeUri(database), experiment_id);
    await row("hare").waitFor({ timeout: 60_000 });
  });
});
after(() => editor?.close());

async function open(uri: string, id: string): Promise<void> {
  const target = JSON.stringify({ uri, experiment_id: id });
  await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.tracking.openExperiment", ${target})`);
}

const row = (name: string) => editor.panel().locator(".gridBody").getByText(name, { exact: true }).first();
const notice = (text: string) => editor.panel().locator(".notice", { hasText: text });

/** Nothing is told any more, and what is logged shows. */
async function isBack(run_name: string): Promise<void> {
  await editor.panel().locator(".notice").waitFor({ state: "detached" });
  const store = openStore(storeUri(database));
  await store.createRun({ experiment_id, run_name });
  store.close();
  await row(run_name).waitFor();
}

test("a database that is removed: its runs stay to be read, and go on when it is put back", { skip }, () =>
  editor.step("removed", async () => {
    move(database, aside);
    await notice("wine is no longer in mlflow.db; these runs are from a moment ago.").waitFor();
    await notice("wine is no longer").getByRole("button", { name: "Retry" }).click();
    await notice("wine is no longer").waitFor();
    await row("hare").waitFor();
    await editor.screenshot("removed");
    move(aside, database);
    await isBack("owl");
  }),
);

test("a folder in the place of the database is named, and the runs stay", { skip }, () =>
  editor.step("folder", async () => {
    move(database, aside);
    mkdirSync(database);
    await notice("mlflow.db is a folder and no database, so no run can be read from it").waitFor();
    await row("owl").waitFor();
    await editor.screenshot("folder");
    rmdirSync(database);
    move(aside, database);
    await isBack("bee");
  }),
);

test(
  "another database in its place is told as one, shown when asked for, and the first one when it is opened",
  {
    skip,
  },
  () =>
    editor.step("swapped", async () => {
      const other = join(temporaryFolder("flowdeck-other-"), "mlflow.db");
      equal(await create(other, "trees", ["oak"]), experiment_id);
      move(database, aside);
      move(other, database);
      const told = notice("mlflow.db was replaced and has the experiment trees in place of wine");
      await told.waitFor();
      await row("bee").waitFor();
      equal(await row("oak").count(), 0);
      await editor.screenshot("swapped");
      await editor.panel().locator("canvas").first().waitFor();
      await told.getByRole("button", { name: "Show What Is There" }).click();
      await row("oak").waitFor();
      equal(await row("bee").count(), 0);
      await editor.page.locator(".tab.active", { hasText: "trees" }).waitFor();
      await editor.panel().locator(".chartBar", { hasText: "1 chart · 1 run" }).waitFor();
      move(database, other);
      move(aside, database);
      await notice("has the experiment wine in place of trees").waitFor();
      // From the Experiments view, or by any other way.
      await open(storeUri(database), experiment_id);
      await row("bee").waitFor();
      await isBack("ant");
    }),
);

test("an experiment that is deleted is in the trash, and restored from its panel", { skip }, () =>
  editor.step("deleted", async () => {
    const store = openStore(storeUri(database));
    await store.deleteExperiment({ experiment_id });
    await editor.panel().getByText("wine is in the trash, and its runs with it.").waitFor();
    await editor.screenshot("deleted");
    await editor.panel().getByRole("button", { name: "Restore" }).click();
    await row("ant").waitFor();
    store.close();
  }),
);

test("a folder of runs that is moved away and back", { skip }, () =>
  editor.step("mlruns", async () => {
    const { root, store, experiment_id: id } = await withRun();
    store.close();
    await open(storeUri(root, "files"), id);
    await row("kept").waitFor();
    renameSync(root, `${root}-away`);
    await notice("trees is no longer in mlruns; these runs are from a moment ago.").waitFor();
    await row("kept").waitFor();
    await editor.screenshot("mlruns");
    renameSync(`${root}-away`, root);
    await editor.panel().locator(".notice").waitFor({ state: "detached" });
    await row("kept").waitFor();
  }),
);
