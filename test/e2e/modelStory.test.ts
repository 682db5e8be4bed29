import { equal, ok } from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { realModels, type RealModels } from "../support/realModels.ts";
import { freePort } from "../support/scoring.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// The whole way of real models, as a person goes it: registered from a run, promoted, served by mlflow and asked.

const python = findPython();
const skip = e2eSkip || skipWithout(python, "Python with mlflow");
let editor: Editor;
let models: RealModels;
let store: Store;

before(async () => {
  if (skip !== false) return;
  models = await realModels();
  store = openStore(models.uri);
  const settings = { "flowdeck.python.interpreter": python, "flowdeck.serving.port": await freePort() };
  editor = await openEditor({ name: "modelStory", settings });
  await editor.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await editor.openFolder(models.folder);
  await editor.showFlowdeck();
  const open = ".sidebar .pane-header[aria-expanded='true']";
  const others = editor.page.locator(`${open}:is([aria-label^='Experiments'], [aria-label^='Projects'])`);
  while ((await others.count()) > 0) await others.first().click();
});
after(async () => {
  store?.close();
  await editor?.close();
});

const row = (name: string | RegExp): Locator => editor.treeItem(name);

/** Chooses from the menu of a row. */
async function choose(of: Locator, title: string): Promise<void> {
  await of.click({ button: "right" });
  // A menu hears no click in the moment in which it opens.
  await editor.page.locator(".monaco-menu").getByRole("menuitem", { name: title, exact: true }).hover();
  await editor.page.keyboard.press("Enter");
}

test("a run's model is registered and takes the champion's place, its differences seen", { skip }, () =>
  editor.step("registered", async () => {
    const last = models.models["wine-quality"][3];
    ok(last !== undefined);
    await editor.runCommand("Flowdeck: Register Model from URI…");
    await editor.quickInput("URI of the model", `runs:/${last.run_id}/wine`);
    await editor.screenshot("register");
    await editor.quickPick("wine-quality");
    await row(/^Version 5,/).waitFor();
    const made = await store.getModelVersion({ name: "wine-quality", version: "5" });
    equal(made.run_id, last.run_id);

    await choose(row(/^Version 5,/), "Promote Model Version…");
    await editor.quickPick("@champion");
    const review = editor.page.locator(".quick-input-widget:visible");
    await review.getByText(/Promote wine-quality 5 to @champion, beside version 2/).waitFor();
    await editor.screenshot("review");
    await editor.quickPick("Promote version 5 to @champion");
    await row(/^Version 5, .*@champion/).waitFor();
    const champion = await store.getModelVersionByAlias({ name: "wine-quality", alias: "champion" });
    equal(champion.version, "5");
  }),
);

test("the model's panel tells the version, its source and who promoted it", { skip }, () =>
  editor.step("panel", async () => {
    await choose(row(/^wine-quality, /), "Open Model");
    const panel = editor.panel();
    await panel.getByRole("heading", { name: "wine-quality" }).waitFor();
    await panel.getByText("History").waitFor();
    await editor.inThemes("panel");
  }),
);
