import { equal, match } from "node:assert/strict";
import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { type RealModels, realModels } from "../support/realModels.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { clickFor, hover as hoverOver } from "./support/rows.ts";

// URIs of models and runs in files, lenses where a model is registered, and the logged models of an experiment, in the real editor.

const skip = e2eSkip || skipWithout(findPython(), "Python with mlflow");
const folder = realpathSync(temporaryFolder("flowdeck-model-links-"));
const script = join(folder, "train.py");
const notes = join(folder, "notes.md");
let models: RealModels;
let editor: Editor;

before(async () => {
  if (skip !== false) return;
  models = await realModels(folder);
  const [first] = models.models["wine-quality"];
  writeFileSync(
    script,
    `import mlflow

champion = mlflow.pyfunc.load_model("models:/wine-quality@champion")
first = mlflow.pyfunc.load_model(f"models:/wine-quality/{1}")

mlflow.register_model("runs:/${first?.run_id}/wine", "wine-quality")
`,
  );
  writeFileSync(
    notes,
    `Served: models:/wine-quality@champion, was models:/${first?.model_id}.\n\nTypo: models:/wine-qualty/2\n`,
  );
  // What models were logged with is compared with this one.
  const settings = { "flowdeck.python.interpreter": findPython() };
  editor = await openEditor({ name: "model-links", settings });
  await editor.openFolder(folder);
  await editor.openFile(script);
});

after(() => editor?.close());

/** What hovers over the first `text` of the active file say, as VS Code has them. */
async function hover(text: string): Promise<string> {
  const found = await editor.evaluate(`
    const { document } = vscode.window.activeTextEditor;
    const at = document.positionAt(document.getText().indexOf(${JSON.stringify(text)}) + 3);
    const hovers = await vscode.commands.executeCommand("vscode.executeHoverProvider", document.uri, at);
    return hovers.flatMap(({ contents }) => contents.map((one) => one.value ?? String(one))).join("\\n");
  `);
  return String(found);
}

test("a lens tells the last version, the best one and the champion where a model is registered", { skip }, () =>
  editor.step("lens", async () => {
    await editor.codeLens(/^\s?wine-quality 4 · .* · rmse 0\.0\d+$/).waitFor();
    await editor.codeLens(/^best 4 · rmse/).waitFor();
    await editor.codeLens(/^@champion 2 · rmse/).waitFor();
    await editor.inThemes("lens");
  }),
);

test("a hover tells what a URI names, and a link opens it", { skip }, () =>
  editor.step("hover", async () => {
    await until("the hover of an alias", async () =>
      /@champion: .*wine\\-quality 2/.test(await hover("models:/wine-quality@")),
    );
    match(await hover("models:/wine-quality@"), /Staging|Production/);
    match(await hover("runs:/"), /`wine` is a folder of its artifacts/);
    equal(await hover("models:/wine-quality/{"), "");
    const links = await editor.evaluate(`
      const { document } = vscode.window.activeTextEditor;
      const links = await vscode.commands.executeCommand("vscode.executeLinkProvider", document.uri);
      return links.map(({ range }) => document.getText(range)).filter((text) => /^(runs|models):/.test(text));
    `);
    equal(
      JSON.stringify(links),
      JSON.stringify(["models:/wine-quality@champion", `runs:/${models.models["wine-quality"][0]?.run_id}/wine`]),
    );
    const word = editor.page.locator(".view-line span span", { hasText: "champion" }).last();
    await hoverOver(word, "wine-quality 2");
    await editor.screenshot("hover");
    await editor.page.keyboard.press("Escape");
    await clickFor(editor.codeLens(/^@champion 2/), editor.page.locator(".tab.active", { hasText: "wine-quality" }));
    await editor
      .panel()
      .getByText(/scikit-learn 1\.5 logged, 1\.\d+ here/)
      .waitFor();
  }),
);

test("in Markdown a logged model is named, and a misspelt one is told with what was meant", { skip }, () =>
  editor.step("markdown", async () => {
    await editor.openFile(notes);
    await until("the hover of a logged model", async () => /Logged model/.test(await hover("models:/m-")));
    match(await hover("models:/wine-qualty"), /No registered model is called wine\\-qualty; wine\\-quality is one/);
  }),
);

test("a logged model opens among those of its experiment, and is there again after a reload", { skip }, () =>
  editor.step("logged models", async () => {
    const model_id = models.models["wine-quality"][1]?.model_id ?? "";
    await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.models.openUri", "models:/${model_id}")`);
    await editor.page.locator(".tab.active", { hasText: "real models models" }).waitFor();
    const details = editor.panel().locator(".modelDetails");
    await details.getByText("default [1.0,0.5]").waitFor();
    await details.getByText(/scikit-learn 1\.5 logged, 1\.\d+ in the selected interpreter/).waitFor();
    await editor.inThemes("loggedModels");
    await until("VS Code has kept it", () => editor.hasSaved("flowdeck.loggedModels", model_id), 60_000);
    await editor.reload();
    await editor.panel().locator(`.pinnedCells.chosen [data-id="${model_id}"]`).waitFor();
    await editor.panel().locator(".modelDetails").getByRole("button", { name: "elastic net 0.3" }).first().click();
    await editor.page.locator(".tab.active", { hasText: "elastic net 0.3" }).waitFor();
    await editor.panel().locator(`dd[title="${model_id}"]`).getByRole("button", { name: "wine" }).click();
    await editor.page.locator(".tab.active", { hasText: "real models models" }).waitFor();
    await editor.panel().locator(`.pinnedCells.chosen [data-id="${model_id}"]`).waitFor();
  }),
);
