// The runs table alone: first rows, filter, sort, and the memory of a page whose rows were all seen.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOurs } from "../support/pages.mjs";
import { startStoreProcess } from "../support/storeProcess.mjs";
import { median, record } from "../results.mjs";
import { rowIsFirst, rowsSeen } from "./conditions.mjs";
import { createRuns } from "./databases.mjs";
import { tellOurs } from "./tell.mjs";

const TIMES = 5;
const SIZES = [10_000, 100_000];
/** Metric m3 is `(n * 13 % 1009) / 7`: the filter finds a third of the runs, and not the youngest. */
const FILTER = "metrics.m3 < 48";
/** So many that the one that is sorted by is on screen. */
const COLUMNS = ["metrics.m3", ...[0, 1, 2].map((n) => `metrics.m${n}`), ...[0, 1, 2, 3].map((n) => `params.p${n}`)];
const valueOf = (n) => ((n * 13) % 1009) / 7;

export async function measurePart() {
  for (const runs of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
    try {
      const path = join(folder, "mlflow.db");
      createRuns(path, runs);
      const figures = [];
      for (let time = 0; time < TIMES; time += 1) figures.push(await once(path, runs));
      const many = runs > 10_000;
      const goals = { "first rows": 300, filter: many ? 1_000 : 200, "sort by a metric": many ? 1_000 : 200 };
      for (const [what, goal] of Object.entries(goals)) {
        const each = figures.map((figure) => figure[what]);
        tellOurs(`${runs.toLocaleString("en")} runs: ${what}`, each, `≤ ${goal} ms`);
      }
      if (many) continue;
      const memory = (read) => median(figures.map((figure) => read(figure.memory))).toFixed(0);
      record("explorer", "10,000 runs, scrolled through: memory of the page", {
        figure: `${memory(({ process }) => process)} MB (its script ${memory(({ heap }) => heap)})`,
        goal: "≤ 300 MB",
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function once(path, runs) {
  const process = await startStoreProcess(path);
  const panel = await openOurs(process, { view: { columns: COLUMNS }, watched: { rows: { when: rowsSeen } } });
  const { page } = panel;
  const rows = await panel.seen("rows");
  await panel.quiet();
  const field = page.getByRole("combobox", { name: "Filter runs" });
  await field.fill(FILTER);
  await field.press("Escape");
  await panel.quiet();
  const numbers = Array.from({ length: runs }, (_, n) => n);
  const youngest = numbers.findLast((n) => valueOf(n) < 48);
  const filter = await panel.act("filter", { when: rowIsFirst, with: `run-${youngest}` }, () => field.press("Enter"));
  await panel.quiet();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await panel.quiet();
  const largest = numbers.findLast((n) => (n * 13) % 1009 === 1008);
  const head = page.getByRole("columnheader", { name: "m3", exact: true });
  const sort = await panel.act("sort", { when: rowIsFirst, with: `run-${largest}` }, () => head.click());
  await panel.quiet();
  if (runs <= 10_000) await scrollThrough(page);
  const memory = await panel.memory();
  await page.close();
  await process.stop();
  return { "first rows": rows, filter, "sort by a metric": sort, memory };
}

async function scrollThrough(page) {
  await page.locator(".grid").evaluate(async (grid) => {
    for (let top = 0; top < grid.scrollHeight; top += 1_100) {
      grid.scrollTop = top;
      await new Promise(requestAnimationFrame);
    }
  });
}
