import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { LoggedModelsView } from "../../src/protocol/panels/loggedModels.ts";
import type { StoreChange } from "../../src/protocol/changes.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { type RealModels, realModels } from "../support/realModels.ts";
import { Accessibility, cellsOfRows } from "./support/axe.ts";
import { loggedModelsHost } from "./support/loggedModelsHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { seedManyLoggedModels } from "./support/modelSeed.ts";
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
const rows = () => page.locator(".pinnedCells");
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
  await until("all rows still", async () => (await rows().count()) === 11);
  await field.fill("params.alpha = '0.3' AND name = 'wine'");
  await until("the filtered row", async () => (await rows().count()) === 1);
  await page.getByRole("status").getByText("1 model").waitFor();
  await field.fill("name = 'nothing'");
  await page.getByText("No logged model matches").waitFor();
  await page.screenshot({ path: join(results, "noMatch-dark.png") });
  await accessibility.look(panel, "no match");
  await page.getByRole("button", { name: "Clear Filter" }).click();
  await until("all rows again", async () => (await rows().count()) === 11);
});

test("the list is sorted by a metric, and the keyboard chooses a row and goes to its details", { skip }, async () => {
  await page.getByRole("columnheader", { name: "rmse" }).click();
  await page.locator("[role=columnheader][aria-sort='descending']").getByText("rmse").waitFor();
  await page.getByRole("columnheader", { name: "Name" }).click();
  await until("rows by name", async () => (await names())[0] === "boosted");
  const list = page.getByRole("grid", { name: "Logged models" });
  await list.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowDown");
  await page.locator(".pinnedCells.chosen .strong", { hasText: "brightness" }).waitFor();
  await details().getByText("float32 (-1, 2, 3)").waitFor();
  ok(await list.evaluate((grid) => grid === document.activeElement));
  await page.keyboard.press("Control+c");
  const copied = await until("the name is copied", () => asked.find(([name]) => name === "copy"));
  deepEqual(copied, ["copy", { text: "brightness" }]);
  await until("every cell of the list is in a row", async () => {
    const { loose, rows: cells } = await cellsOfRows(page);
    return loose === 0 && new Set(cells).size === 1;
  });
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
  await details().getByText("It has no MLmodel file yet", { exact: false }).waitFor();
  const register = details().getByText("Register…");
  await until("it is not registered", async () => (await register.getAttribute("aria-disabled")) === "true");
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
  for (const width of [600, 300]) {
    await page.setViewportSize({ width, height: 800 });
    await screenshots(`narrow-${width}`);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
    await until(`nothing is wider than ${width} px`, async () => (await wide()) <= width);
    const grid = page.getByRole("grid", { name: "Logged models" });
    await until(`all columns at ${width} px`, () => grid.evaluate((area) => area.scrollWidth <= area.clientWidth));
    await accessibility.look(panel, `narrow, ${width}`);
  }
  accessibility.verify();
  deepEqual(panel.errors, []);
});

test("10,000 logged models are scrolled, sorted and watched without a wait, a hundred at a time", {
  skip: browserSkip,
}, async (t) => {
  const database = join(temporaryFolder("flowdeck-logged-"), "mlflow.db");
  const own = openStore(storeUri(database));
  t.after(() => own.close());
  const experiment_id = await seedManyLoggedModels(own, database, 10_000);
  const { host } = loggedModelsHost(own, experiment_id, undefined);
  const read = host.models;
  let [pages, largest] = [0, 0];
  host.models = async (query) => {
    const found = await read(query);
    pages += 1;
    largest = Math.max(largest, found.rows.length);
    return found;
  };
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const shown = await openPanelPage<LoggedModelsView>({ panel: "loggedModels", subject, host });
  const seen = (name: string) => shown.page.locator(".pinnedCells").getByText(name, { exact: true }).waitFor();
  const count = (text: string) => shown.page.getByRole("status").getByText(text, { exact: true }).waitFor();
  await seen("model-10000");
  await count("100+ models");
  const session = await shown.page.context().newCDPSession(shown.page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async (act: () => Promise<void>) => {
    const took = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      const parts = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
      return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1000 : 0), 0);
    };
    const start = await took();
    await act();
    return Math.round((await took()) - start);
  };
  const grid = shown.page.getByRole("grid", { name: "Logged models" });
  await grid.focus();
  const toEnd = await work(async () => {
    // Each end is that of what is known so far.
    await until(
      "the last row",
      async () => {
        await shown.page.keyboard.press("Control+End");
        return (await shown.page.locator(".pinnedCells").getByText("model-1", { exact: true }).count()) === 1;
      },
      300_000,
    );
    await count("10,000 models");
  });
  const changed = await work(async () => {
    pages = 0;
    await own.createLoggedModel({ experiment_id, name: "newest", params: [], tags: [] });
    await shown.view.storeChanged(MODELS);
    await count("10,001 models");
  });
  ok(pages <= 4, `${pages} pages were read for one change`);
  const sort = await work(async () => {
    await shown.page.getByRole("columnheader", { name: "rmse" }).click();
    await seen("model-10000");
    await shown.page.getByRole("columnheader", { name: "rmse" }).click();
    await seen("model-1");
  });
  await shown.page.screenshot({ path: join(results, "many.png") });
  t.diagnostic(`10,000 logged models, ms of work: to the end ${toEnd}, a change ${changed}, two sorts ${sort}`);
  ok((await shown.page.locator(".gridRow").count()) < 60, "rows that nobody sees are in the page");
  equal(largest, 100);
  for (const [what, took] of Object.entries({ changed, sort })) ok(took < 600, `${what} took ${took} ms of work`);
  ok(toEnd / 100 < 100, `a page took ${toEnd / 100} ms of work`);
  deepEqual(shown.errors, []);
  await shown.page.close();
});

test("no models, and a store that does not answer, are told in a sentence", { skip: browserSkip }, async (t) => {
  const looked = new Accessibility();
  const database = join(temporaryFolder("flowdeck-no-logged-"), "mlflow.db");
  const own = openStore(storeUri(database));
  t.after(() => own.close());
  const { experiment_id } = await own.createExperiment({ name: "nothing yet", tags: [] });
  const { host } = loggedModelsHost(own, experiment_id, undefined);
  const { overview } = host;
  let isSilent = true;
  const silent = new MlflowError("TEMPORARILY_UNAVAILABLE", "The store process ended.");
  host.overview = (query) => (isSilent ? Promise.reject(silent) : overview(query));
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const shown = await openPanelPage<LoggedModelsView>({
    panel: "loggedModels",
    subject,
    host,
    size: { width: 700, height: 500 },
  });
  await shown.page.getByText("The store process ended.").waitFor();
  await looked.look(shown, "unreadable");
  isSilent = false;
  await shown.page.getByRole("button", { name: "Retry" }).click();
  await shown.page.getByText(/No logged model yet\./).waitFor();
  await shown.page.screenshot({ path: join(results, "empty.png") });
  await looked.look(shown, "no models");
  await own.createLoggedModel({ experiment_id, name: "first", params: [], tags: [] });
  await shown.view.storeChanged(MODELS);
  await shown.page.locator(".pinnedCells").getByText("first").waitFor();
  isSilent = true;
  await shown.view.storeChanged(MODELS);
  await shown.page.getByText(/The store does not answer; its models are shown as they were/).waitFor();
  await shown.page.locator(".pinnedCells").getByText("first").waitFor();
  await shown.page.screenshot({ path: join(results, "stale.png") });
  await looked.look(shown, "stale");
  looked.verify();
  deepEqual(shown.errors, []);
  await shown.page.close();
});
