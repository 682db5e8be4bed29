import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { ExitCodes } from "../../src/extension/projects/exitCodes.ts";
import { formOf, runsOf, sweepOf } from "../../src/extension/projects/sweepValues.ts";
import {
  changedParams,
  describePoint,
  describeRun,
  describeWorkflow,
  groupOf,
  isResumable,
  pointName,
  pointStatus,
  queueText,
  type ShownRun,
} from "../../src/extension/projects/view/runTexts.ts";
import { agoText } from "../../src/extension/tracking/format.ts";
import type { Run, RunStatus } from "../../src/mlflow/entities.ts";
import type { EntryPoint } from "../../src/projects/document.ts";
import type { RunState } from "../../src/projects/request.ts";
import { queueTag, sweepTag, type QueueStatus } from "../../src/projects/sweep/state.ts";
import { stepTag, type StepStatus, WORKFLOW_TAG, workflowTag } from "../../src/projects/workflow/state.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 26, 12);
/** On the same day, wherever this runs. */
const HEARD = new Date(NOW).setHours(14, 2);

function run(status: RunStatus, params: Record<string, string> = {}, tags: Record<string, string> = {}): Run {
  const run_id = "0".repeat(32);
  const times = { start_time: NOW - 2 * HOUR, ...(status === "RUNNING" ? {} : { end_time: NOW - HOUR }) };
  const pairs = (map: Record<string, string>) => Object.entries(map).map(([key, value]) => ({ key, value }));
  return {
    info: {
      ...{ run_id, run_uuid: run_id, run_name: "r", experiment_id: "0", user_id: "", status, ...times },
      ...{ artifact_uri: "", lifecycle_stage: "active" },
    },
    inputs: { dataset_inputs: [], model_inputs: [] },
    outputs: { model_outputs: [] },
    data: { metrics: [], params: pairs(params), tags: pairs({ "mlflow.project.entryPoint": "main", ...tags }) },
  };
}

function sweepRun(status: RunStatus, queue: QueueStatus[]): Run {
  const told = {
    ...{ projectFolder: "/p", entry_point: "main", maxParallel: 2, resumed: 0, started_at: NOW - 12_000 },
    plan: { method: "grid" as const, parameters: [["eta", "1, 2, 3"] as [string, string]] },
    runner: { host: "h", pid: 1 },
  };
  const tags = [sweepTag(told), queueTag(queue.map((one) => ({ status: one })))];
  return run(status, {}, Object.fromEntries(tags.map(({ key, value }) => [key, value])));
}

function workflowRun(status: RunStatus, statuses: StepStatus[]): Run {
  const steps = statuses.map((one, index) => ({
    ...{ name: `s${index}`, entry_point: "main", needs: [], continueOnError: false, tries_allowed: 1, tries: [] },
    status: one,
  }));
  const runner = { host: "h", pid: 1 };
  const told = workflowTag({ name: "Train", steps, maxParallel: 2, runner, started_at: NOW - 12_000, resumed: 0 });
  const tags = [told, ...steps.map(stepTag), { key: WORKFLOW_TAG.file, value: "/p/workflow.mlflow.yaml" }];
  return run(status, {}, Object.fromEntries(tags.map(({ key, value }) => [key, value])));
}

const shown = (one: Run, more: Partial<ShownRun> = {}): ShownRun => ({
  run: one,
  ...groupOf(one),
  changed: [],
  ...more,
});

test("a row says what tells a run from others, how it ended and when", () => {
  const rows: [ShownRun, string][] = [
    [shown(run("RUNNING"), { changed: [["eta", "0.06"]] }), "eta 0.06 · 2 h 00 m"],
    [shown(run("FINISHED"), { changed: [["eta", "0.08"]] }), "eta 0.08 · 1 h ago"],
    [shown(run("FAILED"), { exitCode: 3, changed: [["eta", "0.08"]] }), "exit 3 · 1 h ago"],
    [shown(run("FAILED")), "failed · 1 h ago"],
    [shown(run("KILLED")), "killed · 1 h ago"],
    [shown(run("RUNNING"), { since: 0 }), "no process · 2 h ago"],
    [shown(run("RUNNING"), { since: HEARD }), "no process since 14:02 · 2 h ago"],
    [shown(run("FINISHED"), { changed: [["text", "a\n b"]] }), "text a b · 1 h ago"],
    [shown(sweepRun("RUNNING", ["finished", "running", "waiting"])), "eta · 1 of 3 · 12.0 s"],
    [shown(sweepRun("KILLED", ["finished", "killed", "waiting"])), "eta · killed · 2 of 3 · 1 h ago"],
    [shown(sweepRun("FINISHED", ["finished", "finished", "finished"])), "eta · 3 runs · 1 h ago"],
    [shown(workflowRun("FAILED", ["finished", "cached", "failed", "blocked"])), "failed · 2 of 4 · 1 h ago"],
  ];
  for (const [one, expected] of rows) equal(describeRun(one, NOW), expected);
  const long = shown(run("FINISHED"), {
    changed: [
      ["eta", "0.0625"],
      ["text", "a long one"],
    ],
  });
  equal(describeRun(long, NOW, 30), "eta 0.0625 · text a… · 1 h ago");
  equal(describeRun(long, NOW, 5), "eta 0.0… · 1 h ago");
  equal(agoText(NOW - 100 * 24 * HOUR, NOW), "18 Aug 2026");
});

