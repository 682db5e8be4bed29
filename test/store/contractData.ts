import assert from "node:assert/strict";
import type { Metric } from "../../src/mlflow/entities.ts";
import { it } from "node:test";
import { metric, newRun, nothing, refuses, type ContractStore } from "./contractCases.ts";

export function loggedData(open: () => Promise<ContractStore>): void {
  it("a param keeps its value: the same is accepted, another refused, and nothing of that batch is kept", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const log = (value: string, metrics: Metric[] = []) =>
      store.logBatch({ ...nothing, run_id, metrics, params: [{ key: "depth", value }] });
    await log("3");
    await log("3");
    await refuses(log("5", [metric("lost", 1)]), "INVALID_PARAMETER_VALUE", "Changing param values is not allowed.");
    const { data } = await store.getRun({ run_id });
    assert.deepEqual([data.params, data.metrics], [[{ key: "depth", value: "3" }], []]);
  });

  it("long values of params and tags are cut, long keys refused", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const long = "x".repeat(9_000);
    await store.logBatch({
      ...nothing,
      run_id,
      params: [{ key: "p", value: long }],
      tags: [{ key: "t", value: long }],
    });
    const { data } = await store.getRun({ run_id });
    assert.equal(data.params[0]?.value.length, 6_000);
    assert.equal(data.tags.find(({ key }) => key === "t")?.value.length, 8_000);
    const key = "k".repeat(251);
    await refuses(
      store.setTag({ run_id, key, value: "" }),
      "INVALID_PARAMETER_VALUE",
      "exceeds the maximum length of 250 characters",
    );
  });

  const BAD_KEYS = ["../up", "/root", "a//b", "a/", "semi;colon", "."];
  for (const key of BAD_KEYS) {
    it(`the key ${JSON.stringify(key)} is refused`, async () => {
      const store = await open();
      const run_id = await newRun(store);
      await refuses(
        store.setTag({ run_id, key, value: "v" }),
        "INVALID_PARAMETER_VALUE",
        `Invalid value ${JSON.stringify(key)} for parameter 'key' supplied`,
      );
      await refuses(
        store.logBatch({ ...nothing, run_id, metrics: [metric(key, 1)] }),
        "INVALID_PARAMETER_VALUE",
        "metrics[0].name",
      );
    });
  }

  it("batches have MLflow's limits, and no param twice", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const params = Array.from({ length: 101 }, (_, index) => ({ key: `p${index}`, value: "" }));
    await refuses(
      store.logBatch({ ...nothing, run_id, params }),
      "INVALID_PARAMETER_VALUE",
      "can contain at most 100 params. Got 101 params.",
    );
    const metrics = Array.from({ length: 1_001 }, (_, step) => metric("m", 1, step));
    await refuses(
      store.logBatch({ ...nothing, run_id, metrics }),
      "INVALID_PARAMETER_VALUE",
      "can contain at most 1000 metrics.",
    );
    const twice = [
      { key: "p", value: "1" },
      { key: "p", value: "1" },
    ];
    await refuses(
      store.logBatch({ ...nothing, run_id, params: twice }),
      "INVALID_PARAMETER_VALUE",
      "Duplicate parameter keys have been submitted: ['p'].",
    );
  });

  it("a tag changes its value and is removed once", async () => {
    const store = await open();
    const run_id = await newRun(store);
    await store.setTag({ run_id, key: "k", value: "1" });
    await store.setTag({ run_id, key: "k", value: "2" });
    assert.deepEqual(
      (await store.getRun({ run_id })).data.tags.find(({ key }) => key === "k"),
      { key: "k", value: "2" },
    );
    await store.deleteTag({ run_id, key: "k" });
    await refuses(
      store.deleteTag({ run_id, key: "k" }),
      "RESOURCE_DOES_NOT_EXIST",
      `No tag with name: k in run with id ${run_id}`,
    );
  });

  it("the latest value of a metric has the greatest step, then time, then value", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const cases: [string, Metric[], number][] = [
      ["step", [metric("step", 1, 5), metric("step", 2, 3, 9_000)], 1],
      ["time", [metric("time", 1, 1, 2_000), metric("time", 2, 1, 1_000)], 1],
      ["value", [metric("value", 1), metric("value", 7), metric("value", 3)], 7],
      ["negative", [metric("negative", 1, -3), metric("negative", 2, -1), metric("negative", 3, -2)], 2],
    ];
    for (const [, metrics] of cases) {
      // One by one, so that what is stored already counts too.
      for (const one of metrics) await store.logBatch({ ...nothing, run_id, metrics: [one] });
    }
    const latest = new Map((await store.getRun({ run_id })).data.metrics.map(({ key, value }) => [key, value]));
    assert.deepEqual(latest, new Map(cases.map(([key, , expected]) => [key, expected])));
  });

  it("a history comes in pages", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const metrics = Array.from({ length: 5 }, (_, step) => metric("m", step * 2, step, 1_000 + step));
    await store.logBatch({ ...nothing, run_id, metrics });
    const query = { run_id, metric_key: "m", max_results: 3 };
    const first = await store.metricHistory(query);
    const second = await store.metricHistory({ ...query, page_token: first.next_page_token ?? "" });
    assert.deepEqual(
      [...first.items, ...second.items].map(({ value }) => value),
      [0, 2, 4, 6, 8],
    );
    assert.equal(second.next_page_token, undefined);
  });

  it("datasets are inputs of a run once, with their tags", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const dataset = { name: "wine", digest: "abc", source_type: "local", source: '{"uri": "wine.csv"}', schema: "{}" };
    const input = { dataset, tags: [{ key: "mlflow.data.context", value: "train" }] };
    await store.logInputs({ run_id, datasets: [input, input], models: [{ model_id: "m-1" }] });
    await store.logInputs({ run_id, datasets: [input], models: [{ model_id: "m-1" }] });
    await store.logOutputs({ run_id, models: [{ model_id: "m-2", step: 4 }] });
    const { inputs, outputs } = await store.getRun({ run_id });
    assert.deepEqual(inputs.dataset_inputs, [input]);
    assert.deepEqual(outputs.model_outputs, [{ model_id: "m-2", step: 4 }]);
  });
}

