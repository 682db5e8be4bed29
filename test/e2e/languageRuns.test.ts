import { deepEqual } from "node:assert/strict";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { actUntil, succeeds } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// An MLproject file whose entry point ran before: what its editor tells of these runs, and how the file is put in order.

const skip = e2eSkip;
const folder = join(realpathSync(temporaryFolder("flowdeck-language-runs-")), "wine-quality");
const file = join(folder, "MLproject");
const text = `name: wine-quality
python_env: python_env.yaml

entry_points:
  prepare:
    parameters:
      raw_data: {type: path, default: data/red.csv}
    command: "python prepare.py {raw_data}"

  # Boosted trees.
  main:
    parameters:
      eta: {type: float, default: 0.08, description: Step size shrinkage.}
      max_depth: {type: float, default: 6}
    command: >-
      python train.py --eta {eta}
      --depth {max_depth}
`;
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  mkdirSync(join(folder, "data"), { recursive: true });
  for (const name of ["prepare.py", "train.py", "data/red.csv"]) writeFileSync(join(folder, name), "");
  writeFileSync(join(folder, "python_env.yaml"), 'python: "3.11"\n');
  writeFileSync(file, text);
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  const { experiment_id } = await store.createExperiment({ name: "wine-quality" });
  const now = Date.now();
  const tags = [
    { key: RUN_TAG.projectEntryPoint, value: "main" },
    { key: RUN_TAG.sourceName, value: folder },
  ];
  const runs = [
    ["gentle-crane-512", "0.08", 0.5612, 7_200_000],
    ["eta=0.05", "0.05", 0.5571, 540_000],
    ["luminous-hare-19", "0.06", 0.5874, 180_000],
  ] as const;
  for (const [run_name, eta, value, ago] of runs) {
    const start_time = now - ago;
    const { info } = await store.createRun({ experiment_id, run_name, start_time, tags });
    const metrics = [{ key: "val_rmse", value, timestamp: start_time, step: 0 }];
    await store.logBatch({ run_id: info.run_id, metrics, params: [{ key: "eta", value: eta }], tags: [] });
    await store.updateRun({ run_id: info.run_id, status: "FINISHED", end_time: start_time + 5_000 });
  }
  store.close();
  editor = await openEditor({ name: "language-runs", settings: { "files.autoSave": "off" } });
  await editor.openFolder(folder);
  await editor.openFile(file);
});

after(() => editor?.close());

async function shownText(): Promise<string> {
  return String(await editor.evaluate("return vscode.window.activeTextEditor?.document.getText()"));
}

/** Replaces the whole file in the editor, and sets the cursor behind `before`; saves nothing. */
async function write(newText: string, before: string): Promise<void> {
  await editor.evaluate(`
    const editor = vscode.window.activeTextEditor;
    const { document } = editor;
    const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
    await editor.edit((edit) => edit.replace(all, ${JSON.stringify(newText)}));
    const at = document.positionAt(${newText.indexOf(before) + before.length});
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  `);
}

function word(part: string): Locator {
  return editor.page.locator(".editor-instance .view-line span span", { hasText: part }).first();
}

/** A mouse that stays where it is asks for no other hover. */
async function hoverAnew(part: Locator): Promise<void> {
  await editor.page.mouse.move(720, 0);
  await part.hover();
}

test("the last run and the best one stand above the entry point, in every theme", { skip }, () =>
  editor.step("lenses", async () => {
    await editor.codeLens("best 0.5571").waitFor();
    await editor.codeLens(/^\s*\d+ m ago · val_rmse 0\.5874$/).waitFor();
    await until("a lens for each entry point", async () => (await editor.codeLens("▷ Run").count()) === 2);
    await editor.inThemes("lens");
  }),
);

test("a click on the best run opens it", { skip }, () =>
  editor.step("open", async () => {
    await actUntil(editor.page.locator(".tab.active", { hasText: "eta=0.05" }), () =>
      editor.codeLens("best 0.5571").click(),
    );
    await editor.screenshot("best-run");
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeActiveEditor")');
    await editor.page.locator(".tab.active", { hasText: "MLproject" }).waitFor();
  }),
);

