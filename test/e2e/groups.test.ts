import { deepEqual, equal, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
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
const mended = join(top, "mended");
let editor: Editor;

const MLPROJECT = `name: wine
entry_points:
  main:
    parameters:
      eta: {type: float, default: 1}
      depth: {type: float, default: 2}
    command: "sleep 0.5 && echo {eta} {depth}"
  prepare:
    command: "echo prepared"
  train:
    parameters: {marker: string, data: string}
    command: "test -e {marker}"
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
    await editor.showFlowdeck();
    await editor.screenshot("sweep-running");
    await editor.reload();
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
    await editor.closeEverything();
  }),
);

test(
  "a workflow of four steps fails at one, is resumed there, and is taken whole from earlier runs the next time",
  { skip },
  () =>
    editor.step("workflow", async () => {
      const stepsOf = (run: Run) => readWorkflowState(run)?.steps.map(({ name, status }) => `${name} ${status}`);
      await editor.openFile(workflowFile);
      await editor.runCommand("Flowdeck: Run Workflow");
      await editor.quickPick("Run workflow.mlflow.yaml");
      const failed = await ended(2);
      equal(failed.info.status, "FAILED");
      deepEqual(stepsOf(failed), ["prepare finished", "also finished", "train failed", "report blocked"]);
      await editor.screenshot("workflow-failed");
      writeFileSync(mended, "");
      await editor.evaluate(`
      const target = { uri: ${JSON.stringify(storeUri(database))}, run_id: "${failed.info.run_id}" };
      await vscode.commands.executeCommand("flowdeck.projects.resume", target);
    `);
      const resumed = await until(
        "it is resumed to its end",
        async () => (await runs()).find(({ info }) => info.run_id === failed.info.run_id && info.status === "FINISHED"),
        60_000,
      );
      ok(stepsOf(resumed)?.includes("train finished"), String(stepsOf(resumed)));
      ok(stepsOf(resumed)?.includes("report finished"), String(stepsOf(resumed)));
      await editor.runCommand("Flowdeck: Run Workflow");
      await editor.quickPick("Run workflow.mlflow.yaml");
      const cached = await ended(3);
      equal(cached.info.status, "FINISHED");
      deepEqual(stepsOf(cached), ["prepare cached", "also cached", "train cached", "report cached"]);
      await editor.screenshot("workflow-cached");
      await editor.closeEverything();
    }),
);
