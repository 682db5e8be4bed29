import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { EVERYTHING } from "../../src/protocol/changes.ts";
import type { ExperimentView } from "../../src/protocol/panels/experiment.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { untilFocused } from "./support/acting.ts";
import { Accessibility, cellsOfRows } from "./support/axe.ts";
import { compareHost } from "./support/compareHost.ts";
import { createCurves } from "./support/curves.ts";
import { experimentHost } from "./support/experimentHost.ts";
import { logImages } from "./support/loggedImages.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage } from "./support/panelPage.ts";
import { PLAIN_ARTIFACTS, writeArtifacts } from "./support/plainArtifacts.ts";
import { runHost } from "./support/runHost.ts";
import { THEMES, themesFor } from "./support/themes.ts";

// Every panel in every state that one can bring it to, looked at by axe-core: no violation, with every rule on.

const skip = browserSkip;
let store: Store;
let experiment_id: string;
let run_ids: string[];
let uri: string;

before(async () => {
  if (skip !== false) return;
  const database = join(temporaryFolder("flowdeck-access-"), "mlflow.db");
  ({ experiment_id, run_ids } = await createCurves(database, 14, 4));
  uri = storeUri(database);
  store = openStore(uri);
});
after(() => store?.close());

const CHARTS = [
  { id: "parallel", kind: "parallel", metrics: [], fields: ["params.model", "params.eta", "metrics.val_rmse"] },
  { id: "contour", kind: "contour", metrics: [], fields: ["params.eta", "params.max_depth", "metrics.val_rmse"] },
  { id: "scatter", kind: "scatter", metrics: [], fields: ["params.eta", "metrics.val_rmse"] },
  { id: "box", kind: "box", metrics: ["val_rmse"], fields: ["params.model"] },
  { id: "difference", kind: "difference", metrics: ["val_r2"], fields: [] },
  { id: "several", kind: "line", metrics: ["val_rmse", "train_rmse"], fields: [] },
];

async function openExperiment(view: object, size = { width: 1054, height: 834 }, host = {}) {
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const panel = await openPanelPage<ExperimentView>({
    panel: "experiment",
    subject,
    host: { ...experimentHost(store, experiment_id).host, ...host },
    state: { format: 1, subject, view },
    size,
  });
  return { panel, page: panel.page };
}

/** The first run is what others are compared with. */
function baseline() {
  const { host, state } = experimentHost(store, experiment_id);
  state.baseline = run_ids[0];
  return host;
}

const firstRow = (page: Page) => page.locator(".grid [role=row]").nth(3).waitFor();

