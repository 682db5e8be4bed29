import { deepEqual, equal, ok } from "node:assert/strict";
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { CompareView } from "../../src/protocol/panels/compare.ts";
import type { RunView } from "../../src/protocol/panels/run.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { untilDrawn } from "./support/acting.ts";
import { compareHost } from "./support/compareHost.ts";
import { experimentHost } from "./support/experimentHost.ts";
import { ELSEWHERE, HOSTILE_FILES, HOSTILE_NOTE, LONG, MARKUP } from "./support/hostile.ts";
import { browserSkip } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { writeArtifacts } from "./support/plainArtifacts.ts";
import { runHost } from "./support/runHost.ts";

// Panels over a store that somebody filled to do harm, or that changes under them: nothing runs, nothing is fetched, nothing is lost.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-bad-");
const database = join(folder, "mlflow.db");
const everything = { everything: true, experiment_ids: [], run_ids: [], models: false };
let store: Store;
let experiment_id: string;
let run_id: string;
let artifacts: string;

before(async () => {
  if (skip !== false) return;
  store = openStore(storeUri(database));
  ({ experiment_id } = await store.createExperiment({ name: `bad ${MARKUP}`.slice(0, 240) }));
  const names = [MARKUP, LONG, "plain"];
  for (const [n, name] of names.entries()) {
    const { info } = await store.createRun({ experiment_id, run_name: name, start_time: Date.now() + n });
    const timestamp = Date.now();
    const curve = [0, 1, 2].map((step) => ({ key: METRIC, value: n + step, timestamp, step }));
    await store.logBatch({
      run_id: info.run_id,
      metrics: [...curve, { key: "loss", value: n, timestamp, step: 0 }],
      params: [
        { key: PARAM, value: MARKUP },
        { key: "long", value: LONG.slice(0, 6000) },
        { key: "eta", value: String(n) },
      ],
      tags: [
        { key: "mlflow.note.content", value: HOSTILE_NOTE },
        { key: PARAM, value: LONG.slice(0, 8000) },
      ],
    });
    if (n === 0) run_id = info.run_id;
  }
  const { info } = await store.getRun({ run_id });
  artifacts = writeArtifacts(info.artifact_uri, HOSTILE_FILES);
});
after(() => store?.close());

/** As much markup as MLflow takes in a key: letters, digits, and `_-.:/` and space. The rest comes by values. */
const PARAM = "a:b/c d".padEnd(250, "-long");
const METRIC = "m/x: y".padEnd(250, "-long");

interface Watched<View extends object> {
  panel: PanelPage<View>;
  page: Page;
  /** Requests for anything but the panel's own files. */
  outside: string[];
}

async function watched<View extends object>(panel: PanelPage<View>): Promise<Watched<View>> {
  const outside: string[] = [];
  const { page } = panel;
  const own = new URL(page.url()).origin;
  // What the page's policy stops is never asked for, and does not come here.
  await page.route(
    (url) => url.origin !== own && !/^(blob|data|about):/.test(url.protocol),
    async (route) => {
      outside.push(route.request().url());
      await route.abort("aborted");
    },
  );
  page.on("popup", (popup) => outside.push(`popup ${popup.url()}`));
  page.on("dialog", (dialog) => outside.push(`dialog ${dialog.message()}`));
  return { panel, page, outside };
}

async function openRun(): Promise<Watched<RunView>> {
  const subject = { uri: "sqlite:///mlflow.db", run_id };
  return watched(await openPanelPage<RunView>({ panel: "run", subject, host: hostNow() }));
}

/** Reads the store that is open when it is asked. */
function hostNow(): object {
  const methods = Object.keys(runHost(store, run_id).host);
  return Object.fromEntries(
    methods.map((name) => [
      name,
      (query: unknown): unknown => {
        const { host } = runHost(store, run_id);
        const method: unknown = Reflect.get(host, name);
        return typeof method === "function" ? method.call(host, query) : undefined;
      },
    ]),
  );
}

async function openExperiment(view: object = {}): Promise<Watched<object>> {
  const subject = { uri: "sqlite:///mlflow.db", experiment_id };
  const { host } = experimentHost(store, experiment_id);
  const state = { format: 1, subject, view };
  return watched(await openPanelPage<object>({ panel: "experiment", subject, host, state }));
}

/** Neither script nor request came of what was shown. */
async function unharmed({ panel, page, outside }: Watched<object>): Promise<void> {
  // What would run would have run by the next frame after the picture is there.
  await untilDrawn(page);
  equal(await page.evaluate(() => Reflect.get(globalThis, "flowdeckAttacked")), undefined, "no script ran");
  equal(await page.locator(`img[src*="127.0.0.1"], [onerror], [onload], a[href^="javascript:"]`).count(), 0);
  equal(await page.locator("body script").count(), 1, "the panel's own script is the only one");
  deepEqual(outside, [], "nothing was asked for");
  deepEqual(panel.errors, []);
}