/** What a database makes of numbers: mlflow stores NaN as 0 with a mark, and infinities as the greatest numbers. */
export function numbersInDatabases(open: () => Promise<ContractStore>): void {
  it("NaN is kept, infinities become the greatest numbers, exact repeats are dropped", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const metrics = [
      metric("m", Number.POSITIVE_INFINITY, 1),
      metric("m", Number.NEGATIVE_INFINITY, 2),
      metric("m", Number.NaN, 3),
    ];
    await store.logBatch({ ...nothing, run_id, metrics: [...metrics, ...metrics] });
    await store.logBatch({ ...nothing, run_id, metrics });
    const { items } = await store.metricHistory({ run_id, metric_key: "m" });
    assert.deepEqual(
      items.map(({ value }) => value),
      [Number.MAX_VALUE, -Number.MAX_VALUE, Number.NaN],
    );
  });

  it("for the latest value NaN counts as 0", async () => {
    const store = await open();
    const run_id = await newRun(store);
    await logOneByOne(store, run_id, [metric("loses", Number.NaN), metric("loses", 2)]);
    await logOneByOne(store, run_id, [metric("wins", -1), metric("wins", Number.NaN)]);
    assert.deepEqual(await latestOf(store, run_id), { loses: 2, wins: Number.NaN });
  });
}

/** What an `mlruns` folder makes of numbers: the lines stay as they were written, repeats and all (mlflow 3.17 `FileStore`). */
export function numbersInFiles(open: () => Promise<ContractStore>): void {
  it("NaN, infinities and repeats are kept, in the order they were logged", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN, Number.NaN, -0, 5e-324];
    await logOneByOne(
      store,
      run_id,
      values.map((value) => metric("m", value, 9)),
    );
    const { items } = await store.metricHistory({ run_id, metric_key: "m" });
    assert.deepEqual(
      items.map(({ value }) => value),
      values,
    );
  });

  it("for the latest value nothing is greater than NaN, nor NaN than anything: the first stays", async () => {
    const store = await open();
    const run_id = await newRun(store);
    await logOneByOne(store, run_id, [metric("first", Number.NaN), metric("first", 2)]);
    await logOneByOne(store, run_id, [metric("second", -1), metric("second", Number.NaN)]);
    assert.deepEqual(await latestOf(store, run_id), { first: Number.NaN, second: -1 });
  });
}

/** One by one, so that what is stored already counts too. */
async function logOneByOne(store: ContractStore, run_id: string, metrics: Metric[]): Promise<void> {
  for (const one of metrics) await store.logBatch({ ...nothing, run_id, metrics: [one] });
}

async function latestOf(store: ContractStore, run_id: string): Promise<Record<string, number>> {
  const { metrics } = (await store.getRun({ run_id })).data;
  return Object.fromEntries(metrics.map(({ key, value }) => [key, value]));
}
