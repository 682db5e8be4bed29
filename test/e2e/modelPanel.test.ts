import { deepEqual, equal } from "node:assert/strict";
import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readHistory } from "../../src/models/history.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { succeeds } from "./support/acting.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { seedModel } from "./support/modelSeed.ts";
import { clickFor, findRow } from "./support/rows.ts";

// The Model panel in the real editor: opened from the Models view, promoting, native diff, a reload and a rename.

const skip = e2eSkip;
const folder = join(realpathSync(temporaryFolder("flowdeck-model-panel-")), "wine");
const database = join(folder, "mlflow.db");
let editor: Editor;
let store: Store;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  store = openStore(storeUri(database));
  await seedModel(store, database, Date.now());
  editor = await openEditor({ name: "modelPanel" });
  await editor.openFolder(folder);
});
after(async () => {
  store?.close();
  await editor?.close();
});

const details = (version: string) => editor.panel().getByRole("region", { name: `Version ${version}`, exact: true });
const row = (place: number) => editor.panel().locator(`.gridRow[data-row="${place}"]`);
const tabs = async () =>
  editor.evaluate(`return vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label)`);

test("a model opens from the Models view, and so does one of its versions", { skip }, () =>
  editor.step("open", async () => {
    await editor.showFlowdeck();
    await clickFor(
      await findRow(editor.view("Models"), /^wine-quality, /),
      editor.page.locator(".tab.active", { hasText: "wine-quality" }),
    );
    await details("6").waitFor();
    await details("6").getByText("xgboost 3.0.2 → 3.1.0").first().waitFor();
    await editor.panel().getByText("6 versions").waitFor();
    const name = JSON.stringify({ uri: storeUri(database), name: "wine-quality", version: "5" });
    await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.models.openModel", ${name})`);
    await details("5").waitFor();
    equal(((await tabs()) as string[]).filter((label) => label === "wine-quality").length, 1);
    await row(0).click();
    await details("6").waitFor();
    await editor.inThemes("model", () => details("6").waitFor());
  }),
);

test("the MLmodel files of two versions open in the native diff editor", { skip }, () =>
  editor.step("diff", async () => {
    await editor.panel().getByRole("button", { name: "Open MLmodel files as diff" }).click();
    const diff = editor.page.locator(".monaco-diff-editor");
    await diff.getByText("xgb_version: 3.0.2").first().waitFor();
    await diff.getByText("xgb_version: 3.1.0").first().waitFor();
    await editor.screenshot("diff");
    await until("its tab says so", async () => String(await tabs()).includes("MLmodel: wine-quality 5 ↔ 6"));
    await editor.runCommand("View: Close Editor");
    await details("6").waitFor();
  }),
);

test("the keys of the panel are commands of the palette", { skip }, () =>
  editor.step("commands", async () => {
    await editor.runCommand("Flowdeck: Show Keys of Model Panel");
    const keys = editor.panel().getByRole("menu", { name: "Keys" });
    await keys.waitFor();
    await until("its menu is closed", async () => {
      await editor.page.keyboard.press("Escape");
      return succeeds(keys.waitFor({ state: "detached", timeout: 5_000 }));
    });
    await editor.runCommand("Flowdeck: Compare Checked Model Versions");
    await editor.panel().getByText("Two versions are compared; check two with Space, and no more.").waitFor();
    await editor.panel().getByRole("button", { name: "Dismiss" }).click();
    await row(0).click();
    await details("6").waitFor();
    await editor.runCommand("Flowdeck: Open MLmodel Files of Chosen Versions as Diff");
    await editor.page.locator(".monaco-diff-editor").getByText("xgb_version: 3.1.0").first().waitFor();
    await editor.runCommand("View: Close Editor");
    await details("6").waitFor();
    // The version that is chosen in the panel in front is not asked for.
    await editor.runCommand("Flowdeck: Promote Model Version…");
    await editor.page.getByPlaceholder("Promote version 6 of wine-quality to").waitFor();
    await editor.page.keyboard.press("Escape");
  }),
);

test("a version is promoted from its differences, and the panel tells it at once", { skip }, () =>
  editor.step("promote", async () => {
    const button = editor.panel().getByRole("button", { name: "Promote to @champion…" });
    await button.click();
    await row(0).getByText("champion", { exact: true }).waitFor();
    await details("6").getByText("@champion").first().waitFor();
    const history = editor.panel().getByRole("region", { name: "History" });
    await history.getByText("moved from 5 to 6").waitFor();
    const model = await store.getRegisteredModel({ name: "wine-quality" });
    const [act] = readHistory(model.tags).entries;
    deepEqual([act?.what, act?.version], ["alias", "6"]);
    await until("it is told", async () => (await editor.notifications()).some((text) => text.includes("@champion")));
    await editor.screenshot("promoted");
  }),
);

test("what another program writes is seen, and the panel comes back after a reload as it was", { skip }, () =>
  editor.step("reload", async () => {
    await store.setModelVersionTag({ name: "wine-quality", version: "6", key: "reviewed", value: "yes" });
    await details("6").getByText("reviewed").waitFor();
    const field = editor.panel().getByRole("textbox", { name: "Filter versions" });
    await field.fill("version_number > 2");
    await editor.panel().getByText("4 of 6 versions").waitFor();
    await row(2).click();
    await details("4").waitFor();
    await until("it is kept", () => editor.hasSaved("version_number > 2", 'selected\\\\\\":\\\\\\"4'), 60_000);
    await editor.reload();
    await details("4").waitFor({ timeout: 60_000 });
    await editor.panel().getByText("4 of 6 versions").waitFor();
    equal(await field.inputValue(), "version_number > 2");
    await editor.screenshot("reloaded");
    await field.fill("");
  }),
);

test("a model that is renamed here keeps its panel; one that is deleted elsewhere says so", { skip }, () =>
  editor.step("rename", async () => {
    await editor.panel().getByRole("button", { name: "More actions" }).click();
    await editor.panel().getByRole("menuitem", { name: "Rename…" }).click();
    await editor.quickInput("Name of the registered model", "wine-score");
    await editor.panel().getByRole("heading", { name: "wine-score" }).waitFor();
    await details("4").waitFor();
    await until("its tab has the name", async () => String(await tabs()).includes("wine-score"));
    await store.deleteRegisteredModel({ name: "wine-score" });
    await editor
      .panel()
      .getByText(/wine-score was deleted or renamed/)
      .waitFor();
    await editor.screenshot("deleted");
  }),
);
