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
import { clickFor, press, unfold } from "./support/rows.ts";

// Many runs under one: a sweep and a workflow, in the real editor. Their commands need no Python.

const skip = e2eSkip;
const top = realpathSync(temporaryFolder("flowdeck-groups-"));
const folder = join(top, "wine");
const database = join(folder, "mlflow.db");
const workflowFile = join(folder, "workflow.mlflow.yaml");
/** Files that the commands wait for: a window is reloaded in their middle. */
const markers = ["swept", "mended", "go", "go-on"].map((name) => join(top, name)) as [string, string, string, string];
const [swept, mended, go, goOn] = markers;
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

/** Lets end what a test before left behind, be it failed; the ids of the runs that are there then. */
async function begin(): Promise<Set<string>> {
  for (const marker of markers) writeFileSync(marker, "");
  const isOver = async () => (await runs()).every(({ info }) => info.status !== "RUNNING");
  await until("nothing runs any more", isOver, 120_000);
  for (const marker of markers) rmSync(marker);
  await editor.closeEverything();
  await editor.onlyViews("Projects");
  return new Set((await runs()).map(({ info }) => info.run_id));
}

/** VS Code may have lost which views were folded. */
async function reload(): Promise<void> {
  await editor.reload();
  await editor.onlyViews("Projects");
}

/** The run that began after those that are known and owns others, once it has ended. */
async function ended(known: ReadonlySet<string>): Promise<Run> {
  return until(
    "the run of all runs has ended",
    async () => {
      const own = (await runs()).find((run) => parentOf(run) === undefined && !known.has(run.info.run_id));
      return own?.info.status === "RUNNING" ? undefined : own;
    },
    120_000,
  );
}

test("a sweep of 3 × 3 runs is typed, runs two at a time, and goes on while the window is reloaded", { skip }, () =>
  editor.step("sweep", async () => {
    const known = await begin();
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
      120_000,
    );
    await editor.runCommand("Flowdeck: Show Sweep Queue");
    await editor.treeItem(/^main, running, eta, depth, \d of 9/).waitFor();
    await editor.treeItem(/^eta=0\.1, depth=4, \d/).waitFor();
    await editor.treeItem(/^eta=0\.5, depth=6, waiting/).waitFor();
    await editor.screenshot("sweep-queue");
    await reload();
    await editor.treeItem(/^main, running, eta, depth, 1 of 9/).waitFor();
    await editor.runCommand("Flowdeck: Show Sweep Queue");
    await editor.treeItem(/^eta=0\.5, depth=6, waiting/).waitFor();
    await editor.screenshot("sweep-reloaded");
    writeFileSync(swept, "");
    const parent = await ended(known);
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
    const tab = editor.page.locator(".tab.active", { hasText: "eta=0.2, depth=5" });
    await clickFor(editor.treeItem(/^eta=0\.2, depth=5/), tab);
    await editor.screenshot("sweep-child");
  }),
);

