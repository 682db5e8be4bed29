import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { createCurves } from "./support/curves.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// The Compare panel and the native diffs in the real editor.

const folder = join(temporaryFolder("flowdeck-compare-e2e-"), "wine");
const database = join(folder, "mlflow.db");
let editor: Editor | undefined;
after(async () => editor?.close());

/** Two commits in a repository, and runs of both with a model each. */
async function prepare(): Promise<string[]> {
  mkdirSync(folder);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });
  git("init", "-q");
  writeFileSync(join(folder, ".gitignore"), "mlflow.db*\nmlruns\n");
  const commits = ["eta = 1\n", "eta = 2\n"].map((text) => {
    writeFileSync(join(folder, "train.py"), text);
    git("add", ".");
    git("commit", "-qm", text.trim());
    return git("rev-parse", "HEAD").trim();
  });
  const { run_ids } = await createCurves(database, 30, 4);
  const store = openStore(storeUri(database));
  for (const [n, run_id] of run_ids.slice(-4).entries()) {
    const tags = [
      { key: "mlflow.source.name", value: join(folder, "train.py") },
      { key: "mlflow.source.git.commit", value: commits[n % 2] ?? "" },
    ];
    await store.logBatch({ run_id, metrics: [], params: [], tags });
    const { info } = await store.getRun({ run_id });
    const root = join(info.artifact_uri.replace("file://", ""), "model");
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "MLmodel"), `run_id: ${run_id}\n`);
    writeFileSync(join(root, "requirements.txt"), `xgboost==3.${n}.0\n`);
  }
  store.close();
  return run_ids.slice(-4);
}

test("runs are compared, opened as native diffs, filtered, changed live and back after a reload", {
  skip: e2eSkip,
}, async (t) => {
  const ids = await prepare();
  const uri = storeUri(database);
  const opened = await openEditor({ name: "compare" });
  editor = opened;
  await opened.step("compare", async () => {
    await opened.openFolder(folder);
    const targets = JSON.stringify(ids.map((run_id) => ({ uri, run_id })));
    const run = (command: string, ...args: string[]) =>
      opened.evaluate(
        `await vscode.commands.executeCommand(${[JSON.stringify(command), ...args].join(", ")}); return 1`,
      );
    await run("flowdeck.tracking.compareRuns", targets);
    const panel = opened.panel();
    await panel.getByRole("heading", { name: "Compare 4 runs" }).waitFor();
    await panel.locator(".parallel canvas").first().waitFor();
    await panel.getByText(/^Params · \d of 4 differ$/).waitFor();
    await panel.getByRole("rowheader", { name: "xgboost" }).waitFor();
    await opened.screenshot("compare");

    // Somebody logs params: the table has one within a second of its write.
    const store = openStore(uri);
    const took: number[] = [];
    // Three times the goal, as every figure by the clock, and the best of several: the machine has other work.
    for (let n = 0; n < 8 && !took.some((ms) => ms < 3000); n += 1) {
      const began = performance.now();
      const params = [{ key: `late-${n}`, value: "yes" }];
      await store.logBatch({ run_id: ids[0] ?? "", metrics: [], params, tags: [] });
      await panel.getByRole("rowheader", { name: `late-${n}` }).waitFor();
      took.push(performance.now() - began);
    }
    t.diagnostic(`seen after ${took.map(Math.round).join(", ")} ms`);
    assert.ok(Math.min(...took) < 3000, String(took));

    // The keyboard brushes the last axis; the runs table is filtered to what is in it.
    await panel.locator(".parallel .plot").press("ArrowLeft");
    await panel.locator(".parallel .plot").press("Enter");
    const told = await panel
      .locator(".parallel")
      .getByText(/^\d+ of 30 runs$/)
      .innerText();
    await run("flowdeck.tracking.filterToBrushed");
    await opened.panel().locator("main.experiment").waitFor();
    await opened
      .panel()
      .getByText(`${told.split(" ")[0]} runs`)
      .first()
      .waitFor();
    await opened.panel().locator('.gridBody [role="row"]').nth(2).waitFor();
    await opened.screenshot("filtered");

    const [left, right] = [ids[0], ids[1]].map((run_id) => JSON.stringify({ uri, run_id }));
    await run("flowdeck.tracking.openAsDiff", left ?? "", right ?? "", '"params"');
    const texts = await until("the diff is open", () =>
      opened.evaluate(`
        const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
        if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
        const [a, b] = await Promise.all([input.original, input.modified].map((one) => vscode.workspace.openTextDocument(one)));
        return [a.getText(), b.getText()];
      `),
    );
    assert.match(JSON.stringify(texts), /late-0: yes.*source\.git\.commit/s);
    await opened.screenshot("params-diff");
    const label = () => opened.evaluate("return vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? ''");
    for (const part of ["environment", "everything", "code"]) {
      await run("flowdeck.tracking.openAsDiff", left ?? "", right ?? "", JSON.stringify(part));
      const wanted = { environment: /^requirements\.txt: .* ↔ /, everything: / ↔ /, code: /^[0-9a-f]{7}.*[0-9a-f]{7}/ }[
        part
      ];
      await until(`the ${part} is open`, async () => wanted?.test(String(await label())));
      await opened.screenshot(`${part}-diff`);
    }
    store.close();

    await opened.evaluate("await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', 0)");
    await opened.panel().getByRole("heading", { name: "Compare 4 runs" }).waitFor();
    const button = opened.panel().getByRole("button", { name: "Differences only (D)" });
    const isPressed = (pressed: string) => async () => (await button.getAttribute("aria-pressed")) === pressed;
    await until("differences only", isPressed("true"));
    await opened.panel().getByRole("treegrid").press("d");
    await until("all rows", isPressed("false"));
    await opened.panel().getByRole("tab", { name: "Scatter" }).click();
    await opened.panel().getByLabel("Scatter: y").selectOption("attributes.duration");
    await until("VS Code has kept it", () => opened.hasSaved("attributes.duration"), 30_000);
    await opened.reload();
    await opened.panel().getByRole("heading", { name: "Compare 4 runs" }).waitFor();
    await opened.panel().locator(".parallel .chip").waitFor();
    await until("all rows, as before", isPressed("false"));
    await opened.screenshot("restored");

    // A store that cannot be read is named where runs are chosen; those of the others are there.
    const notes = join(folder, "notes.db");
    writeFileSync(notes, "These are my notes, not a database. ".repeat(40));
    await run("flowdeck.stores.add", `vscode.Uri.file(${JSON.stringify(notes)})`);
    await opened.evaluate('void vscode.commands.executeCommand("flowdeck.tracking.compareRuns")');
    const list = opened.page.locator(".quick-input-widget:visible");
    await list.locator(".monaco-list-row").first().waitFor();
    await list.getByText("notes.db cannot be read, so none of its runs is listed.").waitFor();
    await opened.screenshot("list");
    await opened.page.keyboard.press("Escape");
  });
});
