import { deepEqual, equal, match, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { createWriteStream, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Locator, Page } from "playwright-core";
import type { RunView } from "../../src/protocol/panels/run.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { runHost } from "./support/runHost.ts";
import { THEMES, themesFor } from "./support/themes.ts";

// The Run panel's page over a store that the real mlflow wrote, in a real browser; runPanelEditor.test.ts has it in the editor.

const python = findPython();
const skip = browserSkip || skipWithout(python, "Python with mlflow");
const folder = temporaryFolder("flowdeck-run-panel-");
const results = join(resultsFolder, "runPanel");
let store: Store;
let logged: { run_id: string; baseline: string; artifacts: string };
let panel: PanelPage<RunView>;
let page: Page;
let asked: unknown[][];
/** Addresses of hostile artifacts that were asked for. */
const outside: string[] = [];

before(async () => {
  if (skip !== false) return;
  const { stdout } = await promisify(execFile)(python ?? "", [join(root, "test/e2e/support/runPanel.py"), folder], {
    cwd: folder,
    env: { ...process.env, GIT_PYTHON_REFRESH: "quiet" },
  });
  logged = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as typeof logged;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(join(folder, "mlflow.db")));
  const made = runHost(store, logged.run_id, logged.baseline);
  asked = made.asked;
  const subject = { uri: "sqlite:///mlflow.db", run_id: logged.run_id };
  panel = await openPanelPage<RunView>({ panel: "run", subject, host: made.host, size: { width: 1090, height: 820 } });
  page = panel.page;
  await page.route("http://127.0.0.1:9/**", async (route) => {
    outside.push(route.request().url());
    await route.abort();
  });
  await page.getByRole("tab", { name: "Artifacts" }).waitFor();
});
after(() => store?.close());

const tree = () => page.getByRole("tree", { name: "Artifacts" });
const shown = () => page.locator(".shown").first();

async function open(path: string): Promise<Locator> {
  const folders = path.split("/").slice(0, -1);
  for (const [i] of folders.entries()) {
    const row = tree().locator(`[title="${folders.slice(0, i + 1).join("/")}"]`);
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }
  await tree().locator(`[title="${path}"]`).click();
  return shown();
}

async function screenshots(name: string): Promise<void> {
  for (const theme of themesFor(name, THEMES)) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await panel.setTheme("dark");
}

test("the overview tells facts, tags, note, params beside the baseline, metrics and curves", { skip }, async () => {
  const facts = page.locator(".overview > .facts");
  for (const text of ["wine-quality", logged.run_id, "runPanel.py", "winequality-red", "tabular", "was 0.08"]) {
    await facts.getByText(text).first().waitFor();
  }
  await facts.getByText("not logged", { exact: true }).first().waitFor();
  await facts.locator(".spark").first().waitFor();
  await page.getByText("dashed: baseline").waitFor();
  await page.getByRole("region", { name: "model/MLmodel" }).getByText("python_function").waitFor();
  await facts.getByRole("button", { name: "winequality-red" }).click();
  await facts.getByText("alcohol").waitFor();
  await facts.getByRole("button", { name: "winequality-red" }).click();
  await screenshots("overview");
});