test("the Experiment panel with its table, every kind of chart, dialogs and menus", { skip }, async () => {
  const access = new Accessibility();
  const charts = { added: CHARTS, brush: { "metrics.val_rmse": [0.5, 0.9] } };
  const { panel, page } = await openExperiment(
    { sash: 0.2, charts, checked: run_ids.slice(0, 2) },
    { width: 1054, height: 2600 },
  );
  await firstRow(page);
  for (const { id } of CHARTS) await page.locator(`[data-chart="${id}"] canvas`).first().waitFor();
  await access.look(panel, "table and charts");
  await until("every cell of the table is in a row, the pinned ones too", async () => {
    const { loose, rows } = await cellsOfRows(page);
    return loose === 0 && rows.length > 10 && new Set(rows.slice(2)).size === 1 && (rows[2] ?? 0) > 2;
  });
  await page.setViewportSize({ width: 1054, height: 834 });

  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("dialog", { name: "Columns" }).waitFor();
  await access.look(panel, "column chooser");
  await page.keyboard.press("Escape");

  await page.locator("[data-chart] .plot").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("m");
  await untilFocused(page.getByRole("menu"));
  await access.look(panel, "menu of a chart");
  await page.keyboard.press("Escape");
  await page.locator("[data-chart] .plot").first().focus();
  await page.keyboard.press("f");
  await untilFocused(page.getByRole("dialog", { name: "Chart in full size" }));
  await access.look(panel, "chart in full size");
  await page.keyboard.press("Escape");
  // It gets the focus back a moment later.
  await untilFocused(page.locator("[data-chart] .plot").first());

  await page.getByRole("button", { name: "Add a chart" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a chart" });
  await untilFocused(dialog);
  for (const kind of ["line", "box", "parallel"]) {
    await dialog.getByLabel("Kind").selectOption(kind);
    await access.look(panel, `dialog of a ${kind} chart`, kind === "line" ? undefined : ["dark"]);
  }
  await page.keyboard.press("Escape");
  deepEqual(panel.errors, []);
  access.verify();
  await page.close();
});

test("the images of runs by step, the table of a chart, saved views and what the table saves", { skip }, async () => {
  const access = new Accessibility();
  const steps = [0, 5, 10, 20];
  await logImages(store, run_ids.slice(-6), steps);
  const spec = { id: "images", kind: "images", metrics: [], fields: ["images.val/attention"] };
  const kept = { filters: [], tables: [{ name: "Tuning", table: { groupBy: [] }, shared: true }] };
  const charts = { added: [spec], first: 6 };
  const { panel, page } = await openExperiment(
    { sash: 0.2, charts },
    { width: 1054, height: 1100 },
    {
      keptTables: async () => kept,
    },
  );
  const grid = page.locator('[data-chart="images"] .imageGrid');
  await page.locator('[data-chart="images"]').scrollIntoViewIfNeeded();
  const pictures = () =>
    grid.locator("img").evaluateAll((all) => all.filter((one) => Reflect.get(one, "naturalWidth") > 0).length);
  await until("six pictures", async () => (await pictures()) === 6);
  const slider = page.getByLabel("Step of val/attention");
  await slider.focus();
  await page.keyboard.press("Home");
  await grid
    .getByAltText(/ at step 0$/)
    .nth(5)
    .waitFor();
  await access.look(panel, "images by step");
  // The step is the same after a reload.
  await until("the step is saved", async () => JSON.stringify(await panel.saved()).includes('"step":0'));
  await page.reload();
  await grid
    .getByAltText(/ at step 0$/)
    .nth(5)
    .waitFor();
  equal(await page.getByLabel("Step of val/attention").inputValue(), "0");
  for (const theme of themesFor("images", THEMES)) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(resultsFolder, `images-${theme}.png`) });
  }
  await panel.setTheme("dark");

  await page.locator('[data-chart="metrics.val_rmse"] .plot').first().focus();
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Show as Table" }).click();
  await untilFocused(page.getByRole("dialog", { name: /^Data of/ }));
  await access.look(panel, "table of a chart");
  await page.screenshot({ path: join(resultsFolder, "table-of-chart.png") });
  await page.keyboard.press("Escape");
  for (const name of [/^Saved views/, "Group runs", "Export", "More"]) {
    await page.getByRole("button", { name, exact: true }).click();
    await untilFocused(page.getByRole("menu"));
    await access.look(panel, `menu ${String(name)}`, ["dark", "highContrast"]);
    await page.keyboard.press("Escape");
  }
  deepEqual(panel.errors, []);
  access.verify();
  await page.close();
});

test("the Experiment panel when it is narrow, when nothing matches, when a filter is wrong and when nothing can be read", {
  skip,
}, async () => {
  const access = new Accessibility();
  const { panel, page } = await openExperiment({ checked: run_ids.slice(0, 1) }, { width: 480, height: 800 });
  await firstRow(page);
  await page.getByText("1 setting").click();
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  await access.look(panel, "narrow, settings");
  await page.close();

  const empty = await openExperiment({ filter: "metrics.rmse < 0.5" });
  await empty.page.getByText("No run matches").waitFor();
  await access.look(empty.panel, "no run matches");
  await empty.page.close();

  const wrong = await openExperiment({ filter: "metrics.val_rmse <" });
  await wrong.page.getByRole("alert").first().waitFor();
  await access.look(wrong.panel, "wrong filter");
  await wrong.page.close();

  const broken = async () => {
    throw new Error("mlflow.db is not an SQLite database, so no run can be read from it.");
  };
  const unread = await openExperiment({}, undefined, { runColumns: broken, runKeys: broken });
  await unread.page.getByText("is not an SQLite database").first().waitFor();
  await access.look(unread.panel, "unreadable store");
  await unread.page.close();

  // What was read before stays on screen, and is told as old.
  const { host } = experimentHost(store, experiment_id);
  let isBroken = false;
  const overview: typeof host.overview = (query) => (isBroken ? broken() : host.overview(query));
  const old = await openExperiment({}, undefined, { ...baseline(), overview });
  await firstRow(old.page);
  isBroken = true;
  await old.panel.view.storeChanged(EVERYTHING);
  await old.page.locator(".tableRegion.old").waitFor();
  await access.look(old.panel, "stale table");
  await old.page.close();
  access.verify();
});

