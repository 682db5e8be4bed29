import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { KeptHistory, MOST_EXACT } from "../../src/store/sqlite/keptHistory.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const column = (count: number, of: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => of(i));

test("a long history keeps the first point, the last ones and every extreme in a sixteenth of the memory", () => {
  const history = new KeptHistory();
  const value = (step: number) => (step === 123_456 ? 50 : step === 234_567 ? -50 : Math.sin(step));
  for (let from = 0; from < 300_000; from += 10_000) {
    const steps = column(10_000, (i) => from + i);
    history.add({ steps, timestamps: steps, values: steps.map(value) });
  }
  assert.ok(!history.exact && history.size < 20_000, String(history.size));
  assert.deepEqual([history.total, history.began], [300_000, 0]);
  const { steps, values } = history.points;
  assert.deepEqual([steps[0], steps.at(-1)], [0, 299_999]);
  assert.ok(values.includes(50) && values.includes(-50));
  assert.ok(steps.every((step, i) => i === 0 || step > (steps[i - 1] ?? 0)));
});

test("points of one step are kept in the order of time", () => {
  const history = new KeptHistory();
  history.add({ steps: Float64Array.of(1, 2), timestamps: Float64Array.of(5, 9), values: Float64Array.of(1, 2) });
  history.add({ steps: Float64Array.of(2, 3), timestamps: Float64Array.of(8, 9), values: Float64Array.of(3, 4) });
  assert.deepEqual([...history.points.values], [1, 3, 2, 4]);
});

const path = join(temporaryFolder(), "mlflow.db");
createDatabase(path, "/artifacts");
const writer = openConnection(path, { busyTimeout: 1_000 });
writer.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
const store = openStore(storeUri(path));
whenOver(() => (store.close(), writer.close()));

/** Logs `count` points of `m`, the value of each its step. */
function log(run_id: string, count: number, from = 0): void {
  writer
    .prepare<[number, number, string], unknown>(
      `INSERT INTO metrics (run_uuid, key, step, timestamp, value, is_nan)
       WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ?, 'm', i, i * 10, i, 0 FROM n`,
    )
    .run(from, from + count - 1, run_id);
}

test("a long line comes as a sample at once, then with every extreme, and is no sample while it grows", async () => {
  const run_id = "a".repeat(32);
  log(run_id, 5_000);
  writer.exec("UPDATE metrics SET value = 1e6 WHERE step = 1234");
  const query = { run_ids: [run_id], metric_key: "m", points: 100 };
  const [rough] = (await store.metricSeries({ ...query, rough: true })).lines;
  assert.ok(rough?.rough && rough.values.length === 100 && Number.isNaN(rough.total));
  assert.deepEqual([rough.steps[0], rough.steps.at(-1)], [0, 4_999]);
  const [whole] = (await store.metricSeries(query)).lines;
  assert.ok(whole && whole.rough === undefined && whole.values.includes(1e6));
  log(run_id, 1, 5_000);
  const [grown] = (await store.metricSeries({ ...query, rough: true })).lines;
  assert.deepEqual([grown?.rough, grown?.total, grown?.steps.at(-1)], [undefined, 5_001, 5_000]);
});

test("a short line is no sample", async () => {
  const run_id = "b".repeat(32);
  log(run_id, 500);
  const [line] = (await store.metricSeries({ run_ids: [run_id], metric_key: "m", points: 100, rough: true })).lines;
  assert.deepEqual([line?.rough, line?.total], [undefined, 500]);
});

test("a part of a long history comes with every point, a larger part with its extremes", async () => {
  const run_id = "c".repeat(32);
  log(run_id, MOST_EXACT + 100);
  const ask = async (from: number, to: number) => {
    const query = { run_ids: [run_id], metric_key: "m", points: 200, range: { from, to } };
    const [line] = (await store.metricSeries(query)).lines;
    assert.ok(line);
    return line;
  };
  const narrow = await ask(60_000, 60_100);
  assert.deepEqual([narrow.steps[0], narrow.steps.length, narrow.total], [59_999, 103, 103]);
  const middle = await ask(60_000, 63_000);
  assert.deepEqual([middle.steps[0], middle.steps.at(-1), middle.total], [59_999, 63_001, 3_003]);
  const wide = await ask(20_000, 80_000);
  assert.ok(Math.abs((wide.steps[0] ?? 0) - 20_000) < 130 && wide.steps.length <= 200);
  assert.ok(Math.abs(wide.total - 60_000) < 1_000, String(wide.total));
});

test("a history is read anew when its new points have the places of removed ones, as after mlflow gc", async () => {
  const [run_id, other] = ["d".repeat(32), "e".repeat(32)];
  log(run_id, 20);
  log(other, 50);
  const total = async (id: string) =>
    (await store.metricSeries({ run_ids: [id], metric_key: "m", points: 100 })).lines[0]?.total;
  assert.equal(await total(run_id), 20);
  writer.exec(`DELETE FROM metrics WHERE run_uuid = '${other}'`);
  log(run_id, 50, 20);
  assert.deepEqual([await total(run_id), await total(other)], [70, 0]);
});
