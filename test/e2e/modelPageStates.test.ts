import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { MlflowError } from "../../src/mlflow/errors.ts";
import type { StoreChange } from "../../src/protocol/changes.ts";
import type { ModelView } from "../../src/protocol/panels/model.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { Accessibility } from "./support/axe.ts";
import { becomes } from "./support/becomes.ts";
import { HOSTILE_NOTE, LONG, MARKUP } from "./support/hostile.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { modelHost } from "./support/modelHost.ts";
import { seedManyVersions, seedModel, type SeededModel } from "./support/modelSeed.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { verifySigns } from "./support/signs.ts";
import { ALL_THEMES } from "./support/themes.ts";

// The Model panel's page where there is very much, nothing, or trouble; modelPage.test.ts has what it does every day.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-model-states-");
const results = join(resultsFolder, "modelPage");
const database = join(folder, "mlflow.db");
const SIZE = { width: 641, height: 832 };
const MODELS: StoreChange = { everything: false, experiment_ids: [], run_ids: [], models: true };
const looked = new Accessibility();
let store: Store;
let seeded: SeededModel;

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(database));
  seeded = await seedModel(store, database, Date.now());
});
after(() => store?.close());

function open(name: string, host: object): Promise<PanelPage<ModelView>> {
  return openPanelPage<ModelView>({ panel: "model", subject: { uri: "sqlite:///mlflow.db", name }, host, size: SIZE });
}

const details = (version: string, on: Page) => on.getByRole("region", { name: `Version ${version}`, exact: true });
const grid = (on: Page) => on.getByRole("grid", { name: "Versions" });
/** A row by its place: 0 is the first. */
const row = (place: number, on: Page) => on.locator(`.gridRow[data-row="${place}"]`);
const button = (name: string, on: Page) => on.getByRole("button", { name, exact: true });

test("10,000 versions are scrolled, filtered and sorted without a wait, a hundred at a time", { skip }, async (t) => {
  const many = await seedManyVersions(store, database, 10_000);
  const made = modelHost(store, many.name);
  let largest = 0;
  const { rows } = made.host;
  made.host.rows = async (query) => {
    const found = await rows(query);
    largest = Math.max(largest, found.rows.length);
    return found;
  };
  const shown = await open(many.name, made.host);
  await shown.page.getByText("10,000 versions").waitFor();
  await details("10000", shown.page).waitFor();
  const session = await shown.page.context().newCDPSession(shown.page);
  // What others do on the machine meanwhile is not in it.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async (act: () => Promise<void>) => {
    const read = async () => {
      const { metrics } = await session.send("Performance.getMetrics");
      const parts = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
      return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1000 : 0), 0);
    };
    const start = await read();
    await act();
    return Math.round((await read()) - start);
  };
  const seen = (version: string) => shown.page.locator(".pinnedCells").getByText(version, { exact: true }).waitFor();
  const toEnd = await work(async () => {
    await grid(shown.page).evaluate((area) => area.scrollTo({ top: area.scrollHeight }));
    await seen("1");
  });
  const key = await work(async () => {
    await grid(shown.page).focus();
    await shown.page.keyboard.press("Control+End");
    await details("1", shown.page).waitFor();
    for (let i = 0; i < 20; i += 1) await shown.page.keyboard.press("ArrowUp");
    await details("21", shown.page).waitFor();
  });
  const filter = await work(async () => {
    await shown.page.getByRole("textbox", { name: "Filter versions" }).fill("version_number > 9990");
    await shown.page.getByText("10 of 10,000 versions").waitFor();
    await seen("9991");
    await shown.page.getByRole("textbox", { name: "Filter versions" }).fill("");
    await shown.page.getByText(/^10,000 versions/).waitFor();
  });
  const sort = await work(async () => {
    await shown.page.getByRole("columnheader", { name: "val_rmse" }).click();
    await row(0, shown.page).getByText("0.5000").waitFor();
  });
  await shown.page.screenshot({ path: join(results, "many.png") });
  await looked.look(shown, "many versions", ["dark", "light", "highContrast"]);
  t.diagnostic(
    `10,000 versions, ms of work: to the end ${toEnd}, 21 keys ${key}, filter and back ${filter}, sort ${sort}`,
  );
  ok((await shown.page.locator(".gridRow").count()) < 60, "rows that nobody sees are in the page");
  equal(largest, 100);
  for (const [what, took] of Object.entries({ toEnd, filter, sort })) ok(took < 600, `${what} took ${took} ms of work`);
  ok(key / 21 < 60, `a key took ${key / 21} ms of work`);
  await shown.page.close();
});

