import { deepEqual, equal, match, notEqual } from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { createManyRuns } from "../store/manyRuns.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { succeeds } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { told } from "./support/told.ts";

// Windows that are not one trusted folder: several folders with a store each, and a folder that is not trusted.

const base = temporaryFolder("flowdeck-workspaces-");
const open: Editor[] = [];
after(async () => {
  for (const editor of open) await editor.close();
});

const PROJECT = `name: shell
entry_points:
  main:
    command: echo typed > out.txt
`;

function folder(name: string, runs: number): string {
  const made = join(base, name);
  mkdirSync(made);
  if (runs > 0) createManyRuns(join(made, "mlflow.db"), runs, 3);
  return made;
}

test("each folder of a workspace has its own store, server and terminals, also when folders go", {
  skip: e2eSkip,
}, async () => {
  const [one, two, three] = [folder("one", 3), folder("two", 5), folder("three", 7)];
  const file = join(base, "all.code-workspace");
  writeFileSync(file, JSON.stringify({ folders: [{ path: one }, { path: two }, { path: three }] }));
  writeFileSync(join(three, "MLproject"), PROJECT);
  const settings = { "flowdeck.projects.envManager": "local" };
  const editor = await openEditor({ name: "workspaces", settings });
  open.push(editor);
  await editor.step("several-folders", async () => {
    await editor.openWorkspace(file);
    await until(
      "the palette offers to run, though no view was opened",
      () => isOffered(editor, "Flowdeck: Run Entry Point"),
      90_000,
    );
    await editor.showFlowdeck();
    for (const name of ["one", "two", "three"]) await editor.treeItem(new RegExp(`^mlflow\\.db, ${name}$`)).waitFor();
    await editor.screenshot("three-stores");

    const addresses = [await addressIn(editor, one), await addressIn(editor, two), await addressIn(editor, three)];
    equal(new Set(addresses).size, 3, addresses.join());
    for (const address of addresses) match(address, /^http:\/\/127\.0\.0\.1:\d+$/);

    // The other folders' indexes change with this one's going.
    await editor.evaluate("vscode.workspace.updateWorkspaceFolders(1, 1)");
    await editor.treeItem(/^mlflow\.db, two$/).waitFor({ state: "detached" });
    await editor.treeItem(/^mlflow\.db, three$/).waitFor();
    await runTyped(editor, join(three, "MLproject"));
    await until("what was typed has run", () => readFileSync(join(three, "out.txt"), "utf8") === "changed\n");
    await until("the run is in its folder's store", async () => (await finishedRunsIn(editor, three)) === 7, 60_000);
    equal(await finishedRunsIn(editor, one), 2);
  });
});

