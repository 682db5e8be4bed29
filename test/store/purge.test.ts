import assert from "node:assert/strict";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";
import { newExperiment, newRun } from "./contractCases.ts";

const path = join(temporaryFolder(), "mlflow.db");
const store = openStore(storeUri(path));
await newRun(store);
const writer = openConnection(path, { busyTimeout: 1_000 });
whenOver(() => (store.close(), writer.close()));

/** A run with `count` points and its folder of artifacts, which is not there yet. */
async function deletedRun(count: number) {
  const run_id = await newRun(store);
  const { info } = await store.getRun({ run_id });
  writer
    .prepare<[number, string], unknown>(
      `INSERT INTO metrics (run_uuid, key, step, timestamp, value, is_nan)
       WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ?, 'm', i, i, i, 0 FROM n`,
    )
    .run(count, run_id);
  await store.deleteRun({ run_id });
  return { run_id, folder: info.artifact_uri };
}

const pointsOf = (run_id: string) =>
  writer.prepare<[string], { n: number }>("SELECT count(*) AS n FROM metrics WHERE run_uuid = ?").get(run_id)?.n ?? 0;
const purge = (...run_ids: string[]) => store.purge({ experiment_ids: [], run_ids, dry_run: false });

test("a long run goes in pieces, between which others have their turn, and its curve with it", async () => {
  const { run_id } = await deletedRun(12_000);
  await deletedRun(1);
  const total = async () =>
    (await store.metricSeries({ run_ids: [run_id], metric_key: "m", points: 9 })).lines[0]?.total;
  assert.equal(await total(), 12_000);
  const seen = new Set<number>();
  let isOver = false;
  const purging = purge(run_id).finally(() => (isOver = true));
  while (!isOver) {
    await setImmediate();
    seen.add(pointsOf(run_id));
  }
  assert.equal((await purging).points, 12_000);
  assert.deepEqual([...seen], [12_000, 7_000, 2_000, 0]);
  assert.equal(await total(), 0);
});

test("artifacts that the disk does not let go are told, and those of the others go", async () => {
  const [stuck, other] = [await deletedRun(0), await deletedRun(0)];
  mkdirSync(dirname(dirname(stuck.folder)), { recursive: true });
  writeFileSync(dirname(stuck.folder), "no folder");
  mkdirSync(other.folder, { recursive: true });
  writeFileSync(join(other.folder, "model.bin"), Buffer.alloc(100));
  const purged = await purge(stuck.run_id, other.run_id);
  assert.deepEqual([purged.runs, purged.bytes, purged.kept], [2, 100, [stuck.folder]]);
  assert.ok(!existsSync(dirname(other.folder)));
});

test("a link in place of the artifacts goes, and what it leads to neither counts nor goes", async () => {
  const { run_id, folder } = await deletedRun(0);
  const elsewhere = temporaryFolder();
  writeFileSync(join(elsewhere, "mine.txt"), "mine");
  mkdirSync(dirname(folder), { recursive: true });
  symlinkSync(elsewhere, folder);
  assert.equal((await purge(run_id)).bytes, 0);
  assert.ok(existsSync(join(elsewhere, "mine.txt")) && !existsSync(dirname(folder)));
});

test("artifacts of a run whose id is none of MLflow's stay", async () => {
  const { run_id, folder } = await deletedRun(0);
  const mine = join(temporaryFolder(), "photos", "artifacts");
  mkdirSync(mine, { recursive: true });
  writer.exec("PRAGMA foreign_keys = OFF");
  for (const table of ["tags", "params", "latest_metrics"])
    writer.exec(`DELETE FROM ${table} WHERE run_uuid = '${run_id}'`);
  writer.exec(`UPDATE runs SET run_uuid = 'photos', artifact_uri = '${mine}' WHERE run_uuid = '${run_id}'`);
  assert.deepEqual((await purge("photos")).kept, [mine]);
  assert.ok(existsSync(mine) && !existsSync(folder));
});

test("deleted logged models are in the trash by themselves, but for those that go with their experiment", async () => {
  const owners = [await newExperiment(store), await newExperiment(store)];
  const models = await Promise.all(
    owners.map((experiment_id) => store.createLoggedModel({ experiment_id, name: "elastic", params: [], tags: [] })),
  );
  const [alone, inside] = models.map(({ info }) => info);
  assert.ok(alone !== undefined && inside !== undefined);
  for (const { model_id } of [alone, inside]) await store.deleteLoggedModel({ model_id });
  await store.deleteExperiment({ experiment_id: inside.experiment_id });
  mkdirSync(alone.artifact_uri, { recursive: true });
  writeFileSync(join(alone.artifact_uri, "model.bin"), Buffer.alloc(100));
  const { model_id } = alone;
  assert.deepEqual(await store.countTrashedModels({}), { models: 1 });
  const { models: listed } = await store.trash({});
  assert.deepEqual(
    listed.map(({ model_id: id, name, bytes }) => [id, name, bytes]),
    [[model_id, "elastic", 100]],
  );
  const gone = await store.purge({ experiment_ids: [], run_ids: [], model_ids: [model_id], dry_run: false });
  assert.deepEqual([gone.models, gone.bytes, gone.kept], [1, 100, []]);
  assert.deepEqual(await store.countTrashedModels({}), { models: 0 });
  assert.deepEqual((await store.trash({})).models, []);
});
