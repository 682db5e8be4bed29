import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { ModelView } from "../../src/protocol/panels/model.ts";
import type { StoreChange } from "../../src/protocol/changes.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { Accessibility } from "./support/axe.ts";
import { becomes } from "./support/becomes.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { modelHost } from "./support/modelHost.ts";
import { folderOf, seedModel, type SeededModel } from "./support/modelSeed.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { ALL_THEMES, themesFor } from "./support/themes.ts";

// The Model panel's page over a store, in a real browser; modelPanel.test.ts has it in the editor.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-model-page-");
const results = join(resultsFolder, "modelPage");
const database = join(folder, "mlflow.db");
/** As wide as the panel is in design/06-model-predict. */
const SIZE = { width: 641, height: 832 };
const MODELS: StoreChange = { everything: false, experiment_ids: [], run_ids: [], models: true };
const looked = new Accessibility();
let store: Store;
let seeded: SeededModel;
let panel: PanelPage<ModelView>;
let page: Page;
let asked: unknown[][];
let wanted: { version?: string };

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(database));
  seeded = await seedModel(store, database, Date.now());
  const made = modelHost(store, seeded.name);
  ({ asked, wanted } = made);
  panel = await open(seeded.name, made.host);
  page = panel.page;
});
after(() => store?.close());

function open(name: string, host: object, size = SIZE, state?: unknown): Promise<PanelPage<ModelView>> {
  const subject = { uri: "sqlite:///mlflow.db", name };
  return openPanelPage<ModelView>({ panel: "model", subject, host, size, ...(state === undefined ? {} : { state }) });
}

const details = (version: string, on = page) => on.getByRole("region", { name: `Version ${version}`, exact: true });
const grid = (on = page) => on.getByRole("grid", { name: "Versions" });
const plain = (texts: string[]) => texts.map((text) => text.replaceAll(/\s+/g, " ").replaceAll(" ,", ",").trim());
/** A row by its place: 0 is the first. */
const row = (place: number, on = page) => on.locator(`.gridRow[data-row="${place}"]`);
const button = (name: string | RegExp, on = page) => on.getByRole("button", { name, exact: typeof name === "string" });
const menuItem = (name: string, on = page) => on.getByRole("menuitem", { name });

