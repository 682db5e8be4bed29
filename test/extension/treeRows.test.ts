import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import {
  type Looking,
  openLists,
  readCounts,
  readExperiments,
  readMoreRuns,
  readRuns,
} from "../../src/extension/tracking/experiments.ts";
import { emptyListing, type ExperimentRow, type RunRow, type StoreRow } from "../../src/extension/tracking/rows.ts";
import { temporaryFolder } from "../support/environment.ts";

// The rows of the Experiments view, read from a real database.

let store: Store;
const ids: Record<string, string> = {};
const RUNS = 230;

before(async () => {
  store = openStore(storeUri(join(temporaryFolder("flowdeck-rows-"), "mlflow.db")));
  await store.createExperiment({ name: "wine" });
  for (let n = 0; n < RUNS; n++) await addRun(`run-${n}`, { loss: n, rmse: n / 10 });
  await addRun("parent", { loss: 1000 });
  await addRun("child", { loss: 2000 }, "parent");
  await addRun("grandchild", { loss: 3000, rmse: 0.5 }, "child");
});
after(() => store.close());

async function addRun(name: string, metrics: Record<string, number>, parent?: string): Promise<void> {
  const tags = parent === undefined ? [] : [{ key: RUN_TAG.parentRunId, value: ids[parent] ?? "" }];
  const start_time = 1_000 + Object.keys(ids).length;
  const { info } = await store.createRun({ experiment_id: "1", run_name: name, start_time, tags });
  ids[name] = info.run_id;
  const points = Object.entries(metrics).map(([key, value]) => ({ key, value, timestamp: 1, step: 0 }));
  await store.logBatch({ run_id: info.run_id, metrics: points, params: [], tags: [] });
}

/** The row of the experiment, as the view has it before anything of it is unfolded. */
async function openExperiment(look: Looking): Promise<ExperimentRow> {
  const { uri } = store.status();
  const handle = { uri, name: "mlflow.db", folders: [], added: true, status: store.status(), remote: store };
  const row: StoreRow = { kind: "store", uri, store: handle, experiments: emptyListing() };
  await readExperiments(row, look);
  const found = row.experiments.rows.find(({ name }) => name === "wine");
  assert.ok(found);
  return found;
}

const looking = (filter?: string, metric?: string): Looking => ({ filter, metricOf: () => metric });
const namesOf = (row: ExperimentRow | RunRow) => row.runs.rows.map(({ node }) => node.run_name);

test("runs are read by the hundred, newest first, and children when they are asked for", async () => {
  const look = looking();
  const row = await openExperiment(look);
  assert.deepEqual(row.counts, { total: RUNS + 3, running: RUNS + 3 });
  await readRuns(row, look);
  assert.equal(row.runs.rows.length, 100);
  assert.equal(namesOf(row)[0], "parent");
  await readMoreRuns(row, look);
  await readMoreRuns(row, look);
  assert.equal(row.runs.rows.length, RUNS + 1);
  assert.equal(row.runs.next, undefined);
  const [parent] = row.runs.rows;
  assert.ok(parent);
  await readRuns(parent, look);
  assert.deepEqual(namesOf(parent), ["child"]);
  assert.equal([...openLists(row)].length, 2);
});

test("a chosen metric stands behind the runs that logged it, and nothing behind the others", async () => {
  const look = looking(undefined, "rmse");
  const row = await openExperiment(look);
  await readRuns(row, look);
  const metrics = new Map(row.runs.rows.map(({ node }) => [node.run_name, node.metric]));
  assert.deepEqual(metrics.get("run-229"), { key: "rmse", value: 22.9 });
  assert.equal(metrics.get("parent"), undefined);
});

test("a filter leaves what matches, below parents that stand there for their children alone", async () => {
  const look = looking("metrics.rmse = 0.5 OR metrics.loss = 7");
  const row = await openExperiment(look);
  assert.deepEqual(row.counts, { total: RUNS + 3, running: RUNS + 3, matching: 3 });
  await readRuns(row, look);
  assert.deepEqual(namesOf(row), ["parent", "run-7", "run-5"]);
  const [parent] = row.runs.rows;
  const [child] = parent?.runs.rows ?? [];
  const [grandchild] = child?.runs.rows ?? [];
  assert.deepEqual([parent?.context, child?.context, grandchild?.context], [true, true, false]);
  assert.equal(grandchild?.parent, child);
  // The newest run logged loss first: without a choice, all show that.
  assert.deepEqual(grandchild?.node.metric, { key: "loss", value: 3000 });
});

test("a parent that matches lists those of its children that match when it is unfolded", async () => {
  const look = looking("metrics.loss >= 1000 AND metrics.loss < 3000");
  const row = await openExperiment(look);
  await readRuns(row, look);
  const [parent] = row.runs.rows;
  assert.ok(parent);
  assert.equal(parent.runs.loaded, false);
  await readRuns(parent, look);
  assert.deepEqual(namesOf(parent), ["child"]);
  assert.equal(parent.runs.loaded, true);
});

test("more rows of a filter are read by the hundred", async () => {
  const look = looking("metrics.loss < 150");
  const row = await openExperiment(look);
  await readRuns(row, look);
  assert.equal(row.runs.rows.length, 100);
  assert.equal(row.runs.next, "more");
  await readMoreRuns(row, look);
  assert.equal(row.runs.rows.length, 150);
  assert.equal(row.runs.next, undefined);
});

test("reading again keeps the rows and tells which changed, with a filter and without", async () => {
  for (const [look, name] of [
    [looking(), "run-229"],
    [looking("metrics.loss > 227"), "run-228"],
  ] as const) {
    const row = await openExperiment(look);
    assert.equal((await readRuns(row, look)).listChanged, true);
    const before = row.runs.rows.find(({ node }) => node.run_name === name);
    assert.deepEqual(await readRuns(row, look), { listChanged: false, changed: [] });
    await store.updateRun({ run_id: ids[name] ?? "", status: "FINISHED", end_time: 5_000 });
    assert.equal(await readCounts(row, look), true);
    const { listChanged, changed } = await readRuns(row, look);
    assert.equal(listChanged, false);
    assert.deepEqual(changed, [before]);
    assert.equal(changed[0]?.node.status, "FINISHED");
  }
});

test("rows and counts that arrive after the filter became another are dropped", async () => {
  const look = { filter: undefined as string | undefined, metricOf: () => undefined };
  const row = await openExperiment(look);
  /** The view empties its rows when the filter changes, while they are being read. */
  const changeWhile = async (read: Promise<unknown>, filter: string | undefined): Promise<void> => {
    look.filter = filter;
    row.runs = emptyListing();
    delete row.counts;
    await read;
  };
  const filters = [undefined, "metrics.loss > 1500", "metrics.rmse > 22.75", undefined];
  for (const [i, filter] of filters.slice(1).entries()) {
    look.filter = filters[i];
    await changeWhile(readRuns(row, look), filter);
    assert.equal(row.runs.loaded, false);
    look.filter = filters[i];
    await readRuns(row, look);
    await changeWhile(readMoreRuns(row, look), filter);
    assert.equal(row.runs.loaded, false);
    look.filter = filters[i];
    await changeWhile(readCounts(row, look), filter);
    assert.equal(row.counts, undefined);
  }
  await readRuns(row, look);
  await readCounts(row, look);
  assert.equal(row.runs.rows.length, 100);
  assert.equal(row.counts?.total, RUNS + 3);
  assert.equal(row.counts.matching, undefined);
});
