import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Page } from "playwright-core";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { EVERYTHING } from "../../src/protocol/changes.ts";
import type { ExperimentView } from "../../src/protocol/panels/experiment.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { experimentHost, type HostState } from "./support/experimentHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { verifySigns } from "./support/signs.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { downTo } from "./support/runsTable.ts";
import { logTuning } from "./support/tuning.ts";

// The runs table in a real browser over a real store; the editor around it is the walks' matter.

const skip = browserSkip;
let store: Store;
let panel: PanelPage<ExperimentView>;
let page: Page;
let state: HostState;

before(async () => {
  if (skip !== false) return;
  mkdirSync(resultsFolder, { recursive: true });
  const path = join(temporaryFolder("flowdeck-table-"), "mlflow.db");
  store = openStore(storeUri(path));
  const made = await logTuning(store, 40);
  const parts = experimentHost(store, made.experiment_id);
  state = parts.state;
  const subject = { uri: storeUri(path), experiment_id: made.experiment_id };
  panel = await openPanelPage<ExperimentView>({ panel: "experiment", subject, host: parts.host });
  page = panel.page;
  await page.locator(".grid [role=row]").nth(3).waitFor();
});
after(() => store?.close());

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: join(resultsFolder, `table-${name}.png`) });
}

const names = () => page.locator(".pinnedColumn .label").allInnerTexts();
const key = (text: string) => page.keyboard.press(text);
const status = () => page.locator(".chips [role=status]").innerText();

/** The keyboard goes to the first row. */
async function first(): Promise<void> {
  await page.locator(".grid").focus();
  await key("Control+Home");
  await page.locator('.pinnedCells.focused[data-row="0"]').waitFor();
}

/** The keyboard goes to the filter. */
async function toFilter(): Promise<void> {
  await key("Control+f");
  await until("keys go to the filter", () =>
    page.getByRole("combobox", { name: "Filter runs" }).evaluate((field) => field.matches(":focus")),
  );
}

/** Takes what the filter offers first, once that is `text`. */
async function complete(text: string): Promise<void> {
  await page.locator(".completion").first().filter({ hasText: text }).waitFor();
  await key("Tab");
}

/** Tells the panel again and again that something has changed: it may hear the first time before the change. */
async function shows(what: string, is: () => Promise<boolean>): Promise<void> {
  await until(what, async () => {
    await panel.view.storeChanged({ everything: true, experiment_ids: [], run_ids: [], models: false });
    return is();
  });
}

test("a whole walk by keyboard: filter, group, sort, fold, check, compare", { skip }, async () => {
  await toFilter();
  await page.keyboard.type("metrics.val_rm");
  await page.locator(".completion").first().waitFor();
  await picture("completion");
  await complete("val_rmse");
  await page.keyboard.type("< 0.7 AND params.mo");
  await complete("model");
  await page.keyboard.type("= ");
  await page.locator(".completion", { hasText: "'xgboost'" }).waitFor();
  await picture("values");
  await page.keyboard.type("'xgboost'");
  await key("Escape");
  await key("Enter");
  await until("the filter is in force", async () => (await status()).startsWith("5 runs"));
  // The children of the sweep match too, and stand below it when it is unfolded.
  await key("Escape");
  await until("the grid has the focus", () => page.evaluate(() => document.activeElement?.classList.contains("grid")));
  await first();
  await until("the sweep is there", async () => (await names()).includes("sweep-eta"));
  ok(!(await names()).includes("eta=0.05"));
  await downTo(page.locator(".grid"), "sweep-eta");
  await key("ArrowRight");
  await until("its children", async () => (await names()).includes("eta=0.05"));
  await key("ArrowDown");
  await key("b");
  await until("a baseline", async () => (await page.locator(".headCell", { hasText: "Δ" }).count()) > 0);
  await key(" ");
  await key("Shift+ArrowDown");
  await key("Shift+ArrowDown");
  await until("three are checked", () => page.getByText("3 checked").count());
  await picture("baseline");
  await key("c");
  const compared = await until("compared", () => state.asked.find(([name]) => name === "compareRuns"));
  equal((compared[1] as { run_ids: string[] }).run_ids.length, 3);
  await key("Enter");
  await until("the run opens", () => state.asked.some(([name]) => name === "openRun"));
  deepEqual(panel.errors, []);
});

