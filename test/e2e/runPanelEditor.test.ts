import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { artifactUriParts } from "../../src/extension/tracking/artifacts/artifactUri.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { clickFor, focusOn } from "./support/rows.ts";
import { answer, told } from "./support/told.ts";

// The Run panel in the editor: what leaves the page for VS Code's own editors, commands, keys and a reload of the window.

const skip = e2eSkip;
const folder = join(realpathSync(temporaryFolder("flowdeck-run-editor-")), "repo");
const database = join(folder, "mlflow.db");
let editor: Editor;
let store: Store;
let commit: string;
const ids: Record<string, string> = {};

const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { encoding: "utf8" }).trim();

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  git("init", "-q");
  writeFileSync(join(folder, "train.py"), "eta = 0.06  # as it was\n");
  git("add", ".");
  git("-c", "user.name=m", "-c", "user.email=m@example.org", "commit", "-qm", "one");
  commit = git("rev-parse", "HEAD");
  writeFileSync(join(folder, "train.py"), "eta = 0.5  # as it is\n");
  store = openStore(storeUri(database));
  const { experiment_id } = await store.createExperiment({ name: "wine" });
  for (const [i, name] of ["first", "second", "third"].entries()) {
    const tags = [
      { key: RUN_TAG.sourceName, value: join(folder, "train.py") },
      { key: RUN_TAG.gitCommit, value: commit },
      { key: RUN_TAG.note, value: "Lower **eta**." },
    ];
    const start_time = 1_700_000_000_000 + i * 1000;
    const { info } = await store.createRun({ experiment_id, run_name: name, start_time, tags });
    ids[name] = info.run_id;
    mkdirSync(info.artifact_uri, { recursive: true });
    writeFileSync(join(info.artifact_uri, "notes.txt"), `of ${name}\n`);
    // Never opened in an editor, whose own memory would name it too.
    writeFileSync(join(info.artifact_uri, "kept.txt"), `kept of ${name}\n`);
    const metric = { key: "loss", value: i, timestamp: start_time, step: 0 };
    await store.logBatch({ run_id: info.run_id, metrics: [metric], params: [], tags: [] });
    await store.updateRun({ run_id: info.run_id, status: "FINISHED", end_time: start_time + 500 });
  }
  // In a browser VS Code saves by itself, and nothing would be unsaved.
  editor = await openEditor({ name: "runPanelEditor", settings: { "files.autoSave": "off" } });
  await editor.openFolder(folder);
  await editor.showFlowdeck();
  await clickFor(
    editor.treeItem(/^second, finished/).first(),
    editor.page.locator(".tab.active", { hasText: "second" }),
  );
  await editor.panel().getByRole("tab", { name: "Artifacts" }).waitFor();
});
after(async () => {
  await editor?.close();
  store?.close();
});

const run = (name: string) => store.getRun({ run_id: ids[name] ?? "" });
const tagOf = async (name: string, key: string) => (await run(name)).data.tags.find((tag) => tag.key === key)?.value;

async function backToPanel(name: string): Promise<void> {
  await editor.page.locator(".tab", { hasText: name }).first().click();
  // A page that is being made hears no key.
  await editor.panel().locator(".runHeader").waitFor();
}

/** A document's text, asked of VS Code as any extension may. */
async function documentText(place: { uri: string; id: string; path: string }): Promise<unknown> {
  const parts = JSON.stringify({ scheme: "mlflow-artifact", ...artifactUriParts(place) });
  return editor.evaluate(`return (await vscode.workspace.openTextDocument(vscode.Uri.from(${parts}))).getText()`);
}

test(
  "an artifact opens in the editor as its own file; through the artifact file system it reads the same",
  { skip },
  () =>
    editor.step("artifact", async () => {
      await editor.panel().getByRole("treeitem", { name: "notes.txt" }).dblclick();
      await editor.page.locator(".tab.active", { hasText: "notes.txt" }).waitFor();
      await editor.page.locator(".view-line", { hasText: "of second" }).first().waitFor();
      const place = { uri: storeUri(database), id: ids["third"] ?? "", path: "notes.txt" };
      equal(await documentText(place), "of third\n");
      const { authority } = artifactUriParts(place);
      const root = JSON.stringify({ scheme: "mlflow-artifact", authority, path: `/${place.id}` });
      deepEqual(
        await editor.evaluate(
          `return (await vscode.workspace.fs.readDirectory(vscode.Uri.from(${root}))).map(([name]) => name)`,
        ),
        ["kept.txt", "notes.txt"],
      );
      const refused = await editor.evaluate(`
      const uri = vscode.Uri.joinPath(vscode.Uri.from(${root}), "notes.txt");
      try { await vscode.workspace.fs.writeFile(uri, Buffer.from("x")); return "written"; } catch { return "refused"; }`);
      equal(refused, "refused");
      // Compare-with works: VS Code's own diff over two runs' artifacts.
      await editor.evaluate(`
      const of = (run) => vscode.Uri.from({ ...${root}, path: "/" + run + "/notes.txt" });
      await vscode.commands.executeCommand("vscode.diff", of("${ids["first"]}"), of("${ids["third"]}"), "first and third")`);
      await editor.page.locator(".tab.active", { hasText: "first and third" }).waitFor();
      await editor.page.locator(".diff-hidden-lines, .view-line", { hasText: "of third" }).first().waitFor();
      await editor.screenshot("diff");
    }),
);

