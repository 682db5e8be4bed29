import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { latestOf, ownersIn, readHasGraph } from "../../src/extension/workflows/owners.ts";
import { readStepLog } from "../../src/extension/workflows/readStepLog.ts";
import { readWorkflow } from "../../src/extension/workflows/readWorkflow.ts";
import { WORKFLOW_TAG } from "../../src/projects/workflow/state.ts";
import { SWEEP_TAG } from "../../src/projects/sweep/state.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { seedWorkflow } from "../e2e/support/workflowSeed.ts";
import { temporaryFolder } from "../support/environment.ts";

async function withStore(then: (store: Store, folder: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder("flowdeck-workflows-");
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  try {
    await then(store, folder);
  } finally {
    store.close();
  }
}

const named = (remote: Store) => ({ name: "mlflow.db", remote });

/** A run with child runs of these entry points, one after the other. */
async function chain(store: Store, entryPoints: string[], tag?: string): Promise<string> {
  const { info } = await store.createRun({ experiment_id: "0", run_name: "by hand", start_time: 1000 });
  if (tag !== undefined) await store.setTag({ run_id: info.run_id, key: tag, value: "{}" });
  for (const [i, entryPoint] of entryPoints.entries()) {
    const tags = [
      { key: RUN_TAG.parentRunId, value: info.run_id },
      { key: RUN_TAG.projectEntryPoint, value: entryPoint },
    ];
    const child = await store.createRun({ experiment_id: "0", run_name: `c${i}`, start_time: 2000 + i * 100, tags });
    await store.updateRun({ run_id: child.info.run_id, status: "FINISHED", end_time: 2050 + i * 100 });
  }
  return info.run_id;
}

test("a workflow is read with the runs of its steps, the one that was reused among them", () =>
  withStore(async (store, folder) => {
    const now = Date.now();
    const seeded = await seedWorkflow(store, join(folder, "workflow.mlflow.yaml"), now);
    const { overview, state } = await readWorkflow(named(store), seeded.run_id);
    deepEqual(
      overview.steps.map(({ name, status, needs, tries_allowed }) => [name, status, needs.length, tries_allowed]),
      [
        ["prepare", "cached", 0, 1],
        ["train-xgboost", "running", 1, 1],
        ["train-elasticnet", "finished", 1, 1],
        ["train-mlp", "failed", 1, 2],
        ["evaluate", "blocked", 3, 1],
      ],
    );
    deepEqual([overview.name, overview.maxParallel, overview.runs.length], ["Train and pick", 2, 3]);
    equal(overview.steps[0]?.run?.run_id, seeded.reused);
    deepEqual(overview.steps[3]?.params[0], {
      key: "data",
      value: "/mlruns/1/9d02c1/artifacts/clean.parquet",
      template: "${{ steps.prepare.artifact_uri }}/clean.parquet",
    });
    equal(state?.file, join(folder, "workflow.mlflow.yaml"));
    const log = await readStepLog(store, seeded.runs.get("train-mlp") ?? "");
    deepEqual([log.failure?.error, log.failure?.file, log.failure?.line], ["KeyError: 'alcohol'", "train_mlp.py", 44]);
    deepEqual(await readStepLog(store, seeded.runs.get("train-xgboost") ?? ""), { lines: [], isCut: false });
  }));

test("a run of a step that was deleted is told as such, and one that is gone as gone", () =>
  withStore(async (store, folder) => {
    const seeded = await seedWorkflow(store, join(folder, "workflow.mlflow.yaml"), Date.now());
    const stepOf = async (name: string) =>
      (await readWorkflow(named(store), seeded.run_id)).overview.steps.find((one) => one.name === name);
    await store.deleteRun({ run_id: seeded.reused });
    equal((await stepOf("prepare"))?.run?.isDeleted, true);
    await store.purge({ experiment_ids: [], run_ids: [seeded.reused], dry_run: false });
    const gone = await stepOf("prepare");
    deepEqual([gone?.run, gone?.isRunGone, gone?.status], [undefined, true, "cached"]);
  }));

test("runs that a script started are read as a chain; a sweep and a run without steps have no graph", () =>
  withStore(async (store) => {
    const found = await readWorkflow(named(store), await chain(store, ["prepare", "train"]));
    equal(found.overview.kind, "chain");
    deepEqual(
      found.overview.steps.map(({ name, needs }) => [name, needs.length]),
      [
        ["prepare", 0],
        ["train", 1],
      ],
    );
    deepEqual([found.overview.steps[0]?.tries_allowed, found.state], [undefined, undefined]);
    for (const run_id of [await chain(store, ["main", "main"], SWEEP_TAG.sweep), await chain(store, ["main"])]) {
      await rejects(readWorkflow(named(store), run_id), /neither a workflow nor a run that started several/);
    }
  }));

test("tags that are damaged or of a newer format, and a run that is gone, are one sentence each", () =>
  withStore(async (store, folder) => {
    const seeded = await seedWorkflow(store, join(folder, "workflow.mlflow.yaml"), Date.now());
    const { run_id } = seeded;
    const before = (await store.getRun({ run_id })).data.tags;
    for (const [key, value, sentence] of [
      [WORKFLOW_TAG.workflow, "{", /damaged/],
      [WORKFLOW_TAG.workflow, '{"format": 1, "name": "x", "steps": [1]}', /damaged/],
      [WORKFLOW_TAG.workflow, '{"format": 2}', /newer Flowdeck/],
      [`${WORKFLOW_TAG.step}prepare`, '{"name": "prepare", "tries": "many"}', /damaged/],
      [`${WORKFLOW_TAG.step}evaluate`, "null", /damaged/],
    ] as const) {
      await store.setTag({ run_id, key, value });
      await rejects(readWorkflow(named(store), run_id), (error: Error) => {
        match(error.message, sentence);
        equal(error.message.split(". ").length, 1, error.message);
        return true;
      });
      await store.setTag({ run_id, key, value: before.find((tag) => tag.key === key)?.value ?? "" });
    }
    await readWorkflow(named(store), run_id);
    await rejects(readWorkflow(named(store), "0".repeat(32)), /^MlflowError: This run is no longer in mlflow\.db\.$/);
  }));

test("runs that have a graph are found, the latest one of a workflow file among them", () =>
  withStore(async (store, folder) => {
    const file = join(folder, "workflow.mlflow.yaml");
    deepEqual(await ownersIn(named(store)), []);
    const { run_id } = await seedWorkflow(store, file, Date.now());
    const hand = await chain(store, ["prepare", "train"]);
    const sweep = await chain(store, ["main", "main"], SWEEP_TAG.sweep);
    const owners = await ownersIn(named(store));
    equal(owners[0]?.run_id, run_id);
    deepEqual(
      owners.filter(({ steps }) => steps !== undefined).map(({ run_id: id, steps }) => [id, steps]),
      [[hand, 2]],
    );
    equal(await latestOf(named(store), file), run_id);
    equal(await latestOf(named(store), "/elsewhere/workflow.mlflow.yaml"), undefined);
    const has = async (id: string) => readHasGraph(store, await store.getRun({ run_id: id }));
    deepEqual([await has(run_id), await has(hand), await has(sweep)], [true, true, false]);
  }));
