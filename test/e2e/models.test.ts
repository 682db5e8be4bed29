import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { readHistory } from "../../src/models/history.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { damagedRegistry } from "../support/damagedRegistry.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { type RealModels, realModels } from "../support/realModels.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, clickFor, findRow, focused, unfold } from "./support/rows.ts";
import { answer } from "./support/told.ts";

// The Models view over models that mlflow itself logged and registered. The tests take turns.

const skip = e2eSkip || skipWithout(findPython(), "Python with mlflow");
const folder = join(realpathSync(temporaryFolder("flowdeck-models-")), "wine");
let editor: Editor;
let store: Store;
let real: RealModels;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  real = await realModels(folder);
  addVersions();
  store = openStore(real.uri);
  editor = await openEditor({ name: "models" });
  await editor.openFolder(folder);
  await editor.onlyViews("Models");
});
/** What no client of a database can make: a registration that failed, and a model of many versions at once. */
function addVersions(): void {
  const database = openConnection(join(folder, "mlflow.db"), { busyTimeout: 1_000 });
  database
    .prepare<[], never>(
      `UPDATE model_versions SET status = 'FAILED_REGISTRATION', status_message = 'Its files are gone.' WHERE name = 'forecast'`,
    )
    .run();
  database
    .prepare<[], never>(
      `INSERT INTO registered_models (name, creation_time, last_updated_time, workspace) VALUES ('zinfandel', 1, 1, 'default')`,
    )
    .run();
  database
    .prepare<[], never>(
      `WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 130)
       INSERT INTO model_versions (name, version, creation_time, last_updated_time, current_stage, source, status, workspace)
       SELECT 'zinfandel', v, v, v, 'None', '/data/model', 'READY', 'default' FROM n`,
    )
    .run();
  database.close();
}

after(async () => {
  await editor?.close();
  store?.close();
});

const page = () => editor.page;
const row = (name: string | RegExp) => editor.treeItem(name).first();
const view = () => editor.view("Models");
const dialog = () => page().locator(".monaco-dialog-box");
const picks = () => page().locator(".quick-input-widget:visible .monaco-list-row");

/** Types into the open box and takes what it offers first. */
async function take(title: string, text: string, first: string): Promise<void> {
  const box = page().locator(".quick-input-widget:visible", {
    has: page().locator(".quick-input-title", { hasText: title }),
  });
  await box.locator(".quick-input-box input").fill(text);
  await box.locator(".monaco-list-row.focused", { hasText: first }).waitFor();
  await page().keyboard.press("Enter");
}

const trail = async (name: string) => readHistory((await store.getRegisteredModel({ name })).tags).entries;
/** The last act of a trail of `length`: its tag is written after what it tells, so rows may show that first. */
const lastOf = (name: string, length: number) =>
  until(`${length} acts are kept`, async () => {
    const entries = await trail(name);
    return entries.length === length && entries[0];
  });
const aliasesOf = async (name: string) => {
  const { aliases } = await store.getRegisteredModel({ name });
  return aliases.map(({ alias, version }) => `${alias} ${version}`).toSorted();
};

test("versions stand below their models with aliases and stages", { skip }, () =>
  editor.step("rows", async () => {
    await row(/^wine-quality, 4 versions/).waitFor();
    await unfold(row(/^wine-quality, 4 versions/));
    await row(/^Version 4/).waitFor();
    await row(/^Version 3, @challenger · Staging/).waitFor();
    await row(/^Version 2, @champion · Production/).waitFor();
    await row(/^Version 1, Archived/).waitFor();
    await unfold(row(/^forecast, 1 version/));
    await row(/^Version 1, failed/).waitFor();
    await page().mouse.move(720, 0);
    await editor.inThemes("rows", () => row(/^Version 2, @champion · Production/).waitFor());
    await unfold(row(/^forecast, 1 version/), false);
  }),
);