test("the hover tells of the last values and the best run", { skip }, () =>
  editor.step("hover", async () => {
    const hover = editor.page.locator(".monaco-hover:visible", { hasText: "Step size shrinkage" });
    const link = (text: string) => hover.locator("a", { hasText: text });
    // A hover comes to the word that lies under the mouse, which a lens above it moves away.
    const show = () => actUntil(link("luminous-hare-19"), () => hoverAnew(word("eta")));
    await show();
    const told = /python train\.py --eta 0\.08 --depth 6[^]*eta=0\.05[^]*val_rmse 0\.5571 best/;
    await until("what it tells", async () => told.test(await hover.innerText()));
    await link("Run with 0.05").waitFor();
    await editor.inThemes("past-values-hover", show);
    await actUntil(editor.page.locator(".tab.active", { hasText: "wine-quality" }), async () => {
      await show();
      await succeeds(link("Chart eta against val_rmse").click({ timeout: 5_000 }));
    });
    await editor.panel().getByRole("dialog", { name: "Chart in full size" }).waitFor();
    await editor.screenshot("chart-of-values");
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeActiveEditor")');
    await editor.page.locator(".tab.active", { hasText: "MLproject" }).waitFor();
  }),
);

test("values of earlier runs are completed as a default", { skip }, () =>
  editor.step("default", async () => {
    await write(text.replace("default: 0.08", "default: "), "float, default: ");
    const rows = editor.page.locator(".suggest-widget.visible .monaco-list-row");
    // A second Control+Space would open the details of the suggestions: Escape closes what has come meanwhile.
    await actUntil(rows.filter({ hasText: "0.05" }), async () => {
      await editor.page.keyboard.press("Escape");
      await editor.page.keyboard.press("Control+Space");
    });
    const labels = () => rows.locator(".label-name").allInnerTexts();
    await until("the three values", async () => (await labels()).length === 3);
    deepEqual(await labels(), ["0.06", "0.05", "0.08"]);
    await editor.screenshot("past-values");
    await rows.nth(1).click();
    await until("the value is taken", async () => (await shownText()).includes("default: 0.05"));
  }),
);

test("lenses are there again after the whole file was replaced, and after it was reverted", { skip }, () =>
  editor.step("lenses-again", async () => {
    for (const part of ["name", "main", "eta"]) {
      await write(`# Another text.\n${text}`, part);
      await editor.codeLens("best 0.5571").waitFor();
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.files.revert")');
      await editor.codeLens("best 0.5571").waitFor();
      await until("a lens for each entry point", async () => (await editor.codeLens("▷ Run").count()) === 2);
    }
  }),
);

test("a parameter is renamed with its placeholders", { skip }, () =>
  editor.step("rename", async () => {
    await write(text, "      et");
    const box = editor.page.locator(".rename-box:visible input").first();
    await actUntil(box, () => editor.page.keyboard.press("F2"));
    await box.fill("rate");
    await editor.screenshot("rename");
    await box.press("Enter");
    const renamed = text.replace("eta: {", "rate: {").replace("{eta}", "{rate}");
    await until("the name is new everywhere", async () => (await shownText()) === renamed);
  }),
);

test("the file is formatted, and its outline holds entry points and parameters", { skip }, () =>
  editor.step("format", async () => {
    const untidy = text.replaceAll(/^( +)/gm, "$1$1").replace("float, default: 6", "float,default:   6");
    await write(untidy, "name");
    await editor.evaluate('await vscode.commands.executeCommand("editor.action.formatDocument")');
    await until("the file is tidy", async () => (await shownText()) === text);
    await editor.evaluate('await vscode.commands.executeCommand("outline.focus")');
    for (const name of ["prepare", "main", "max_depth"]) {
      await editor.page.locator(".outline-pane .monaco-list-row", { hasText: name }).first().waitFor();
    }
    await editor.screenshot("outline");
  }),
);
