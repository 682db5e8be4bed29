import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { temporaryFolder, until } from "../support/environment.ts";
import { actUntil, comes, untilFocused } from "./support/acting.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// What a person sees who writes an MLproject file. The tests take turns in one window.

const skip = e2eSkip;
const folder = join(temporaryFolder("flowdeck-language-"), "iris");
const file = join(folder, "MLproject");
const text = `name: iris
entry_points:
  train:
    description: Fits a forest.
    parameters:
      trees: {type: int, default: 100, description: Trees in the forest}
      rate: {type: float, default: 0.1}
      data: path
    command: "python train.py --trees {trees} --rate {rate} {data}"
  # Reads nothing.
  score:
    command: python score.py
`;
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  for (const script of ["train.py", "score.py"]) writeFileSync(join(folder, script), "");
  editor = await openEditor({ name: "language", settings: { "files.autoSave": "off" } });
  await editor.openFolder(folder);
});

after(() => editor?.close());

/** The spans of the lines on screen: text and token class, VS Code's no-break spaces as spaces. */
async function tokens(): Promise<Map<string, string>> {
  const spans = await editor.page
    .locator(".editor-instance .view-line span span")
    .evaluateAll((all) =>
      all.map((one): [string, string] => [(one.textContent ?? "").replaceAll("\u00a0", " ").trim(), one.className]),
    );
  return new Map(spans);
}

/** Replaces the whole file in the editor, and sets the cursor behind `before`; saves nothing. */
async function write(newText: string, before: string): Promise<void> {
  const offset = newText.indexOf(before) + before.length;
  await editor.evaluate(`
    const editor = vscode.window.activeTextEditor;
    const { document } = editor;
    const all = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
    await editor.edit((edit) => edit.replace(all, ${JSON.stringify(newText)}));
    const at = document.positionAt(${offset});
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(editor.selection);
    await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  `);
}

async function shownText(): Promise<string> {
  return String(await editor.evaluate("return vscode.window.activeTextEditor?.document.getText()"));
}

/** Asks for suggestions at the cursor, of which `first` is shown first; takes the one named `label` and gives the text then. */
async function take(label: string, picture: string, first = label): Promise<string> {
  const rows = editor.page.locator(".suggest-widget.visible .monaco-list-row");
  const row = rows.filter({ hasText: label }).first();
  // Asked for again while the server has no answer yet; a second Control+Space alone would open the details.
  await actUntil(row, async () => {
    if (await rows.first().isVisible()) await editor.page.keyboard.press("Escape");
    await editor.page.keyboard.press("Control+Space");
  });
  await editor.screenshot(picture);
  await until(`${first} comes first`, async () => (await rows.first().innerText()).trim().startsWith(first));
  const before = await shownText();
  await row.click();
  return until(`${label} is taken`, async () => {
    const changed = await shownText();
    return changed === before ? undefined : changed;
  });
}

/** The word `part` of the shown file; its place is that of the rendered text. */
function word(part: string): Locator {
  return editor.page.locator(".editor-instance .view-line span span", { hasText: part }).first();
}

const NOTEBOOK = {
  cells: [{ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["import mlflow\n"] }],
  metadata: { language_info: { name: "python" } },
  nbformat: 4,
  nbformat_minor: 5,
};

// The first test: nothing but what is typed in it has the language server started.
test("a run that is typed in a cell of a notebook is completed and checked", { skip }, () =>
  editor.step("notebook", async () => {
    const notebook = join(folder, "explore.ipynb");
    writeFileSync(notebook, JSON.stringify(NOTEBOOK));
    await editor.evaluate(
      `await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(${JSON.stringify(notebook)}))`,
    );
    const cell = editor.page.locator(".notebookOverlay .cell .monaco-editor").first();
    await cell.click();
    // Before, its keys are commands of the notebook.
    await untilFocused(cell);
    await editor.page.keyboard.press("Control+End");
    // Whether the editor closes what is opened depends on when its Python arrives.
    await editor.page.keyboard.type('mlflow.run(".", entry_point="');
    const row = editor.page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "score" });
    // Asked for again while the server is not there; Escape would leave the cell.
    await until(
      "the entry points are offered",
      async () => {
        await editor.page.keyboard.press("Control+Space");
        return comes(row, 2_000);
      },
      60_000,
    );
    await editor.screenshot("notebook");
    await row.click();
    const codes = () =>
      editor.evaluate(`
        const [cell] = vscode.window.activeNotebookEditor.notebook.getCells();
        return [cell.document.getText(), ...vscode.languages.getDiagnostics(cell.document.uri).map(({ code }) => code)].join();
      `);
    await until("it is taken", async () => /entry_point="score"?\)?$/.test(String(await codes())));
    await editor.page.keyboard.type('d")');
    await until("the problem is told", async () => String(await codes()).endsWith("run-entry-point-unknown"));
    await editor.page.locator(".notebookOverlay .squiggly-error").first().waitFor();
    await editor.screenshot("notebook-problem");
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor")');
  }),
);