test("a model is created, and gets a version of what a run has logged", { skip }, () =>
  editor.step("create", async () => {
    await editor.runCommand("Flowdeck: Create Registered Model…");
    await editor.quickInput("Name of the registered model", "white-wine");
    await row(/^white-wine, no versions/).waitFor();
    const [version] = real.models["wine-boosted"];
    ok(version !== undefined);
    await editor.evaluate(
      `return void vscode.commands.executeCommand("flowdeck.models.registerRun", { uri: ${JSON.stringify(real.uri)}, run_id: ${JSON.stringify(version.run_id)} })`,
    );
    await take("Registered model of the new version", "white-wine", "white-wine");
    await row(/^white-wine, 1 version/).waitFor();
    const made = await store.getModelVersion({ name: "white-wine", version: "1" });
    deepEqual([made.source, made.run_id], [`models:/${version.model_id}`, version.run_id]);
  }),
);

test("a stage archives the version that has it, when it is asked to, and leaves a trail", { skip }, () =>
  editor.step("stage", async () => {
    await choose(row(/^Version 3, @challenger/), "Set Stage of Model Version…");
    await editor.quickPick("Production");
    await picks().filter({ hasText: "Leave version 2 in Production" }).waitFor();
    await editor.screenshot("archive");
    await editor.quickPick("Archive version 2");
    await row(/^Version 3, @challenger · Production/).waitFor();
    await row(/^Version 2, @champion · Archived/).waitFor();
    const last = await lastOf("wine-quality", 1);
    ok(last.what === "stage");
    deepEqual([last.version, last.from, last.to, last.archived], ["3", "Staging", "Production", ["2"]]);
    match(last.who, /\w/);
  }),
);

test("what differs is on screen before a version takes the place of another one", { skip }, () =>
  editor.step("promote", async () => {
    await choose(row(/^Version 4/), "Promote Model Version…");
    await editor.quickPick("@champion");
    const first = picks().filter({ hasText: "Promote version 4 to @champion" });
    await first.waitFor();
    const review = page().locator(".quick-input-widget:visible");
    for (const text of ["rmse", "r2", "beside version 2", "Signature: another than version 2", "Environment:"]) {
      await review.getByText(text).first().waitFor();
    }
    await page().mouse.move(720, 700);
    await editor.inThemes("review", () => first.waitFor());
    await review.getByRole("button", { name: "Open MLmodel Files as Diff" }).click();
    await page().locator(".tab.active", { hasText: "MLmodel: wine-quality 2 ↔ 4" }).waitFor();
    // A line of the review is none of the ways.
    await picks().filter({ hasText: "rmse" }).first().click();
    await first.waitFor();
    await first.click();
    await row(/^Version 4, @champion/).waitFor();
    deepEqual(await aliasesOf("wine-quality"), ["challenger 3", "champion 4"]);
    const last = await lastOf("wine-quality", 2);
    ok(last.what === "alias");
    deepEqual([last.alias, last.from, last.to], ["champion", "2", "4"]);
    await answer(editor, "@champion is version 4 of wine-quality, moved from 2.", "Undo");
    await until("it is as before", async () => (await aliasesOf("wine-quality")).includes("champion 2"));
    await lastOf("wine-quality", 3);
  }),
);

test("an alias is given and taken away from the row of a version", { skip }, () =>
  editor.step("alias", async () => {
    await choose(row(/^Version 1, Archived/), "Set Alias of Model Version…");
    await editor.quickPick("Another Alias…");
    await editor.quickInput("Alias of version 1", "@first");
    await row(/^Version 1, @first · Archived/).waitFor();
    await choose(row(/^Version 1, @first/), "Remove Alias of Model Version…");
    await row(/^Version 1, Archived/).waitFor();
    await editor.closeEverything();
  }),
);

test("the menu of a row finds its row while the view is read again and again", { skip }, () =>
  editor.step("menu", async () => {
    await page().context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const clipboard = () => editor.evaluate("return vscode.env.clipboard.readText()");
    const writing = new AbortController();
    const written = (async () => {
      for (let turn = 1; !writing.signal.aborted; turn += 1) {
        await store.setRegisteredModelTag({ name: "wine-quality", key: "turn", value: String(turn) });
        await setTimeout(10);
      }
    })();
    for (let turn = 0; turn < 12; turn += 1) {
      await editor.evaluate('await vscode.env.clipboard.writeText("")');
      await choose(row(/^Version 3, @challenger/), "Copy URI of Model Version");
      await until(
        "the version of the row is copied",
        async () => (await clipboard()) === "models:/wine-quality/3",
        30_000,
      );
    }
    writing.abort();
    await written;
    await store.deleteRegisteredModelTag({ name: "wine-quality", key: "turn" });
  }),
);