async function fresh(): Promise<void> {
  for (const name of ["Remove filter", "Clear baseline", "Uncheck all"]) {
    const button = page.getByRole("button", { name, exact: true });
    if ((await button.count()) > 0) await button.click();
  }
  await until("all runs", async () => (await status()).startsWith("49 runs"));
}

test("a filter that is wrong is underlined where it is wrong and not applied; the earlier ones are remembered", {
  skip,
}, async () => {
  await fresh();
  await toFilter();
  await page.keyboard.type("metrics.val_rmse LIKE 'a' AND params.model = 'mlp'");
  await key("Escape");
  await key("Enter");
  await page.getByRole("alert").waitFor();
  ok((await page.locator(".filterColors .wrong").first().innerText()).length > 0);
  equal(await page.getByRole("combobox", { name: "Filter runs" }).getAttribute("aria-invalid"), "true");
  await picture("wrong");
  ok((await status()).startsWith("49 runs"));
  await key("Escape");
  await page.getByRole("alert").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Earlier filters" }).click();
  await page.getByRole("menuitem", { name: /val_rmse < 0.7/ }).click();
  await until("the earlier filter", async () => (await status()).startsWith("5 runs"));
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await until("all runs", async () => (await status()).startsWith("49 runs"));
});

test("runs are grouped with mean, deviation and range; a group folds and is checked as one", { skip }, async () => {
  await page.getByRole("button", { name: "Group runs" }).click();
  await page.getByRole("menuitemcheckbox", { name: "model", exact: true }).click();
  const group = page.locator(".pinnedCells.group").first();
  await group.waitFor();
  await picture("groups");
  const mean = page.locator(".gridRow.group").first().getByText(/±/).first();
  ok(/min .*, max .*, \d+ runs/.test((await mean.getAttribute("title")) ?? ""));
  const rows = Number(await page.locator(".grid").getAttribute("aria-rowcount"));
  equal(await page.locator(".grid").getAttribute("role"), "treegrid");
  await first();
  await key("ArrowLeft");
  await until("fewer rows", async () => Number(await page.locator(".grid").getAttribute("aria-rowcount")) < rows);
  await key(" ");
  const badge = await group.locator(".badge").innerText();
  await page.getByText(`${badge} checked`).waitFor();
  await page.getByRole("button", { name: "Do not group by model" }).click();
  await page.getByRole("button", { name: "Uncheck all", exact: true }).click();
});