test("runs that nothing runs any more, in the table and in the Run panel", { skip }, async () => {
  const access = new Accessibility();
  const { host } = experimentHost(store, experiment_id);
  const [stuck = ""] = (await store.searchRuns({ experiment_ids: [experiment_id], filter: "status = 'RUNNING'" })).items
    .slice(0, 1)
    .map(({ info }) => info.run_id);
  const runColumns: typeof host.runColumns = async (query) => ({ ...(await host.runColumns(query)), stuck: [stuck] });
  const { panel, page } = await openExperiment({ sash: 0.6 }, undefined, { runColumns });
  const name = page.locator(".nameCell", { hasText: "no process" });
  await name.waitFor();
  await name.click({ button: "right" });
  await page.getByRole("menuitem", { name: "Mark as Failed" }).waitFor();
  await access.look(panel, "a run without a process");
  for (const theme of themesFor("no-process-table", THEMES)) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(resultsFolder, `no-process-table-${theme}.png`) });
  }
  await page.close();

  const run = runHost(store, stuck).host;
  const overview: typeof run.overview = async (query) => {
    const told = await run.overview(query);
    return { ...told, since: Date.now() - 3_600_000, can: [...told.can, "markFailed"] };
  };
  const subject = { uri, run_id: stuck };
  const other = await openPanelPage<object>({ panel: "run", subject, host: { ...run, overview } });
  await other.page.getByRole("button", { name: "Mark as failed" }).waitFor();
  await access.look(other, "the Run panel without a process");
  for (const theme of themesFor("no-process-run", THEMES)) {
    await other.setTheme(theme);
    await other.page.screenshot({ path: join(resultsFolder, `no-process-run-${theme}.png`) });
  }
  await other.page.close();
  access.verify();
});

test("the runs table with groups, a baseline, the filter's completion and its popups", { skip }, async () => {
  const access = new Accessibility();
  const view = { groupBy: ["params.model"], sash: 0.6, checked: run_ids.slice(0, 2), starred: run_ids.slice(0, 1) };
  const { panel, page } = await openExperiment(view, undefined, baseline());
  await page.locator(".grid .badge").first().waitFor();
  await access.look(panel, "groups and a baseline");
  await page.locator(".grid").focus();
  for (const key of ["ArrowDown", "ArrowDown", "Shift+F10"]) await page.keyboard.press(key);
  await untilFocused(page.getByRole("menu"));
  await access.look(panel, "menu of a run");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+f");
  await untilFocused(page.locator("[data-filter]"));
  await page.keyboard.type("metrics.val_");
  await page.locator(".completion").first().waitFor();
  await access.look(panel, "completion");
  await page.keyboard.press("Escape");
  deepEqual(panel.errors, []);
  access.verify();
  await page.close();
});

test("the Compare panel with differences, charts and artifacts", { skip }, async () => {
  const access = new Accessibility();
  const runs = run_ids.slice(-4).map((run_id) => ({ uri, run_id }));
  for (const { run_id } of runs) writeArtifacts((await store.getRun({ run_id })).info.artifact_uri, PLAIN_ARTIFACTS);
  const { host } = compareHost(new Map([[uri, store]]), runs);
  const panel = await openPanelPage<object>({ panel: "compare", subject: { runs }, host });
  const { page } = panel;
  await page.locator(".parallel canvas").first().waitFor();
  await page.locator(".side canvas").first().waitFor();
  await access.look(panel, "differences and charts");
  for (const tab of await page.getByRole("tab").all()) {
    const name = await tab.innerText();
    await tab.click();
    await page.getByRole("tab", { name, selected: true }).waitFor();
    await access.look(panel, name);
  }
  await page.setViewportSize({ width: 480, height: 800 });
  for (const part of await page.getByRole("radio").all()) {
    await part.click();
    await access.look(panel, `narrow, ${await part.innerText()}`, ["dark", "highContrast"]);
  }
  deepEqual(panel.errors, []);
  access.verify();
  await page.close();
});

