import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RUN_TAG, type KeyValue, type RunStatus } from "../../../src/mlflow/entities.ts";
import { stepTag, WORKFLOW_TAG, workflowTag, type StepState } from "../../../src/projects/workflow/state.ts";
import type { Store } from "../../../src/store/store.ts";

const DAY = 24 * 3600_000;

/** What `seedWorkflow` made. */
export interface SeededWorkflow {
  experiment_id: string;
  run_id: string;
  /** Of the run that `prepare` was reused from. */
  reused: string;
  /** By step. */
  runs: Map<string, string>;
}

interface Logged {
  params?: Record<string, string>;
  metrics?: KeyValue[];
  status?: RunStatus;
  from: number;
  to?: number;
  log?: string;
}

const LOG = `epoch 1  val_rmse 0.9120
epoch 2  val_rmse 0.8733
epoch 3  val_rmse 0.8410
Traceback (most recent call last):
  File "train_mlp.py", line 44, in fit
    x = batch["alcohol"].to_numpy()
KeyError: 'alcohol'
`;

/** A workflow in the middle, as design/05-workflow has it: one step each cached, running, done, failed and blocked. */
export async function seedWorkflow(store: Store, file: string, now: number): Promise<SeededWorkflow> {
  const { experiment_id } = await store.createExperiment({ name: `wine-quality ${basename(file)}`, tags: [] });
  const runs = new Map<string, string>();
  const create = async (
    name: string,
    entry: string,
    { params = {}, metrics = [], status, from, to, log }: Logged,
    parent?: string,
  ) => {
    const tags = [
      { key: RUN_TAG.projectEntryPoint, value: entry },
      ...(parent === undefined ? [] : [{ key: RUN_TAG.parentRunId, value: parent }]),
    ];
    const { info } = await store.createRun({ experiment_id, run_name: name, start_time: from, tags });
    const { run_id } = info;
    await store.logBatch({
      run_id,
      params: Object.entries(params).map(([key, value]) => ({ key, value })),
      metrics: metrics.map(({ key, value }, step) => ({ key, value: Number(value), timestamp: from + step, step })),
      tags: [],
    });
    if (log !== undefined) {
      const folder = info.artifact_uri.startsWith("file:") ? fileURLToPath(info.artifact_uri) : info.artifact_uri;
      mkdirSync(join(folder, "logs"), { recursive: true });
      writeFileSync(join(folder, "logs/output.log"), log);
    }
    if (status !== undefined) await store.updateRun({ run_id, status, end_time: to ?? now });
    return run_id;
  };
  const start = now - 194_000;
  const reused = await create("prepare", "prepare", {
    from: now - DAY - 60_000,
    to: now - DAY,
    status: "FINISHED",
    params: { raw: "data.csv" },
  });
  for (const [name, age] of [
    ["Train and pick", DAY],
    ["Train and pick", 3 * DAY],
  ] as const) {
    await store.createRun({
      experiment_id,
      run_name: name,
      start_time: now - age,
      tags: [{ key: WORKFLOW_TAG.file, value: file }],
    });
  }
  const owner = await store.createRun({
    experiment_id,
    run_name: "Train and pick",
    start_time: start,
    tags: [{ key: WORKFLOW_TAG.file, value: file }],
  });
  const { run_id } = owner.info;
  const data = "/mlruns/1/9d02c1/artifacts/clean.parquet";
  const rmse = (value: string) => [
    { key: "val_rmse", value: "0.9" },
    { key: "val_rmse", value },
  ];
  const template = { data: "${{ steps.prepare.artifact_uri }}/clean.parquet" };
  runs.set("prepare", reused);
  runs.set(
    "train-xgboost",
    await create(
      "luminous-hare-19",
      "train_xgboost",
      {
        from: now - 192_000,
        params: { data, n_estimators: "10" },
        metrics: [
          ...Array.from({ length: 8 }, (_, i) => ({ key: "train_rmse", value: String(1 / (i + 2)) })),
          ...rmse("0.5874"),
        ],
      },
      run_id,
    ),
  );
  runs.set(
    "train-elasticnet",
    await create(
      "calm-fox-12",
      "train_elasticnet",
      { from: now - 192_000, to: now - 190_200, status: "FINISHED", params: { data }, metrics: rmse("0.7018") },
      run_id,
    ),
  );
  const first = await create(
    "bold-newt-11",
    "train_mlp",
    { from: now - 190_000, to: now - 170_000, status: "FAILED", params: { data }, log: LOG },
    run_id,
  );
  runs.set(
    "train-mlp",
    await create(
      "stoic-newt-208",
      "train_mlp",
      {
        from: now - 169_000,
        to: now - 148_000,
        status: "FAILED",
        params: { data, hidden: "64", lr: "0.001" },
        log: LOG,
        metrics: [],
      },
      run_id,
    ),
  );
  const idOf = (name: string) => ({ run_id: runs.get(name) ?? "" });
  const step = (name: string, entry_point: string, more: Partial<StepState>): StepState => ({
    name,
    entry_point,
    needs: ["prepare"],
    continueOnError: false,
    tries_allowed: 1,
    status: "finished",
    tries: [],
    ...more,
  });
  const steps = [
    step("prepare", "prepare", {
      needs: [],
      status: "cached",
      ...idOf("prepare"),
      reason: `Reused because the entry point, its parameters, commit 3f2a91c and the environment are those of prepare (${reused}).`,
    }),
    step("train-xgboost", "train_xgboost", {
      ...idOf("train-xgboost"),
      templates: template,
      status: "running",
      tries: [{ ...idOf("train-xgboost"), started_at: now - 192_000, status: "running" }],
    }),
    step("train-elasticnet", "train_elasticnet", {
      ...idOf("train-elasticnet"),
      templates: template,
      tries: [{ ...idOf("train-elasticnet"), started_at: now - 192_000, ended_at: now - 190_200, status: "finished" }],
    }),
    step("train-mlp", "train_mlp", {
      ...idOf("train-mlp"),
      templates: template,
      status: "failed",
      tries_allowed: 2,
      tries: [
        { run_id: first, started_at: now - 190_000, ended_at: now - 170_000, status: "failed", exitCode: 1 },
        { ...idOf("train-mlp"), started_at: now - 169_000, ended_at: now - 148_000, status: "failed", exitCode: 1 },
      ],
    }),
    step("evaluate", "evaluate", {
      needs: ["train-xgboost", "train-elasticnet", "train-mlp"],
      status: "blocked",
      reason: "Will not start: train-mlp failed.",
    }),
  ];
  const runner = { host: hostname(), pid: process.pid };
  const told = { name: "Train and pick", steps, maxParallel: 2, runner, started_at: start, resumed: 0 };
  await store.logBatch({ run_id, metrics: [], params: [], tags: [workflowTag(told), ...steps.map(stepTag)] });
  mkdirSync(dirname(file), { recursive: true });
  return { experiment_id, run_id, reused, runs };
}

