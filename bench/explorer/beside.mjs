// First rows, first chart and a filter: our panel and MLflow's page, one after the other in one browser, on one database.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { theBrowser } from "../../test/e2e/support/panelPage.ts";
import { digits } from "../support/compare.mjs";
import { mlflowContext, openMlflow, openOurs } from "../support/pages.mjs";
import { startServer } from "../support/servers.mjs";
import { startStoreProcess } from "../support/storeProcess.mjs";
import { median, record } from "../results.mjs";
import { chartSeen, rowsSeen, rowIsFirst } from "./conditions.mjs";
import { createRuns } from "./databases.mjs";

const TIMES = 5;
const SIZES = [10_000, 100_000];
/** MLflow takes long with many runs. */
const TIMES_OF_MANY = 3;
const BENCH = "explorer: beside MLflow's own page";
/** Found by one run in 97. */
const FILTER = 'params.p4 = "5"';

export async function measurePart() {
  for (const runs of SIZES) {
    const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
    const path = join(folder, "mlflow.db");
    createRuns(path, runs);
    const server = await startServer("mlflow", { path });
    const context = await mlflowContext(await theBrowser());
    try {
      const times = runs > 10_000 ? TIMES_OF_MANY : TIMES;
      // The first visit fills the browser's cache and warms the server up.
      await theirs(context, server, runs);
      const [ours, mlflow] = [[], []];
      for (let time = 0; time < times; time += 1) {
        ours.push(await oursOnce(path, runs));
        mlflow.push(await theirs(context, server, runs));
      }
      for (const what of Object.keys(ours[0]))
        tell(`${runs.toLocaleString("en")} runs: ${what}`, times, of(ours, what), of(mlflow, what));
    } finally {
      await context.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** A store process that has read nothing yet, and a page that no cache knows. */
async function oursOnce(path, runs) {
  const process = await startStoreProcess(path);
  const panel = await openOurs(process, { watched: { rows: { when: rowsSeen }, chart: { when: chartSeen } } });
  const [rows, chart] = [await panel.seen("rows"), await panel.seen("chart")];
  await panel.quiet();
  const field = panel.page.getByRole("combobox", { name: "Filter runs" });
  await field.fill(FILTER);
  await field.press("Escape");
  await panel.quiet();
  const filter = await panel.act("filter", { when: rowIsFirst, with: lastFound(runs) }, () => field.press("Enter"));
  await panel.page.close();
  await process.stop();
  return { "first rows": opened(rows), "first chart": opened(chart), filter };
}

async function theirs(context, server, runs) {
  const table = await openMlflow(context, server, "/experiments/0/runs", { watched: { rows: { when: rowsSeen } } });
  const rows = await table.seen("rows");
  await table.quiet();
  const field = table.page.getByTestId("search-box");
  await field.fill(FILTER);
  await table.quiet();
  const filter = await table.act("filter", { when: rowIsFirst, with: lastFound(runs) }, () => field.press("Enter"));
  await table.page.close();
  const place = "/experiments/0/runs?compareRunsMode=CHART";
  const charts = await openMlflow(context, server, place, { watched: { chart: { when: chartSeen } } });
  const chart = await charts.seen("chart");
  await charts.page.close();
  return { "first rows": opened(rows), "first chart": opened(chart), filter };
}

/** The youngest run that `FILTER` finds. */
function lastFound(runs) {
  const numbers = Array.from({ length: runs }, (_, n) => n);
  return `run-${numbers.findLast((n) => (n * 7 + 4) % 97 === 5)}`;
}

/** The clock of a page that was opened is the page's own. */
function opened({ page, answering, since }) {
  return { page, answering, clock: since };
}

function of(figures, what) {
  const each = figures.map((figure) => figure[what]);
  const middle = (read) => median(each.map(read));
  return {
    cpu: middle(({ page, answering }) => page + answering),
    page: middle(({ page }) => page),
    answering: middle(({ answering }) => answering),
    clock: middle(({ clock }) => clock),
  };
}

function tell(what, times, ours, mlflow) {
  const told = ({ cpu, page, answering, clock }) =>
    `${digits(cpu)} ms (page ${digits(page)} + ${digits(answering)}; clock ${clock.toFixed(0)})`;
  record(BENCH, what, {
    Flowdeck: told(ours),
    mlflow: told(mlflow),
    "× CPU": `${digits(mlflow.cpu / ours.cpu)}×`,
    "× clock": `${digits(mlflow.clock / ours.clock)}×`,
    goal: "≥ 10×",
    "median of": String(times),
  });
}
