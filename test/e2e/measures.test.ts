import { ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import type { CDPSession, Locator } from "playwright-core";
import { openStore, storeUri } from "../../src/store/open.ts";
import { createManyRuns } from "../store/manyRuns.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { openEditor, type Editor } from "./support/editor.ts";
import { e2eSkip, resultsFolder } from "./support/machine.ts";

// What the editor costs with 5,000 runs in the store. bench/editor.mjs keeps the figures; the gates here are three times the goals.

const RUNS = 5_000;
const LOADS = 5;

const skip = e2eSkip;
const folder = temporaryFolder("flowdeck-measures-");
const database = join(folder, "mlflow.db");
let editor: Editor;
const activations: number[] = [];
const loads: { activationCpu: number; firstRunShown: number }[] = [];
const figures: Record<string, number> = {};

before(async () => {
  if (skip !== false) return;
  createManyRuns(database, RUNS, 100_000);
  editor = await openEditor({ name: "measures", env: { FLOWDECK_FIXTURE_ACTIVATES: "true" } });
  // In a folder without MLflow data nothing activates Flowdeck before the fixture does.
  await editor.openFolder(temporaryFolder("flowdeck-empty-"));
  for (let load = 0; load < LOADS; load += 1) {
    if (load > 0) await editor.reload();
    activations.push(await editor.step("activation", readActivation));
  }
  await editor.openFolder(folder);
  await editor.showFlowdeck();
  for (let load = 0; load < LOADS; load += 1) {
    if (load > 0) await editor.reload();
    loads.push(await editor.step("load", readLoad));
  }
  await editor.screenshot("five-thousand");
});
after(async () => {
  await editor?.close();
  writeFileSync(join(resultsFolder, "measures.json"), JSON.stringify(figures, null, 2));
});

async function readLoad(): Promise<{ activationCpu: number; firstRunShown: number }> {
  await editor
    .treeItem(/^run-\d+, /)
    .first()
    .waitFor();
  const { activationCpu, firstRunShown } = await until("the first run was shown", async () => {
    const read = await measure();
    return read.firstRunShown === undefined ? undefined : { ...read, firstRunShown: read.firstRunShown };
  });
  return { activationCpu, firstRunShown };
}

/** CPU time in ms of the host's main thread while Flowdeck was loaded and activated: what others did meanwhile is in it. */
async function readActivation(): Promise<number> {
  const activationCpu = await editor.evaluate("return fixture.activationCpu");
  ok(typeof activationCpu === "number", "Flowdeck was active before the fixture");
  return activationCpu;
}

/** What the extension measured of itself; the loop's figure starts anew with each call. */
async function measure(): Promise<{ activationCpu: number; maxLoopDelay: number; firstRunShown: number | undefined }> {
  const value = await editor.evaluate('return vscode.commands.executeCommand("flowdeck.platform.measure")');
  ok(typeof value === "object" && value !== null && "activationCpu" in value && "maxLoopDelay" in value);
  const shown = "firstRunShown" in value ? Number(value.firstRunShown) : undefined;
  return { activationCpu: Number(value.activationCpu), maxLoopDelay: Number(value.maxLoopDelay), firstRunShown: shown };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** What a thing costs at least: what it really takes it takes each time, what a busy machine adds it does not. */
function least(values: number[]): number {
  return Math.min(...values);
}

function keep(t: TestContext, name: string, figure: number): void {
  figures[name] = Math.round(figure * 10) / 10;
  t.diagnostic(`${name}: ${figures[name]} ms`);
}

test("activation costs less than 100 ms of CPU time", { skip }, async (t) => {
  keep(t, "activate(), CPU time", median(loads.map(({ activationCpu }) => activationCpu)));
  keep(t, "loading and activating, CPU time of the thread", median(activations));
  ok(least(activations) < 300, `${activations.join(", ")} ms`);
});

test("the first run stands in the view within a second of its opening", { skip }, (t) => {
  const shown = loads.map(({ firstRunShown }) => firstRunShown);
  keep(t, "Experiments view to first run", median(shown));
  ok(least(shown) < 3_000, `${shown.join(", ")} ms`);
});

test("the host's loop is not held for 50 ms while the panel is used and runs change", { skip }, async (t) => {
  const held: number[] = [];
  // What holds the loop does so each time; what only waits for a busy machine does not.
  for (const session of [1, 2, 3]) held.push(await editor.step("loop", () => use(session)));
  await editor.screenshot("used");
  keep(t, "longest hold of the host's loop, 5,000 runs", median(held));
  ok(least(held) < 150, `${held.join(", ")} ms`);
});

test("the host rests while nothing happens", { skip }, async (t) => {
  const percents: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const used = await editor.evaluate(`
      const before = process.cpuUsage();
      await new Promise((done) => setTimeout(done, 2_000));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 20_000;
    `);
    percents.push(Number(used));
  }
  keep(t, "CPU of the host at rest, %", median(percents));
  // A lease that was asked for without end took 50.
  ok(least(percents) < 15, `${percents.join(", ")} %`);
});

test("age and duration of a running run go on while its panel is seen", { skip }, async () => {
  await editor.step("ticking", async () => {
    await openPanel();
    await logAndSee("ticking-run");
    // The table goes back to its first row, the youngest run.
    await editor.panel().getByRole("columnheader", { name: "Age" }).click();
    const row = editor.panel().getByRole("row", { name: /ticking-run/ });
    const [age, duration] = [row.getByRole("gridcell").nth(0), row.getByRole("gridcell").nth(1)];
    const before = { age: await age.innerText(), duration: await duration.innerText() };
    await until("both went on", async () => {
      const now = { age: await age.innerText(), duration: await duration.innerText() };
      return now.age !== before.age && now.duration !== before.duration;
    });
  });
});

test("scrolling the runs table takes less than 10 ms of the page's thread a frame", { skip }, async (t) => {
  const panel = editor.panel();
  const grid = panel.locator(".grid");
  const costs = await editor.step("scroll", async () => {
    await openPanel();
    await panel.getByRole("button", { name: "Choose columns" }).click();
    await panel.getByRole("button", { name: "Show all" }).click();
    await editor.page.keyboard.press("Escape");
    await grid.focus();
    await grid.hover();
    const scrolled: number[] = [];
    for (const _ of [1, 2, 3, 4, 5]) scrolled.push(await scrollCost(grid, 100));
    return scrolled;
  });
  await editor.screenshot("scrolled");
  keep(t, "scrolling the runs table, CPU time of the page a frame", median(costs));
  ok(least(costs) < 30, `${costs.join(", ")} ms`);
});

/** CPU time of the page's main thread, in ms for each of `frames` frames, while three rows go by a frame. */
async function scrollCost(grid: Locator, frames: number): Promise<number> {
  const session = await pageOf(grid);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taken = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? Number.NaN;
  };
  const before = await taken();
  await grid.evaluate(async (element, count) => {
    for (let frame = 0; frame < count; frame += 1) {
      element.scrollBy(0, 66);
      await new Promise(requestAnimationFrame);
    }
  }, frames);
  const cost = ((await taken()) - before) * 1000;
  await session.detach();
  return cost / frames;
}