/** A workflow of many steps, each waiting for one to three of those before it; all are waiting. */
export async function seedManySteps(
  store: Store,
  count: number,
  now: number,
): Promise<{ run_id: string; states: StepState[] }> {
  const { experiment_id } = await store.createExperiment({ name: `many ${now}`, tags: [] });
  const tags = [{ key: WORKFLOW_TAG.file, value: "/many/workflow.mlflow.yaml" }];
  const { info } = await store.createRun({ experiment_id, run_name: "many", start_time: now, tags });
  const nameOf = (i: number) => `step-${i}`;
  const states = Array.from({ length: count }, (_, i): StepState => {
    const needs = [i - 7, i - 8, i - 20].filter((other) => other >= 0 && (i + other) % 3 !== 0).map(nameOf);
    return {
      ...{ name: nameOf(i), entry_point: "main", needs, continueOnError: false, tries_allowed: 1 },
      ...{ status: i === 0 ? "running" : "waiting", tries: i === 0 ? [{ started_at: now, status: "running" }] : [] },
    };
  });
  const runner = { host: hostname(), pid: process.pid };
  const told = { name: "Many steps", steps: states, maxParallel: 4, runner, started_at: now, resumed: 0 };
  const all = [workflowTag(told), ...states.map(stepTag)];
  for (let i = 0; i < all.length; i += 100) {
    await store.logBatch({ run_id: info.run_id, metrics: [], params: [], tags: all.slice(i, i + 100) });
  }
  return { run_id: info.run_id, states };
}
