import { deepEqual, equal, ok } from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator } from "playwright-core";
import { OLD_SPLIT } from "../../src/mlflow/signature/recognise.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout, until } from "../support/environment.ts";
import { realModels, type RealModels } from "../support/realModels.ts";
import { freePort } from "../support/ports.ts";
import { processesWith } from "../support/scoring.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { choose, findRow } from "./support/rows.ts";

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
  await editor.onlyViews("Models", "Serving");
});
after(async () => {
  store?.close();
  await editor?.close();
});

const row = (name: string | RegExp): Locator => editor.treeItem(name);

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
    await editor.page.getByPlaceholder("Promote version 5 of wine-quality to").waitFor();
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
    await choose(await findRow(editor.view("Models"), /^wine-quality, /), "Open Model");
    const panel = editor.panel();
    await panel.getByRole("heading", { name: "wine-quality" }).waitFor();
    await panel.getByText("History").waitFor();
    await editor.inThemes("panel");
  }),
);

const columns = ["fixed acidity", "volatile acidity", "citric acid", "alcohol"];
const data = [
  [7.4, 0.7, 0, 9.4],
  [7.8, 0.88, 0.1, 9.8],
];

/** Serves a model of the list that the command asks with, and gives its address. */
async function serve(what: string, before?: () => Promise<void>): Promise<string> {
  await editor.runCommand("Flowdeck: Serve Model…");
  await editor.quickPick(what);
  await before?.();
  const ready = row(new RegExp(`^${what}, ready`));
  await ready.waitFor({ timeout: 120_000 });
  const [, port] = /:(\d+)/.exec((await ready.getAttribute("aria-label")) ?? "") ?? [];
  return `http://127.0.0.1:${port}`;
}

const send = () => editor.panel().locator(".sendRow").getByRole("button", { name: /Send/ });
const answer = () => editor.panel().getByRole("table").filter({ hasText: "Latency" });

/** The cells of a row of the last answer, once it has come. */
async function answered(number: number): Promise<string[]> {
  const cells = answer().getByRole("row", { name: new RegExp(`^${number} `) });
  await cells.waitFor();
  return cells.getByRole("cell").allInnerTexts();
}

test("the champion is served and asked by its form, and the tutorial's request, pasted, is converted", { skip }, () =>
  editor.step("wine", async () => {
    const url = await serve("wine-quality@champion", async () => {
      const dialog = editor.page.locator(".monaco-dialog-box");
      await dialog.waitFor();
      await dialog.getByRole("button", { name: /Trust All Models/ }).click();
    });
    const scored = await fetch(`${url}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ dataframe_split: { columns, data } }),
    });
    const { predictions }: { predictions?: number[] } = Object(await scored.json());

    await choose(row(/^wine-quality@champion, ready/), "Predict…");
    const panel = editor.panel();
    await panel.getByText("Row 1 of 3").waitFor();
    await panel.getByRole("textbox", { name: "digits" }).fill("1");
    await send().click();
    equal((await answered(3)).length, 1);
    await editor.screenshot("form");

    await panel.getByRole("tab", { name: "JSON" }).click();
    const text = panel.getByRole("textbox", { name: "Request as JSON or CSV" });
    await editor.page.evaluate((body) => navigator.clipboard.writeText(body), JSON.stringify({ columns, data }));
    await text.click();
    await editor.page.keyboard.press("Control+A");
    await editor.page.keyboard.press("Control+V");
    await panel.getByText(OLD_SPLIT).waitFor();
    await send().click();
    await until("two rows are answered", async () => (await answer().getByRole("row").count()) === 4);
    for (const [i, predicted] of (predictions ?? []).entries()) {
      const [told = ""] = await answered(i + 1);
      ok(Math.abs(Number(told) - predicted) < 0.01, `${told} for ${predicted}`);
    }
    equal(predictions?.length, 2);
    await editor.inThemes("tutorial");
  }),
);

test("a model of tensors is asked its example", { skip }, () =>
  editor.step("tensors", async () => {
    await serve("picture-brightness 1");
    await choose(row(/^picture-brightness 1, ready/), "Predict…");
    const tensor = editor.panel().getByRole("textbox", { name: "input" });
    await until("the example is there", async () => (await tensor.inputValue()).startsWith("[["));
    await send().click();
    deepEqual((await answered(2)).map(Number), [8.5]);
    await editor.screenshot("tensors");
  }),
);

test("xgboost and scikit-learn are asked the same side by side, and nothing of their servers stays", { skip }, () =>
  editor.step("side by side", async () => {
    await serve("wine-boosted@champion");
    await choose(row(/^wine-boosted@champion, ready/), "Predict…");
    const panel = editor.panel();
    await panel.getByText("Row 1 of 2").waitFor();
    await panel.getByRole("button", { name: /A\/B/ }).click();
    const other = panel.getByRole("combobox", { name: "Server B" });
    const label = await until("the other server is offered", async () =>
      (await other.locator("option").allInnerTexts()).find((text) => text.startsWith("wine-quality")),
    );
    await other.selectOption({ label });
    await send().click();
    equal((await answered(2)).length, 3);
    await editor.page.locator(".tab.active", { hasText: "Predict wine-boosted" }).waitFor();
    await editor.inThemes("side-by-side");
    await editor
      .statusItem("serving")
      .filter({ hasText: /^\s*3 serving\s*$/ })
      .waitFor();

    const folder = join(editor.server.userData, "User/globalStorage/flowdeck.flowdeck/serving");
    const ids = readdirSync(folder).flatMap((name) => /^(.*)\.json$/.exec(name)?.[1] ?? []);
    equal(ids.length, 3);
    ok(ids.every((id) => processesWith(id).length > 0));
    await editor.runCommand("Flowdeck: Stop All Servers");
    await until("no server is left", async () => (await row(/, (?:ready|stopping)/).count()) === 0, 60_000);
    await until("nothing of them is left", () => ids.flatMap(processesWith).length === 0);
  }),
);