test("a note is written in an editor of its own and shown in the panel", { skip }, () =>
  editor.step("note", async () => {
    await backToPanel("second");
    await editor.panel().locator(".markdown strong", { hasText: "eta" }).waitFor();
    await focusOn(editor.panel().getByRole("tab", { name: "Overview" }));
    await editor.page.keyboard.press("e");
    await editor.page.locator(".tab.active", { hasText: "Note of second.md" }).waitFor();
    await until("the note's editor", () => editor.evaluate("return vscode.window.activeTextEditor !== undefined"));
    await editor.evaluate(`
      const { document } = vscode.window.activeTextEditor;
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), "# Plan\\n\\n");
      await vscode.workspace.applyEdit(edit);
      await document.save();`);
    await until("the tag", async () => (await tagOf("second", RUN_TAG.note)) === "# Plan\n\nLower **eta**.");
    await editor.panel().locator(".markdown h1", { hasText: "Plan" }).waitFor();
    await editor.screenshot("note");
    // A note that someone else writes is followed by the open document.
    await store.setTag({ run_id: ids["second"] ?? "", key: RUN_TAG.note, value: "From elsewhere." });
    await until(
      "the document follows",
      async () =>
        (await editor.evaluate("return vscode.window.activeTextEditor?.document.getText()")) === "From elsewhere.",
    );
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeActiveEditor")');
  }),
);

test(
  "keys lead to sections of the panel and not to other tabs; the next run takes its place with the section",
  { skip },
  () =>
    editor.step("keys", async () => {
      await backToPanel("second");
      const panel = editor.panel();
      await focusOn(panel.getByRole("tab", { name: "Overview" }));
      await editor.page.keyboard.press("Alt+2");
      await panel.locator(".compact.metrics.wide").waitFor();
      await editor.page.locator(".tab.active", { hasText: "second" }).waitFor();
      await focusOn(panel.getByRole("tab", { name: "Metrics" }));
      // Newest first: the next one is the older.
      await editor.page.keyboard.press("]");
      await editor.page.locator(".tab.active", { hasText: "first" }).waitFor();
      await editor.panel().locator(".compact.metrics.wide").waitFor();
      await editor.runCommand("Flowdeck: Previous Run");
      await editor.page.locator(".tab.active", { hasText: "second" }).waitFor();
      await editor.runCommand("Flowdeck: Go to Section of Run");
      await editor.quickPick("Artifacts");
      await editor.panel().getByRole("tab", { name: "Artifacts", selected: true }).waitFor();
    }),
);

test("a run is renamed, deleted, brought back and tagged by commands", { skip }, () =>
  editor.step("commands", async () => {
    await editor.runCommand("Flowdeck: Rename Run");
    const name = editor.panel().getByRole("textbox", { name: "Name of the run" });
    await name.fill("renamed");
    await name.press("Enter");
    await until("the name", async () => (await run("second")).info.run_name === "renamed");
    await editor.page.locator(".tab.active", { hasText: "renamed" }).waitFor();
    await editor
      .panel()
      .getByRole("button", { name: /^More actions/ })
      .click();
    const menu = editor.page.getByRole("menuitem");
    await menu.filter({ hasText: "Check Out Commit in Worktree" }).waitFor();
    equal(await menu.filter({ hasText: "Restore Run" }).count(), 0);
    await editor.screenshot("menu");
    await menu.filter({ hasText: "Copy Run ID" }).waitFor();
    await editor.page.keyboard.press("Escape");
    // The menu leaves the focus nowhere.
    await editor.panel().getByRole("tab", { name: "Artifacts" }).click();
    await editor.runCommand("Flowdeck: Set Tag of Run");
    await editor.quickInput("Key of the tag", "team");
    await editor.quickInput("Value of team", "tabular");
    await until("the tag", async () => (await tagOf("second", "team")) === "tabular");
    await editor.runCommand("Flowdeck: Set Direction of Metric");
    await editor.quickInput("Metric, as it was logged", "gap");
    await editor.quickPick("Lower is better");
    const settings = join(folder, ".vscode/settings.json");
    await until("the setting", () => existsSync(settings) && readFileSync(settings, "utf8").includes('"gap": "lower"'));
    await editor.runCommand("Flowdeck: Delete Run");
    await until("deleted", async () => (await run("second")).info.lifecycle_stage === "deleted");
    await editor.panel().getByRole("button", { name: "Restore" }).waitFor();
    await editor.screenshot("deleted");
    await answer(editor, "is deleted", "Undo");
    await until("active", async () => (await run("second")).info.lifecycle_stage === "active");
  }),
);