test("the Run panel with each section and each viewer", { skip }, async () => {
  const access = new Accessibility();
  const run_id = run_ids.at(-1) ?? "";
  const note = "Lower **eta**, see [the report](https://example.com).\n\n- one\n- two";
  await store.logBatch({
    run_id,
    metrics: [],
    params: [],
    tags: [
      { key: "team", value: "tabular" },
      { key: "mlflow.note.content", value: note },
      { key: "mlflow.source.name", value: "train.py" },
      { key: "mlflow.source.git.commit", value: "3f2a91c".repeat(6).slice(0, 40) },
    ],
  });
  await store.createRun({
    experiment_id,
    run_name: "fold-1",
    start_time: 1,
    tags: [{ key: "mlflow.parentRunId", value: run_id }],
  });
  const { info } = await store.getRun({ run_id });
  writeArtifacts(info.artifact_uri, PLAIN_ARTIFACTS);
  const { host } = runHost(store, run_id, run_ids[0]);
  const subject = { uri: "sqlite:///mlflow.db", run_id };
  const panel = await openPanelPage<object>({ panel: "run", subject, host, size: { width: 1090, height: 820 } });
  const { page } = panel;
  const selected = (name: string) => page.getByRole("tab", { name, selected: true }).waitFor();
  await page.getByRole("tab", { name: "Overview", selected: true }).waitFor();
  await page.locator(".spark").first().waitFor();
  await access.look(panel, "overview");
  for (const [key, name] of [
    ["Alt+2", "Metrics"],
    ["Alt+3", "System metrics"],
    ["Alt+5", "Children"],
    ["Alt+6", "Code and environment"],
  ] as const) {
    await page.keyboard.press(key);
    await selected(name);
    await access.look(panel, name);
  }
  await page.keyboard.press("Alt+1");
  await selected("Overview");
  await page.keyboard.press("F2");
  await untilFocused(page.getByLabel("Name of the run"));
  await access.look(panel, "name being edited", ["dark"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+4");
  await selected("Artifacts");
  const tree = page.getByRole("tree", { name: "Artifacts" });
  await tree.locator('[title="model"]').click();
  for (const path of Object.keys(PLAIN_ARTIFACTS)) {
    await tree.locator(`[title="${path}"]`).click();
    await page.getByRole("group", { name: path, exact: true }).locator(SHOWN).first().waitFor();
    // The colours of the theme are everywhere the same; those of code and Markdown are not.
    await access.look(panel, path, /\.(py|md)$/.test(path) ? undefined : ["dark", "light"]);
  }
  deepEqual(panel.errors, []);
  access.verify();
  await page.close();
});

test("the Run panel of a deleted run", { skip }, async () => {
  const access = new Accessibility();
  const { info } = await store.createRun({ experiment_id, run_name: "given-up", start_time: 1, tags: [] });
  await store.deleteRun({ run_id: info.run_id });
  const { host } = runHost(store, info.run_id);
  const subject = { uri: "sqlite:///mlflow.db", run_id: info.run_id };
  const panel = await openPanelPage<object>({ panel: "run", subject, host, size: { width: 1090, height: 820 } });
  await panel.page.getByRole("button", { name: "Restore" }).waitFor();
  await access.look(panel, "deleted run");
  await panel.page.screenshot({ path: join(resultsFolder, "run-deleted.png") });
  deepEqual(panel.errors, []);
  access.verify();
  await panel.page.close();
});

/** What the viewers draw, and what stands in their place. */
const SHOWN =
  ".codeRows, .viewerTold, .mlmodel, .markdown, img.viewedImage, iframe, audio, .virtualRows, .pdfPage canvas, [role=tree], svg, canvas";
