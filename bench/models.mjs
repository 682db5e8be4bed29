// A registered model of 10,000 versions in the editor: what the Models view asks before its rows, over the packed store process, and
// the Model panel's own page in real Chromium until its first rows. `node_modules/.bin/node bench/models.mjs`. Linux only.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countVersions, readModels, readVersions } from "../src/extension/models/readModels.ts";
import { emptyListing } from "../src/extension/tracking/rows.ts";
import { closeBrowser } from "../test/e2e/support/panelPage.ts";
import { modelHost } from "../test/e2e/support/modelHost.ts";
import { createManyVersions } from "../test/store/manyVersions.ts";
import { median, record } from "./results.mjs";
import { digits } from "./support/compare.mjs";
import { openCounted } from "./support/pages.mjs";
import { buildOurs } from "./support/servers.mjs";
import { startStoreProcess } from "./support/storeProcess.mjs";

const VERSIONS = 10_000;
const TIMES = 7;
const NAME = "big";

const folder = mkdtempSync(join(tmpdir(), "flowdeck-bench-"));
try {
  await buildOurs();
  const path = join(folder, "mlflow.db");
  createManyVersions(path, VERSIONS);
  await measureView(path);
  await measurePanel(path);
} finally {
  await closeBrowser();
  rmSync(folder, { recursive: true, force: true });
}

/** Each time by a process that has answered nothing yet. */
async function measureView(path) {
  const models = [];
  const versions = [];
  const more = [];
  for (let time = 0; time < TIMES; time += 1) {
    const process = await startStoreProcess(path);
    const row = {
      kind: "store",
      uri: process.uri,
      store: { remote: process.store, status: { state: "open" } },
      models: emptyListing(),
    };
    models.push(await cost(process, () => readModels(row, undefined)));
    const model = row.models.rows.find(({ name }) => name === NAME);
    const unfold = async () => {
      await readVersions(model);
      await countVersions(model);
    };
    versions.push(await cost(process, unfold));
    if (model.versions.rows.length !== 100 || model.count !== VERSIONS)
      throw new Error("Other rows than the first 100");
    more.push(await cost(process, () => readVersions(model, true)));
    await process.stop();
  }
  tell("Models view: its models", models);
  tell("Models view: the model unfolded, 100 versions and their number", versions);
  tell("Models view: 100 versions more", more);
}

async function cost(process, act) {
  const [cpu, began] = [process.cpu(), performance.now()];
  await act();
  return { store: process.cpu() - cpu, clock: performance.now() - began };
}

async function measurePanel(path) {
  const shown = [];
  for (let time = 0; time < TIMES; time += 1) {
    const process = await startStoreProcess(path);
    const { host } = modelHost(process.store, NAME);
    const subject = { uri: process.uri, name: NAME };
    const counted = await openCounted(process, {
      panel: "model",
      subject,
      host,
      watched: { rows: { when: versionSeen } },
    });
    const { page, answering, since } = await counted.seen("rows");
    shown.push({ page, store: answering, clock: since });
    await counted.page.close();
    await process.stop();
  }
  tell("Model panel: first rows", shown);
}

/** In the page: the newest version stands in the table. */
function versionSeen() {
  return [...document.querySelectorAll(".pinnedCells")].some(({ textContent }) => /10000/.test(textContent ?? ""));
}

function tell(what, costs) {
  const middle = (key) => median(costs.map((one) => one[key]));
  const parts = costs[0].page === undefined ? "" : `page ${digits(middle("page"))}, `;
  record("models: one model of 10,000 versions, by the clock", what, {
    clock: `${digits(middle("clock"))} ms`,
    "CPU time": `${parts}store ${digits(middle("store"))} ms`,
  });
}