test("no more rows are drawn than are seen when 10,000 versions are known before what is said of the model", {
  skip,
}, async () => {
  const made = modelHost(store, "many-versions");
  const { rows, overview } = made.host;
  const answered = Promise.withResolvers<void>();
  made.host.rows = async (query) => {
    const found = await rows(query);
    answered.resolve();
    return found;
  };
  made.host.overview = async (query) => {
    await answered.promise;
    return overview(query);
  };
  const shown = await openPanelPage<ModelView>({
    ...{ panel: "model", subject: { uri: "sqlite:///mlflow.db", name: "many-versions" }, host: made.host, size: SIZE },
    prepare: async (page) => void (await page.addInitScript(countRows)),
  });
  await details("10000", shown.page).waitFor();
  const most = await shown.page.evaluate(() => Number(Reflect.get(globalThis, "mostRows")));
  ok(most > 3 && most < 60, `${most} rows were in the page`);
  await shown.page.close();
});

/** In the page: notes how many rows were in it at most. */
function countRows(): void {
  let most = 0;
  new MutationObserver(() => {
    most = Math.max(most, document.querySelectorAll(".gridRow").length);
    Object.assign(globalThis, { mostRows: most });
  }).observe(document, { subtree: true, childList: true });
}

test("each key of the panel is an action of a command, too, which says why it cannot be done", { skip }, async () => {
  const made = modelHost(store, seeded.name);
  const shown = await open(seeded.name, made.host);
  const { page, view } = shown;
  await details("6", page).waitFor();
  const told = async (text: string) => {
    await page.getByRole("status").getByText(text).waitFor();
    await button("Dismiss", page).click();
  };
  await view.act({ action: "compare" });
  await told("Two versions are compared; check two with Space, and no more.");
  await view.act({ action: "differences" });
  await told("Nothing is compared; check two versions with Space and press C.");
  await row(1, page).click();
  await details("5", page).waitFor();
  await view.act({ action: "openAsDiff" });
  await told("A diff takes two versions; choose one that is not the champion, or compare two.");
  const check = (version: string) => page.getByRole("checkbox", { name: `Version ${version}`, exact: true }).click();
  await check("4");
  await check("6");
  await view.act({ action: "compare" });
  const comparison = page.getByRole("region", { name: "Versions 6 and 4" });
  await comparison.getByRole("row", { name: /numpy/ }).waitFor();
  await view.act({ action: "differences" });
  await comparison.getByRole("row", { name: /numpy/ }).waitFor({ state: "detached" });
  await view.act({ action: "openAsDiff" });
  deepEqual(await until("a diff", async () => made.asked.find(([name]) => name === "diffFiles")), [
    "diffFiles",
    { left: "4", right: "6" },
  ]);
  await view.act({ action: "closeComparison" });
  await comparison.waitFor({ state: "detached" });
  await view.act({ action: "showKeys" });
  await page.getByRole("menu", { name: "Keys" }).waitFor();
  await looked.look(shown, "keys", ["dark", "light", "highContrast"]);
  await page.keyboard.press("Escape");
  await page.getByRole("menu", { name: "Keys" }).waitFor({ state: "detached" });
  await view.act({ action: "filter" });
  await page.locator("[data-filter]:focus").waitFor();
  deepEqual(shown.errors, []);
  await page.close();
});

test("better and worse than the champion are told by a sign and by words, not by colour alone", { skip }, async () => {
  const shown = await open(seeded.name, modelHost(store, seeded.name).host);
  await details("6", shown.page).waitFor();
  await row(5, shown.page).waitFor();
  const deltas = shown.page.locator(".gridCell .delta:is(.better, .worse)");
  await verifySigns(deltas, "the champion");
  for (const looks of [".better", ".worse"]) ok((await deltas.and(shown.page.locator(looks)).count()) > 0);
  await shown.page.close();
});

test("at 300 px everything stays within the panel", { skip }, async () => {
  const shown = await open(seeded.name, modelHost(store, seeded.name).host);
  await shown.page.setViewportSize({ width: 300, height: 800 });
  await details("6", shown.page).waitFor();
  const look = async (state: string) => {
    const wide = await shown.page.evaluate(() =>
      [document.documentElement, document.querySelector(".modelDetails")].map((one) =>
        one === null ? 0 : one.scrollWidth - one.clientWidth,
      ),
    );
    deepEqual(wide, [0, 0], state);
    for (const theme of ALL_THEMES) {
      await shown.setTheme(theme);
      await shown.page.screenshot({ path: join(results, `300-${state}-${theme}.png`) });
    }
    await looked.look(shown, `300 px, ${state}`);
  };
  await look("details");
  for (const version of ["6", "5"])
    await shown.page.getByRole("checkbox", { name: `Version ${version}`, exact: true }).click();
  await shown.view.act({ action: "compare" });
  await shown.page.getByRole("region", { name: "Versions 6 and 5" }).waitFor();
  await look("comparison");
  await shown.page.close();
});