test("a version is copied to another model with its words", { skip }, () =>
  editor.step("copy", async () => {
    await choose(row(/^Version 1, Archived/), "Copy Model Version to Another Model…");
    await take("Copy version 1 of wine-quality to", "wine-copy", "new registered model");
    await row(/^wine-copy, 1 version/).waitFor();
    const [copy, of] = await Promise.all([
      store.getModelVersion({ name: "wine-copy", version: "1" }),
      store.getModelVersion({ name: "wine-quality", version: "1" }),
    ]);
    equal(copy.source, "models:/wine-quality/1");
    deepEqual([copy.run_id, copy.description, copy.tags], [of.run_id, of.description, of.tags]);
  }),
);

test("a description is written as Markdown in an editor", { skip }, () =>
  editor.step("describe", async () => {
    await choose(row(/^wine-copy/), "Edit Description of Model");
    await page().locator(".tab.active", { hasText: "About wine-copy" }).waitFor();
    await page().locator(".monaco-editor.focused").waitFor();
    await page().keyboard.type("Scores **red** wines.");
    await editor.evaluate("await vscode.window.activeTextEditor.document.save()");
    // VS Code may save it by itself, and ends the saving that was asked for at once then.
    await until("it is written", async () => {
      const { description } = await store.getRegisteredModel({ name: "wine-copy" });
      return description === "Scores **red** wines.";
    });
    await editor.closeEverything();
  }),
);

test(
  "a click opens a model, its key renames it, and one whose name is taken is refused while it is typed",
  { skip },
  () =>
    editor.step("rename", async () => {
      await clickFor(row(/^wine-copy/), page().locator(".tab.active", { hasText: "wine-copy" }));
      await editor.closeEverything();
      await editor.evaluate('await vscode.commands.executeCommand("flowdeck.models.focus")');
      await focused(view(), /^wine-copy/);
      await page().keyboard.press("F2");
      const input = page().locator(".quick-input-widget:visible input");
      await input.fill("wine-quality");
      await page().locator(".quick-input-message", { hasText: "has a registered model of this name" }).waitFor();
      await input.fill("red-wine");
      await page().keyboard.press("Enter");
      await row(/^red-wine, 1 version/).waitFor();
    }),
);

test("a version and a model are deleted after a question that names what goes", { skip }, () =>
  editor.step("delete", async () => {
    await choose(row(/^Version 3, @challenger/), "Delete Model Version…");
    await dialog().getByText("Delete version 3 of wine-quality?").waitFor();
    await dialog()
      .getByText(/@challenger falls with it/)
      .waitFor();
    await editor.screenshot("delete");
    await dialog().getByRole("button", { name: "Cancel" }).click();
    await store.getModelVersion({ name: "wine-quality", version: "3" });
    await choose(row(/^Version 3, @challenger/), "Delete Model Version…");
    await dialog().getByRole("button", { name: "Delete" }).click();
    await row(/^wine-quality, 3 versions/).waitFor();
    deepEqual(await aliasesOf("wine-quality"), ["champion 2"]);
    await choose(row(/^red-wine/), "Delete Registered Model…");
    await dialog()
      .getByText(/With it go 1 version\./)
      .waitFor();
    await dialog().getByRole("button", { name: "Delete" }).click();
    await row(/^red-wine/).waitFor({ state: "detached" });
  }),
);

test("a filter is a word or MLflow's grammar, and what is wrong with one is said", { skip }, () =>
  editor.step("filter", async () => {
    // VS Code hands the row that has the focus on to what is chosen from the view's title.
    await clickFor(row(/^wine-quality/), page().locator(".tab.active", { hasText: "wine-quality" }));
    await view().locator(".pane-header").hover();
    await view().getByRole("button", { name: "Filter Models…" }).click();
    const input = page().locator(".quick-input-widget:visible input");
    await input.fill("nome = 'wine'");
    await picks()
      .filter({ hasText: /Invalid attribute key/ })
      .first()
      .waitFor();
    await editor.screenshot("filter");
    await take("Filter of the Models view", "boosted", "name ILIKE '%boosted%'");
    await row(/^wine-quality/).waitFor({ state: "detached" });
    await row(/^wine-boosted/).waitFor();
    await page().getByText("Only models with name ILIKE '%boosted%'").waitFor();
    await editor.runCommand("Flowdeck: Clear Filter of Models");
    await row(/^wine-quality/).waitFor();
  }),
);

