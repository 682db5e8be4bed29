import { deepEqual } from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { succeeds } from "./support/acting.ts";
import { compareHost } from "./support/compareHost.ts";
import { createCurves } from "./support/curves.ts";
import { experimentHost } from "./support/experimentHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPageOptions } from "./support/panelPage.ts";
import { runHost } from "./support/runHost.ts";
import { THEMES, themesFor } from "./support/themes.ts";

// Every panel in a column of 480 px, and at 200 % zoom of a panel of 1054 px: nothing is cut off at the edges of its bars.

const skip = browserSkip;
const SIZES = { "480px": { width: 480, height: 834 }, "200percent": { width: 527, height: 417 } };
let store: Store;
let uri: string;
let experiment_id: string;
let run_ids: string[];

before(async () => {
  if (skip !== false) return;
  const database = join(temporaryFolder("flowdeck-narrow-"), "mlflow.db");
  uri = storeUri(database);
  ({ run_ids, experiment_id } = await createCurves(database, 24, 6));
  store = openStore(uri);
});
after(() => store?.close());

/** Controls of the bars that stand over an edge of the page or of their bar; what scrolls sideways may. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = document.querySelectorAll(
      ".toolbar > *, .chips > *, .chartBar > *, .compareHeader > *, .runHeader button, .partChoice > *",
    );
    return [...controls].flatMap((element) => {
      const { left, right, top, bottom, width } = element.getBoundingClientRect();
      const bar = element.parentElement?.getBoundingClientRect();
      const isCut =
        left < 0 || right > innerWidth || (bar !== undefined && (top < bar.top - 1 || bottom > bar.bottom + 1));
      return width > 0 && isCut ? [element.outerHTML.slice(0, 120)] : [];
    });
  });
}

/** Names of the legend that are cut by its edge instead of by dots. */
function clippedNames(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const legend = document.querySelector(".legendRuns")?.getBoundingClientRect();
    return [...document.querySelectorAll(".legendRun")].flatMap((run) =>
      legend !== undefined && run.getBoundingClientRect().right > legend.right + 1 ? [run.textContent ?? ""] : [],
    );
  });
}

async function look(name: string, ready: string, options: Omit<PanelPageOptions, "size">): Promise<void> {
  for (const [words, size] of Object.entries(SIZES)) {
    const panel = await openPanelPage<object>({ ...options, size });
    await panel.page.locator(ready).first().waitFor();
    for (const theme of themesFor(`${name} ${words}`, THEMES)) {
      await panel.setTheme(theme);
      await panel.page.screenshot({ path: join(resultsFolder, "narrow", `${name}-${words}-${theme}.png`) });
    }
    for (const look of [cutOff, clippedNames]) {
      // What is drawn to its size takes a moment.
      await succeeds(until("nothing is cut off", async () => (await look(panel.page)).length === 0));
      deepEqual(await look(panel.page), [], `${name} at ${words}`);
    }
    deepEqual(panel.errors, []);
    await panel.page.close();
  }
}

test("the runs table and the charts are whole in a narrow panel and at 200 % zoom", { skip }, async () => {
  const { host, state } = experimentHost(store, experiment_id);
  state.baseline = run_ids.at(-1);
  const subject = { uri, experiment_id };
  const parts = { table: ".gridBody [role=row]", charts: "[data-chart] canvas" };
  for (const [part, ready] of Object.entries(parts)) {
    const view = { part, checked: run_ids.slice(-3), filter: "metrics.val_rmse < 0.8" };
    await look(part, ready, { panel: "experiment", subject, host, state: { format: 1, subject, view } });
  }
});

test("the Run panel and the Compare panel are whole in a narrow panel and at 200 % zoom", { skip }, async () => {
  const run_id = run_ids.at(-1) ?? "";
  const { host } = runHost(store, run_id, run_ids[0]);
  await look("run", ".facts", { panel: "run", subject: { uri, run_id }, host });
  const runs = run_ids.slice(-4).map((id) => ({ uri, run_id: id }));
  const compared = compareHost(new Map([[uri, store]]), runs);
  await look("compare", "[role=treegrid]", { panel: "compare", subject: { runs }, host: compared.host });
});