/** What the page is too wide by. */
async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("markup and 10,000 characters in names, keys and values are text in the Experiment panel", { skip }, async () => {
  const added = [
    { id: "scatter", kind: "scatter", metrics: [], fields: ["params.eta", "metrics.loss"] },
    { id: "parallel", kind: "parallel", metrics: [], fields: [`params.${PARAM}`, "params.eta", "metrics.loss"] },
    { id: "box", kind: "box", metrics: ["loss"], fields: [`params.${PARAM}`] },
  ];
  const opened = await openExperiment({ charts: { added }, sash: 0.3, groupBy: [`params.${PARAM}`] });
  const { page } = opened;
  await page.locator(".grid").getByText("<script>").first().waitFor();
  for (const { id } of added) {
    await page.locator(`[data-chart="${id}"]`).scrollIntoViewIfNeeded();
    await page.locator(`[data-chart="${id}"] canvas`).first().waitFor();
  }
  await page.locator(`[data-chart="scatter"] .plot`).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("dialog", { name: "Columns" }).waitFor();
  equal(await overflow(page), 0);
  const heightOf = async () => (await page.locator(".gridRow").first().boundingBox())?.height ?? 0;
  const height = await until("a row has its height", async () => (await heightOf()) || undefined);
  ok(height < 40, `a row is ${height} px high`);
  await unharmed(opened);
  await page.close();
});

test("markup and 10,000 characters in names, keys, values and the note are text in the Run panel", {
  skip,
}, async () => {
  const opened = await openRun();
  const { page } = opened;
  await page.locator(".runHeader h1").getByText("<script>").waitFor();
  await page.locator(".facts").getByText("<script>").first().waitFor();
  await page.locator(".markdown").first().waitFor();
  for (const [key, name] of [
    ["Alt+2", "Metrics"],
    ["Alt+6", "Code and environment"],
    ["Alt+1", "Overview"],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole("tab", { name, selected: true }).waitFor();
    await untilDrawn(page);
    equal(await overflow(page), 0);
  }
  await unharmed(opened);
  await page.close();
});

test("markup and 10,000 characters in two stores, and pictures with scripts, are text and pictures in the Compare panel", {
  skip,
}, async () => {
  const [uri, other] = [database, join(folder, "copy.db")].map((path) => storeUri(path)) as [string, string];
  const second = openStore(other);
  const { experiment_id: apart } = await second.createExperiment({ name: MARKUP.slice(0, 200) });
  const { info } = await second.createRun({ experiment_id: apart, run_name: MARKUP, start_time: 5 });
  await second.logBatch({
    run_id: info.run_id,
    metrics: [{ key: METRIC, value: 7, timestamp: 5, step: 0 }],
    params: [{ key: PARAM, value: LONG.slice(0, 6000) }],
    tags: [{ key: "team", value: MARKUP }],
  });
  writeArtifacts(info.artifact_uri, HOSTILE_FILES);
  const first = await store.searchRuns({ experiment_ids: [experiment_id] });
  const runs = [...first.items.map((run) => ({ uri, run_id: run.info.run_id })), { uri: other, run_id: info.run_id }];
  const { host, asked } = compareHost(
    new Map([
      [uri, store],
      [other, second],
    ]),
    runs,
  );
  const opened = await watched(await openPanelPage<CompareView>({ panel: "compare", subject: { runs }, host }));
  const { page, panel } = opened;
  await page.getByRole("treegrid").getByText("<script>").first().waitFor();
  await page.locator(".parallel canvas").first().waitFor();
  for (const name of ["Scatter", "Box", "Overlay", "Contour"]) {
    await page.getByRole("tab", { name }).click();
    await page.locator(".side").locator("canvas, .emptyChart").first().waitFor();
    await unharmed(opened);
  }
  await page.getByRole("columnheader").nth(1).click();
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await panel.view.setBaseline({ uri, run_id });
  await page.getByRole("tab", { name: "Artifacts" }).click();
  await page.getByLabel("Run whose files stand").selectOption({ index: 2 });
  await page.getByRole("button", { name: "attack.svg" }).click();
  for (const mode of ["Overlay", "Difference", "Slider"]) {
    await page.getByRole("radio", { name: mode }).click();
    await page.locator(".layers img, .layers canvas").first().waitFor();
    await unharmed(opened);
  }
  await page.getByRole("button", { name: "attack.html" }).click();
  await until("a page of HTML is set side by side as text", () => asked.some(([name]) => name === "diffFile"));
  await panel.view.act({ action: "markdown" });
  await until("the table is copied", () => asked.some(([name]) => name === "copy"));
  equal(await overflow(page), 0);
  await unharmed(opened);
  await page.close();
  second.close();
});

test("every kind of artifact that carries a script or an address is shown, and does nothing", { skip }, async () => {
  const opened = await openRun();
  const { page } = opened;
  await page.keyboard.press("Alt+4");
  const tree = page.getByRole("tree", { name: "Artifacts" });
  await tree.locator('[title="model"]').click();
  for (const [path, seen] of [
    ["attack.csv", ".virtualRows"],
    ["attack.json", "[role=tree], .codeRows"],
    ["attack.geojson", "svg, canvas"],
    ["attack.pdf", ".pdfPage canvas"],
    ["attack.log", ".codeRows"],
    ["attack.md", ".markdown"],
    ["attack.svg", "img.viewedImage"],
    ["attack.html", "iframe"],
    ["model/MLmodel", ".mlmodel"],
  ] as const) {
    await tree.locator(`[title="${path}"]`).click();
    await page.getByRole("group", { name: path, exact: true }).locator(seen).first().waitFor();
    await unharmed(opened);
  }
  await page.close();
});

test("an artifact of 1 GB and binary data with a text's name are one sentence, or their first rows", {
  skip,
}, async () => {
  for (const [name, first] of [
    ["vast.log", "first line\n"],
    ["vast.csv", "id,text\n1,first\n"],
    ["vast.json", "{"],
    ["vast.png", ""],
    ["vast.html", "<p>"],
  ] as const) {
    writeFileSync(join(artifacts, name), first);
    truncateSync(join(artifacts, name), 1_000_000_000);
  }
  writeFileSync(join(artifacts, "binary.csv"), Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 7) % 256)));
  writeFileSync(join(artifacts, "binary.json"), Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 11) % 256)));
  const opened = await openRun();
  const { page } = opened;
  await page.keyboard.press("Alt+4");
  const tree = page.getByRole("tree", { name: "Artifacts" });
  for (const name of ["vast.log", "vast.csv", "vast.json", "vast.png", "vast.html", "binary.csv", "binary.json"]) {
    await tree.locator(`[title="${name}"]`).click();
    const told = page.getByRole("group", { name, exact: true });
    const shown = told.locator(".viewerTold, .virtualRows, .codeRows").first();
    const whole = /log|csv/.test(name) ? /./ : /has 1(\.0)? GB, all of which is read/;
    const wanted = name.startsWith("binary") ? /binary|no text|no JSON/ : whole;
    const sentence = await until(`${name} is shown or explained`, async () => {
      const text = (await shown.innerText()).trim();
      return wanted.test(text) && text;
    });
    ok(sentence.length < 5000, `${name} says ${sentence.length} characters`);
  }
  await unharmed(opened);
  await page.close();
  for (const name of ["vast.log", "vast.csv", "vast.json", "vast.png", "vast.html"]) rmSync(join(artifacts, name));
});

