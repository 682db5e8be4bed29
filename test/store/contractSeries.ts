import assert from "node:assert/strict";
import { it } from "node:test";
import type { SeriesQuery } from "../../src/protocol/series.ts";
import { type ContractStore, metric, newRun, nothing } from "./contractCases.ts";

/** Metric histories as charts ask for them. */
export function series(open: () => Promise<ContractStore>): void {
  /** A run whose metric `m` is the step squared, logged every 10 ms. */
  async function squares(store: ContractStore, count = 100) {
    const run_id = await newRun(store);
    const log = async (from: number, to: number) => {
      const steps = Array.from({ length: to - from }, (_, i) => from + i);
      await store.logBatch({
        ...nothing,
        run_id,
        metrics: steps.map((step) => metric("m", step * step, step, 1_000 + step * 10)),
      });
    };
    await log(0, count);
    const ask = async (query: Partial<SeriesQuery>) => {
      const { lines } = await store.metricSeries({ run_ids: [run_id], metric_key: "m", points: 50, ...query });
      const [line] = lines;
      assert.ok(line);
      return line;
    };
    return { run_id, log, ask };
  }

  it("a range is in steps, in time, or in time since the first point, and reaches over its ends", async () => {
    const { ask } = await squares(await open());
    const steps = async (query: Partial<SeriesQuery>) => {
      const { steps: found, total, began } = await ask(query);
      assert.deepEqual([total, began], [found.length, 1_000]);
      return [found[0], found.at(-1)];
    };
    assert.deepEqual(await steps({ range: { from: 10, to: 20 } }), [9, 21]);
    assert.deepEqual(await steps({ axis: "time", range: { from: 1_100, to: 1_205 } }), [9, 21]);
    assert.deepEqual(await steps({ axis: "relative", range: { from: 100, to: 205 } }), [9, 21]);
    assert.deepEqual(await steps({ range: { from: 98, to: 500 } }), [97, 99]);
    assert.deepEqual(await steps({ range: { from: 500, to: 600 } }), [99, 99]);
  });

  it("a range with few points has all of them, one with many has its extremes", async () => {
    const { ask } = await squares(await open(), 1_000);
    const wide = await ask({ range: { from: 100, to: 899 }, points: 20 });
    assert.equal(wide.total, 802);
    assert.ok(wide.values.length <= 20 && wide.values.length > 10);
    assert.deepEqual([wide.values[0], wide.values.at(-1)], [99 ** 2, 900 ** 2]);
    const narrow = await ask({ range: { from: 500, to: 510 }, points: 20 });
    assert.deepEqual(
      [...narrow.steps],
      Array.from({ length: 13 }, (_, i) => 499 + i),
    );
  });

  it("another metric is what a line is drawn over, where both have a step", async () => {
    const store = await open();
    const { ask, run_id } = await squares(store, 10);
    const metrics = [metric("x", 0.5, 2), metric("x", 0.1, 4), metric("x", 0.2, 4, 2_000), metric("x", 9, 77)];
    await store.logBatch({ ...nothing, run_id, metrics });
    const line = await ask({ x_metric: "x" });
    assert.deepEqual(
      [[...line.steps], [...(line.xs ?? [])], [...line.values]],
      [
        [2, 4],
        [0.5, 0.2],
        [4, 16],
      ],
    );
    assert.deepEqual([...(await ask({ x_metric: "nothing" })).values], []);
  });

  it("what is logged later comes with the next answer, also between what is known", async () => {
    const store = await open();
    const { ask, log, run_id } = await squares(store, 3);
    assert.equal((await ask({})).total, 3);
    await log(3, 5);
    assert.deepEqual([...(await ask({})).values], [0, 1, 4, 9, 16]);
    await store.logBatch({ ...nothing, run_id, metrics: [metric("m", -1, -5), metric("m", 7, 2, 9_000)] });
    assert.deepEqual([...(await ask({})).values], [-1, 0, 1, 4, 7, 9, 16]);
  });

  it("a run without the metric has an empty line", async () => {
    const { ask } = await squares(await open(), 2);
    const line = await ask({ metric_key: "nothing" });
    assert.deepEqual([line.total, line.values.length, line.began], [0, 0, Number.NaN]);
  });
}
