import assert from "node:assert/strict";
import { test } from "node:test";
import type { Run, RunStatus } from "../../src/mlflow/entities.ts";
import { graphOf, graphOfRuns, runsOf } from "../../src/projects/workflow/graph.ts";
import {
  readWorkflowState,
  stepTag,
  WORKFLOW_TAG,
  workflowTag,
  type StepState,
} from "../../src/projects/workflow/state.ts";
import { readRun } from "../../src/store/rest/read.ts";

/** A run of an entry point; times in minutes. */
function run(
  run_id: string,
  entryPoint: string,
  from: number,
  to: number | undefined,
  params: Record<string, string> = {},
  status: RunStatus = "FINISHED",
): Run {
  return readRun({
    info: {
      run_id,
      run_name: `name-${run_id}`,
      status,
      start_time: from,
      artifact_uri: `/mlruns/${run_id}/artifacts`,
      ...(to === undefined ? {} : { end_time: to }),
    },
    data: {
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      tags: [
        { key: "mlflow.project.entryPoint", value: entryPoint },
        { key: "mlflow.parentRunId", value: "parent" },
      ],
    },
  });
}

const edgesOf = (runs: Run[]) => graphOfRuns(runs)?.edges.map(({ from, to, state }) => `${from} → ${to} ${state}`);

test("runs that a script started come from those whose id or artifacts they got", () => {
  const runs = [
    run("eval", "evaluate", 9, undefined, { of: "runs:/t2/model" }, "RUNNING"),
    run("p", "prepare", 0, 1),
    run("t1", "train", 2, 5, { data: "/mlruns/p/artifacts/x.csv", alpha: "1" }),
    run("t2", "train", 2, 6, { data: "p" }),
  ];
  assert.deepEqual(edgesOf(runs), ["p → t1 satisfied", "p → t2 satisfied", "t2 → eval satisfied"]);
  const graph = graphOfRuns(runs);
  assert.deepEqual([graph?.kind, graph?.status, graph?.ended_at], ["chain", "RUNNING", undefined]);
  assert.deepEqual(
    graph?.nodes.map(({ name, level, status }) => `${name} ${level} ${status}`),
    ["prepare 0 finished", "train name-t1 1 finished", "train name-t2 1 finished", "evaluate 2 running"],
  );
});

const byTime: [what: string, runs: Run[], edges: string[]][] = [
  [
    "one after the other",
    [run("a", "a", 0, 1), run("b", "b", 1, 2), run("c", "c", 3, 4)],
    ["a → b satisfied", "b → c satisfied"],
  ],
  [
    "side by side",
    [run("a", "a", 0, 1), run("b", "b", 2, 5), run("c", "c", 3, 6), run("d", "d", 6, 7)],
    ["a → b satisfied", "a → c satisfied", "b → d satisfied", "c → d satisfied"],
  ],
  [
    "a search of values",
    [run("a", "a", 0, 1), run("t1", "t", 2, 3), run("t2", "t", 4, 5), run("d", "d", 6, 7)],
    ["a → t1 satisfied", "a → t2 satisfied", "t1 → d satisfied", "t2 → d satisfied"],
  ],
  [
    "the same twice",
    [run("a1", "a", 0, 1), run("b1", "b", 2, 3), run("a2", "a", 4, 5), run("b2", "b", 6, 7)],
    ["a1 → b1 satisfied", "b1 → a2 satisfied", "a2 → b2 satisfied"],
  ],
  ["behind one that failed", [run("a", "a", 0, 1, {}, "FAILED"), run("b", "b", 1, 2)], ["a → b broken"]],
];
for (const [what, runs, edges] of byTime) {
  test(`where no value tells, time does: ${what}`, () => assert.deepEqual(edgesOf(runs), edges));
}

test("one entry point, or runs that are none, make no graph", () => {
  assert.equal(graphOfRuns([run("a", "a", 0, 1)]), undefined);
  const plain = readRun({ info: { run_id: "x" } });
  assert.equal(graphOf(plain, [plain, readRun({ info: { run_id: "y" } })]), undefined);
});

const step = (name: string, more: Partial<StepState>): StepState => ({
  name,
  entry_point: name,
  needs: [],
  continueOnError: false,
  tries_allowed: 1,
  status: "waiting",
  tries: [],
  ...more,
});

test("the graph of a workflow is read from its run's tags, with what the runs logged that are given", () => {
  const steps = [
    step("prepare", { status: "cached", run_id: "p", reason: "Reused because …" }),
    step("mlp", {
      needs: ["prepare"],
      status: "failed",
      run_id: "m",
      tries: [{ run_id: "m", started_at: 5, ended_at: 9, status: "failed", exitCode: 1 }],
    }),
    step("xgb", {
      needs: ["prepare"],
      status: "running",
      run_id: "x",
      tries: [{ run_id: "x", started_at: 6, status: "running" }],
    }),
    step("evaluate", { needs: ["xgb", "mlp"], status: "blocked", templates: { of: "${{ steps.xgb.run_id }}" } }),
  ];
  const told = {
    name: "Train and pick",
    steps,
    maxParallel: 2,
    runner: { host: "h", pid: 1 },
    started_at: 4,
    resumed: 0,
  };
  const parent = readRun({
    info: { run_id: "w", status: "RUNNING" },
    data: {
      tags: [{ key: WORKFLOW_TAG.file, value: "/p/workflow.mlflow.yaml" }, workflowTag(told), ...steps.map(stepTag)],
    },
  });
  const state = readWorkflowState(parent);
  assert.deepEqual(state?.steps, steps);
  assert.deepEqual(state && runsOf(state), ["p", "m", "x"]);
  const xgb = readRun({
    info: { run_id: "x" },
    data: { metrics: [{ key: "rmse", value: 0.5, timestamp: 1, step: 2 }] },
  });
  const graph = graphOf(parent, [xgb]);
  assert.deepEqual(
    graph?.edges.map(({ from, to, state: edge }) => `${from} → ${to} ${edge}`),
    ["prepare → mlp satisfied", "prepare → xgb satisfied", "xgb → evaluate awaited", "mlp → evaluate broken"],
  );
  assert.deepEqual(
    graph?.nodes.map(({ id, level, started_at, metrics }) => [id, level, started_at, metrics[0]?.value]),
    [
      ["prepare", 0, undefined, undefined],
      ["mlp", 1, 5, undefined],
      ["xgb", 1, 6, 0.5],
      ["evaluate", 2, undefined, undefined],
    ],
  );
});

test("a step's tag stays within MLflow's limit, whatever its values are", () => {
  const long = "x".repeat(4000);
  const tries = Array.from({ length: 30 }, (_, index) => ({
    started_at: index,
    status: "failed" as const,
    problem: long,
  }));
  const tag = stepTag(step("a", { tries, reason: long, templates: { a: long, b: long } }));
  assert(tag.value.length <= 5000, String(tag.value.length));
  assert.equal((JSON.parse(tag.value) as StepState).tries.at(-1)?.started_at, 29);
});
