import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { ExperimentHost, ExperimentView, SaveFileQuery } from "../../src/protocol/panels/experiment.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { createCurves } from "./support/curves.ts";
import { untilDrawn, untilFocused } from "./support/acting.ts";
import { experimentHost } from "./support/experimentHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { THEMES } from "./support/themes.ts";

// The charts of the Experiment panel over a real store, in a real browser.

const skip = browserSkip;
const pictures = join(resultsFolder, "charts");
const saved: SaveFileQuery[] = [];
let store: Store;
let panel: PanelPage<ExperimentView>;
let page: Page;

/** One chart of each kind besides those that the panel makes. */
const ADDED = [
  {
    id: "parallel",
    kind: "parallel",
    metrics: [],
    fields: ["params.model", "params.eta", "params.max_depth", "attributes.duration", "metrics.val_rmse"],
  },
  { id: "contour", kind: "contour", metrics: [], fields: ["params.eta", "params.max_depth", "metrics.val_rmse"] },
  { id: "scatter", kind: "scatter", metrics: [], fields: ["params.eta", "metrics.val_rmse"] },
  { id: "box", kind: "box", metrics: ["val_rmse"], fields: ["params.model"] },
  { id: "difference", kind: "difference", metrics: ["val_r2"], fields: [] },
  { id: "several", kind: "line", metrics: ["val_rmse", "train_rmse"], fields: [] },
];

before(async () => {
  if (skip !== false) return;
  mkdirSync(pictures, { recursive: true });
  const database = join(temporaryFolder("flowdeck-charts-"), "mlflow.db");
  const { experiment_id } = await createCurves(database, 60);
  store = openStore(storeUri(database));
  const host: ExperimentHost = {
    ...experimentHost(store, experiment_id).host,
    saveFile: async (query) => {
      saved.push(query);
      return { saved: true };
    },
  };
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const view = {
    smoothing: 0.6,
    sash: 0.15,
    charts: { added: ADDED, settings: { "metrics.train_rmse": { logY: true } } },
  };
  panel = await openPanelPage<ExperimentView>({
    panel: "experiment",
    subject,
    host,
    state: { format: 1, subject, view },
    size: { width: 1054, height: 1500 },
  });
  page = panel.page;
});
after(() => store?.close());

const plot = (id: string) => page.locator(`[data-chart="${id}"] .plot`).first();

/** The chart on screen, with its plot drawn. */
async function shown(id: string): Promise<void> {
  await page.locator(`[data-chart="${id}"]`).first().scrollIntoViewIfNeeded();
  await plot(id).locator("canvas").first().waitFor();
}

async function savedCharts(): Promise<Record<string, unknown>> {
  const state = await panel.saved();
  assert.ok(typeof state === "object" && state !== null && "view" in state);
  const { view } = state;
  assert.ok(typeof view === "object" && view !== null && "charts" in view);
  const { charts } = view;
  assert.ok(typeof charts === "object" && charts !== null);
  return { ...charts };
}

test("every kind of chart is drawn, in every theme", { skip }, async () => {
  for (const { id } of ADDED) await shown(id);
  await shown("parallel");
  for (const theme of THEMES) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(pictures, `all-${theme}.png`) });
  }
  await panel.setTheme("dark");
  assert.equal(await page.locator(".notice").count(), 0, "nothing failed");
  assert.deepEqual(panel.errors, []);
});

test("a drag zooms, the finer points are asked for, 0 resets; the zoom is kept", { skip }, async () => {
  await shown("metrics.val_rmse");
  const box = await plot("metrics.val_rmse").boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + box.width * 0.4, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 90, { steps: 4 });
  await page.mouse.up();
  const zooms = await until("the zoom is saved", async () => {
    const { zooms: all } = await savedCharts();
    return JSON.stringify(all).includes("metrics.val_rmse") ? all : undefined;
  });
  const [, from, to] = /\[([\d.]+),([\d.]+)\]/.exec(JSON.stringify(zooms)) ?? [];
  assert.ok(Number(from) > 60 && Number(to) < 240 && Number(to) > Number(from), JSON.stringify(zooms));
  await plot("metrics.val_rmse").press("0");
  await until("no zoom is saved", async () => !JSON.stringify((await savedCharts())["zooms"]).includes("val_rmse"));
});