test("keys, types, numbers, placeholders and comments have colours of their own", { skip }, () =>
  editor.step("colours", async () => {
    await editor.openFile(file);
    await editor.codeLens("▷ Run").nth(1).waitFor();
    const wanted = ["entry_points", "float", "0.1", "# Reads nothing.", "{trees}"];
    const found = await until("the grammar's tokens", async () => {
      const all = await tokens();
      const classes = wanted.map((one) => all.get(one) ?? all.get(one.replace(/[{}]/g, "")));
      return classes.every((one) => one !== undefined) && new Set(classes).size >= 4 ? classes : undefined;
    });
    equal(new Set(found.slice(0, 1).concat(found.slice(2))).size, 4, found.join(" | "));
    await editor.screenshot("colours");
  }),
);

test("▷ Run stands above each entry point", { skip }, () =>
  editor.step("lenses", async () => {
    const above = async () => {
      const tops = await editor
        .codeLens("▷ Run")
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
      const names = await Promise.all([word("train").boundingBox(), word("score").boundingBox()]);
      return tops.length === 2 ? names.map((box, n) => (box?.y ?? 0) - (tops[n] ?? 0)) : [];
    };
    await until("a lens above each name", async () => {
      const all = await above();
      return all.length === 2 && all.every((px) => px > 0 && px < 40);
    });
  }),
);

test("hover tells type, default and description of a parameter", { skip }, () =>
  editor.step("hover", async () => {
    const hover = editor.page.locator(".monaco-hover:visible", { hasText: "Trees in the forest" });
    // A hover comes to the word that lies under the mouse, which a lens above it moves away.
    await actUntil(hover, async () => {
      await editor.page.mouse.move(700, 880);
      await word("trees").hover();
    });
    const told = /trees int, default 100[^]*python train\.py --trees 100 --rate 0\.1 <data>/;
    await until("what it tells", async () => told.test(await hover.innerText()));
    await editor.screenshot("hover");
    await editor.page.mouse.move(700, 880);
    await hover.waitFor({ state: "hidden" });
  }),
);

test("a wrong value has a squiggle and its message in the Problems view", { skip }, () =>
  editor.step("problems", async () => {
    await write(text.replace("data: path", "data: 5"), "data: 5");
    await editor.page.locator(".squiggly-error").first().waitFor();
    await editor.evaluate('await vscode.commands.executeCommand("workbench.actions.view.problems")');
    const message = "MLflow needs the type of data here, but this is the number 5";
    await editor.page.locator(".markers-panel .monaco-list-row", { hasText: message }).waitFor();
    await editor.screenshot("problem");
    await write(text, "name: iris");
    await editor.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closePanel")');
  }),
);

test("a key is completed", { skip }, () =>
  editor.step("key", async () => {
    await write(`${text}    para`, "score.py\n    para");
    match(await take("parameters", "complete-key"), /score\.py\n {4}parameters:/);
    await editor.page.keyboard.press("Escape");
  }),
);

test("a type is completed", { skip }, () =>
  editor.step("type", async () => {
    await write(text.replace("data: path", "data: "), "data: ");
    equal(await take("uri", "complete-type", "string"), text.replace("data: path", "data: uri"));
  }),
);

test("a parameter is completed in a command", { skip }, () =>
  editor.step("placeholder", async () => {
    await write(text.replace("{rate}", "{"), "--rate {");
    equal(await take("rate}", "complete-parameter"), text);
  }),
);

test(
  "the palette runs an entry point after asking for its parameters, and nothing is written when it is left",
  { skip },
  () =>
    editor.step("run", async () => {
      await editor.evaluate('await vscode.commands.executeCommand("workbench.action.files.revert")');
      const files = readdirSync(folder).sort();
      await editor.runCommand("Flowdeck: Run Entry Point With Parameters…");
      const list = editor.page.locator(".quick-input-widget:visible");
      await list.locator(".monaco-list-row", { hasText: "score" }).waitFor();
      const offered = () => list.locator(".monaco-list-row .label-name:visible").allInnerTexts();
      await until("both are listed", async () => (await offered()).length === 2);
      deepEqual(await offered(), [" train", " score"]);
      await editor.screenshot("entry-points");
      await editor.quickPick("train");
      await list.locator(".monaco-list-row", { hasText: "int = 100" }).waitFor();
      await list.locator(".monaco-list-row", { hasText: "path, required" }).waitFor();
      await editor.screenshot("parameters");
      await editor.quickPick("rate");
      const input = list.locator(".quick-input-box input");
      await until("the default stands in the box", async () => (await input.inputValue()) === "0.1");
      await input.fill("much");
      await list.getByText("rate takes a number, such as 0.1.").waitFor();
      await editor.screenshot("validation");
      await input.press("Escape");
      await list.locator(".monaco-list-row", { hasText: "int = 100" }).waitFor();
      await input.press("Escape");
      await list.waitFor({ state: "hidden" });
      equal(await editor.evaluate("return vscode.window.terminals.length"), 0);
      deepEqual(readdirSync(folder).sort(), files);
      equal(readFileSync(file, "utf8"), text);
      await editor.screenshot("left");
    }),
);