test("an untrusted folder is shown and nothing of it is run", { skip: e2eSkip }, async () => {
  const place = folder("untrusted", 4);
  writeFileSync(join(place, "MLproject"), PROJECT);
  const settings = {
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
    "security.workspace.trust.untrustedFiles": "open",
    "flowdeck.projects.envManager": "local",
  };
  const editor = await openEditor({ name: "untrusted-run", settings, trusted: false });
  open.push(editor);
  await editor.step("untrusted", async () => {
    await editor.openFolder(place);
    equal(await editor.evaluate("return vscode.workspace.isTrusted"), false);
    await editor.showFlowdeck();
    await editor.treeItem(/^Default, 4 runs/).waitFor();
    await editor.openFile(join(place, "MLproject"));
    await until(
      "the language server has looked at the file",
      () => hasSymbols(editor, join(place, "MLproject")),
      60_000,
    );
    deepEqual(await lensesOf(editor, join(place, "MLproject")), []);
    const refusals = () => editor.log().match(/This workspace is not trusted/g)?.length ?? 0;
    for (const command of [
      "runFromGit",
      "runVersion",
      "runElsewhere",
      "runPreset",
      "runWorkflow",
      "sweep",
      "resume",
      "debug",
      "runWith",
      "run",
    ]) {
      const before = refusals();
      await editor.evaluate(`vscode.commands.executeCommand("flowdeck.projects.${command}"); return 1`);
      // Of several notifications within a second VS Code shows three; each is in its log.
      await until(`${command} says why`, () => refusals() === before + 1, 60_000);
    }
    await editor.evaluate('await vscode.commands.executeCommand("notifications.showList")');
    await editor.page
      .locator(".notifications-center")
      .getByText(/not trusted, so nothing is/)
      .first()
      .waitFor();
    await editor.screenshot("refused");
    await editor.evaluate('await vscode.commands.executeCommand("notifications.clearAll")');
    // Tasks are refused by VS Code itself.
    await editor.runCommand("Tasks: Run Task");
    const dialog = editor.page.locator(".monaco-dialog-box");
    await dialog.getByText(/tasks requires that some of the files in this workspace be executed as code/).waitFor();
    await editor.screenshot("task-refused");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    deepEqual(
      readdirSync(place).filter((name) => !name.startsWith("mlflow.db")),
      ["MLproject"],
    );
    equal(existsSync(join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/servers")), false);

    await editor.evaluate('vscode.commands.executeCommand("flowdeck.projects.run"); return 1');
    await editor.page.getByRole("button", { name: "Manage Workspace Trust" }).first().click();
    await editor.page.getByRole("button", { name: "Trust", exact: true }).click();
    await until("the folder is trusted", () => editor.evaluate("return vscode.workspace.isTrusted"), 60_000);
    await editor.openFile(join(place, "MLproject"));
    await editor.codeLens("Run").first().waitFor();
    notEqual(await addressIn(editor, place), "");
    await editor.screenshot("trusted");
  });
});

test("tracking that was asked for in a folder without data goes on after a reload, and makes no file", {
  skip: e2eSkip,
}, async () => {
  const place = folder("asked", 0);
  const editor = await openEditor({ name: "asked" });
  open.push(editor);
  await editor.step("asked", async () => {
    await editor.openFolder(place);
    await editor.evaluate('vscode.commands.executeCommand("flowdeck.server.start"); return 1');
    await told(editor, /are tracked/);
    const address = await addressIn(editor, place);
    await until("VS Code has kept it", () => editor.hasSaved("flowdeck.server.asked"), 60_000);
    await editor.reload();
    await editor.showFlowdeck();
    await editor.page.getByText("terminals are already set up for it").waitFor();
    equal(await addressIn(editor, place), address);
    deepEqual(
      readdirSync(place).filter((name) => !name.startsWith("uri-")),
      [],
    );
  });
});

/** What a new terminal of `folder` has as its tracking URI. */
async function addressIn(editor: Editor, folder: string): Promise<string> {
  const name = `address of ${basename(folder)}`;
  return until(
    `terminals of ${folder} are set up`,
    async () => {
      const file = join(folder, `uri-${Date.now()}.txt`);
      await editor.evaluate(`
      const terminal = vscode.window.createTerminal({ name: ${JSON.stringify(name)}, cwd: vscode.Uri.file(${JSON.stringify(folder)}) });
      terminal.sendText(${JSON.stringify(`echo "$MLFLOW_TRACKING_URI" > ${file}`)});`);
      const text = await until("the terminal answers", () => existsSync(file) && readFileSync(file, "utf8"), 60_000);
      return text.trim() || undefined;
    },
    60_000,
  );
}

/** Changes the command without saving it, then runs it by the button of the editor's title. */
async function runTyped(editor: Editor, file: string): Promise<void> {
  await editor.openFile(file);
  await editor.evaluate(`
    const document = vscode.window.activeTextEditor.document;
    const at = document.positionAt(document.getText().indexOf("typed"));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(at, at.translate(0, 5)), "changed");
    await vscode.workspace.applyEdit(edit);
    vscode.commands.executeCommand("flowdeck.projects.run", document.uri, { groupId: 0 });`);
  await until("the command ran", () => existsSync(join(file, "../out.txt")), 60_000);
}

/** `createManyRuns` leaves one run running. */
async function finishedRunsIn(editor: Editor, folder: string): Promise<number> {
  const count = await editor.evaluate(`
    const { DatabaseSync } = require("node:sqlite");
    const db = new DatabaseSync(${JSON.stringify(join(folder, "mlflow.db"))}, { readOnly: true });
    const read = db.prepare("SELECT count(*) AS n FROM runs WHERE status = 'FINISHED'").get();
    db.close();
    return read.n;`);
  return Number(count);
}

/** Whether the command palette has a row for this command. */
async function isOffered(editor: Editor, title: string): Promise<boolean> {
  await editor.page.keyboard.press("F1");
  const row = editor.page.locator(".quick-input-widget .monaco-list-row").filter({ hasText: title }).first();
  const found = await succeeds(
    editor.page
      .locator(".quick-input-widget input")
      .fill(`>${title}`, { timeout: 5_000 })
      .then(() => row.waitFor({ timeout: 5_000 })),
  );
  await editor.page.keyboard.press("Escape");
  return found;
}

async function hasSymbols(editor: Editor, file: string): Promise<boolean> {
  const found = await editor.evaluate(`
    return (await vscode.commands.executeCommand("vscode.executeDocumentSymbolProvider", vscode.Uri.file(${JSON.stringify(file)})))?.length ?? 0`);
  return Number(found) > 0;
}

async function lensesOf(editor: Editor, file: string): Promise<unknown> {
  return editor.evaluate(`
    const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", vscode.Uri.file(${JSON.stringify(file)}));
    return lenses.map(({ command }) => command?.title);`);
}
