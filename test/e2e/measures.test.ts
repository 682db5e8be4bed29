import { ok } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
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

function keep(t: TestContext, name: string, figure: number): void {
  figures[name] = Math.round(figure * 10) / 10;
  t.diagnostic(`${name}: ${figures[name]} ms`);
}

test("activation costs less than 100 ms of CPU time", { skip }, async (t) => {
  keep(t, "activate(), CPU time", median(loads.map(({ activationCpu }) => activationCpu)));
  const cpu = median(activations);
  keep(t, "loading and activating, CPU time of the thread", cpu);
  ok(cpu < 300, `${cpu} ms`);
});

test("the first run stands in the view within a second of its opening", { skip }, (t) => {
  const shown = median(loads.map(({ firstRunShown }) => firstRunShown));
  keep(t, "Experiments view to first run", shown);
  ok(shown < 1_000, `${shown} ms`);
});

test("the host's loop is not held for 50 ms while the panel is used and runs change", { skip }, async (t) => {
  const held: number[] = [];
  // What holds the loop does so each time; what only waits for a busy machine does not.
  for (const session of [1, 2, 3]) held.push(await editor.step("loop", () => use(session)));
  await editor.screenshot("used");
  keep(t, "longest hold of the host's loop, 5,000 runs", median(held));
  ok(median(held) < 150, `${held.join(", ")} ms`);
});

/** Opens the panel, scrolls, filters and sees a new run; the longest hold of the host's loop meanwhile, in ms. */
async function use(session: number): Promise<number> {
  await editor.evaluate('await vscode.commands.executeCommand("workbench.action.closeAllEditors")');
  await measure();
  await editor
    .treeItem(/^Default, /)
    .first()
    .click();
  const grid = editor.panel().getByRole("grid");
  await grid.getByRole("row").nth(5).waitFor();
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
