import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { WorkflowView } from "../../src/protocol/panels/workflow.ts";
import { WORKFLOW_TAG, stepTag, type StepState } from "../../src/projects/workflow/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { Accessibility } from "./support/axe.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { ALL_THEMES, themesFor } from "./support/themes.ts";
import { workflowHost } from "./support/workflowHost.ts";
import { seedManySteps, seedWorkflow, type SeededWorkflow } from "./support/workflowSeed.ts";

// The Workflow panel's page over a store, in a real browser; workflowPanel.test.ts has it in the editor.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-workflow-page-");
const results = join(resultsFolder, "workflowPage");
const file = join(folder, "workflow.mlflow.yaml");
const SIZE = { width: 1092, height: 720 };
const looked = new Accessibility();
let store: Store;
let seeded: SeededWorkflow;
let panel: PanelPage<WorkflowView>;
let page: Page;
let asked: unknown[][];

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(join(folder, "mlflow.db")));
  seeded = await seedWorkflow(store, file, Date.now());
  const made = workflowHost(store, seeded.run_id);
  asked = made.asked;
  panel = await open(seeded.run_id, made.host);
  page = panel.page;
});
after(() => store?.close());

function open(run_id: string, host: object, size = SIZE): Promise<PanelPage<WorkflowView>> {
  const subject = { uri: "sqlite:///mlflow.db", run_id };
  return openPanelPage<WorkflowView>({ panel: "workflow", subject, host, size });
}

const step = (name: string, on = page) => on.locator(`[id="step ${name}"]`);
const details = (name: string, on = page) => on.getByRole("complementary", { name: `Step ${name}` });
const changed = (run_id: string) =>
  panel.view.storeChanged({ everything: false, experiment_ids: [], run_ids: [run_id], models: false });

