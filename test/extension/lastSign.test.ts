import assert from "node:assert/strict";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { lastSignOf } from "../../src/extension/tracking/lastSign.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

// When a run was last heard of, in a real database.

const HOUR = 3_600_000;
const NOW = 1_760_000_000_000;
const store = openStore(storeUri(join(temporaryFolder("flowdeck-sign-"), "mlflow.db")));
after(() => store.close());
const { experiment_id } = await store.createExperiment({ name: "wine" });

/** A run that started `hours` ago. */
async function newRun(hours: number, parent?: string) {
  const tags = parent === undefined ? [] : [{ key: RUN_TAG.parentRunId, value: parent }];
  return store.createRun({ experiment_id, run_name: `${hours}`, start_time: NOW - hours * HOUR, tags });
}

async function hoursAgo(run_id: string): Promise<number> {
  return (NOW - (await lastSignOf(store, await store.getRun({ run_id }), NOW))) / HOUR;
}

async function logPoint(run_id: string, hours: number): Promise<void> {
  const metrics = [{ key: `m${hours}`, value: 1, timestamp: NOW - hours * HOUR, step: 0 }];
  await store.logBatch({ run_id, metrics, params: [{ key: `p${hours}`, value: "1" }], tags: [] });
}

test("a run was last heard of when it logged its latest metric, or started", async () => {
  const { run_id } = (await newRun(72)).info;
  assert.equal(await hoursAgo(run_id), 72);
  await logPoint(run_id, 40);
  await logPoint(run_id, 50);
  assert.equal(await hoursAgo(run_id), 40);
  // A client may say any time.
  await logPoint(run_id, -5);
  assert.equal(await hoursAgo(run_id), 40);
});

test("a file among its artifacts that was written later is a sign, however deep it lies", async () => {
  const { run_id, artifact_uri } = (await newRun(72)).info;
  const folder = join(artifact_uri, "checkpoints/last");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "weights.bin"), "w");
  const touch = (path: string, hours: number) => utimesSync(path, 0, (NOW - hours * HOUR) / 1000);
  touch(join(folder, "weights.bin"), 3);
  for (const path of [folder, join(artifact_uri, "checkpoints"), artifact_uri]) touch(path, 70);
  assert.equal(await hoursAgo(run_id), 3);
});

test("the children of a run that goes on are signs of it", async () => {
  const { run_id } = (await newRun(72)).info;
  const child = (await newRun(60, run_id)).info.run_id;
  assert.equal(await hoursAgo(run_id), 60);
  await store.updateRun({ run_id: child, status: "FINISHED", end_time: NOW - 20 * HOUR });
  assert.equal(await hoursAgo(run_id), 20);
  const second = (await newRun(50, run_id)).info.run_id;
  await logPoint(second, 2);
  assert.equal(await hoursAgo(run_id), 2);
});

test("runs that name each other as parents are looked at once or twice, not for ever", async () => {
  const one = (await newRun(72)).info.run_id;
  const other = (await newRun(71, one)).info.run_id;
  await store.setTag({ run_id: one, key: RUN_TAG.parentRunId, value: other });
  assert.equal(await hoursAgo(one), 71);
});