test("a workflow file says how far its run is, else how many steps it has and how the last one ended", () => {
  const rows: [number | undefined, ShownRun | undefined, string][] = [
    [5, undefined, "5 steps"],
    [1, undefined, "1 step"],
    [undefined, undefined, ""],
    [3, shown(sweepRun("RUNNING", ["finished", "finished", "waiting"])), "running · 2 of 3"],
    [3, shown(sweepRun("RUNNING", ["finished", "finished", "waiting"]), { since: 0 }), "no process · 2 of 3"],
    [3, shown(run("RUNNING"), { since: HEARD }), "no process since 14:02"],
    [3, shown(run("FAILED")), "failed 1 h ago · 3 steps"],
    [3, shown(run("FINISHED")), "1 h ago · 3 steps"],
    [4, shown(workflowRun("RUNNING", ["finished", "cached", "failed", "blocked"])), "running · 2 of 4"],
  ];
  for (const [steps, latest, expected] of rows) equal(describeWorkflow(steps, latest, NOW), expected);
});

test("params are told that differ from the default or among the runs of an entry point", () => {
  const nowhere = { start: 0, end: 0 };
  const parameter = (name: string, value: string) => ({
    ...{ name, nameRange: nowhere, range: nowhere, type: "float", default: value },
  });
  const entryPoint: EntryPoint = {
    ...{ name: "main", nameRange: nowhere, range: nowhere, placeholders: [] },
    parameters: [parameter("eta", "0.1"), parameter("depth", "6")],
  };
  const usual = run("FINISHED", { eta: "0.1", depth: "6" });
  const other = run("FINISHED", { eta: "0.2", depth: "6" });
  deepEqual(changedParams(usual, [usual], entryPoint), []);
  deepEqual(changedParams(usual, [usual, other], entryPoint), [["eta", "0.1"]]);
  deepEqual(changedParams(other, [other], entryPoint), [["eta", "0.2"]]);
  deepEqual(changedParams(run("FINISHED", { depth: "7" }), [], undefined), []);
  // As mlflow run has it.
  deepEqual(changedParams(run("FINISHED", { note: "'a b'" }), [run("FINISHED", { note: "a b" })], undefined), []);
});

test("a run of a queue stands where its own run says, when the sweep is over and its last words were lost", () => {
  const point = (status: QueueStatus, own?: RunStatus) => ({
    ...{ index: 0, values: [["eta", "1"]] as [string, string][], status },
    ...(own === undefined ? {} : { run: run(own) }),
  });
  const rows = [
    [point("waiting"), false, "waiting", "waiting"],
    [point("waiting"), true, "left", "not run"],
    [point("running", "RUNNING"), false, "running", "running · 2 h 00 m"],
    [point("running", "KILLED"), true, "killed", "killed · 1 h 00 m"],
    [point("running", "FINISHED"), false, "finished", "1 h 00 m"],
    [point("failed", "FAILED"), true, "failed", "failed · 1 h 00 m"],
  ] as const;
  for (const [entry, isOver, status, text] of rows) {
    equal(pointStatus(entry, isOver), status);
    equal(describePoint(entry, pointStatus(entry, isOver), NOW), text);
  }
  const measured = point("finished", "FINISHED");
  measured.run?.data.metrics.push({ key: "rmse", value: 0.5, timestamp: 0, step: 0 });
  equal(describePoint(measured, "finished", NOW), "rmse 0.500 · 1 h 00 m");
  equal(
    pointName({
      ...point("waiting"),
      values: [
        ["eta", "1"],
        ["d", "a b"],
      ],
    }),
    "eta=1, d=a b",
  );
});

test("the row of a sweep tells where all of its runs are, though its queue may reach below the edge of the view", () => {
  equal(queueText(shown(sweepRun("RUNNING", ["running", "waiting", "waiting"]))), "2 waiting, 1 running");
  equal(queueText(shown(sweepRun("KILLED", ["finished", "failed", "waiting"]))), "1 finished, 1 failed, 1 not run");
  equal(queueText(shown(run("RUNNING"))), "");
});

test("what did not finish can be gone on with, if it is more than one run", () => {
  deepEqual(
    [
      sweepRun("FAILED", ["failed"]),
      sweepRun("KILLED", []),
      sweepRun("FINISHED", []),
      sweepRun("RUNNING", []),
      run("FAILED"),
    ].map((one) => isResumable(shown(one))),
    [true, true, false, false, false],
  );
});

test("the form of a sweep that is run again asks for the same runs", () => {
  const plan = { method: "grid" as const, parameters: [["eta", "0.1, 0.2"]] as [string, string][] };
  const shared = { name: "a, b", range: "1..3", plain: "x", odd: 'say "1, 2"' };
  const form = formOf({ plan, maxParallel: 3 }, shared);
  equal(runsOf(form), 2);
  deepEqual(sweepOf(form), { plan, shared });
  equal(form.maxParallel, 3);
});

test("exit codes are remembered, those of the latest failures", async () => {
  const kept = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string, otherwise: T): T => (kept.get(key) as T | undefined) ?? otherwise,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const codes = new ExitCodes(memory);
  const state = (run_id: string, exitCode: number, status: RunStatus): RunState => ({
    ...{ format: 1, runner: { pid: 1 }, started_at: 1, projectFolder: "/p", entry_point: "main", tracking_uri: "" },
    ...{ run_id, exitCode, status, reported: true },
  });
  for (let n = 0; n < 201; n += 1) await codes.note(state(`run ${n}`, n + 1, "FAILED"));
  await codes.note(state("fine", 0, "FINISHED"));
  const again = new ExitCodes(memory);
  deepEqual(
    [again.get("run 0"), again.get("run 1"), again.get("run 200"), again.get("fine")],
    [undefined, 2, 201, undefined],
  );
});
