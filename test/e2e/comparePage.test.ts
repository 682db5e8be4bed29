import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { ComparedKey, CompareHost, CompareView } from "../../src/protocol/panels/compare.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { withRun } from "../store/oneRun.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { compareHost } from "./support/compareHost.ts";
import { createCurves } from "./support/curves.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { verifySigns } from "./support/signs.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { THEMES, themesFor } from "./support/themes.ts";
import { picture } from "./support/wine.ts";

// The Compare panel over real stores, in a real browser.

const skip = browserSkip;
const pictures = join(resultsFolder, "compare");
const stores = new Map<string, Store>();
let panel: PanelPage<CompareView>;
let page: Page;
let asked: unknown[][];
/** Pieces of artifacts that were read. */
const reads: { path: string; length: number }[] = [];
const EVERYTHING = { everything: true, experiment_ids: [], run_ids: [], models: true };
let runs: ComparedKey[];
let uri: string;

before(async () => {
  if (skip !== false) return;
  mkdirSync(pictures, { recursive: true });
  const folder = temporaryFolder("flowdeck-compare-");
  const database = join(folder, "mlflow.db");
  const { run_ids } = await createCurves(database, 60);
  uri = storeUri(database);
  const store = openStore(uri);
  stores.set(uri, store);
  runs = [...run_ids.slice(-5)].map((run_id) => ({ uri, run_id }));
  for (const [n, { run_id }] of runs.entries()) {
    await store.logBatch({
      run_id,
      metrics: [],
      params: [{ key: "seed", value: "42" }],
      tags: [
        { key: "data", value: n < 4 ? "v3" : "v2" },
        { key: "team", value: "wine" },
        { key: "mlflow.source.name", value: "train.py" },
        { key: "mlflow.source.git.commit", value: (n < 4 ? "3f2a91c" : "a80c55e").repeat(6).slice(0, 40) },
      ],
    });
    const { info } = await store.getRun({ run_id });
    const root = info.artifact_uri.replace("file://", "");
    mkdirSync(join(root, "model"), { recursive: true });
    writeFileSync(join(root, "model/MLmodel"), "flavors: {}\n");
    writeFileSync(join(root, "model/requirements.txt"), `mlflow==3.17.2\nxgboost==${n === 0 ? "3.0.2" : "3.1.0"}\n`);
    writeFileSync(join(root, "plot.png"), picture(120, 80, n * 40));
    writeFileSync(join(root, "notes.txt"), `note ${n}\n`);
  }
  const made = compareHost(stores, runs);
  asked = made.asked;
  const host: CompareHost = {
    ...made.host,
    readArtifact: (query) => {
      reads.push({ path: query.path, length: query.length });
      return made.host.readArtifact(query);
    },
  };
  panel = await openPanelPage<CompareView>({
    panel: "compare",
    subject: { runs },
    host,
    size: { width: 1054, height: 834 },
  });
  page = panel.page;
});
after(() => {
  for (const store of stores.values()) store.close();
});

test("params, metrics, environment and tags that differ stand beside the charts, in every theme", {
  skip,
}, async () => {
  await page.getByText("Params · 4 of 5 differ").waitFor();
  await page.getByText("Tags · 1 of 2 differs").waitFor();
  await page.getByText("xgboost", { exact: true }).first().waitFor();
  await page.locator(".parallel canvas").first().waitFor();
  await page.locator(".side canvas").first().waitFor();
  await verifySigns(page.locator(".dCell .delta:not(.dim)"), "the baseline");
  for (const theme of themesFor("compare", THEMES)) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(pictures, `all-${theme}.png`) });
  }
  await panel.setTheme("dark");
  assert.deepEqual(panel.errors, []);
});

test("the keyboard shows all rows, moves among cells, folds a section and makes another run the baseline", {
  skip,
}, async () => {
  const grid = page.getByRole("treegrid");
  await grid.focus();
  await page.keyboard.press("d");
  await page.getByRole("rowheader", { name: "seed" }).waitFor();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await page.getByRole("rowheader", { name: "seed" }).waitFor({ state: "detached" });
  await page.keyboard.press("ArrowRight");
  await page.getByRole("rowheader", { name: "seed" }).waitFor();
  for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  await page.screenshot({ path: join(pictures, "keyboard.png") });
  const wanted = await page.getByRole("columnheader").nth(2).innerText();
  await page.keyboard.press("b");
  await until("the other run is the baseline", async () =>
    (await page.getByRole("columnheader").nth(1).innerText()).startsWith(wanted.trim()),
  );
  await page.keyboard.press("Control+c");
  await until("the value is copied", () => asked.some(([name]) => name === "copy"));
  await page.keyboard.press("o");
  const [, query] = await until("a diff is asked for", () => asked.find(([name]) => name === "openAsDiff"));
  assert.deepEqual(query, { left: runs[1] });
  await page.keyboard.press("d");
  assert.deepEqual(panel.errors, []);
});

