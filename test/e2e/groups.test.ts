import { deepEqual, equal } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RUN_TAG, type Run } from "../../src/mlflow/entities.ts";
import { readSweepState } from "../../src/projects/sweep/state.ts";
import { readWorkflowState } from "../../src/projects/workflow/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder, until } from "../support/environment.ts";
import { type Editor, openEditor } from "./support/editor.ts";
import { e2eSkip } from "./support/machine.ts";

// Many runs under one: a sweep and a workflow, in the real editor. Their commands need no Python.

const skip = e2eSkip;
const top = realpathSync(temporaryFolder("flowdeck-groups-"));
const folder = join(top, "wine");
const database = join(folder, "mlflow.db");
const workflowFile = join(folder, "workflow.mlflow.yaml");
/** Files that the commands wait for: a window is reloaded in their middle. */
const [swept, mended, go, goOn] = ["swept", "mended", "go", "go-on"].map((name) => join(top, name)) as Files;
type Files = [string, string, string, string];
let editor: Editor;

const MLPROJECT = `name: wine
entry_points:
  main:
    parameters:
      eta: {type: float, default: 1}
      depth: {type: float, default: 2}
    command: "if test {eta}{depth} != 0.14; then until test -e ${swept}; do sleep 0.1; done; fi; echo {eta} {depth}"
  prepare:
    command: "until test -e ${go}; do sleep 0.1; done; echo prepared"
  train:
    parameters: {marker: string, data: string}
    command: "test -e {marker} && until test -e ${goOn}; do sleep 0.1; done"
  report:
    parameters: {run: string}
    command: "echo {run}"
`;
const WORKFLOW = `name: Train and report
max_parallel: 2
parameters:
  marker: {type: string, default: ${mended}}
steps:
  prepare: {}
  also:
    entry_point: prepare
    cache: true
  train:
    needs: also
    parameters:
      marker: \${{ workflow.parameters.marker }}
      data: \${{ steps.prepare.run_id }}
  report:
    parameters:
      run: \${{ steps.train.run_id }}
`;