async function screenshots(name: string, on = panel): Promise<void> {
  for (const theme of themesFor(name, ALL_THEMES)) {
    await on.setTheme(theme);
    await on.page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await on.setTheme("dark");
}

/** What the page asked its host for last. */
async function lastAsked(name: string): Promise<unknown> {
  return until(`${name} is asked for`, async () => asked.findLast(([one]) => one === name)?.[1]);
}

test("the graph tells of each step, and the failed one is chosen at first", { skip }, async () => {
  await step("train-mlp").waitFor();
  for (const name of [
    /^prepare cached reused from 1 d ago 0 s$/,
    /^train-xgboost running, val_rmse 0\.5874 3 m \d\d s after prepare$/,
    /^train-elasticnet done, val_rmse 0\.7018 1\.8 s after prepare$/,
    /^train-mlp failed, exit 1, try 2 of 2 41\.0 s after prepare$/,
    /^evaluate blocked, will not start: train-mlp failed after train-xgboost, train-elasticnet, train-mlp$/,
  ]) {
    await page.getByRole("button", { name }).waitFor();
  }
  await page.getByText("2 of 5 steps done · 1 failed").waitFor();
  const shown = details("train-mlp");
  for (const text of [
    "KeyError: 'alcohol'",
    "train_mlp.py:44",
    "2 of 2 · 20.0 s, 21.0 s",
    "stop the steps that need it",
  ]) {
    await shown.getByText(text).first().waitFor();
  }
  await shown.getByText("${{ steps.prepare.artifact_uri }}").waitFor();
  await shown.getByText("clean.parquet").last().waitFor();
  await shown.getByText('x = batch["alcohol"].to_numpy()').waitFor();
  equal(await page.locator(".line.broken").count(), 1);
  equal(await page.locator(".line.awaited").count(), 1);
  equal(await page.locator(".line.satisfied").count(), 4);
  const choice = page.getByRole("combobox", { name: "Run of this workflow" });
  await until("its runs are offered", async () => (await choice.locator("option").count()) === 3);
  await screenshots("graph");
  await looked.look(panel, "graph");
});

test("pointing at a cached step says why it was reused, with a link to that run", { skip }, async () => {
  await step("prepare").hover();
  const tip = page.getByRole("tooltip");
  await tip.getByText("commit 3f2a91c").waitFor();
  await screenshots("cached");
  await tip.getByRole("button", { name: "prepare, 1 d ago" }).click();
  deepEqual(await lastAsked("openRun"), { run_id: seeded.reused });
  await page.mouse.move(5, 500);
  await tip.waitFor({ state: "detached" });
});

test("links and buttons of a step lead where they say", { skip }, async () => {
  const shown = details("train-mlp");
  const run_id = seeded.runs.get("train-mlp") ?? "";
  for (const [click, name, query] of [
    [shown.getByRole("button", { name: "train_mlp", exact: true }), "openEntryPoint", { step: "train-mlp" }],
    [shown.getByRole("button", { name: "train_mlp.py:44" }), "openFile", { run_id, file: "train_mlp.py", line: 44 }],
    [shown.getByRole("button", { name: "Open log" }), "openLog", { run_id }],
    [shown.getByRole("button", { name: "Debug" }), "debug", { step: "train-mlp" }],
    [shown.getByRole("button", { name: "Open run" }), "openRun", { run_id }],
    [shown.getByRole("button", { name: "stoic-newt-208" }), "openRun", { run_id }],
    [page.getByRole("button", { name: "YAML" }), "openWorkflowFile", {}],
    [shown.getByRole("button", { name: "Open the step" }), "openWorkflowFile", { step: "train-mlp" }],
    [page.getByRole("button", { name: "Runs of the steps" }), "openRuns", {}],
    [page.getByRole("button", { name: "Stop" }), "stop", {}],
  ] as [Locator, string, object][]) {
    asked.length = 0;
    await click.click();
    deepEqual(await lastAsked(name), query, name);
  }
  const resume = shown.getByRole("button", { name: "Resume from here" });
  equal(await resume.getAttribute("aria-disabled"), "true");
  match((await resume.getAttribute("title")) ?? "", /is running/);
});

test("the keyboard goes from step to step along the lines, and does what can be done there", { skip }, async () => {
  const focused = () => page.evaluate(() => document.activeElement?.id ?? "");
  await step("train-mlp").focus();
  for (const [key, at] of [
    ["ArrowUp", "train-elasticnet"],
    ["ArrowLeft", "prepare"],
    ["ArrowRight", "train-elasticnet"],
    ["ArrowRight", "evaluate"],
    ["ArrowRight", "evaluate"],
    ["ArrowLeft", "train-elasticnet"],
    ["ArrowDown", "train-mlp"],
  ] as const) {
    await page.keyboard.press(key);
    await until(`${key} leads to ${at}`, async () => (await focused()) === `step ${at}`);
    await details(at).waitFor();
  }
  asked.length = 0;
  const run_id = seeded.runs.get("train-mlp") ?? "";
  await page.keyboard.press("Enter");
  deepEqual(await lastAsked("openRun"), { run_id });
  await page.keyboard.press("l");
  deepEqual(await lastAsked("openLog"), { run_id });
  await page.keyboard.press("Escape");
  await details("train-mlp").waitFor({ state: "detached" });
  await until("the step has the focus again", async () => (await focused()) === "step train-mlp");
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("tooltip").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await page.keyboard.press(" ");
  await details("prepare").getByText("commit 3f2a91c").waitFor();
  await looked.look(panel, "cached step");
  // The details say the same: once they are asked for, nothing lies over the steps below.
  await step("prepare").hover();
  await page.getByRole("tooltip").waitFor();
  await step("prepare").click();
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await step("train-mlp").click();
});

test("the graph is zoomed, moved and fitted by buttons, keys, wheel and dragging, and comes back as it was", {
  skip,
}, async () => {
  const scale = () =>
    page.locator(".graphWorld").evaluate((world) => new DOMMatrix(getComputedStyle(world).transform).toFloat64Array());
  const [fitted = 0] = await scale();
  await page.getByRole("button", { name: "Zoom in (+)" }).click();
  await until("it is larger", async () => (await scale())[0] === fitted * 1.25);
  await step("train-mlp").focus();
  await page.keyboard.press("-");
  await until("it is as large as before", async () => (await scale())[0] === fitted);
  const [, , , , , , , , , , , , before = 0] = await scale();
  await page.mouse.move(100, 480);
  await page.mouse.down();
  await page.mouse.move(160, 470);
  await page.mouse.up();
  await until("it is dragged", async () => (await scale())[12] === before + 60);
  await page.mouse.wheel(40, 0);
  await until("the wheel moves it", async () => (await scale())[12] === before + 20);
  await until("what was arranged is saved", async () =>
    JSON.stringify(await panel.saved()).includes(`"x":${before + 20}`),
  );
  await page.reload();
  await panel.setTheme("dark");
  await step("train-mlp").waitFor();
  await details("train-mlp").waitFor();
  await until("it is where it was", async () => (await scale())[12] === before + 20);
  await page.keyboard.press("0");
  await until("it is fitted again", async () => (await scale())[12] === before);
});

test("what a run logs is seen at once, and a metric is chosen for all steps", { skip }, async () => {
  const run_id = seeded.runs.get("train-xgboost") ?? "";
  await store.logBatch({
    run_id,
    params: [],
    tags: [],
    metrics: [
      { key: "val_rmse", value: 0.5432, timestamp: Date.now(), step: 9 },
      { key: "depth", value: 7, timestamp: Date.now(), step: 1 },
    ],
  });
  await panel.view.storeChanged({
    everything: false,
    experiment_ids: [seeded.experiment_id],
    run_ids: [run_id],
    models: false,
  });
  await step("train-xgboost").getByText("val_rmse 0.5432").waitFor();
  await step("train-xgboost").click();
  await details("train-xgboost").getByRole("button", { name: "Show depth on the steps" }).click();
  await step("train-xgboost").getByText("depth 7").waitFor();
  await step("train-elasticnet").getByText("val_rmse 0.7018").waitFor();
  await details("train-xgboost").getByRole("button", { name: "Show val_rmse on the steps" }).click();
  await screenshots("running-step");
  await step("train-mlp").click();
});

test("in a narrow panel the step lies over the graph until it is closed", { skip }, async () => {
  await page.setViewportSize({ width: 420, height: 640 });
  await details("train-mlp").waitFor();
  await until("the step has the room", async () => ((await details("train-mlp").boundingBox())?.width ?? 0) > 400);
  await screenshots("narrow-step");
  await looked.look(panel, "narrow", ["dark"]);
  await page.getByRole("button", { name: "Close (Escape)" }).click();
  await step("prepare").waitFor();
  await screenshots("narrow");
  ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.setViewportSize(SIZE);
  await step("train-mlp").click();
});

test("a workflow that is over offers to go on from a step, or to run again", { skip }, async () => {
  const made = workflowHost(store, seeded.run_id, { status: "FAILED", can: ["write", "resume", "repeat", "openFile"] });
  const over = await open(seeded.run_id, made.host);
  await over.page.getByRole("button", { name: "Run Again…" }).waitFor();
  await over.page.getByRole("button", { name: "Resume from here" }).click();
  await over.page.getByRole("button", { name: "Resume", exact: true }).click();
  await until("both are asked for", async () => made.asked.length === 2);
  deepEqual(made.asked, [
    ["resume", { from: "train-mlp" }],
    ["resume", {}],
  ]);
  await over.page.close();
});

test("a workflow that nobody runs any more says so", { skip }, async () => {
  const made = workflowHost(store, seeded.run_id, { stuck: true, can: ["write", "resume"] });
  const stuck = await open(seeded.run_id, made.host);
  await step("train-xgboost", stuck.page).getByText("no process").waitFor();
  await screenshots("stuck", stuck);
  await stuck.page.getByRole("button", { name: "Mark as failed" }).click();
  await until("it is asked for", async () => made.asked[0]?.[0] === "markFailed");
  await stuck.page.close();
});

const troubles: [what: string, tag: [key: string, value: string] | undefined, sentence: RegExp][] = [
  ["damaged", [WORKFLOW_TAG.workflow, "{"], /tells of its steps is damaged, so there is no graph to draw/],
  ["of a step damaged", [`${WORKFLOW_TAG.step}train-mlp`, '{"name": "train-mlp"}'], /is damaged/],
  ["of a newer format", [WORKFLOW_TAG.workflow, '{"format": 2, "name": "x"}'], /A newer Flowdeck ran this workflow/],
];

test("a run whose tags cannot be read, or that has no steps, is told in one sentence", { skip }, async () => {
  for (const [what, tag, sentence] of troubles) {
    const other = await seedWorkflow(store, join(folder, `${what}.workflow.mlflow.yaml`), Date.now());
    if (tag !== undefined) await store.setTag({ run_id: other.run_id, key: tag[0], value: tag[1] });
    const shown = await open(other.run_id, workflowHost(store, other.run_id).host);
    await shown.page.getByRole("status").getByText(sentence).waitFor();
    await shown.page.screenshot({ path: join(results, `trouble ${what}.png`) });
    deepEqual(shown.errors, []);
    await shown.page.close();
  }
  const plain = await open(seeded.reused, workflowHost(store, seeded.reused).host);
  await plain.page.getByText(/neither a workflow nor a run that started several entry points/).waitFor();
  await looked.look(plain, "no graph", ["dark"]);
  await plain.page.close();
});

test("a run that is deleted meanwhile, and a store that is gone, are told above what was seen", { skip }, async () => {
  await store.deleteRun({ run_id: seeded.run_id });
  await changed(seeded.run_id);
  await page.getByText("Deleted", { exact: true }).waitFor();
  await store.restoreRun({ run_id: seeded.run_id });
  const made = workflowHost(store, seeded.run_id);
  let gone = false;
  const { overview } = made.host;
  made.host.overview = (query) => (gone ? Promise.reject(new Error("closed")) : overview(query));
  const shown = await open(seeded.run_id, made.host);
  await step("train-mlp", shown.page).waitFor();
  gone = true;
  await shown.view.storeChanged({ everything: true, experiment_ids: [], run_ids: [], models: true });
  await shown.page.getByText(/The store does not answer; this workflow is shown as it was/).waitFor();
  await step("train-mlp", shown.page).waitFor();
  gone = false;
  await shown.page.getByRole("button", { name: "Retry" }).click();
  await shown.page.getByText(/does not answer/).waitFor({ state: "detached" });
  await shown.page.close();
});

test("a workflow of 200 steps is drawn, walked and brought up to date without a wait", { skip }, async (t) => {
  const many = await seedManySteps(store, 200, Date.now());
  const made = workflowHost(store, many.run_id);
  const shown = await open(many.run_id, made.host);
  const session = await shown.page.context().newCDPSession(shown.page);
  // What others do on the machine meanwhile is not in it.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const work = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const parts = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
    return metrics.reduce((sum, { name, value }) => sum + (parts.includes(name) ? value * 1000 : 0), 0);
  };
  await shown.page.locator(".step").nth(199).waitFor({ state: "attached" });
  equal(await shown.page.locator(".step").count(), 200);
  const drawn = await work();
  await shown.page.screenshot({ path: join(results, "many.png") });
  const before = await work();
  const state: StepState = {
    ...many.states[100]!,
    status: "finished",
    tries: [{ started_at: 0, ended_at: 1, status: "finished" }],
  };
  await store.logBatch({ run_id: many.run_id, metrics: [], params: [], tags: [stepTag(state)] });
  await shown.view.storeChanged({ everything: false, experiment_ids: [], run_ids: [many.run_id], models: false });
  await shown.page.locator(".step.finished").first().waitFor();
  const updated = (await work()) - before;
  await shown.page.locator(".step[tabindex='0']").focus();
  const start = await work();
  for (let i = 0; i < 20; i += 1) await shown.page.keyboard.press("ArrowRight");
  const walked = ((await work()) - start) / 20;
  t.diagnostic(
    `200 steps: first ${Math.round(drawn)} ms, one change ${Math.round(updated)} ms, a key ${Math.round(walked)} ms`,
  );
  ok(updated < 400, `a change took ${updated} ms of work`);
  ok(walked < 100, `a key took ${walked} ms of work`);
  await shown.page.close();
});

test("every state of the panel is accessible, and nothing went wrong unseen", { skip }, () => {
  deepEqual(panel.errors, []);
  looked.verify();
});