test("its source opens as it was at the commit, which is checked out in a worktree when asked", { skip }, () =>
  editor.step("source", async () => {
    await editor.runCommand("Flowdeck: Open Source at Commit");
    await editor.page.locator(".view-line", { hasText: "as it was" }).first().waitFor();
    await backToPanel("renamed");
    await editor.runCommand("Flowdeck: Check Out Commit in Worktree");
    const beside = join(dirname(folder), `repo-${commit.slice(0, 7)}`);
    await editor.quickPick(basename(beside));
    await until("the worktree", () => existsSync(join(beside, "train.py")));
    await told(editor, "is checked out in");
    await editor.screenshot("worktree");
    equal(git("status", "--short", "train.py"), "M train.py");
  }),
);

test("the panel comes back after a reload with section, artifact and folders as they were", { skip }, () =>
  editor.step("reload", async () => {
    await backToPanel("renamed");
    await editor.panel().getByRole("treeitem", { name: "kept.txt" }).click();
    await editor.panel().locator(".codeRow", { hasText: "kept of second" }).waitFor();
    ok(await until("the state is saved", () => editor.hasSaved("kept.txt"), 60_000));
    await editor.reload();
    await editor.panel().getByRole("tab", { name: "Artifacts", selected: true }).waitFor();
    await editor.panel().locator(".codeRow", { hasText: "kept of second" }).waitFor();
    await editor.screenshot("restored");
  }),
);

test(
  "a note that was changed elsewhere meanwhile is not overwritten, be it as long as before and the window reloaded",
  {
    skip,
  },
  () =>
    editor.step("note-conflict", async () => {
      const third = { run_id: ids["third"] ?? "", key: RUN_TAG.note };
      const note = () => tagOf("third", RUN_TAG.note);
      const saving = () => editor.evaluate("return vscode.window.activeTextEditor.document.save()");
      const refused = editor.page.locator(".notification-list-item", { hasText: "Note of third.md" });
      await store.setTag({ ...third, value: "Ours: 1." });
      const target = JSON.stringify({ uri: storeUri(database), run_id: third.run_id });
      await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.tracking.editNote", ${target})`);
      await editor.page.locator(".tab.active", { hasText: "Note of third.md" }).waitFor();
      const type = `
      const edit = new vscode.WorkspaceEdit();
      edit.insert(vscode.window.activeTextEditor.document.uri, new vscode.Position(0, 0), "Unsaved. ");
      await vscode.workspace.applyEdit(edit);`;
      await editor.evaluate(type);
      await store.setTag({ ...third, value: "Else: 2." });
      // Whoever saves first wins; the other is asked.
      equal(await saving(), false);
      await refused.first().waitFor();
      equal(await note(), "Else: 2.");
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.files.revert")');
      await editor.evaluate('await vscode.commands.executeCommand("notifications.clearAll")');
      await editor.evaluate(type);
      await until("VS Code keeps what is not saved", () => keepsUnsaved("Unsaved. Else: 2."), 60_000);
      await store.setTag({ ...third, value: "More: 3." });
      await editor.reload();
      await editor.page.locator(".tab", { hasText: "Note of third.md" }).click();
      await until(
        "the unsaved text is back",
        async () =>
          (await editor.evaluate("return vscode.window.activeTextEditor?.document.getText()")) === "Unsaved. Else: 2.",
      );
      equal(await saving(), false);
      await refused.first().waitFor();
      await editor.screenshot("note-conflict");
      equal(await note(), "More: 3.");
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.files.revert")');
      const text = () => editor.evaluate("return vscode.window.activeTextEditor?.document.getText()");
      await until("the other's text is there", async () => (await text()) === "More: 3.");
      await editor.evaluate('await vscode.commands.executeCommand("notifications.clearAll")');
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeActiveEditor")');
    }),
);

/** Whether VS Code holds a copy of this text for after a reload. */
function keepsUnsaved(text: string): boolean {
  const kept = globSync(join(editor.server.userData, "**/Backups/**/*")).filter((path) => statSync(path).isFile());
  return kept.some((path) => readFileSync(path, "utf8").includes(text));
}
