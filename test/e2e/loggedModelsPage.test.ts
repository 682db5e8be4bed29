import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { LoggedModelsView } from "../../src/protocol/panels/loggedModels.ts";
import type { StoreChange } from "../../src/protocol/changes.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout, until } from "../support/environment.ts";
import { type RealModels, realModels } from "../support/realModels.ts";
import { Accessibility } from "./support/axe.ts";
import { loggedModelsHost } from "./support/loggedModelsHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { THEMES, themesFor } from "./support/themes.ts";

// The Logged Models panel over a store that the real mlflow wrote, in a real browser.

const python = findPython();
const skip = browserSkip || skipWithout(python, "Python with mlflow");
const results = join(resultsFolder, "loggedModels");
const MODELS: StoreChange = { everything: false, experiment_ids: [], run_ids: [], models: true };
let models: RealModels;
let store: Store;
let panel: PanelPage<LoggedModelsView>;
let page: Page;
let asked: unknown[][];
const accessibility = new Accessibility();

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  models = await realModels();
  store = openStore(models.uri);
  const { experiment_id } = models;
  // A run that evaluated a model on another dataset, a model of no run, and one whose upload failed.
  const third = models.models["wine-quality"][2];
  const { info } = await store.createRun({ experiment_id, run_name: "evaluation", tags: [] });
  const { run_id } = info;
  await store.logInputs({ run_id, datasets: [], models: [{ model_id: third?.model_id ?? "" }] });
  const of = { timestamp: Date.now(), step: 0, run_id, model_id: third?.model_id ?? "" };
  await store.logBatch({
    ...{ run_id, params: [], tags: [] },
    metrics: [{ key: "rmse", value: 0.75, ...of, dataset_name: "holdout", dataset_digest: "f00dcafe" }],
  });
  const made = { experiment_id, params: [{ key: "depth", value: "3" }], tags: [] };
  await store.createLoggedModel({ ...made, name: "of-no-run" });
  const failed = await store.createLoggedModel({ ...made, name: "half-uploaded" });
  await store.finalizeLoggedModel({ model_id: failed.info.model_id, status: "LOGGED_MODEL_UPLOAD_FAILED" });
  const host = loggedModelsHost(store, experiment_id, python);
  asked = host.asked;
  const subject = { uri: models.uri, experiment_id, model_id: third?.model_id };
  panel = await openPanelPage<LoggedModelsView>({
    ...{ panel: "loggedModels", subject, host: host.host, size: { width: 1240, height: 840 } },
  });
  page = panel.page;
  await details().getByRole("heading", { name: "Inputs" }).waitFor();
});
after(() => store?.close());

const details = () => page.locator(".modelDetails");
const rows = () => page.locator(".modelRow");
const names = async () => rows().locator(".nameOf .strong").allTextContents();

async function screenshots(name: string): Promise<void> {
  for (const theme of themesFor(name, THEMES)) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await panel.setTheme("dark");
}

test("a logged model tells status, metrics by dataset, params, runs both ways, versions, signature and environment", {
  skip,
}, async () => {
  await until("all rows", async () => (await rows().count()) === 11);
  const seen = details();
  for (const text of [
    "Ready",
    "wine-quality 3",
    "@challenger",
    "Staging",
    "holdout",
    "0.7500",
    "l1_ratio",
    "used it",
  ]) {
    await seen.getByText(text, { exact: true }).first().waitFor();
  }
  await seen.getByText("evaluation").waitFor();
  await seen.getByText("fixed acidity").waitFor();
  await seen.getByText("default [1.0,0.5]").waitFor();
  await seen.getByRole("button", { name: "requirements.txt" }).waitFor();
  await screenshots("details");
  await accessibility.look(panel, "details");
  await seen.getByRole("button", { name: "wine-quality 3" }).click();
  await seen.getByRole("button", { name: "evaluation" }).click();
  await seen.getByRole("button", { name: "Open MLmodel" }).click();
  const model_id = models.models["wine-quality"][2]?.model_id;
  await until("the last click is heard", () => asked.length === 3);
  const [version, run, file] = asked.splice(0);
  deepEqual(
    [version, file],
    [
      ["openVersion", { name: "wine-quality", version: "3" }],
      ["openFile", { model_id, path: "MLmodel" }],
    ],
  );
  equal(run?.[0], "openRun");
  deepEqual(panel.errors, []);
});

