// A table of 10,000 runs × 1,000 columns: scrolling costs, a frame. 1.6 GB, which take minutes to be made;
// FLOWDECK_WIDE is such a database that was made before.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOurs } from "../support/pages.mjs";
import { startStoreProcess } from "../support/storeProcess.mjs";
import { rowsSeen } from "./conditions.mjs";
import { createWideRuns } from "./databases.mjs";
import { tellOurs } from "./tell.mjs";

const TIMES = 5;
const FRAMES = 60;
/** Nearly the whole panel is the table, and every metric a column. */
const VIEW = {
  columns: ["attributes.start_time", ...Array.from({ length: 1_000 }, (_, n) => `metrics.m${n}`)],
  ...{ beside: false, sash: 0.95, chartFilter: "none" },
};

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const path = process.env.FLOWDECK_WIDE ?? join(folder, "mlflow.db");
    if (path !== process.env.FLOWDECK_WIDE) createWideRuns(path);
    const store = await startStoreProcess(path);
    const panel = await openOurs(store, { view: VIEW, watched: { rows: { when: rowsSeen } } });
    tellOurs("10,000 runs × 1,000 metrics: first rows", [await panel.seen("rows")], "");
    await panel.quiet();
    for (const [what, by] of [
      ["scrolling 3 rows a frame", [0, 66]],
      ["scrolling 60 px sideways a frame", [60, 0]],
    ]) {
      const costs = [];
      for (let time = 0; time < TIMES; time += 1) costs.push(await aFrame(panel, by));
      tellOurs(`10,000 runs × 1,000 columns: ${what}, a frame`, costs, "≤ 10 ms of the page");
    }
    await panel.page.close();
    await store.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function aFrame(panel, by) {
  const { page, answering } = await panel.whole((shown) =>
    shown.locator(".grid").evaluate(
      async (grid, [x, y, frames]) => {
        for (let frame = 0; frame < frames; frame += 1) {
          grid.scrollBy(x, y);
          await new Promise(requestAnimationFrame);
        }
      },
      [...by, FRAMES],
    ),
  );
  return { page: page / FRAMES, answering: answering / FRAMES };
}