test("columns of every kind are chosen, moved, pinned and hidden", { skip }, async () => {
  const heads = () => page.locator(".headCell .cut").allInnerTexts();
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("dialog", { name: "Columns" }).waitFor();
  await page.locator("vscode-checkbox", { hasText: "team" }).click();
  await page.locator("vscode-checkbox", { hasText: "Status" }).click();
  await page.getByRole("checkbox", { name: "Status", checked: true }).waitFor();
  await picture("chooser");
  await page.locator("vscode-checkbox", { hasText: "Only columns that vary" }).click();
  await key("Escape");
  await until("what does not vary is gone", async () => !(await heads()).includes("seed"));
  // By keyboard: to the header, left, pinned by its menu, hidden.
  await first();
  await key("ArrowUp");
  for (let i = 0; i < 4; i += 1) await key("ArrowRight");
  const focused = () => page.locator(".headCell.focus .cut").innerText();
  await until("the header of eta has the focus", async () => (await focused()) === "eta");
  await key("Shift+F10");
  await page.getByRole("menu", { name: "Column eta" }).waitFor();
  await picture("columnMenu");
  await page.getByRole("menuitemcheckbox", { name: "Pin Column" }).click();
  await until("it is pinned", async () => (await page.locator(".pinnedHeads .cut").allInnerTexts()).includes("eta"));
  await page.locator(".headCell", { hasText: "max_depth" }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Hide max_depth" }).click();
  await until("it is hidden", async () => !(await heads()).includes("max_depth"));
  await page.locator(".headCell", { hasText: "val_rmse" }).first().click({ button: "right" });
  await page.getByRole("menuitemradio", { name: "Min" }).click();
  await until("the least value", async () => (await heads()).includes("min val_rmse"));
  await picture("columns");
  const best = async () => (await page.locator(".gridBody .strong").allInnerTexts()).join();
  const least = await best();
  await page.locator(".headCell", { hasText: "min val_rmse" }).click({ button: "right" });
  await page.getByRole("menuitemradio", { name: "Lower", checked: true }).waitFor();
  await page.getByRole("menuitemradio", { name: "Higher" }).click();
  const set = { metric_key: "val_rmse", direction: "higher" } as const;
  await until("the editor is asked", () => isDeepStrictEqual(state.asked.at(-1), ["setDirection", set]));
  await panel.settings.changed({ directions: { val_rmse: "higher" } });
  await until("another value is the best", async () => (await best()) !== least);
  await panel.settings.changed({ directions: {} });
  await until("the least is the best again", async () => (await best()) === least);
});

test("a header is dragged to another place, and its edge to another width", { skip }, async () => {
  const heads = () => page.locator(".headCell .cut").allInnerTexts();
  const head = (name: string) => page.locator(".headCell").filter({ has: page.locator(`.cut:text-is("${name}")`) });
  ok((await heads()).indexOf("Age") < (await heads()).indexOf("Duration"));
  await head("Duration").dragTo(head("Age"));
  await until("it stands before", async () => (await heads()).indexOf("Duration") < (await heads()).indexOf("Age"));
  const width = async () => (await head("Duration").boundingBox())?.width ?? 0;
  const before = await width();
  const edge = await head("Duration").locator(".resize").boundingBox();
  ok(edge !== null);
  await page.mouse.move(edge.x + edge.width / 2, edge.y + 5);
  await page.mouse.down();
  await page.mouse.move(edge.x + edge.width / 2 + 60, edge.y + 5, { steps: 3 });
  await page.mouse.up();
  await until("it is wider", async () => Math.abs((await width()) - before - 60) < 2);
  await head("Duration").locator(".resize").dblclick();
  await until("it fits again", async () => (await width()) < before + 59);
  equal(await head("Duration").getAttribute("aria-sort"), "none", "no drag sorts");
  await head("Age").dragTo(head("Duration"));
});

test("a view is saved, left and opened again", { skip }, async () => {
  const heads = () => page.locator(".headCell .cut").allInnerTexts();
  await page.getByRole("button", { name: /^Saved views/ }).click();
  await page.getByRole("menuitem", { name: "Save View As…" }).click();
  await page.getByRole("button", { name: "Saved views: Tuning" }).click();
  await page.getByRole("menuitemradio", { name: "Default" }).click();
  await until("the default columns", async () => (await heads()).includes("seed"));
  await page.getByRole("button", { name: "Saved views: Default" }).click();
  await page.getByRole("menuitemradio", { name: "Tuning" }).click();
  await until("the saved columns", async () => (await heads()).includes("min val_rmse"));
  await page.getByRole("button", { name: /^Saved views/ }).click();
  await page.getByRole("menuitemradio", { name: "Default" }).click();
});

test("runs are pinned, starred, hidden, deleted and restored by keys", { skip }, async () => {
  await first();
  const third = (await names())[2] ?? "";
  await key("ArrowDown");
  await key("ArrowDown");
  await key("s");
  await key("p");
  await until("it stands first", async () => (await names())[0] === third);
  await first();
  await key("h");
  await until("it is hidden", async () => !(await names()).includes(third));
  await page.getByRole("button", { name: "Show hidden runs" }).click();
  await page.getByRole("button", { name: "Unpin all runs" }).click();
  await page.getByRole("button", { name: "Remove all stars" }).click();
  await page.locator(".grid").focus();
  await key("Control+End");
  // Its header counts, too.
  const row = Number(await page.locator(".grid").getAttribute("aria-rowcount")) - 2;
  const last = await page.locator(`.pinnedCells[data-row="${row}"] .label`).innerText();
  await key("Delete");
  await shows("it is deleted", async () => (await status()).startsWith("48 runs"));
  await panel.view.act({ action: "showDeleted" });
  const gone = page.locator(".pinnedCells.gone", { hasText: last });
  await until("deleted runs too", async () => (await status()).startsWith("49 runs"));
  await page.locator(".grid").focus();
  await key("Control+End");
  await gone.click({ button: "right" });
  await page.getByRole("menuitem", { name: "Restore" }).click();
  await shows("it is back", async () => (await gone.count()) === 0);
  await page.getByRole("button", { name: "Leave deleted runs out" }).click();
});

test("after a reload the keyboard is on the run and column that it was on, though runs have come before it", {
  skip,
}, async () => {
  const { experiment_id } = await store.createExperiment({ name: "restored" });
  const add = async (run_name: string, start_time: number) => {
    const { info } = await store.createRun({ experiment_id, run_name, start_time });
    const metrics = ["loss", "rmse"].map((name) => ({ key: name, value: 1, timestamp: start_time, step: 0 }));
    await store.logBatch({ run_id: info.run_id, metrics, params: [], tags: [] });
    await store.updateRun({ run_id: info.run_id, status: "FINISHED", end_time: start_time });
  };
  for (let n = 0; n < 30; n += 1) await add(`run-${n}`, n);
  const { host } = experimentHost(store, experiment_id);
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const other = await openPanelPage<ExperimentView>({ panel: "experiment", subject, host });
  const onRow = () => other.page.locator(".pinnedCells.focused .label").innerText();
  const onColumn = async () => {
    const cell = (await other.page.locator(".grid").getAttribute("aria-activedescendant")) ?? "";
    const at = await other.page.locator(`#${cell}`).getAttribute("aria-colindex");
    return other.page.locator(`.headCell[aria-colindex="${at}"] .cut`).innerText();
  };
  await other.page.locator(".pinnedCells", { hasText: "run-20" }).waitFor();
  await other.page.locator(".grid").focus();
  await downTo(other.page.locator(".grid"), "run-20");
  await other.page.keyboard.press("End");
  await until("the last column has the focus", async () => (await onColumn()) === "rmse");
  equal(await onRow(), "run-20");
  await until("that is saved", async () =>
    /"focus":\{"run_id":"\w+","row":9,/.test(JSON.stringify(await other.saved())),
  );
  for (const name of ["new-0", "new-1"]) await add(name, 1_000);
  await other.page.reload();
  await other.page.locator(".pinnedCells", { hasText: "new-1" }).waitFor();
  await until("the same run", async () => (await onRow()) === "run-20");
  await until("the same column", async () => (await onColumn()) === "rmse");
  await other.page.locator(".grid").focus();
  await other.page.keyboard.press("ArrowDown");
  await until("goes on from there", async () => (await onRow()) === "run-19");
  deepEqual(other.errors, []);
  await other.page.close();
});

test("an experiment that has no runs because it cannot be read says that instead", { skip }, async () => {
  const { experiment_id } = await store.createExperiment({ name: "empty" });
  const { host } = experimentHost(store, experiment_id);
  let gone = false;
  const overview: typeof host.overview = async (query) => {
    if (gone) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "empty is no longer in mlflow.db.");
    return host.overview(query);
  };
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const other = await openPanelPage<ExperimentView>({ panel: "experiment", subject, host: { ...host, overview } });
  await other.page.getByText("This experiment has no runs yet.").waitFor();
  gone = true;
  await other.view.storeChanged(EVERYTHING);
  await other.page.getByText("empty is no longer in mlflow.db.").waitFor();
  gone = false;
  await other.page.getByRole("button", { name: "Retry" }).click();
  await other.page.getByText("This experiment has no runs yet.").waitFor();
  deepEqual(other.errors, []);
  await other.page.close();
});

test("the list of keys, and what the table looks like in every theme and when it is narrow", { skip }, async () => {
  await first();
  await key("?");
  const keys = page.getByRole("dialog", { name: /^Keys/ });
  await keys.waitFor();
  await picture("keys");
  await key("Escape");
  await keys.waitFor({ state: "detached" });
  await first();
  await key("ArrowDown");
  await key("b");
  await page.locator(".headCell", { hasText: "Δ" }).first().waitFor();
  await verifySigns(page.locator(".gridCell .delta:not(.dim)"), "the baseline");
  await page.getByRole("button", { name: "Group runs" }).click();
  await page.getByRole("menuitemcheckbox", { name: "model", exact: true }).click();
  await page.locator(".pinnedCells.group").first().waitFor();
  for (const theme of ["light", "highContrast", "dark"] as const) {
    await panel.setTheme(theme);
    await picture(theme);
  }
  await page.locator(".grid").hover();
  await page.mouse.wheel(0, 500);
  await page.locator(".stickyRow").waitFor();
  await picture("sticky");
  await page.setViewportSize({ width: 480, height: 834 });
  await page.locator(".hiddenColumns").waitFor();
  await picture("narrow");
  deepEqual(panel.errors, []);
});
