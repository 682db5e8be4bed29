// Charts alone: the first picture of long histories that the store has not read yet, all lines, and a zoom.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOurs } from "../support/pages.mjs";
import { startStoreProcess } from "../support/storeProcess.mjs";
import { linesSeen, rowsSeen, zoomSeen } from "./conditions.mjs";
import { createCurves } from "./databases.mjs";
import { tellOurs } from "./tell.mjs";

const TIMES = 5;
/** All runs are drawn, and no chart is shown before it is asked for. */
const VIEW = { chartFilter: "none", charts: { first: 100 } };

export async function measurePart() {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
  try {
    const path = join(folder, "mlflow.db");
    createCurves(path);
    const [hundred, million] = [[], []];
    for (let time = 0; time < TIMES; time += 1) {
      hundred.push(await hundredRuns(path));
      million.push(await millionPoints(path));
    }
    const tell = (what, figures, name, goal) =>
      tellOurs(
        what,
        figures.map((figure) => figure[name]),
        goal,
      );
    tell("100 runs × 10,000 points: first picture", hundred, "first", "≤ 500 ms");
    tell("100 runs × 10,000 points: a line of every run", hundred, "every", "");
    tell("100 runs × 10,000 points: until every extreme is drawn", hundred, "whole", "");
    tell("100 runs × 10,000 points: zoom, until it is seen", hundred, "zoom", "≤ 100 ms");
    tell("100 runs × 10,000 points: zoom, with the finer points", hundred, "zoomWhole", "");
    tell("1,000,000 points: first picture", million, "first", "≤ 300 ms");
    tell("1,000,000 points: until every extreme is drawn", million, "whole", "");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function hundredRuns(path) {
  const { process, panel, show } = await open(path);
  const began = await panel.cost();
  const [first, every] = [
    { when: linesSeen, with: 1 },
    { when: linesSeen, with: 100 },
  ];
  const figures = {};
  // Both are told from the same beginning.
  const seenFirst = panel.act("first", first, () => undefined);
  figures.every = await panel.act("every", every, () => show("^m1$"));
  figures.first = await seenFirst;
  await panel.quiet();
  figures.whole = since(began, await panel.cost());
  const plot = panel.page.locator("[data-chart] .plot");
  await plot.focus();
  await panel.quiet();
  figures.zoom = await panel.act("zoom", { when: zoomSeen }, () => plot.press("+"));
  await panel.quiet();
  await plot.press("0");
  await panel.quiet();
  // Another place than before, whose points are not known yet.
  await plot.press("ArrowRight");
  await panel.quiet();
  figures.zoomWhole = await panel.whole(() => plot.press("+"));
  await panel.page.close();
  await process.stop();
  return figures;
}

async function millionPoints(path) {
  const { process, panel, show } = await open(path);
  const began = await panel.cost();
  const first = await panel.act("first", { when: linesSeen, with: 1 }, () => show("^m0$"));
  await panel.quiet(1_000);
  const whole = since(began, await panel.cost());
  await panel.page.close();
  await process.stop();
  return { first, whole };
}

async function open(path) {
  const process = await startStoreProcess(path);
  const panel = await openOurs(process, { view: VIEW, watched: { rows: { when: rowsSeen } } });
  await panel.seen("rows");
  await panel.quiet();
  const field = panel.page.getByRole("textbox", { name: "Metrics by regular expression" });
  return { process, panel, show: (pattern) => field.fill(pattern) };
}

function since(before, after) {
  return { page: after.page - before.page, answering: after.answering - before.answering };
}
