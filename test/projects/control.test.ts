import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import type { KeyValue, Run, RunStatus } from "../../src/mlflow/entities.ts";
import { ownMark } from "../../src/processes/processes.ts";
import { queueTag, sweepTag } from "../../src/projects/sweep/state.ts";
import { isAtWork } from "../../src/projects/workflow/control.ts";
import type { RunnerMark } from "../../src/projects/workflow/state.ts";

function runOf(status: RunStatus, tags: KeyValue[]): Run {
  const info = { run_id: "r", run_name: "calm-owl-1", experiment_id: "0", status, lifecycle_stage: "active" as const };
  const data = { params: [], metrics: [], tags };
  const inputs = { dataset_inputs: [], model_inputs: [] };
  return {
    info: { ...info, artifact_uri: "", user_id: "", run_uuid: "r" },
    data,
    inputs,
    outputs: { model_outputs: [] },
  };
}

function sweepBy(runner: RunnerMark): KeyValue[] {
  const plan = { method: "grid" as const, parameters: [["eta", "1, 2"] as [string, string]] };
  const tag = { projectFolder: "/p", entry_point: "main", plan, maxParallel: 1, runner, started_at: 0, resumed: 0 };
  return [sweepTag(tag), queueTag([{ status: "running" }, { status: "waiting" }])];
}

test("a sweep whose runner was killed says RUNNING, but nobody is at work on it", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  const mine: RunnerMark = ownMark();
  const cases: [string, Run, boolean][] = [
    ["its runner lives", runOf("RUNNING", sweepBy(mine)), true],
    ["its runner is gone", runOf("RUNNING", sweepBy({ ...mine, pid })), false],
    ["its runner is on another machine", runOf("RUNNING", sweepBy({ ...mine, host: "elsewhere" })), true],
    ["its runner lives, but it is over", runOf("FAILED", sweepBy(mine)), false],
    ["nothing tells who runs it", runOf("RUNNING", []), true],
  ];
  for (const [name, run, expected] of cases) assert.equal(isAtWork(run), expected, name);
});