test("what an interpreter has otherwise is told of the model that was logged with it", { skip }, async () => {
  const first = models.models["wine-quality"][0];
  await page.locator(`[data-id="${first?.model_id}"]`).click();
  await details()
    .getByText(/scikit-learn 1\.3 logged, 1\.\d+ in the selected interpreter\./)
    .waitFor();
  await details()
    .getByText(/mlflow 2\.9\.2 logged|mlflow 2 logged|mlflow 2\.9 logged, 3\.17/)
    .waitFor();
});

test("MLflow's filter finds models, says what is wrong with it, and is cleared", { skip }, async () => {
  const field = page.getByRole("textbox", { name: "Filter logged models" });
  await field.fill("metrics.rmse <");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  await accessibility.look(panel, "wrong filter");
  equal(await rows().count(), 11);
  await field.fill("params.alpha = '0.3' AND name = 'wine'");
  await until("the filtered row", async () => (await rows().count()) === 1);
  await page.getByRole("status").getByText("1 model").waitFor();
  await field.fill("name = 'nothing'");
  await page.getByText("No logged model matches").waitFor();
  await page.screenshot({ path: join(results, "noMatch-dark.png") });
  await page.getByRole("button", { name: "Clear Filter" }).click();
  await until("all rows again", async () => (await rows().count()) === 11);
});

test("the list is sorted by a metric, and the keyboard chooses a row and goes to its details", { skip }, async () => {
  await page.getByRole("columnheader", { name: "rmse" }).getByRole("button").click();
  await until("rows by a metric", async () => (await page.locator("th[aria-sort='descending']").count()) === 1);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await until("rows by name", async () => (await names())[0] === "boosted");
  await rows().first().focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await until(
    "the next row",
    async () => (await page.locator(".modelRow.selected .strong").first().textContent()) === "brightness",
  );
  await details().getByText("float32 (-1, 2, 3)").waitFor();
  await until("focus on the row", () =>
    page.evaluate(() => document.activeElement?.classList.contains("modelRow") === true),
  );
  await page.screenshot({ path: join(results, "focus-dark.png") });
  await accessibility.look(panel, "focus");
  await page.keyboard.press("Enter");
  await until("focus on the details", () =>
    page.evaluate(() => document.activeElement?.classList.contains("modelDetails") === true),
  );
});

test("a tag is added, changed and removed in place, and what others write is seen", { skip }, async () => {
  await details().getByRole("button", { name: "Add tag" }).click();
  await page.getByLabel("Key").fill("team");
  await page.getByLabel("Value", { exact: true }).fill("cellar");
  await page.keyboard.press("Enter");
  const { items } = await until("the tag in the store", async () => {
    const found = await store.searchLoggedModels({
      experiment_ids: [models.experiment_id],
      filter: "tags.team = 'cellar'",
    });
    return found.items.length === 1 ? found : undefined;
  });
  await panel.view.storeChanged(MODELS);
  await details().getByText("cellar").waitFor();
  const model_id = items[0]?.info.model_id ?? "";
  await store.deleteLoggedModelTag({ model_id, tag_key: "team" });
  await panel.view.storeChanged(MODELS);
  await details().getByText("cellar").waitFor({ state: "detached" });
});

test("a model whose upload failed is neither registered nor served, and one without files says so", {
  skip,
}, async () => {
  await rows().filter({ hasText: "half-uploaded" }).click();
  await details().getByText("Upload failed").waitFor();
  ok(await details().getByText("It has no MLmodel file yet", { exact: false }).isVisible());
  equal(await details().getByText("Register…").getAttribute("aria-disabled"), "true");
  await screenshots("failed");
  await accessibility.look(panel, "failed");
});

test("what was arranged is there again after a reload, and a narrow panel shows one below the other", {
  skip,
}, async () => {
  await rows().filter({ hasText: "boosted" }).click();
  await details().getByText("xgboost").first().waitFor();
  await page.reload();
  await panel.setTheme("dark");
  await details().getByText("xgboost").first().waitFor();
  await until("rows by name", async () => (await names())[0] === "boosted");
  await page.setViewportSize({ width: 600, height: 800 });
  await page.screenshot({ path: join(results, "narrow-dark.png") });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  ok(width <= 600, `${width}`);
  await accessibility.look(panel, "narrow");
  accessibility.verify();
  deepEqual(panel.errors, []);
});
