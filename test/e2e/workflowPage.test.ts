import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import type { WorkflowView } from "../../src/protocol/panels/workflow.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/environment.ts";
import { browserSkip, resultsFolder } from "./support/machine.ts";
import { openPanelPage, type PanelPage } from "./support/panelPage.ts";
import { ALL_THEMES } from "./support/themes.ts";
import { workflowHost } from "./support/workflowHost.ts";
import { seedWorkflow, type SeededWorkflow } from "./support/workflowSeed.ts";

// The Workflow panel's page over a store, in a real browser; workflowPanel.test.ts has it in the editor.

const skip = browserSkip;
const folder = temporaryFolder("flowdeck-workflow-page-");
const results = join(resultsFolder, "workflowPage");
const file = join(folder, "workflow.mlflow.yaml");
let store: Store;
let seeded: SeededWorkflow;
let panel: PanelPage<WorkflowView>;
let page: Page;

before(async () => {
  if (skip !== false) return;
  mkdirSync(results, { recursive: true });
  store = openStore(storeUri(join(folder, "mlflow.db")));
  seeded = await seedWorkflow(store, file, Date.now());
  const { host } = workflowHost(store, seeded.run_id);
  const subject = { uri: "sqlite:///mlflow.db", run_id: seeded.run_id };
  panel = await openPanelPage<WorkflowView>({ panel: "workflow", subject, host, size: { width: 1092, height: 720 } });
  page = panel.page;
});
after(() => store?.close());

async function screenshots(name: string): Promise<void> {
  for (const theme of ALL_THEMES) {
    await panel.setTheme(theme);
    await page.screenshot({ path: join(results, `${name}-${theme}.png`) });
  }
  await panel.setTheme("dark");
}

test("the graph tells each step", { skip }, async () => {
  await page.getByRole("button", { name: /^train-mlp, failed, exit 1, try 2 of 2/ }).waitFor();
  await screenshots("graph");
});
