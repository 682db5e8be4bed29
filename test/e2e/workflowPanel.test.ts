import { deepEqual, equal, ok } from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Run } from "../../src/mlflow/entities.ts";
import { readWorkflowState } from "../../src/projects/workflow/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { findPython, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { comes } from "./support/acting.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";
import { press } from "./support/rows.ts";

// The Workflow panel in the real editor: a workflow of five steps of which one fails, and a chain that a Python script runs.

const skip = e2eSkip;
const python = findPython();
const top = realpathSync(temporaryFolder("flowdeck-workflow-panel-"));
const folder = join(top, "wine");
const database = join(folder, "mlflow.db");
const workflowFile = join(folder, "workflow.mlflow.yaml");
/** One step goes on until it is there, another fails until it is. */
const gate = join(top, "gate");
const mended = join(top, "mended");
let editor: Editor;

const MLPROJECT = `name: wine
entry_points:
  prepare:
    command: "echo prepared"
  train_xgboost:
    parameters: {data: string}
    command: "while [ ! -e ${gate} ]; do sleep 0.2; done; echo {data}"
  train_elasticnet:
    parameters: {data: string}
    command: "echo {data}"
  train_mlp:
    parameters: {data: string, hidden: {type: float, default: 64}}
    command: "test -e ${mended} || (cat broken.txt; exit 1)"
  evaluate:
    parameters: {runs: string}
    command: "echo {runs}"
`;
const BROKEN = `epoch 3  val_rmse 0.8410
Traceback (most recent call last):
  File "train_mlp.py", line 2, in fit
    x = batch["alcohol"].to_numpy()
KeyError: 'alcohol'
`;
const WORKFLOW = `name: Train and pick
max_parallel: 2
steps:
  prepare: {}
  train-elasticnet:
    entry_point: train_elasticnet
    parameters: {data: "\${{ steps.prepare.artifact_uri }}/clean.parquet"}
  train-mlp:
    entry_point: train_mlp
    parameters: {data: "\${{ steps.prepare.artifact_uri }}/clean.parquet"}
    retries: 1
  train-xgboost:
    entry_point: train_xgboost
    parameters: {data: "\${{ steps.prepare.artifact_uri }}/clean.parquet"}
  evaluate:
    parameters:
      runs: "\${{ steps.train-elasticnet.run_id }} \${{ steps.train-mlp.run_id }} \${{ steps.train-xgboost.run_id }}"
`;
const CHAIN = `import mlflow
mlflow.set_tracking_uri("sqlite:///mlflow.db")
with mlflow.start_run(run_name="by hand"):
    first = mlflow.projects.run(".", "prepare", env_manager="local")
    mlflow.projects.run(".", "train_elasticnet", parameters={"data": first.run_id}, env_manager="local")
`;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  for (const [name, text] of [
    ["MLproject", MLPROJECT],
    ["broken.txt", BROKEN],
    ["train_mlp.py", "def fit(batch):\n    return batch\n"],
    ["workflow.mlflow.yaml", WORKFLOW],
    ["chain.py", CHAIN],
    [".gitignore", "mlflow.db*\nmlruns\n"],
  ] as const)
    writeFileSync(join(folder, name), text);
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  editor = await openEditor({ name: "workflowPanel" });
  await editor.openFolder(folder);
});
after(() => editor?.close());

const step = (name: string) => editor.panel().locator(`[id="step ${name}"]`);
const details = (name: string) => editor.panel().getByRole("complementary", { name: `Step ${name}` });
const header = () => editor.panel().locator(".workflowHeader");

async function openGraph(run: Run | undefined): Promise<void> {
  const target = JSON.stringify({ uri: storeUri(database), run_id: run?.info.run_id });
  await editor.evaluate(`await vscode.commands.executeCommand("flowdeck.projects.openWorkflow", ${target})`);
}

/** The newest run of the workflow. */
async function newest(): Promise<Run | undefined> {
  if (!existsSync(database)) return undefined;
  const store = openStore(storeUri(database));
  try {
    const { items } = await store.searchRuns({ experiment_ids: ["0"], order_by: ["attributes.start_time DESC"] });
    return items.find((run) => readWorkflowState(run) !== undefined);
  } finally {
    store.close();
  }
}