test("every kind of artifact is shown as what it is", { skip }, async () => {
  const cases: [path: string, seen: (viewer: Locator) => Locator][] = [
    ["plots/importance.png", (viewer) => viewer.locator("img.viewedImage")],
    ["plots/importance.svg", (viewer) => viewer.locator("img.viewedImage")],
    ["plots/importance.pdf", (viewer) => viewer.getByText("page 1 of 1")],
    ["predictions.csv", (viewer) => viewer.getByText("pinot, noir").first()],
    ["predictions.parquet", (viewer) => viewer.getByText("5,000 rows · 3 columns")],
    ["eval_table.json", (viewer) => viewer.getByText("30 rows · 3 columns")],
    ["config.json", (viewer) => viewer.getByText("NaN")],
    ["train.log", (viewer) => viewer.getByText("200,000 lines")],
    ["train.py", (viewer) => viewer.locator(".hl-keyword").first()],
    ["report.html", (viewer) => viewer.locator("iframe").contentFrame().getByText("Report of the run")],
    ["hostile.md", (viewer) => viewer.getByRole("link", { name: "the report" })],
    ["tone.wav", (viewer) => viewer.locator("audio")],
    ["places.geojson", (viewer) => viewer.getByText("3 features")],
    ["model/MLmodel", (viewer) => viewer.getByText("python_function")],
  ];
  for (const [path, seen] of cases) {
    await seen(await open(path)).waitFor();
    await page.screenshot({ path: join(results, `viewer-${path.replaceAll("/", "-")}.png`) });
  }
  await open("tone.wav");
  const duration = () => page.locator("audio").evaluate((audio: HTMLAudioElement) => audio.duration);
  await until("the sound is decoded", async () => Math.abs((await duration()) - 1) < 0.01);
  await open("plots/importance.pdf");
  const painted = () =>
    page.locator(".pdfPage canvas").evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return data.some((value, i) => i % 4 !== 3 && value > 0 && value < 200);
    });
  await until("the page of the PDF is drawn", painted);
});

test("tables and texts are paged through to their end", { skip }, async () => {
  for (const [path, last] of [
    ["predictions.csv", "5000"],
    ["predictions.parquet", "5000"],
    ["train.log", "200000"],
  ] as const) {
    const viewer = await open(path);
    await viewer.locator(".virtualRows").focus();
    await until(`the last row of ${path}`, async () => {
      await page.keyboard.press("End");
      return (await viewer.getByText(last, { exact: true }).count()) > 0;
    });
  }
});

test("a CSV of 100 MB is shown at once and read to its last row without being held", { skip }, async (t) => {
  const rows = 2_000_000;
  const file = createWriteStream(join(logged.artifacts, "large.csv"));
  file.write("id,text\n");
  for (let i = 1; i <= rows; i += 20_000) {
    const part = Array.from({ length: 20_000 }, (_, n) => `${i + n},${"wine".repeat(10)}\n`).join("");
    if (!file.write(part)) await once(file, "drain");
  }
  await promisify(file.end.bind(file) as (done: () => void) => void)();
  await panel.view.storeChanged({ everything: true, experiment_ids: [], run_ids: [], models: false });
  await tree().locator('[title="large.csv"]').waitFor();
  const begun = performance.now();
  const viewer = await open("large.csv");
  await viewer.getByText("winewine").first().waitFor();
  t.diagnostic(`first rows after ${Math.round(performance.now() - begun)} ms`);
  await viewer.getByText("2,000,000 rows · 2 columns").waitFor({ timeout: 120_000 });
  await viewer.locator(".virtualRows").focus();
  await until("the last row", async () => {
    await page.keyboard.press("End");
    return (await viewer.getByRole("cell", { name: String(rows), exact: true }).count()) > 0;
  });
  const heap = await page.evaluate(() =>
    Number(Reflect.get(Reflect.get(performance, "memory") as object, "usedJSHeapSize")),
  );
  t.diagnostic(`${Math.round(heap / 1e6)} MB of heap in the page`);
  ok(heap < 100e6, `${heap} bytes`);
  rmSync(join(logged.artifacts, "large.csv"));
});

test("images of several steps are one row with a slider, and the step is restored", { skip }, async () => {
  const viewer = await open("images/plots~predicted");
  await viewer.getByText("step 350").waitFor();
  await viewer.getByRole("slider").focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await viewer.getByText("step 250").waitFor();
  await screenshots("steps");
  await until("the step is saved", async () => JSON.stringify(await panel.saved()).includes('"step":250'));
  await page.reload();
  await panel.setTheme("dark");
  await shown().getByText("step 250").waitFor();
});