test("a sweep is stopped in its row, of which nothing more runs, and goes on from there", { skip }, () =>
  editor.step("sweep-stopped", async () => {
    const known = await begin();
    await editor.evaluate(`
      const uri = vscode.Uri.file(${JSON.stringify(join(folder, "MLproject"))}).toString();
      const form = { texts: { eta: "0.1", depth: "4, 5, 6" }, method: "grid", count: 10, maxParallel: 1 };
      void vscode.commands.executeCommand("flowdeck.projects.sweep", uri, "main", form);
    `);
    await editor.quickPick("Run 3 runs");
    const row = editor.treeItem(/^main, running, depth, 1 of 3/);
    await row.waitFor();
    await row.hover();
    await editor.screenshot("sweep-stop");
    const stop = editor.page.locator(".monaco-dialog-box").getByRole("button", { name: "Stop" });
    await press(row, "Stop Run", stop);
    await stop.click();
    const queue = (run: Run) => readSweepState(run)?.queue.map(({ status }) => status);
    // The stop is told at once, and again when every command has ended.
    const stopped = await until(
      "it is stopped",
      async () => {
        const run = await ended(known);
        return queue(run)?.includes("running") === false ? run : undefined;
      },
      120_000,
    );
    deepEqual([stopped.info.status, queue(stopped)], ["KILLED", ["finished", "killed", "waiting"]]);
    const killed = editor.treeItem(/^main, killed, depth, 2 of 3/);
    await killed.waitFor();
    // By its arrow: a click on the row opens the run as well, whose panel takes the keys.
    await unfold(killed);
    await editor.treeItem(/^depth=5, killed/).waitFor();
    await editor.treeItem(/^depth=6, not run/).waitFor();
    await killed.hover();
    // VS Code would tell of the terminal that it ended with another code than 0.
    deepEqual(await editor.notifications(), []);
    await editor.screenshot("sweep-killed");
    writeFileSync(swept, "");
    await press(killed, "Resume Workflow or Sweep", editor.treeItem(/^main, (running|finished), depth/));
    await editor.treeItem(/^main, finished, depth, 3 runs/).waitFor({ timeout: 120_000 });
    const resumed = await ended(known);
    deepEqual([resumed.info.run_id, queue(resumed)], [stopped.info.run_id, ["finished", "finished", "finished"]]);
    // One child was tried twice.
    equal((await runs()).filter((run) => parentOf(run) === resumed.info.run_id).length, 4);
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
    120_000,
  );
  await editor.treeItem(/^workflow\.mlflow\.yaml, running, \d of 4/).waitFor();
  await editor.screenshot(`workflow-${what}`);
  await reload();
  const shown = editor.panel().getByText(step, { exact: true }).first();
  await clickFor(editor.treeItem(/^workflow\.mlflow\.yaml, running, \d of 4/), shown);
  await editor.screenshot(`workflow-${what}-reloaded`);
  writeFileSync(file, "");
}

test("a workflow goes on at the step that failed, and is taken whole from its runs once more", { skip }, async () => {
  const known = await begin();
  const failed = await editor.step("workflow-failed", () => failWorkflow(known));
  await editor.step("workflow-resumed", () => resumeWorkflow(failed));
  await editor.step("workflow-cached", cachedWorkflow);
});

/** It fails at `train` while the window is reloaded. */
async function failWorkflow(known: ReadonlySet<string>): Promise<Run> {
  await runWorkflow();
  await reloadWhile("prepare", go, "running");
  const failed = await ended(known);
  equal(failed.info.status, "FAILED");
  deepEqual(stepsOf(failed), ["prepare finished", "also finished", "train failed", "report blocked"]);
  await editor.treeItem(/^Train and report, failed/).waitFor();
  await editor.screenshot("workflow-failed");
  return failed;
}

/** Though its terminal waits for a key, and again reloaded. */
async function resumeWorkflow({ info: { run_id } }: Run): Promise<void> {
  writeFileSync(mended, "");
  const target = JSON.stringify({ uri: storeUri(database), run_id });
  await editor.evaluate(`void vscode.commands.executeCommand("flowdeck.projects.resume", ${target})`);
  await reloadWhile("train", goOn, "resumed");
  const resumed = await until(
    "it is resumed to its end",
    async () => (await runs()).find(({ info }) => info.run_id === run_id && info.status === "FINISHED"),
    120_000,
  );
  deepEqual(stepsOf(resumed), ["prepare finished", "also finished", "train finished", "report finished"]);
  await editor.treeItem(/^Train and report, finished, 4 steps/).waitFor();
  await editor.screenshot("workflow-resumed");
  await editor.closeEverything();
}

async function cachedWorkflow(): Promise<void> {
  const known = new Set((await runs()).map(({ info }) => info.run_id));
  await runWorkflow();
  const cached = await ended(known);
  equal(cached.info.status, "FINISHED");
  deepEqual(stepsOf(cached), ["prepare cached", "also cached", "train cached", "report cached"]);
  await editor.treeItem(/^workflow\.mlflow\.yaml, .* ago, 4 steps/).waitFor();
  await editor.panel().getByText("cached").first().waitFor();
  await editor.screenshot("workflow-cached");
  await reload();
  await editor.screenshot("workflow-cached-reloaded");
}