test("a store that can only be read offers nothing that changes it", { skip }, async () => {
  const shown = await open(seeded.name, modelHost(store, seeded.name, []).host);
  await details("6", shown.page).waitFor();
  for (const name of ["Edit", "Serve", "Set", "Describe this version"])
    equal(await button(name, shown.page).count(), 0, name);
  const promote = button("Promote to @champion…", shown.page);
  await becomes(() => promote.getAttribute("aria-disabled"), "true");
  await looked.look(shown, "read only");
  await becomes(() => promote.getAttribute("title"), "The store can only be read, so nothing is promoted in it.");
  await row(0, shown.page).click({ button: "right" });
  deepEqual(await shown.page.getByRole("menuitem").allInnerTexts(), [
    "Open Source Run\nEnter",
    "Open MLmodel as Diff with 5\nO",
    "Copy models:/ URI",
  ]);
  await shown.page.close();
});

test("a model without versions, and one whose words are markup, are shown as they are", { skip }, async () => {
  const name = `a ${MARKUP.replaceAll(/[/:]/g, "")}`.slice(0, 200);
  await store.createRegisteredModel({ name, description: HOSTILE_NOTE, tags: [{ key: "k", value: MARKUP }] });
  const shown = await open(name, modelHost(store, name).host);
  await shown.page.getByText(/has no version yet/).waitFor();
  await shown.page.screenshot({ path: join(results, "empty.png") });
  await looked.look(shown, "no versions", ["dark"]);
  await store.createModelVersion({
    name,
    source: MARKUP,
    description: HOSTILE_NOTE,
    tags: [{ key: "k", value: LONG }],
  });
  await store.setRegisteredModelAlias({ name, alias: "champion", version: "1" });
  await shown.view.storeChanged(MODELS);
  await details("1", shown.page).waitFor();
  await shown.page.screenshot({ path: join(results, "hostile.png") });
  equal(await shown.page.evaluate(() => Reflect.get(globalThis, "flowdeckAttacked")), undefined);
  equal(await shown.page.locator("img, iframe, script:not([nonce])").count(), 0);
  ok(await shown.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  deepEqual(shown.errors, []);
  await shown.page.close();
});

test("a store that does not answer, and a model that was deleted, are told above what was seen", { skip }, async () => {
  const made = modelHost(store, seeded.name);
  let trouble: Error | undefined = new MlflowError("TEMPORARILY_UNAVAILABLE", "The store process ended.");
  const { overview, rows } = made.host;
  made.host.overview = (query) => (trouble === undefined ? overview(query) : Promise.reject(trouble));
  made.host.rows = (query) => (trouble === undefined ? rows(query) : Promise.reject(trouble));
  const shown = await open(seeded.name, made.host);
  await shown.page.getByRole("status").getByText("The store process ended.").waitFor();
  await shown.page.screenshot({ path: join(results, "unreadable.png") });
  await looked.look(shown, "unreadable", ["dark"]);
  trouble = undefined;
  await button("Retry", shown.page).click();
  await details("6", shown.page).waitFor();
  trouble = new MlflowError("TEMPORARILY_UNAVAILABLE", "The store process ended.");
  await shown.view.storeChanged(MODELS);
  await shown.page.getByText(/The store does not answer; it is shown as it was .* ago\./).waitFor();
  await row(0, shown.page).waitFor();
  trouble = undefined;
  await button("Retry", shown.page).click();
  await shown.page.getByText(/does not answer/).waitFor({ state: "detached" });
  trouble = new MlflowError("RESOURCE_DOES_NOT_EXIST", "Registered Model with name=wine-quality not found");
  await shown.view.storeChanged(MODELS);
  await shown.page.getByText(/wine-quality was deleted or renamed; it is shown as it was/).waitFor();
  await shown.page.screenshot({ path: join(results, "deleted.png") });
  await looked.look(shown, "deleted");
  await shown.page.close();
});

test("every state of the panel is accessible", { skip }, () => looked.verify());