const script = `import argparse

parser = argparse.ArgumentParser(description="Fits a forest.")
parser.add_argument("--trees", type=int, default=100, help="Trees in the forest.")
parser.add_argument("--rate", type=float, default=0.1)
parser.add_argument("data")
parser.parse_args()
`;

test("an option that the script does not have is underlined, and corrected by its fix", { skip }, () =>
  editor.step("script", async () => {
    writeFileSync(join(folder, "train.py"), script);
    await editor.openFile(file);
    await write(text.replace("--trees", "--tres"), "--tres");
    await editor.page.locator(".squiggly-error").first().waitFor();
    await editor.screenshot("script-problem");
    const fix = await offeredFix("Change to --trees");
    await editor.inThemes("script-fix");
    await fix.click();
    await until("the fix is in the text", async () => (await shownText()) === text);
    await editor.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  }),
);

test("options of the script are completed with the parameter of their name", { skip }, () =>
  editor.step("options", async () => {
    await write(text.replace(" --rate {rate}", " --r"), "{trees} --r");
    equal(await take("--rate {rate}", "complete-option"), text);
    const help = editor.page.locator(".parameter-hints-widget.visible", { hasText: "--trees" });
    await actUntil(help, () => editor.page.keyboard.press("Control+Shift+Space"));
    await until("the whole call", async () =>
      /train\.py \[--trees TREES\] \[--rate RATE\] data/.test(await help.innerText()),
    );
    await editor.inThemes("signature");
    await editor.page.keyboard.press("Escape");
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.files.revert")');
  }),
);

test("an MLproject is made from a script", { skip }, () =>
  editor.step("create", async () => {
    const below = join(folder, "steps");
    mkdirSync(below);
    writeFileSync(join(below, "fit.py"), script);
    await editor.openFile(join(below, "fit.py"));
    await editor.runCommand("Flowdeck: Create MLproject from Script");
    await editor.quickPick("No environment file");
    const made = await until("the MLproject is there", () => {
      const written = readdirSync(below).includes("MLproject") && readFileSync(join(below, "MLproject"), "utf8");
      return written !== false && written.includes("command:") && written;
    });
    match(made, /trees: \{type: float, default: 100\} # Trees in the forest\./);
    match(made, /command: >-\n {6}python fit\.py\n {6}--trees \{trees\}/);
    await editor.codeLens("▷ Run").first().waitFor();
    await editor.inThemes("created");
    const python = JSON.stringify(join(below, "fit.py"));
    const legend = `await vscode.commands.executeCommand("vscode.provideDocumentSemanticTokensLegend", vscode.Uri.file(${python}))`;
    equal(await editor.evaluate(`return ${legend}`), null, "a Python extension gives the colours of Python");
  }),
);

/** The fix of that title in the menu at the cursor; asked for again while the server is not that far. */
async function offeredFix(title: string): Promise<Locator> {
  const row = editor.page.locator(".action-widget .monaco-list-row", { hasText: title });
  await actUntil(row, async () => {
    await editor.page.keyboard.press("Escape");
    await editor.evaluate('await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup")');
    await editor.page.keyboard.press("Control+.");
  });
  return row;
}

test("a script that is not there is made, and the version in an environment file is put in quotes", { skip }, () =>
  editor.step("files", async () => {
    await editor.openFile(file);
    await write(text.replace("score.py", "assess.py"), "assess");
    await editor.page.locator(".squiggly-warning").first().waitFor();
    const make = await offeredFix("Create assess.py");
    await editor.screenshot("create-script");
    await make.click();
    await until("the script is there", () => readdirSync(folder).includes("assess.py"));
    await editor.page.locator(".squiggly-warning").first().waitFor({ state: "detached" });

    const environment = join(folder, "python_env.yaml");
    writeFileSync(environment, "python: 3.10\n");
    await editor.openFile(environment);
    await write("python: 3.10\n", "python: 3");
    await editor.page.locator(".squiggly-error").first().waitFor();
    const quote = await offeredFix('Write "3.10"');
    await editor.screenshot("environment-file");
    await quote.click();
    await until("the version is a text", async () => (await shownText()) === 'python: "3.10"\n');
    await editor.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
  }),
);