test("nothing in an artifact or a note is executed, and nothing is fetched for it", { skip }, async () => {
  outside.length = 0;
  for (const path of ["report.html", "hostile.svg", "hostile.md", "plots/importance.svg"]) {
    const viewer = await open(path);
    await viewer.locator("iframe, img.viewedImage, .markdown").first().waitFor();
  }
  const viewer = await open("report.html");
  equal(await viewer.locator("iframe").getAttribute("sandbox"), "");
  const frame = viewer.locator("iframe").contentFrame();
  await frame.getByText("Report of the run").waitFor();
  // Its own styles hold: the frame is not merely broken.
  const style = await frame
    .locator("#title")
    .evaluate((title) => getComputedStyle(title).color + getComputedStyle(title).letterSpacing);
  equal(style, "rgb(200, 0, 0)3px");
  equal(await frame.locator("script, iframe, [onload], [onerror]").count(), 0);
  equal(await frame.locator("#link").getAttribute("href"), null);
  await frame.locator("#link").click();
  equal(await page.evaluate(() => Reflect.get(globalThis, "flowdeckAttacked")), undefined);
  ok(!(await page.title()).includes("attacked"));
  deepEqual(outside, []);
});

test("what cannot be shown is one sentence and a next step", { skip }, async () => {
  truncateSync(join(logged.artifacts, "train.py"), 0);
  const big = join(logged.artifacts, "big.json");
  writeFileSync(big, "");
  truncateSync(big, 60_000_000);
  await panel.view.storeChanged({ everything: true, experiment_ids: [], run_ids: [], models: false });
  await tree().locator('[title="big.json"]').waitFor();
  const cases: [path: string, sentence: RegExp, step: string][] = [
    ["model.pkl", /only an editor for its kind/, "Open in Editor"],
    ["binary.txt", /is no text: 1\.0 kB of binary data/, "Show as Text"],
    ["cut.parquet", /no whole Parquet file/, "Open in Editor"],
    ["cut.json", /no JSON/, "Open in Editor"],
    ["cut.png", /no image that can be drawn/, "Open in Editor"],
    ["cut.pdf", /no whole PDF/, "Open in Editor"],
    ["big.json", /has 60 MB, all of which is read/, "Open in Editor"],
  ];
  for (const [path, sentence, step] of cases) {
    const viewer = await open(path);
    const told = viewer.locator(".viewerTold");
    await told.getByRole("button", { name: step }).waitFor();
    match((await told.innerText()).split("\n")[0] ?? "", sentence, path);
  }
  await (await open("empty.csv")).getByText("empty.csv is empty.").waitFor();
  await (await open("train.py")).getByText("train.py is empty.").waitFor();
  await open("predictions.csv");
  rmSync(join(logged.artifacts, "predictions.csv"));
  await open("train.log");
  await open("predictions.csv");
  await shown().getByText("is not there any more").waitFor();
  await shown().getByRole("button", { name: "Look Again" }).waitFor();
});

/** A field has the focus. */
const typing = () => page.locator("input:focus").waitFor();

test("name and tags are edited in place with the keyboard alone", { skip }, async () => {
  await page.locator("h1").waitFor();
  await page.locator("body").click({ position: { x: 5, y: 5 } });
  await page.keyboard.press("F2");
  await typing();
  await page.keyboard.type("hare");
  await page.keyboard.press("Enter");
  await until("the new name", async () => (await store.getRun({ run_id: logged.run_id })).info.run_name === "hare");
  await page.getByRole("button", { name: "Add tag" }).focus();
  await page.keyboard.press("Enter");
  await typing();
  await page.keyboard.type("owner");
  await page.keyboard.press("Tab");
  await page.keyboard.type("mira r");
  await page.keyboard.press("Enter");
  const tags = async () => (await store.getRun({ run_id: logged.run_id })).data.tags;
  await until("the new tag", async () =>
    (await tags()).some(({ key, value }) => key === "owner" && value === "mira r"),
  );
  await panel.view.storeChanged({ everything: true, experiment_ids: [], run_ids: [], models: false });
  await page.getByRole("button", { name: /Tag team ?tabular ?change/ }).press("Enter");
  await typing();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("vision");
  await page.keyboard.press("Enter");
  await until("the other value", async () => (await tags()).some(({ value }) => value === "vision"));
  await page.getByRole("button", { name: "Remove tag gpu" }).press("Enter");
  await until("the tag is gone", async () => !(await tags()).some(({ key }) => key === "gpu"));
});