test("a workflow that is run opens as a graph, and each step is seen as it goes", { skip }, () =>
  editor.step("live", async () => {
    await editor.openFile(workflowFile);
    await editor.runCommand("Flowdeck: Run Workflow");
    await step("train-mlp").and(editor.panel().locator(".failed")).waitFor({ timeout: 90_000 });
    await step("train-xgboost").and(editor.panel().locator(".running")).waitFor();
    await step("evaluate").getByText("will not start: train-mlp failed").waitFor();
    await header().getByText("2 of 5 steps done · 1 failed").waitFor();
    await header().getByText("Running").waitFor();
    await step("train-mlp").click();
    for (const text of ["KeyError: 'alcohol'", "train_mlp.py:2", "2 of 2", "stop the steps that need it"]) {
      await details("train-mlp").getByText(text).first().waitFor();
    }
    await details("train-mlp").getByText("${{ steps.prepare.artifact_uri }}/clean.parquet").waitFor();
    await editor.showFlowdeck();
    await editor.inThemes("live", () => step("train-mlp").waitFor());
  }),
);

test("the panel comes back after a reload in the middle as it was, and goes on being told", { skip }, () =>
  editor.step("reload", async () => {
    const zoom = () =>
      editor
        .panel()
        .locator(".graphWorld")
        .evaluate((world) => new DOMMatrix(getComputedStyle(world).transform).a);
    const first = await zoom();
    await editor.panel().getByRole("button", { name: "Zoom in (+)" }).click();
    const before = await until("it is larger", async () => {
      const now = await zoom();
      return now > first && now;
    });
    await until(
      "what is arranged is kept",
      () => editor.hasSaved("train-mlp", `:${String(before).slice(0, 6)}`),
      60_000,
    );
    await editor.reload();
    await details("train-mlp").getByText("train_mlp.py:2").waitFor({ timeout: 60_000 });
    await until("it is as large as before", async () => (await zoom()) === before);
    await editor.screenshot("reloaded");
    writeFileSync(gate, "");
    await step("train-xgboost").and(editor.panel().locator(".finished")).waitFor({ timeout: 60_000 });
    await header().getByText("Failed", { exact: true }).waitFor({ timeout: 60_000 });
    equal((await newest())?.info.status, "FAILED");
    await editor.screenshot("failed");
  }),
);

test("links of a step lead to its line, its log, its entry point and its run", { skip }, () =>
  editor.step("links", async () => {
    // The file in front, and the line that the cursor is on.
    const active = () =>
      editor.evaluate(`
        const one = vscode.window.activeTextEditor;
        return one && one.document.uri.path.split("/").at(-1) + " " + one.document.lineAt(one.selection.active.line).text.trim();
      `);
    const run = await newest();
    for (const [name, place] of [
      [/^train_mlp\.py:2$/, "train_mlp.py return batch"],
      [/^Open the step/, "workflow.mlflow.yaml train-mlp:"],
      [/^Open log/, "output.log epoch 3  val_rmse 0.8410"],
      [/^train_mlp$/, "MLproject train_mlp:"],
    ] as const) {
      await details("train-mlp").getByRole("button", { name }).click();
      await until(`${place} is open`, async () => (await active()) === place, 60_000);
      await openGraph(run);
      await details("train-mlp").waitFor();
    }
  }),
);