test("a store that is replaced underneath: both panels say so in a sentence and keep what they showed", {
  skip,
}, async () => {
  const run = await openRun();
  const experiment = await openExperiment();
  await run.page.locator(".runHeader h1").getByText("<script>").waitFor();
  await experiment.page.locator(".grid").getByText("plain").first().waitFor();
  const other = openStore(storeUri(join(folder, "other.db")));
  await other.createExperiment({ name: "another" });
  const first = store;
  // Another database lies there now, and the store process opened it again.
  store = other;
  await run.panel.view.storeChanged(everything);
  await run.page.getByText(/This run is no longer in mlflow\.db; it is shown as it was/).waitFor();
  await run.page.locator(".runHeader h1").getByText("<script>").waitFor();
  store = first;
  other.close();
  await unharmed(run);
  await unharmed(experiment);
  await run.page.close();
  await experiment.page.close();
});

test("a run that is deleted while it is shown stays to be read, with a way back", { skip }, async () => {
  const opened = await openRun();
  const { page, panel } = opened;
  await page.locator(".runHeader h1").getByText("<script>").waitFor();
  await store.deleteRun({ run_id });
  await panel.view.storeChanged(everything);
  await page.getByText("Deleted", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Restore" }).waitFor();
  await page.locator(".facts").getByText("<script>").first().waitFor();
  await store.restoreRun({ run_id });
  await unharmed(opened);
  await page.close();
});

test("the address that hostile content asks for would have been noticed", { skip }, async () => {
  const opened = await openExperiment();
  await opened.page.evaluate((url) => location.assign(url), ELSEWHERE);
  await until("it is noticed", () => opened.outside.length > 0);
  await opened.page.close();
});