test("a brush chooses runs, and the table is filtered to them", { skip }, async () => {
  await page.locator(".parallel .plot").focus();
  for (const key of ["ArrowLeft", "Enter", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await page
    .locator(".parallel")
    .getByText(/^\d+ of 60 runs$/)
    .waitFor();
  await page.screenshot({ path: join(pictures, "brushed.png") });
  await page.getByRole("button", { name: "Filter the table to these" }).click();
  const [, query] = await until("the table is asked for", () => asked.find(([name]) => name === "filterTable"));
  assert.match(JSON.stringify(query), /metrics\.val_rmse >= [\d.]+ AND metrics\.val_rmse <= [\d.]+/);
  await panel.view.act({ action: "differences" });
  await page.getByRole("rowheader", { name: "seed" }).waitFor();
  await panel.view.act({ action: "differences" });
  await page.keyboard.press("Escape");
  await page.locator(".parallel .chip").waitFor({ state: "detached" });
});

test("scatter, box and curves are drawn of the same runs, and a chart fills the panel", { skip }, async () => {
  for (const tab of ["Scatter", "Box", "Overlay"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.locator(".side canvas").first().waitFor();
    await page.locator(".side").screenshot({ path: join(pictures, `${tab.toLowerCase()}.png`) });
  }
  await page.locator(".parallel").getByRole("button", { name: "Full size" }).click();
  await page.getByRole("treegrid").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.getByRole("treegrid").waitFor();
  assert.deepEqual(panel.errors, []);
});

test("the same picture of two runs is laid over each other, and their difference is counted; texts open as a diff", {
  skip,
}, async () => {
  await page.getByRole("tab", { name: "Artifacts" }).click();
  await page.getByRole("button", { name: "plot.png" }).click();
  await page.locator(".layers img").nth(1).waitFor();
  await page.screenshot({ path: join(pictures, "artifacts.png") });
  await page.getByRole("radio", { name: "Overlay" }).click();
  await page.getByRole("radio", { name: "Difference" }).click();
  await page.getByText("9,600 pixels differ, 100.0 %").waitFor();
  await page.screenshot({ path: join(pictures, "difference.png") });
  await page.getByRole("button", { name: "notes.txt" }).click();
  const [, query] = await until("a diff of the file", () => asked.find(([name]) => name === "diffFile"));
  assert.deepEqual(query, { left: runs[1], right: runs[0], path: "notes.txt" });
});

test("a run that is gone is told, and taken out", { skip }, async () => {
  const change = { everything: false, experiment_ids: [], run_ids: [runs[1]?.run_id ?? ""], models: false };
  runs.push({ uri, run_id: "f".repeat(32) });
  await panel.view.storeChanged({ uri, change });
  await page.getByText("Run ffffffff is no longer in mlflow.db.").waitFor();
  await page.getByRole("button", { name: "Take Out" }).click();
  await until("it is taken out", () => asked.some(([name]) => name === "removeRuns"));
  runs.pop();
  await panel.view.storeChanged({ uri, change });
  await page.getByText("Run ffffffff").waitFor({ state: "detached" });
});

test("what other programs write into either of two stores is shown within a second, and told apart", {
  skip,
}, async (t) => {
  const { root, store: made, run_id, folder } = await withRun();
  made.close();
  const second = storeUri(root, "files");
  stores.set(second, openStore(second));
  runs.push({ uri: second, run_id });
  const stops = [...stores].map(([of, store]) =>
    store.onChange((change) => {
      panel.view.storeChanged({ uri: of, change }).catch((error: unknown) => t.diagnostic(String(error)));
    }),
  );
  await panel.view.storeChanged({ uri: second, change: EVERYTHING });
  await page.setViewportSize({ width: 1700, height: 834 });
  await page.getByRole("columnheader").nth(6).waitFor();
  await page.getByRole("treegrid").press("Control+Home");
  const database = new DatabaseSync(uri.replace("sqlite:///", ""));
  const insert = database.prepare("INSERT INTO params (key, value, run_uuid) VALUES (?, 'yes', ?)");
  const writers = [
    (key: string) => void insert.run(key, runs[1]?.run_id ?? ""),
    (key: string) => writeFileSync(join(folder, "params", key), "yes"),
  ];
  // Of either store.
  const took: [number[], number[]] = [[], []];
  const best = () => took.map((all) => Math.min(...all));
  // The best tells what the panel needs: the machine has other work.
  for (let n = 0; n < 6 || (n < 20 && best().some((ms) => ms >= 1000)); n += 1) {
    const began = performance.now();
    writers[n % 2]?.(`late-${n}`);
    const row = page.locator(".dRow", { has: page.getByRole("rowheader", { name: `late-${n}` }) });
    await row.waitFor();
    took[n % 2]?.push(performance.now() - began);
    assert.equal(await row.getByText("yes", { exact: true }).count(), 1);
  }
  t.diagnostic(`seen after ${took.flat().map(Math.round).join(", ")} ms`);
  assert.ok(Math.min(...best()) < 1000, JSON.stringify(took));
  // Three times the goal, for the machine has other work.
  assert.ok(Math.max(...best()) < 3000, JSON.stringify(took));
  await page.screenshot({ path: join(pictures, "two-stores.png") });
  await page.setViewportSize({ width: 1054, height: 834 });
  for (const stop of stops) stop();
  database.close();
  assert.deepEqual(panel.errors, []);
});

test("files that are written while runs log are compared as they are then, and read no oftener than they change", {
  skip,
}, async () => {
  const [first, second] = runs;
  assert.ok(first !== undefined && second !== undefined);
  const store = stores.get(uri);
  const rootOf = async (run_id: string) => (await store?.getRun({ run_id }))?.info.artifact_uri.replace("file://", "");
  const change = (run_ids: string[]) => ({ everything: false, experiment_ids: ["1"], run_ids, models: false });
  await page.getByRole("tab", { name: "Artifacts" }).click();
  await page.getByRole("button", { name: "plot.png" }).click();
  await page.getByText("9,600 pixels differ, 100.0 %").waitFor();
  const before = reads.length;
  const since = () => reads.slice(before).filter(({ path }) => path === "plot.png");
  const looked = (times: number) => since().filter(({ length }) => length === 0).length >= times * 2;
  for (let n = 0; n < 40; n += 1) await panel.view.storeChanged({ uri, change: change([first.run_id, second.run_id]) });
  await until("both pictures were looked at", () => looked(1));
  // What the first look reads is read before the second one begins.
  await panel.view.storeChanged({ uri, change: change([first.run_id, second.run_id]) });
  await until("they were looked at once more", () => looked(2));
  assert.ok(
    since().every(({ length }) => length === 0),
    "no picture was read again",
  );
  for (const run_id of [first.run_id, second.run_id])
    writeFileSync(join((await rootOf(run_id)) ?? "", "plot.png"), picture(120, 80, 7));
  writeFileSync(join((await rootOf(first.run_id)) ?? "", "added.txt"), "new\n");
  await panel.view.storeChanged({ uri, change: change([first.run_id]) });
  await page.getByText("The pictures are equal").waitFor();
  await page.getByRole("button", { name: "added.txt" }).waitFor();
  assert.deepEqual(panel.errors, []);
});

test("a narrow panel shows one part at a time, and a reload brings back what was arranged", { skip }, async () => {
  await page.setViewportSize({ width: 460, height: 700 });
  await page.getByRole("radio", { name: "Table" }).waitFor();
  await page.screenshot({ path: join(pictures, "narrow.png") });
  await page.getByRole("radio", { name: "Parallel coordinates" }).click();
  await page.locator(".parallel canvas").first().waitFor();
  await page.screenshot({ path: join(pictures, "narrow-parallel.png") });
  await until("it is kept", async () => JSON.stringify(await panel.saved()).includes('"part":"parallel"'));
  await page.reload();
  await page.locator(".parallel canvas").first().waitFor();
  await page.getByRole("treegrid").waitFor({ state: "detached" });
  assert.deepEqual(panel.errors, []);
});