test("the keyboard reads points, goes from run to run, fills the panel and leaves it", { skip }, async () => {
  await shown("metrics.val_rmse");
  await plot("metrics.val_rmse").focus();
  await page.keyboard.press("ArrowRight");
  const tooltip = plot("metrics.val_rmse").getByRole("status");
  await tooltip.filter({ hasText: "step 0" }).waitFor();
  await page.keyboard.press("ArrowRight");
  await tooltip.filter({ hasText: "step 1" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await tooltip.locator(".reading.strong").waitFor();
  await page.keyboard.press("f");
  const full = page.getByRole("dialog", { name: "Chart in full size" });
  await full.locator("canvas").first().waitFor();
  await untilFocused(full);
  await page.screenshot({ path: join(pictures, "full.png") });
  await page.keyboard.press("Escape");
  await full.waitFor({ state: "detached" });
  // It gets the focus back a moment later.
  await untilFocused(plot("metrics.val_rmse"));
});

test("the menu exports the chart as SVG, PNG and CSV", { skip }, async () => {
  await shown("metrics.train_rmse");
  for (const name of ["SVG", "PNG", "CSV"]) {
    await plot("metrics.train_rmse").focus();
    await page.keyboard.press("m");
    await page.getByRole("menuitem", { name: `Export ${name}` }).click();
    await until(name, () => saved.some((file) => file.name === `train_rmse.${name.toLowerCase()}`));
  }
  const [svg, png, csv] = ["svg", "png", "csv"].map(
    (ending) => saved.find(({ name }) => name === `train_rmse.${ending}`)?.content,
  );
  assert.ok(
    typeof svg === "string" &&
      svg.startsWith("<svg") &&
      svg.includes("log y") &&
      (svg.match(/<path/g) ?? []).length >= 10,
  );
  assert.ok(png instanceof Uint8Array && png[1] === 0x50 && png.length > 5000);
  assert.ok(typeof csv === "string");
  const lines = csv.trim().split("\r\n");
  assert.equal(lines[0], "run_id,run_name,metric,step,timestamp,value");
  assert.ok(lines.length > 2000 && lines.some((line) => line.endsWith(",NaN")), String(lines.length));
});

test("an axis is brushed by keyboard, and the brush filters the table", { skip }, async () => {
  await shown("parallel");
  await plot("parallel").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowDown");
  const count = page.locator('[data-chart="parallel"] .brushChips [role="status"]');
  // Each key changes how many there are.
  await untilDrawn(page);
  const text = await until("runs are brushed", async () => /^(\d+) of 60 runs$/.exec(await count.innerText())?.[1]);
  await page.screenshot({ path: join(pictures, "brushed.png") });
  await page.locator('[data-chart="parallel"]').getByRole("button", { name: "Filter the table to these" }).click();
  await page.locator(".chips").getByText(`${text} runs`, { exact: false }).waitFor();
  const filter = await page.locator("[data-filter]").evaluate((element) => String(Reflect.get(element, "value")));
  assert.match(filter, /^metrics\.val_rmse >= [\d.]+ AND metrics\.val_rmse <= [\d.]+$/);
  assert.deepEqual(panel.errors, []);
});

test("a chart is added, moved and removed by keyboard", { skip }, async () => {
  await page.getByRole("button", { name: "Add a chart" }).press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add a chart" });
  await untilFocused(dialog);
  await dialog.getByLabel("Kind").selectOption("box");
  await page.screenshot({ path: join(pictures, "dialog.png") });
  await dialog.getByLabel("Kind").press("Control+Enter");
  await dialog.waitFor({ state: "detached" });
  const first = page.locator("[data-chart]").first();
  const id = await until("it stands first", async () => {
    const found = (await first.getAttribute("data-chart")) ?? "";
    return found.startsWith("chart.") && found;
  });
  await shown(id);
  await plot(id).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await until(
    "it is the second",
    async () => (await page.locator("[data-chart]").nth(1).getAttribute("data-chart")) === id,
  );
  // It keeps the focus at its new place.
  await untilFocused(plot(id));
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Remove Chart" }).click();
  await page.locator(`[data-chart="${id}"]`).waitFor({ state: "detached" });
  assert.deepEqual(panel.errors, []);
});

test("a command about a chart where none is says so", { skip }, async () => {
  const { experiment_id } = await store.createExperiment({ name: "empty" });
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const { host } = experimentHost(store, experiment_id);
  const empty = await openPanelPage<ExperimentView>({ panel: "experiment", subject, host });
  await empty.page.getByText("This experiment has no runs yet.").waitFor();
  await empty.view.actOnChart({ action: "logY" });
  await empty.page.getByText("There is no chart here. Add one, then choose it again.").waitFor();
  await empty.page.close();
});