before(async () => {
  if (skip !== false) return;
  mkdirSync(folder);
  writeFileSync(join(folder, "MLproject"), MLPROJECT);
  writeFileSync(workflowFile, WORKFLOW);
  writeFileSync(join(folder, ".gitignore"), "mlflow.db*\nmlruns\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  editor = await openEditor({ name: "groups" });
  await editor.openFolder(folder);
});
after(() => editor?.close());

/** All runs, newest first; [] while there is no database. */
async function runs(): Promise<Run[]> {
  if (!existsSync(database)) return [];
  const store = openStore(storeUri(database));
  try {
    return (await store.searchRuns({ experiment_ids: ["0"], run_view_type: "ALL" })).items;
  } finally {
    store.close();
  }
}

function parentOf(run: Run): string | undefined {
  return run.data.tags.find(({ key }) => key === RUN_TAG.parentRunId)?.value;
}

/** The newest run that owns others, once it has ended for the time that `resumed` says. */
async function ended(owners: number): Promise<Run> {
  return until(
    "the run of all runs has ended",
    async () => {
      const own = (await runs()).filter((run) => parentOf(run) === undefined);
      return own.length === owners && own[0]?.info.status !== "RUNNING" ? own[0] : undefined;
    },
    120_000,
  );
}

test("a sweep of 3 × 3 runs is typed, runs two at a time, and goes on while the window is reloaded", { skip }, () =>
  editor.step("sweep", async () => {
    await editor.openFile(join(folder, "MLproject"));
    await editor.evaluate(`
      const uri = vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString();
      void vscode.commands.executeCommand("flowdeck.projects.sweep", uri, "main");
    `);
    for (const [name, values] of [
      ["eta", "0.1, 0.2, 0.5"],
      ["depth", "4..6"],
    ] as const) {
      await editor.quickPick(name);
      await editor.quickInput(`Values of ${name}`, values);
    }
    await editor.page.locator(".quick-input-widget .monaco-list-row", { hasText: "Run 9 runs" }).waitFor();
    await editor.screenshot("sweep-form");
    await editor.quickPick("Run 9 runs");
    await until(
      "a run of it has ended",
      async () => (await runs()).some((run) => run.info.status === "FINISHED"),
      60_000,
    );
    await editor.runCommand("Flowdeck: Show Sweep Queue");
    await editor.onlyViews("Projects");
    await editor.treeItem(/^main, running, eta, depth, \d of 9/).waitFor();
    await editor.treeItem(/^eta=0\.1, depth=4, \d/).waitFor();
    await editor.treeItem(/^eta=0\.5, depth=6, waiting/).waitFor();
    await editor.screenshot("sweep-queue");
    await editor.reload();
    await editor.treeItem(/^main, running, eta, depth, 1 of 9/).waitFor();
    await editor.runCommand("Flowdeck: Show Sweep Queue");
    await editor.treeItem(/^eta=0\.5, depth=6, waiting/).waitFor();
    await editor.screenshot("sweep-reloaded");
    writeFileSync(swept, "");
    const parent = await ended(1);
    equal(parent.info.status, "FINISHED");
    const children = (await runs()).filter((run) => parentOf(run) === parent.info.run_id);
    const state = readSweepState(parent, children);
    deepEqual(
      state?.queue.map(({ status }) => status),
      Array.from({ length: 9 }, () => "finished"),
    );
    deepEqual(
      children
        .map(({ data }) => ["eta", "depth"].map((name) => data.params.find(({ key }) => key === name)?.value).join(" "))
        .toSorted(),
      ["0.1", "0.2", "0.5"].flatMap((eta) => ["4", "5", "6"].map((depth) => `${eta} ${depth}`)).toSorted(),
    );
    await editor.treeItem(/^main, finished, eta, depth, 9 runs/).waitFor();
    await editor.screenshot("sweep-finished");
    await editor.treeItem(/^eta=0\.2, depth=5/).click();
    await editor.page.locator(".tab.active", { hasText: "eta=0.2, depth=5" }).waitFor();
    await editor.screenshot("sweep-child");
    await editor.closeEverything();
  }),
);

test("a sweep is stopped in its row, of which nothing more runs, and goes on from there", { skip }, () =>
  editor.step("sweep-stopped", async () => {
    rmSync(swept);
    await editor.evaluate(`
      const uri = vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString();
      const form = { texts: { eta: "0.1", depth: "4, 5, 6" }, method: "grid", count: 10, maxParallel: 1 };
      void vscode.commands.executeCommand("flowdeck.projects.sweep", uri, "main", form);
    `);
    await editor.quickPick("Run 3 runs");
    const row = editor.treeItem(/^main, running, depth, 1 of 3/);
    await row.waitFor({ timeout: 60_000 });
    await row.hover();
    await editor.screenshot("sweep-stop");
    await row.getByRole("button", { name: "Stop Run" }).click();
    await editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Stop" }).click();
    const queue = (run: Run) => readSweepState(run)?.queue.map(({ status }) => status);
    // The stop is told at once, and again when every command has ended.
    const stopped = await until("it is stopped", async () => {
      const run = await ended(2);
      return queue(run)?.includes("running") === false ? run : undefined;
    });
    deepEqual([stopped.info.status, queue(stopped)], ["KILLED", ["finished", "killed", "waiting"]]);
    const killed = editor.treeItem(/^main, killed, depth, 2 of 3/);
    await killed.waitFor();
    // By its arrow: a click on the row opens the run as well, whose panel takes the keys.
    await killed.locator(".monaco-tl-twistie").click();
    await editor.treeItem(/^depth=5, killed/).waitFor();
    await editor.treeItem(/^depth=6, not run/).waitFor();
    await killed.hover();
    // VS Code would tell of the terminal that it ended with another code than 0.
    deepEqual(await editor.notifications(), []);
    await editor.screenshot("sweep-killed");
    writeFileSync(swept, "");
    await killed.getByRole("button", { name: "Resume Workflow or Sweep" }).click();
    await editor.treeItem(/^main, finished, depth, 3 runs/).waitFor({ timeout: 60_000 });
    const resumed = await ended(2);
    deepEqual([resumed.info.run_id, queue(resumed)], [stopped.info.run_id, ["finished", "finished", "finished"]]);
    // One child was tried twice.
    equal((await runs()).filter((run) => parentOf(run) === resumed.info.run_id).length, 4);
    await editor.closeEverything();
  }),
);

const stepsOf = (run: Run) => readWorkflowState(run)?.steps.map(({ name, status }) => `${name} ${status}`);

/** Starts the workflow with the values that the form shows. */
async function runWorkflow(): Promise<void> {
  await editor.openFile(workflowFile);
  await editor.runCommand("Flowdeck: Run Workflow");
  await editor.quickPick("Run workflow.mlflow.yaml");
}

/** Reloads the window once `step` runs, then lets it go on. */
async function reloadWhile(step: string, file: string, what: string): Promise<void> {
  await until(
    `${step} runs`,
    async () => (await runs()).some((run) => stepsOf(run)?.includes(`${step} running`)),
    60_000,
  );
  await editor.showFlowdeck();
  await editor.treeItem(/^workflow\.mlflow\.yaml, running, \d of 4/).waitFor();
  await editor.screenshot(`workflow-${what}`);
  await editor.reload();
  await editor.treeItem(/^workflow\.mlflow\.yaml, running, \d of 4/).click();
  await editor.panel().getByText(step, { exact: true }).first().waitFor();
  await editor.screenshot(`workflow-${what}-reloaded`);
  writeFileSync(file, "");
}

test("a workflow of four steps fails at one while the window is reloaded", { skip }, () =>
  editor.step("workflow", async () => {
    await runWorkflow();
    await reloadWhile("prepare", go, "running");
    const failed = await ended(3);
    equal(failed.info.status, "FAILED");
    deepEqual(stepsOf(failed), ["prepare finished", "also finished", "train failed", "report blocked"]);
    await editor.treeItem(/^Train and report, failed/).waitFor();
    await editor.screenshot("workflow-failed");
  }),
);

test("it is resumed at the step that failed, though its terminal waits for a key, and again reloaded", { skip }, () =>
  editor.step("resume", async () => {
    const failed = await ended(3);
    writeFileSync(mended, "");
    await editor.evaluate(`
      const target = { uri: ${JSON.stringify(storeUri(database))}, run_id: "${failed.info.run_id}" };
      void vscode.commands.executeCommand("flowdeck.projects.resume", target);
    `);
    await reloadWhile("train", goOn, "resumed");
    const resumed = await until(
      "it is resumed to its end",
      async () => (await runs()).find(({ info }) => info.run_id === failed.info.run_id && info.status === "FINISHED"),
      60_000,
    );
    deepEqual(stepsOf(resumed), ["prepare finished", "also finished", "train finished", "report finished"]);
    await editor.treeItem(/^Train and report, finished, 4 steps/).waitFor();
    await editor.screenshot("workflow-resumed");
    await editor.closeEverything();
  }),
);

test("the same workflow once more is taken whole from earlier runs", { skip }, () =>
  editor.step("cached", async () => {
    await runWorkflow();
    const cached = await ended(4);
    equal(cached.info.status, "FINISHED");
    deepEqual(stepsOf(cached), ["prepare cached", "also cached", "train cached", "report cached"]);
    await editor.treeItem(/^workflow\.mlflow\.yaml, .* ago, 4 steps/).waitFor();
    await editor.panel().getByText("cached").first().waitFor();
    await editor.screenshot("workflow-cached");
    await editor.reload();
    await editor.showFlowdeck();
    await editor.screenshot("workflow-cached-reloaded");
    await editor.closeEverything();
  }),
);
