import assert from "node:assert/strict";
import { it } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { metric, newExperiment, newRun, nothing, refuses, type ContractStore } from "./contractCases.ts";

export function searching(open: () => Promise<ContractStore>): void {
  async function threeRuns(store: ContractStore) {
    const experiment_id = await newExperiment(store);
    const [a, b, c] = [
      await newRun(store, experiment_id, "alpha"),
      await newRun(store, experiment_id, "beta"),
      await newRun(store, experiment_id, "gamma"),
    ];
    await store.logBatch({
      run_id: a,
      metrics: [metric("loss", 0.5)],
      params: [{ key: "lr", value: "0.1" }],
      tags: [{ key: "team", value: "Blue" }],
    });
    await store.logBatch({
      run_id: b,
      metrics: [metric("loss", Number.NaN)],
      params: [{ key: "lr", value: "0.2" }],
      tags: [],
    });
    await store.updateRun({ run_id: b, status: "FINISHED", end_time: 99_000 });
    const dataset = { name: "iris", digest: "d1", source_type: "local", source: "{}" };
    await store.logInputs({
      run_id: c,
      datasets: [{ dataset, tags: [{ key: "mlflow.data.context", value: "eval" }] }],
      models: [],
    });
    return {
      experiment_id,
      ids: new Map([
        [a, "a"],
        [b, "b"],
        [c, "c"],
      ]),
    };
  }

  const FILTERS: [string | undefined, string][] = [
    [undefined, "cba"],
    ["metrics.loss < 1", "a"],
    ["metrics.loss != 0.5", "b"],
    ["metrics.loss = 0", ""],
    ["params.lr = '0.2'", "b"],
    ["params.lr != '0.2'", "a"],
    ["params.lr IS NULL", "c"],
    ["params.lr IS NOT NULL", "ba"],
    ["tags.team LIKE 'B%'", "a"],
    ["tags.team LIKE 'b%'", ""],
    ["tags.team ILIKE 'bl%'", "a"],
    ["attributes.status = 'FINISHED'", "b"],
    ["run_name = 'gamma' AND status = 'RUNNING'", "c"],
    ["datasets.name = 'iris' AND datasets.context = 'eval'", "c"],
    ["datasets.digest IN ('d1', 'd2')", "c"],
    ["end_time > 98999", "b"],
  ];
  for (const [filter, expected] of FILTERS) {
    it(`runs where ${filter ?? "anything"} are found`, async () => {
      const store = await open();
      const { experiment_id, ids } = await threeRuns(store);
      const page = await store.searchRuns({
        experiment_ids: [experiment_id],
        ...(filter === undefined ? {} : { filter }),
      });
      assert.equal(page.items.map(({ info }) => ids.get(info.run_id)).join(""), expected);
    });
  }

  const ORDERS: [string[], string][] = [
    [["metrics.loss ASC"], "abc"],
    [["params.lr DESC"], "bac"],
    [["attributes.start_time ASC"], "abc"],
    [["tags.team ASC", "attributes.run_name DESC"], "acb"],
  ];
  for (const [order_by, expected] of ORDERS) {
    it(`runs ordered by ${order_by.join(", ")}: what lacks the value comes last`, async () => {
      const store = await open();
      const { experiment_id, ids } = await threeRuns(store);
      const page = await store.searchRuns({ experiment_ids: [experiment_id], order_by });
      assert.equal(page.items.map(({ info }) => ids.get(info.run_id)).join(""), expected);
    });
  }

  it("a deleted run is listed only when asked for", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const [kept, gone] = [await newRun(store, experiment_id), await newRun(store, experiment_id)];
    await store.deleteRun({ run_id: gone });
    const list = async (run_view_type: "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL") =>
      (await store.searchRuns({ experiment_ids: [experiment_id], run_view_type })).items.map(({ info }) => info.run_id);
    assert.deepEqual(
      [await list("ACTIVE_ONLY"), await list("DELETED_ONLY"), await list("ALL")],
      [[kept], [gone], [gone, kept]],
    );
  });

  it("searches come in pages, and a broken token is refused", async () => {
    const store = await open();
    const { experiment_id, ids } = await threeRuns(store);
    const query = { experiment_ids: [experiment_id], max_results: 2 };
    const first = await store.searchRuns(query);
    const second = await store.searchRuns({ ...query, page_token: first.next_page_token ?? "" });
    assert.equal([...first.items, ...second.items].map(({ info }) => ids.get(info.run_id)).join(""), "cba");
    await refuses(store.searchRuns({ ...query, page_token: "%" }), "INVALID_PARAMETER_VALUE", "Invalid page token");
    await refuses(store.searchRuns({ ...query, max_results: 0 }), "INVALID_PARAMETER_VALUE", /max_results/);
  });

  it("a window of the table comes as columns", async () => {
    const store = await open();
    const { experiment_id, ids } = await threeRuns(store);
    const columns = await store.runColumns({
      experiment_ids: [experiment_id],
      order: [{ field: { kind: "attribute", key: "start_time" }, ascending: true }],
      offset: 0,
      limit: 2,
      fields: [
        { kind: "param", key: "lr" },
        { kind: "metric", key: "loss" },
      ],
    });
    assert.deepEqual([columns.total, columns.running], [3, 2]);
    assert.equal(columns.run_ids.map((id) => ids.get(id)).join(""), "ab");
    assert.deepEqual(columns.run_names, ["alpha", "beta"]);
    assert.deepEqual(columns.columns, [
      { kind: "text", texts: ["0.1", "0.2"] },
      { kind: "number", values: Float64Array.of(0.5, Number.NaN), logged: Uint8Array.of(1, 1) },
    ]);
    assert.deepEqual([...columns.end_times], [Number.NaN, 99_000]);
    assert.equal(new Set(columns.ordinals).size, 2);
  });

  it("the keys of an experiment are its own, and stepped metrics are told apart", async () => {
    const store = await open();
    const { experiment_id } = await threeRuns(store);
    const run_id = await newRun(store, experiment_id);
    await store.logBatch({ ...nothing, run_id, metrics: [metric("curve", 1, 0), metric("curve", 2, 1)] });
    const keys = await store.runKeys({ experiment_ids: [experiment_id] });
    assert.deepEqual(
      [keys.params.map(({ key }) => key), keys.metrics.map(({ key }) => key), keys.stepped],
      [["lr"], ["curve", "loss"], ["curve"]],
    );
  });

  it("a run has a graph when it is a workflow, or started several entry points that are no sweep", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const owner = async (name: string, entryPoints: number, tag?: string) => {
      const parent = await newRun(store, experiment_id, name);
      if (tag !== undefined) await store.setTag({ run_id: parent, key: tag, value: "x" });
      for (let i = 0; i < entryPoints; i += 1) {
        const child = await newRun(store, experiment_id, `${name} ${i}`);
        await store.setTag({ run_id: child, key: RUN_TAG.parentRunId, value: parent });
        await store.setTag({ run_id: child, key: RUN_TAG.projectEntryPoint, value: "main" });
      }
    };
    await owner("workflow", 0, "flowdeck.workflow.file");
    await owner("chain", 2);
    await owner("one", 1);
    await owner("sweep", 2, "flowdeck.sweep");
    const { items } = await store.runNodes({ experiment_id, max_results: 10 });
    assert.deepEqual(items.flatMap(({ run_name, graph }) => (graph === true ? [run_name] : [])).toSorted(), [
      "chain",
      "workflow",
    ]);
  });

  it("children stand below their parent, and above when it is deleted", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const parent = await newRun(store, experiment_id, "parent");
    const child = await newRun(store, experiment_id, "child");
    await store.setTag({ run_id: child, key: RUN_TAG.parentRunId, value: parent });
    await store.logBatch({
      ...nothing,
      run_id: parent,
      metrics: [metric("first", 1), metric("second", 2), metric("first", 3, 1)],
    });
    const [top, ...others] = (await store.runNodes({ experiment_id, max_results: 10 })).items;
    assert.equal(others.length, 0);
    assert.deepEqual(
      [top?.run_id, top?.children, top?.children_running, top?.metric],
      [parent, 1, 1, { key: "first", value: 3 }],
    );
    const below = await store.runNodes({ experiment_id, parent_run_id: parent, max_results: 10 });
    assert.deepEqual(
      below.items.map(({ run_id }) => run_id),
      [child],
    );
    await store.deleteRun({ run_id: parent });
    assert.deepEqual(
      (await store.runNodes({ experiment_id, max_results: 10 })).items.map(({ run_id }) => run_id),
      [child],
    );
  });

  it("a series keeps first, last and every extreme within its points", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const value = (step: number) => (step === 333 ? 1e6 : step === 666 ? -1e6 : Math.sin(step));
    await store.logBatch({
      ...nothing,
      run_id,
      metrics: Array.from({ length: 1_000 }, (_, step) => metric("m", value(step), step)),
    });
    const [line] = (await store.metricSeries({ run_ids: [run_id], metric_key: "m", points: 50 })).lines;
    assert.ok(line);
    assert.equal(line.total, 1_000);
    assert.ok(line.values.length <= 50 && line.values.length >= 40, String(line.values.length));
    assert.deepEqual([line.steps[0], line.steps.at(-1)], [0, 999]);
    assert.ok(line.values.includes(1e6) && line.values.includes(-1e6));
    assert.ok(line.steps.every((step, index) => index === 0 || step > (line.steps[index - 1] ?? 0)));
  });

  it("a short series comes whole, in step order, NaN and all", async () => {
    const store = await open();
    const run_id = await newRun(store);
    await store.logBatch({
      ...nothing,
      run_id,
      metrics: [metric("m", 3, 2), metric("m", Number.NaN, 1), metric("m", 5, 2, 500)],
    });
    const [line] = (await store.metricSeries({ run_ids: [run_id], metric_key: "m", points: 50 })).lines;
    assert.deepEqual([...(line?.steps ?? [])], [1, 2, 2]);
    assert.deepEqual([...(line?.values ?? [])], [Number.NaN, 5, 3]);
  });
}