test("letters are commands, but not where one types", { skip }, async () => {
  asked.length = 0;
  await page.getByRole("tab", { name: "Overview" }).focus();
  for (const key of ["r", "e", "]", "["]) await page.keyboard.press(key);
  await until("all were asked", () => asked.length === 4);
  deepEqual(asked, [
    ["repeat", {}],
    ["editNote", {}],
    ["go", { by: 1 }],
    ["go", { by: -1 }],
  ]);
  await page.getByRole("textbox", { name: "Search artifacts" }).focus();
  await page.keyboard.type("re]");
  equal(asked.length, 4);
  await page.keyboard.press("Escape");
});

test("sections, tree and viewer are reached by keys, and come back as they were", { skip }, async () => {
  await page.keyboard.press("Alt+4");
  await until("Artifacts", async () => (await page.getByRole("tab", { selected: true }).innerText()) === "Artifacts");
  const first = tree().getByRole("treeitem").first();
  await first.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await shown().locator(".codeRows, .viewerTold").first().waitFor();
  await page.keyboard.press("Alt+2");
  await page.locator(".compact.metrics.wide").waitFor();
  for (const [key, name] of [
    ["Alt+3", "System metrics"],
    ["Alt+5", "Children 1"],
    ["Alt+6", "Code and environment"],
  ] as const) {
    await page.keyboard.press(key);
    await until(name, async () => (await page.getByRole("tab", { selected: true }).innerText()) === name);
    await page.screenshot({ path: join(results, `section-${name.replaceAll(" ", "-")}.png`) });
  }
  await page.getByText("model/python_env.yaml").waitFor();
  await until("it is saved", async () => JSON.stringify(await panel.saved()).includes('"section":"code"'));
  await page.reload();
  await panel.setTheme("dark");
  await until("the section is back", async () => {
    const selected = page.getByRole("tab", { selected: true });
    return (await selected.count()) === 1 && (await selected.innerText()) === "Code and environment";
  });
});

test("narrow and at 200 % nothing is cut off sideways", { skip }, async () => {
  await page.keyboard.press("Alt+1");
  for (const width of [545, 360]) {
    await page.setViewportSize({ width, height: 700 });
    await page.locator(".runHeader").waitFor();
    await until(`nothing is wider than ${width} px`, () =>
      page.evaluate(() => {
        const section = document.querySelector("#section");
        return section !== null && section.scrollWidth <= section.clientWidth;
      }),
    );
    await page.screenshot({ path: join(results, `narrow-${width}.png`) });
  }
  await page.setViewportSize({ width: 1090, height: 820 });
});

test("a metric that is logged is seen, live", { skip }, async (t) => {
  await store.updateRun({ run_id: logged.run_id, status: "RUNNING" });
  const changes = store.onChange((change) => {
    panel.view.storeChanged(change).catch((error: unknown) => t.diagnostic(String(error)));
  });
  await page.keyboard.press("Alt+2");
  const value = page.locator(".compact.metrics.wide tr", { hasText: "val_rmse" }).locator("td").nth(1);
  const took: number[] = [];
  for (const step of [448, 449, 450]) {
    const began = performance.now();
    const metric = { key: "val_rmse", value: step / 1_000, timestamp: Date.now(), step };
    await store.logBatch({ run_id: logged.run_id, metrics: [metric], params: [], tags: [] });
    await until("the new value", async () => (await value.getAttribute("title")) === String(step / 1_000));
    took.push(Math.round(performance.now() - began));
  }
  changes();
  t.diagnostic(`seen after ${took.join(", ")} ms`);
  // Three times the goal, and the least of them: the machine has other work.
  ok(Math.min(...took) < 3_000, `${took.join(", ")} ms`);
  await page.getByText("step 450 of 500").waitFor();
  await page.keyboard.press("Alt+1");
  await screenshots("running");
});
