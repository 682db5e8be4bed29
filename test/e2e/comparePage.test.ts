import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { ComparedKey, CompareView } from "../../src/protocol/panels/compare.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/environment.ts";
import { compareHost } from "./support/compareHost.ts";
import { createCurves } from "./support/curves.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { THEMES } from "./support/themes.ts";
import { picture } from "./support/wine.ts";

// The Compare panel over real stores, in a real browser.

const skip = browserSkip;
const pictures = join(resultsFolder, "compare");
const stores = new Map<string, Store>();
let panel: PanelPage<CompareView>;
let page: Page;
let runs: ComparedKey[];
let uri: string;

before(async () => {
  if (skip !== false) return;
  mkdirSync(pictures, { recursive: true });
  const folder = temporaryFolder("flowdeck-compare-");
  const database = join(folder, "mlflow.db");
  const { run_ids } = await createCurves(database, 60);
  uri = storeUri(database);
  const store = openStore(uri);
  stores.set(uri, store);
  runs = [...run_ids.slice(-5)].map((run_id) => ({ uri, run_id }));
  for (const [n, { run_id }] of runs.entries()) {
    await store.logBatch({
      run_id,
      metrics: [],
      params: [{ key: "seed", value: "42" }],
      tags: [
        { key: "data", value: n < 4 ? "v3" : "v2" },
        { key: "team", value: "wine" },
        { key: "mlflow.source.name", value: "train.py" },
        { key: "mlflow.source.git.commit", value: (n < 4 ? "3f2a91c" : "a80c55e").repeat(6).slice(0, 40) },
      ],
    });
    const { info } = await store.getRun({ run_id });
    const root = info.artifact_uri.replace("file://", "");
    mkdirSync(join(root, "model"), { recursive: true });
    writeFileSync(join(root, "model/MLmodel"), "flavors: {}\n");
    writeFileSync(join(root, "model/requirements.txt"), `mlflow==3.17.2\nxgboost==${n === 0 ? "3.0.2" : "3.1.0"}\n`);
    writeFileSync(join(root, "plot.png"), picture(120, 80, n * 40));
    writeFileSync(join(root, "notes.txt"), `note ${n}\n`);
  }
  const made = compareHost(stores, runs);
  panel = await openPanelPage<CompareView>({
    panel: "compare",
    subject: { runs },
    host: made.host,
    size: { width: 1054, height: 834 },
  });
  page = panel.page;
});
after(() => {
  for (const store of stores.values()) store.close();
});

test("params, metrics, environment and tags that differ stand beside the charts, in every theme", {
  skip,
}, async () => {
  await page.getByText("Params · 4 of 5 differ").waitFor();
  await page.getByText("Tags · 1 of 2 differs").waitFor();
  await page.getByText("xgboost", { exact: true }).first().waitFor();
  await page.locator(".parallel canvas").first().waitFor();
  await page.locator(".side canvas").first().waitFor();
  for (const theme of THEMES) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(pictures, `all-${theme}.png`) });
  }
  await panel.setTheme("dark");
  assert.deepEqual(panel.errors, []);
});