test("the keyboard walks the graph and opens a run, whose panel leads back to the graph", { skip }, () =>
  editor.step("keyboard", async () => {
    await step("train-mlp").click();
    await editor.page.keyboard.press("ArrowLeft");
    await details("prepare").waitFor();
    await editor.page.keyboard.press("ArrowRight");
    await editor.page.keyboard.press("Escape");
    await editor.panel().locator(".details").waitFor({ state: "detached" });
    await editor.page.keyboard.press("ArrowLeft");
    await editor.page.keyboard.press("Enter");
    await editor.panel().getByRole("tab", { name: "Overview" }).waitFor();
    const tags = await editor.panel().locator(".tags").innerText();
    ok(!tags.includes("flowdeck."), tags);
    const run = await newest();
    await editor.evaluate(
      `await vscode.commands.executeCommand("flowdeck.tracking.openRun", { run_id: "${run?.info.run_id}" })`,
    );
    await editor.panel().getByRole("tab", { name: "Children" }).waitFor();
    await editor.screenshot("run-of-workflow");
    await editor.panel().getByRole("button", { name: "Graph" }).click();
    await step("prepare").waitFor();
  }),
);

test("a failed workflow is resumed from the panel, and is then taken whole from earlier runs", { skip }, () =>
  editor.step("resume", async () => {
    writeFileSync(mended, "");
    await step("train-mlp").click();
    await details("train-mlp").getByRole("button", { name: "Resume from here" }).click();
    await header().getByText("Finished", { exact: true }).waitFor({ timeout: 90_000 });
    await header().getByText("5 of 5 steps done").waitFor();
    const resumed = await newest();
    equal(readWorkflowState(resumed!)?.resumed, 1);
    await editor.screenshot("resumed");
    await editor.panel().getByRole("button", { name: "Run Again…" }).click();
    await step("evaluate").and(editor.panel().locator(".cached")).waitFor({ timeout: 90_000 });
    const again = await newest();
    ok(again?.info.run_id !== resumed?.info.run_id);
    const tabs = () =>
      editor.evaluate(`
      const all = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      return all.filter(({ input }) => String(input?.viewType).includes("flowdeck.workflow")).length;
    `);
    await until("the new run takes the place of the one before", async () => (await tabs()) === 1);
    await editor.panel().getByRole("button", { name: "Close (Escape)" }).click();
    await editor.panel().getByRole("button", { name: "Fit the graph" }).click();
    const tip = editor.panel().getByRole("tooltip");
    const reason = tip.getByText("Reused because the entry point, its parameters, commit");
    const tell = () =>
      until("why the step was reused", async () => {
        await step("prepare").hover();
        await step("train-elasticnet").hover();
        return comes(reason);
      });
    await tell();
    await editor.inThemes("cached", async () => void (await tell()));
    const choice = editor.panel().getByRole("combobox", { name: "Run of this workflow" });
    await until("both runs are offered", async () => (await choice.locator("option").count()) === 2);
    await choice.selectOption(resumed?.info.run_id ?? "");
    await step("train-mlp").and(editor.panel().locator(".finished")).waitFor();
    await choice.selectOption(again?.info.run_id ?? "");
    await step("train-mlp").and(editor.panel().locator(".cached")).waitFor();
    await tell();
    await tip.getByRole("button").click();
    await editor.panel().getByRole("tab", { name: "Overview" }).waitFor();
    await editor.closeEverything();
  }),
);

test(
  "what a Python script runs by mlflow.projects.run is drawn as the same graph",
  { skip: skip || skipWithout(python, "Python with mlflow") },
  () =>
    editor.step("chain", async () => {
      const env = { ...process.env, GIT_PYTHON_REFRESH: "quiet", MLFLOW_TRACKING_URI: "sqlite:///mlflow.db" };
      await promisify(execFile)(python ?? "", ["chain.py"], { cwd: folder, env });
      await editor.showFlowdeck();
      const row = editor.treeItem(/^by hand/);
      await row.waitFor({ timeout: 60_000 });
      await press(row, "Open Workflow", header().getByRole("heading", { name: "by hand" }));
      const steps = editor.panel().locator(".step");
      await steps.nth(1).waitFor();
      deepEqual(await steps.locator(".strong").allInnerTexts(), ["prepare", "train_elasticnet"]);
      await header().getByText("2 of 2 steps done").waitFor();
      equal(await editor.panel().locator(".line.satisfied").count(), 1);
      await steps.nth(1).click();
      await details("train_elasticnet").getByRole("button", { name: "prepare" }).waitFor();
      await editor.screenshot("chain");
    }),
);