test("a model of many versions shows a hundred, and a hundred more when they are asked for", { skip }, () =>
  editor.step("pages", async () => {
    await unfold(await findRow(view(), /^zinfandel, 130 versions/));
    await findRow(view(), /^Version 130, /);
    const more = await findRow(view(), "Load 100 more");
    await more.click();
    await more.waitFor({ state: "detached" });
    await findRow(view(), /^Version 1, /);
    await unfold(await findRow(view(), /^zinfandel, 130 versions/), false);
    await row(/^Version /).waitFor({ state: "detached" });
  }),
);

test("what Python or another window does is seen, without anything being folded", { skip }, () =>
  editor.step("live", async () => {
    // A filter that left it out has folded it.
    await unfold(await findRow(view(), /^wine-quality/));
    await row(/^Version 4/).waitFor();
    const [version] = real.models["wine-quality"];
    const source = `models:/${version?.model_id}`;
    const made = await store.createModelVersion({ name: "wine-quality", source });
    await row(new RegExp(`^Version ${made.version}, `)).waitFor();
    const { versions } = await store.versionRows({ name: "wine-quality", offset: 0, limit: 0 });
    await row(`wine-quality, ${versions} versions`).waitFor();
    await store.setRegisteredModelAlias({ name: "wine-quality", alias: "fresh", version: made.version });
    await row(new RegExp(`^Version ${made.version}, @fresh`)).waitFor();
  }),
);

test("models of several stores stand below their stores", { skip }, () =>
  editor.step("stores", async () => {
    const place = join(folder, "../mlflow.db");
    const other = openStore(`sqlite:///${place}`);
    await other.createRegisteredModel({ name: "elsewhere" });
    await editor.evaluate(
      `await vscode.commands.executeCommand("flowdeck.stores.add", vscode.Uri.file(${JSON.stringify(place)}))`,
    );
    const stores = view().getByRole("treeitem", { name: /^mlflow\.db/ });
    await row(/^elsewhere, no versions/).waitFor();
    await until("both stores have a row", async () => (await stores.count()) === 2);
    await other.createModelVersion({ name: "elsewhere", source: "/data/model" });
    other.close();
    await row(/^elsewhere, 1 version/).waitFor();
    await row(/^wine-quality/).waitFor();
    await page().mouse.move(720, 0);
    await editor.screenshot("stores");
    await editor.evaluate(
      `await vscode.commands.executeCommand("flowdeck.stores.remove", { uri: ${JSON.stringify(`sqlite:///${place}`)} })`,
    );
    await row(/^elsewhere/).waitFor({ state: "detached" });
    await stores.first().waitFor({ state: "detached" });
  }),
);

test("a store whose models cannot be read says so in one row, and those of the others stay", { skip }, () =>
  editor.step("damaged", async () => {
    mkdirSync(join(folder, "../cellar"));
    const place = join(folder, "../cellar/mlflow.db");
    const damaged = await damagedRegistry(place);
    await editor.evaluate(
      `await vscode.commands.executeCommand("flowdeck.stores.add", vscode.Uri.file(${JSON.stringify(place)}))`,
    );
    await row(/^mlflow\.db, mlflow\.db is damaged/).waitFor();
    await row(/^wine-quality/).waitFor();
    await row("Remove Store from View").waitFor();
    await view().getByText("mlflow.db is damaged: database disk image is malformed.").waitFor();
    await page().mouse.move(720, 0);
    await editor.inThemes("damaged", () => row("Remove Store from View").waitFor());
    await editor.runCommand("Flowdeck: Open Model");
    await picks().filter({ hasText: "mlflow.db in cellar cannot be read" }).getByText("is damaged").waitFor();
    await picks().filter({ hasText: "wine-boosted" }).first().waitFor();
    await editor.screenshot("damaged-list");
    await page().keyboard.press("Escape");
    await row("Remove Store from View").click();
    await row("Remove Store from View").waitFor({ state: "detached" });
    await row(/^wine-quality/).waitFor();
    damaged.close();
  }),
);