/** The developer tools of the process that draws the panel: its page may have one of its own. */
async function pageOf(inside: Locator): Promise<CDPSession> {
  const context = editor.page.context();
  let frame = await (await inside.elementHandle())?.ownerFrame();
  while (frame !== undefined && frame !== null) {
    const session = await context.newCDPSession(frame).catch(() => undefined);
    if (session !== undefined) return session;
    frame = frame.parentFrame();
  }
  return context.newCDPSession(editor.page);
}

async function openPanel(): Promise<void> {
  await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeAllEditors")');
  await editor
    .treeItem(/^Default, /)
    .first()
    .click();
  await editor.panel().locator(".grid").getByRole("row").nth(5).waitFor();
}

/** Opens the panel, scrolls, filters and sees a new run; the longest hold of the host's loop meanwhile, in ms. */
async function use(session: number): Promise<number> {
  await measure();
  await openPanel();
  const grid = editor.panel().locator(".grid");
  await grid.hover();
  for (let turn = 0; turn < 10; turn += 1) await editor.page.mouse.wheel(0, 20_000);
  const filter = editor.panel().locator("input[placeholder^='Filter']");
  await filter.fill(`metrics.m3 > ${session}`);
  await filter.press("Enter");
  await grid.getByRole("row").nth(5).waitFor();
  await logAndSee(`late-run-${session}`);
  return (await measure()).maxLoopDelay;
}

/** Another process's way in: a new run in the file, which the tree shows. */
async function logAndSee(run_name: string): Promise<void> {
  const store = openStore(storeUri(database));
  try {
    const { info } = await store.createRun({ experiment_id: "0", run_name, start_time: Date.now() });
    const metrics = Array.from({ length: 200 }, (_, step) => ({ key: "m0", value: step, step, timestamp: Date.now() }));
    await store.logBatch({ run_id: info.run_id, metrics, params: [], tags: [] });
    await editor
      .treeItem(new RegExp(`^${run_name}, running`))
      .first()
      .waitFor();
  } finally {
    store.close();
  }
}
