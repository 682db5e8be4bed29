import { deepEqual, equal, ok } from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { ExperimentView } from "../../src/protocol/panels/experiment.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { experimentHost, type HostState } from "./support/experimentHost.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { logTuning } from "./support/tuning.ts";

// The runs table in a real browser over a real store; the editor around it is the walks' matter.

const skip = browserSkip;
let store: Store;
let panel: PanelPage<ExperimentView>;
let page: Page;
let state: HostState;

before(async () => {
  if (skip !== false) return;
  mkdirSync(resultsFolder, { recursive: true });
  const path = join(temporaryFolder("flowdeck-table-"), "mlflow.db");
  store = openStore(storeUri(path));
  const made = await logTuning(store, 40);
  const parts = experimentHost(store, made.experiment_id);
  state = parts.state;
  const subject = { uri: storeUri(path), experiment_id: made.experiment_id };
  panel = await openPanelPage<ExperimentView>({ panel: "experiment", subject, host: parts.host });
  page = panel.page;
  await page.locator(".grid [role=row]").nth(3).waitFor();
});
after(() => store?.close());

async function picture(name: string): Promise<void> {
  await page.screenshot({ path: join(resultsFolder, `table-${name}.png`) });
}

const names = () => page.locator(".pinnedColumn .label").allInnerTexts();
const key = (text: string) => page.keyboard.press(text);
const status = () => page.locator(".chips [role=status]").innerText();

test("a whole walk by keyboard: filter, group, sort, fold, check, compare", { skip }, async () => {
  await key("Control+f");
  await page.keyboard.type("metrics.val_rm");
  await page.locator(".completion").first().waitFor();
  await picture("completion");
  await key("Tab");
  await page.keyboard.type("< 0.7 AND params.mo");
  await key("Tab");
  await page.keyboard.type("= ");
  await page.locator(".completion", { hasText: "'xgboost'" }).waitFor();
  await picture("values");
  await page.keyboard.type("'xgboost'");
  await key("Escape");
  await key("Enter");
  await until("the filter is in force", async () => (await status()).startsWith("5 runs"));
  // The children of the sweep match too, and stand below it when it is unfolded.
  await key("Escape");
  await until("the grid has the focus", () => page.evaluate(() => document.activeElement?.classList.contains("grid")));
  await key("Control+Home");
  ok((await names()).includes("sweep-eta"));
  ok(!(await names()).includes("eta=0.05"));
  while ((await page.locator(".pinnedCells.focused .label").innerText()) !== "sweep-eta") await key("ArrowDown");
  await key("ArrowRight");
  await until("its children", async () => (await names()).includes("eta=0.05"));
  await key("ArrowDown");
  await key("b");
  await until("a baseline", async () => (await page.locator(".headCell", { hasText: "Δ" }).count()) > 0);
  await key(" ");
  await key("Shift+ArrowDown");
  await key("Shift+ArrowDown");
  await until("three are checked", () => page.getByText("3 checked").count());
  await picture("baseline");
  await key("c");
  const compared = await until("compared", () => state.asked.find(([name]) => name === "compareRuns"));
  equal((compared[1] as { run_ids: string[] }).run_ids.length, 3);
  await key("Enter");
  await until("the run opens", () => state.asked.some(([name]) => name === "openRun"));
  deepEqual(panel.errors, []);
});