async function screenshots(name: string, on = panel): Promise<void> {
  for (const theme of themesFor(name, ALL_THEMES)) {
    await on.setTheme(theme);
    await on.page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await on.setTheme("dark");
}

/** What the page asked its host for last. */
async function lastAsked(name: string, of = asked): Promise<unknown> {
  return until(`${name} is asked for`, async () => of.findLast(([one]) => one === name)?.[1]);
}

test("versions, badges and differences from the champion are as designed", { skip }, async () => {
  await details("6").waitFor();
  const cells = async (place: number) => plain(await row(place).getByRole("gridcell").allInnerTexts());
  await becomes(
    () => cells(0),
    ["@challenger", "None", "eta=0.05", "0.5571", "−0.0041, better than the champion", "2 h"],
  );
  await becomes(() => cells(1), ["@champion", "Production", "gentle…-512", "0.5612", "champion", "2 d"]);
  deepEqual((await cells(5)).slice(3, 5), ["0.7391", "+0.1779, worse than the champion"]);
  // Only @champion has the accent, only Production is green.
  await becomes(() => grid().locator(".chip.accent").allInnerTexts(), ["@champion"]);
  await becomes(() => grid().locator(".chip.production").allInnerTexts(), ["Production"]);
  await page.getByText("6 versions").waitFor();
  await page.getByText("Scores red wines from 11 lab measurements. Owner: mira.").waitFor();
  await page.locator(".modelHeader").getByText("cellar").waitFor();
  equal(await page.getByText("flowdeck.history").count(), 0);
  for (const text of ["eta=0.05", "python_function, xgboost", "11 in, 1 out", "same as 5", "1.4 MB"])
    await details("6").getByText(text).first().waitFor();
  await details("6").getByText("xgboost 3.0.2 → 3.1.0").first().waitFor();
  const besides = page.getByRole("region", { name: "Beside the champion" });
  deepEqual(plain(await besides.getByRole("row").allInnerTexts()), [
    "Key 6 @challenger 5 @champion Δ",
    "val_rmse 0.5571 0.5612 −0.0041, better than 5 @champion",
    "val_r2 0.5802 0.5740 +0.0062, better than 5 @champion",
    "train_rmse 0.1938 0.2214 −0.0276, better than 5 @champion",
    "eta 0.05 0.08",
    "max_depth 8 6",
  ]);
  const acts = page.getByRole("region", { name: "History" }).getByRole("listitem");
  await acts.first().waitFor();
  deepEqual(plain(await acts.allInnerTexts()).slice(0, 5), [
    "2 h ago alias @challenger moved from 4 to 6 mira",
    "2 h ago 6 registered from run eta=0.05 mira",
    "2 d ago 5 from Staging to Production, 4 archived mira",
    "2 d ago alias @champion moved from 4 to 5 mira",
    "2 d ago 5 registered from run gentle-crane-512 mira",
  ]);
  await screenshots("model");
  await looked.look(panel, "model");
});

test("what a promotion would change is on screen, for each alias and stage it could be", { skip }, async () => {
  const box = page.getByRole("region", { name: /^Promote to/ });
  await box.getByText("in place of 5").waitFor();
  const lines = () => box.getByRole("listitem").allInnerTexts();
  deepEqual(plain(await lines()), [
    "fine: val_rmse 0.5612 → 0.5571",
    "fine: train_rmse 0.2214 → 0.1938",
    "fine: val_r2 0.5740 → 0.5802",
    "fine: signature same as 5",
    "different: environment xgboost 3.0.2 → 3.1.0",
  ]);
  await box.getByText("Better than 5 in 3 of 3 metrics.").waitFor();
  await button("Promote to @champion…").click();
  deepEqual(await lastAsked("promote"), { version: "6", target: { alias: "champion" }, seen: "5" });
  const choice = box.getByRole("combobox", { name: "Promote to" });
  deepEqual(await choice.locator("option").allInnerTexts(), [
    ...["@champion", "@challenger", "@first", "Staging", "Production"],
  ]);
  await choice.selectOption("Production");
  await box.getByText("in place of 5").waitFor();
  await choice.selectOption("Staging");
  await box.getByText("No version is in Staging yet.").waitFor();
  await button("Promote to Staging…").click();
  deepEqual(await lastAsked("promote"), { version: "6", target: { stage: "Staging" } });
  await choice.selectOption("@challenger");
  await box.getByText("Version 6 has it.").waitFor();
  await choice.selectOption("@champion");
  await row(3).click();
  await details("3").waitFor();
  await box.getByText("Worse than 5 in 3 of 3 metrics.").waitFor();
  // What is worse is no button to press at once.
  const anyway = page.locator("vscode-button", { hasText: "Promote to @champion Anyway…" });
  await becomes(() => anyway.getAttribute("appearance"), "secondary");
  await page.screenshot({ path: join(results, "worse.png") });
  await looked.look(panel, "worse", ["dark", "highContrast"]);
  await row(1).click();
  await details("5").getByText("The one in the shop.").waitFor();
  await page.getByRole("region", { name: "Metrics and params" }).getByText("0.5612").waitFor();
  await page.screenshot({ path: join(results, "champion.png") });
});

test("the keyboard leads through rows, details, comparison and menus, and each key does what the list says", {
  skip,
}, async () => {
  const chosen = (version: string) => details(version).waitFor();
  await grid().focus();
  await page.keyboard.press("Control+Home");
  await chosen("6");
  await page.keyboard.press("ArrowDown");
  await chosen("5");
  await page.keyboard.press(" ");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press(" ");
  await button("Compare 6 and 5").waitFor();
  await page.keyboard.press("Enter");
  deepEqual(await lastAsked("openRun"), { run_id: seeded.run_ids[5] });
  await page.keyboard.press("o");
  deepEqual(await lastAsked("diffFiles"), { left: "5", right: "6" });
  for (const [key, action] of [
    ["a", "setAlias"],
    ["s", "setStage"],
    ["e", "describe"],
    ["t", "setTag"],
    ["Delete", "delete"],
  ] as const) {
    asked.length = 0;
    await page.keyboard.press(key);
    deepEqual(await lastAsked("actOnVersion"), { action, version: "6" }, key);
  }
  await page.keyboard.press("c");
  const both = page.getByRole("region", { name: "Versions 6 and 5" });
  await both.getByText("Environment · 1 of 4 differs").waitFor();
  await becomes(() => both.getByRole("row", { name: /numpy/ }).count(), 1);
  await screenshots("compare");
  await looked.look(panel, "compare");
  await page.keyboard.press("d");
  await until("what is equal is gone", async () => (await both.getByRole("row", { name: /numpy/ }).count()) === 0);
  await both.getByText("Signature · 0 of 12 differ").waitFor();
  await page.keyboard.press("Escape");
  await both.waitFor({ state: "detached" });
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Versions");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menu", { name: "Version 6" }).waitFor();
  await screenshots("menu");
  await looked.look(panel, "menu", ["dark", "highContrast"]);
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  // A column's menu, and sorting from its header.
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("menuitemradio", { name: "val_r2" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.getByRole("columnheader", { name: "val_rmse" }).and(page.locator("[aria-sort='ascending']")).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.getByRole("columnheader", { name: "Version" }).and(page.locator("[aria-sort='descending']")).waitFor();
  const regions: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press("F6");
    const at = await page.evaluate(() => {
      const region = document.activeElement?.closest("[data-region]");
      return region?.getAttribute("aria-label") ?? region?.tagName ?? "";
    });
    regions.push(at);
  }
  deepEqual(regions, ["Details", "HEADER", "Versions", "Versions"]);
  await page.keyboard.press("?");
  await page.getByRole("menu", { name: "Keys" }).getByText("Open the source run").waitFor();
  await page.screenshot({ path: join(results, "keys.png") });
  await page.keyboard.press("Escape");
});

test("buttons, links and menus lead where they say", { skip }, async () => {
  await row(0).click();
  await details("6").waitFor();
  const run_id = seeded.run_ids[5];
  for (const [click, name, query] of [
    [() => button("Serve").click(), "actOnVersion", { action: "serve", version: "6" }],
    [() => row(0).getByText("eta=0.05").click(), "openRun", { run_id }],
    [() => details("6").getByText("eta=0.05").click(), "actOnVersion", { action: "openRun", version: "6" }],
    [() => button("Edit").click(), "act", { action: "describe" }],
    [() => button("Describe this version").click(), "actOnVersion", { action: "describe", version: "6" }],
    [() => button("Set").click(), "actOnVersion", { action: "setTag", version: "6" }],
    [() => button("Open MLmodel files as diff").click(), "diffFiles", { left: "5", right: "6" }],
    [
      async () => {
        await button("More actions").click();
        await menuItem("Rename…").click();
      },
      "act",
      { action: "rename" },
    ],
    [
      async () => {
        await button("Actions of version 6").click();
        await menuItem("Copy to Another Model…").click();
      },
      "actOnVersion",
      { action: "copyVersion", version: "6" },
    ],
  ] as [() => Promise<void>, string, object][]) {
    asked.length = 0;
    await click();
    deepEqual(await lastAsked(name), query, JSON.stringify(query));
  }
  await button("11 in, 1 out").click();
  const inputs = details("6").getByRole("list", { name: "Inputs" });
  deepEqual(plain(await inputs.getByRole("listitem").allInnerTexts()).slice(5, 8), [
    "chlorides double",
    "free_so2 long",
    "total_so2 long",
  ]);
  await screenshots("signature");
  await looked.look(panel, "signature", ["dark", "light"]);
  await button("11 in, 1 out").click();
  await inputs.waitFor({ state: "detached" });
  await grid().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Control+c");
  deepEqual(await lastAsked("copy"), { text: "gentle-crane-512" });
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+c");
  await until("the version is copied", async () => JSON.stringify(asked.at(-1)) === '["copy",{"text":"5"}]');
});

test("the registry's filter is applied as it is typed, and what is wrong is said below it", { skip }, async () => {
  const field = page.getByRole("textbox", { name: "Filter versions" });
  await page.keyboard.press("Control+f");
  await page.keyboard.type("tags.data = 'v3'");
  await page.getByText("1 of 6 versions").waitFor();
  await field.fill("colour = 'red'");
  await page
    .getByRole("alert")
    .getByText(/colour/)
    .waitFor();
  await page.getByText("1 of 6 versions").waitFor();
  await screenshots("filter");
  await looked.look(panel, "filter", ["dark", "light"]);
  await field.fill("run_id = 'none'");
  await page.getByText("No version matches run_id = 'none'.").waitFor();
  await page.screenshot({ path: join(results, "no-match.png") });
  await button("Clear Filter").click();
  await page.getByText("6 versions").waitFor();
});

test("what happens in the store is seen at once", { skip }, async () => {
  await row(0).click();
  await store.setRegisteredModelAlias({ name: seeded.name, alias: "champion", version: "6" });
  await store.setModelVersionTag({ name: seeded.name, version: "6", key: "reviewed", value: "yes" });
  await panel.view.storeChanged(MODELS);
  await row(0).getByText("champion", { exact: true }).waitFor();
  await details("6").getByText("reviewed").waitFor();
  await page.getByRole("region", { name: "Metrics and params" }).waitFor();
  await store.setRegisteredModelAlias({ name: seeded.name, alias: "champion", version: "5" });
  await store.logBatch({
    run_id: seeded.run_ids[5] ?? "",
    metrics: [{ key: "val_rmse", value: 0.5432, timestamp: Date.now(), step: 2 }],
    ...{ params: [], tags: [] },
  });
  await panel.view.storeChanged({ ...MODELS, run_ids: [seeded.run_ids[5] ?? ""] });
  await row(0).getByText("−0.0180").waitFor();
  await store.createModelVersion({ name: seeded.name, source: "s3://elsewhere/model", run_id: "" });
  await panel.view.storeChanged(MODELS);
  await page.getByText("7 versions").waitFor();
  await grid().focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press(" ");
  await page.getByRole("checkbox", { name: "Uncheck 3 versions" }).waitFor();
  await row(0).click();
  await details("7").getByText("Version 7 lies on s3://, which is not read here.").waitFor();
  await page.screenshot({ path: join(results, "elsewhere.png") });
  await store.deleteModelVersion({ name: seeded.name, version: "7" });
  await panel.view.storeChanged(MODELS);
  await details("6").waitFor();
  await page.getByRole("checkbox", { name: "Uncheck 2 versions" }).waitFor();
});

test("a model whose files are gone says so, and what was logged of it stays", { skip }, async () => {
  const { info } = await store.getRun({ run_id: seeded.run_ids[3] ?? "" });
  rmSync(join(folderOf(info.artifact_uri), "model"), { recursive: true });
  await row(2).click();
  await details("4").getByText("The MLmodel of version 4 is not where it was logged.").waitFor();
  await page.getByRole("region", { name: "Beside the champion" }).getByText("0.5689").waitFor();
  await page.screenshot({ path: join(results, "gone.png") });
});

test("the panel comes back as it was left", { skip }, async () => {
  const field = page.getByRole("textbox", { name: "Filter versions" });
  await page.setViewportSize({ ...SIZE, height: 540 });
  await field.fill("version_number > 2");
  await page.getByText("4 of 6 versions").waitFor();
  await page.getByRole("combobox", { name: "Metric of the table" }).selectOption("val_r2");
  await row(1).click();
  await details("5").waitFor();
  await page.locator(".modelDetails").evaluate((area) => area.scrollTo({ top: 60 }));
  await until("it is saved", async () => JSON.stringify(await panel.saved()).includes('"detailsTop":60'));
  await page.reload();
  await panel.setTheme("dark");
  await details("5").waitFor();
  await page.getByText("4 of 6 versions").waitFor();
  await becomes(() => field.inputValue(), "version_number > 2");
  await page.getByRole("columnheader", { name: "val_r2" }).waitFor();
  await until(
    "it is scrolled",
    async () => (await page.locator(".modelDetails").evaluate(({ scrollTop }) => scrollTop)) === 60,
  );
  wanted.version = "1";
  await panel.view.opened({});
  await details("1").waitFor();
  await field.fill("");
  await page.getByRole("combobox", { name: "Metric of the table" }).selectOption("val_rmse");
  await page.getByText("6 versions").waitFor();
  await page.setViewportSize(SIZE);
});

test("in a narrow panel everything stands below each other", { skip }, async () => {
  await page.setViewportSize({ width: 400, height: 760 });
  await row(0).click();
  await details("6").waitFor();
  await screenshots("narrow");
  await looked.look(panel, "narrow", ["dark", "highContrast"]);
  ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const right = await row(0).getByRole("gridcell").last().boundingBox();
  ok(right !== null && right.x + right.width <= 400, "the age is outside");
  await page.setViewportSize({ width: 1_200, height: 800 });
  await screenshots("wide");
  await page.setViewportSize(SIZE);
});

test("every state of the panel is accessible, and nothing went wrong unseen", { skip }, () => {
  deepEqual(panel.errors, []);
  looked.verify();
});
