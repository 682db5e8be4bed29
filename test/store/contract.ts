import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Metric } from "../../src/mlflow/entities.ts";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { asMlflowError, type ErrorCode } from "../../src/mlflow/errors.ts";
import type { ModelRegistryStore } from "../../src/store/registryStore.ts";
import type { TrackingStore } from "../../src/store/trackingStore.ts";

export type ContractStore = TrackingStore & ModelRegistryStore;

/** Expects MLflow's error, by its code and words of its message. */
export async function refuses(call: Promise<unknown>, error_code: ErrorCode, words: string | RegExp): Promise<void> {
  const error = await call.then(
    () => assert.fail(`expected ${error_code}`),
    (reason: unknown) => asMlflowError(reason),
  );
  assert.equal(error.error_code, error_code, error.message);
  if (typeof words === "string") assert.ok(error.message.includes(words), error.message);
  else assert.match(error.message, words);
}

/** The cases every store that takes writes must pass; `open` gives the store of one empty database for the whole suite. */
export function writingContract(name: string, open: () => Promise<ContractStore>): void {
  describe(`${name}: experiments and runs`, () => experimentsAndRuns(open));
  describe(`${name}: params, tags and metrics`, () => loggedData(open));
  describe(`${name}: searching and showing runs`, () => searching(open));
  describe(`${name}: logged models and the registry`, () => models(open));
}

let counter = 0;
const fresh = (word: string) => `${word}-${++counter}`;
const metric = (key: string, value: number, step = 0, timestamp = 1_000): Metric => ({ key, value, step, timestamp });

async function newExperiment(store: ContractStore): Promise<string> {
  return (await store.createExperiment({ name: fresh("experiment") })).experiment_id;
}

async function newRun(store: ContractStore, experiment_id?: string, run_name?: string): Promise<string> {
  const experiment = experiment_id ?? (await newExperiment(store));
  const named = run_name === undefined ? {} : { run_name };
  const run = await store.createRun({
    experiment_id: experiment,
    user_id: "ada",
    start_time: 5_000 + ++counter,
    ...named,
  });
  return run.info.run_id;
}

const nothing = { metrics: [], params: [], tags: [] };

function experimentsAndRuns(open: () => Promise<ContractStore>): void {
  it("experiment 0 is Default", async () => {
    const store = await open();
    assert.equal((await store.getExperiment({ experiment_id: "0" })).name, "Default");
  });

  it("an experiment is found by id and by name, with its tags", async () => {
    const store = await open();
    const name = fresh("found");
    const { experiment_id } = await store.createExperiment({ name, tags: [{ key: "team", value: "blue" }] });
    const byId = await store.getExperiment({ experiment_id });
    assert.deepEqual(byId, await store.getExperimentByName({ experiment_name: name }));
    assert.deepEqual(byId.tags, [{ key: "team", value: "blue" }]);
    assert.ok(byId.artifact_location.endsWith(`/${experiment_id}`), byId.artifact_location);
  });

  it("a name is taken once", async () => {
    const store = await open();
    const name = fresh("taken");
    await store.createExperiment({ name });
    await refuses(
      store.createExperiment({ name }),
      "RESOURCE_ALREADY_EXISTS",
      `Experiment(name=${name}) already exists.`,
    );
  });

  it("what does not exist is refused in MLflow's words", async () => {
    const store = await open();
    await refuses(
      store.getExperiment({ experiment_id: "9999" }),
      "RESOURCE_DOES_NOT_EXIST",
      "No Experiment with id=9999 exists",
    );
    await refuses(
      store.getExperiment({ experiment_id: "x1" }),
      "INVALID_PARAMETER_VALUE",
      "Invalid experiment ID 'x1'",
    );
    await refuses(store.getRun({ run_id: "beef" }), "RESOURCE_DOES_NOT_EXIST", "Run with id=beef not found");
  });

  it("deleting an experiment deletes its runs and restoring brings them back", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const run_id = await newRun(store, experiment_id);
    await store.deleteExperiment({ experiment_id });
    assert.equal((await store.getRun({ run_id })).info.lifecycle_stage, "deleted");
    await refuses(store.createRun({ experiment_id }), "INVALID_PARAMETER_VALUE", "must be in the 'active' state");
    await refuses(
      store.updateExperiment({ experiment_id, new_name: "z" }),
      "INVALID_STATE",
      "Cannot rename a non-active experiment.",
    );
    await store.restoreExperiment({ experiment_id });
    assert.equal((await store.getRun({ run_id })).info.lifecycle_stage, "active");
  });

  it("an experiment is renamed and tagged, and its tag removed", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const new_name = fresh("renamed");
    await store.updateExperiment({ experiment_id, new_name });
    await store.setExperimentTag({ experiment_id, key: "k", value: "1" });
    await store.setExperimentTag({ experiment_id, key: "k", value: "2" });
    const changed = await store.getExperiment({ experiment_id });
    assert.deepEqual([changed.name, changed.tags], [new_name, [{ key: "k", value: "2" }]]);
    await store.deleteExperimentTag({ experiment_id, key: "k" });
    assert.deepEqual((await store.getExperiment({ experiment_id })).tags, []);
  });

  it("experiments are searched by name, tag and stage, page by page", async () => {
    const store = await open();
    const word = fresh("batch");
    for (const letter of ["a", "b", "c"]) await store.createExperiment({ name: `${word}-${letter}` });
    const query = { filter: `name LIKE '${word}%'`, order_by: ["name ASC"], max_results: 2 };
    const first = await store.searchExperiments(query);
    assert.deepEqual(
      first.items.map(({ name }) => name),
      [`${word}-a`, `${word}-b`],
    );
    const second = await store.searchExperiments({ ...query, page_token: first.next_page_token ?? "" });
    assert.deepEqual(
      second.items.map(({ name }) => name),
      [`${word}-c`],
    );
    assert.equal(second.next_page_token, undefined);
    const upper = await store.searchExperiments({ filter: `name ILIKE '${word.toUpperCase()}%'` });
    assert.equal(upper.items.length, 3);
  });

  it("a run without a name is given one, in its tag too", async () => {
    const store = await open();
    const run = await store.createRun({ experiment_id: "0" });
    assert.match(run.info.run_name, /^[a-z]+-[a-z]+-\d+$/);
    assert.deepEqual(run.data.tags, [{ key: RUN_TAG.runName, value: run.info.run_name }]);
    assert.equal(run.info.status, "RUNNING");
    assert.ok(run.info.artifact_uri.endsWith(`/0/${run.info.run_id}/artifacts`));
  });

  it("the name of a run and its tag stay the same, whichever is set", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const names = async () => {
      const { info, data } = await store.getRun({ run_id });
      return [info.run_name, data.tags.find(({ key }) => key === RUN_TAG.runName)?.value];
    };
    await store.updateRun({ run_id, run_name: "one" });
    assert.deepEqual(await names(), ["one", "one"]);
    await store.setTag({ run_id, key: RUN_TAG.runName, value: "two" });
    assert.deepEqual(await names(), ["two", "two"]);
    await store.logBatch({ ...nothing, run_id, tags: [{ key: RUN_TAG.runName, value: "three" }] });
    assert.deepEqual(await names(), ["three", "three"]);
  });

  it("a run ends with a status and a time", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const info = await store.updateRun({ run_id, status: "FINISHED", end_time: 77_000 });
    assert.deepEqual([info.status, info.end_time], ["FINISHED", 77_000]);
  });

  it("a deleted run takes no more data until it is restored", async () => {
    const store = await open();
    const run_id = await newRun(store);
    await store.deleteRun({ run_id });
    const log = () => store.logBatch({ ...nothing, run_id, metrics: [metric("m", 1)] });
    await refuses(
      log(),
      "INVALID_PARAMETER_VALUE",
      `The run ${run_id} must be in the 'active' state. Current state is deleted.`,
    );
    await store.restoreRun({ run_id });
    await log();
    assert.equal((await store.getRun({ run_id })).data.metrics.length, 1);
  });
}

function loggedData(open: () => Promise<ContractStore>): void {
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
      ["nan", [metric("nan", Number.NaN), metric("nan", 2)], 2],
      ["nanWins", [metric("nanWins", -1), metric("nanWins", Number.NaN)], Number.NaN],
    ];
    for (const [, metrics] of cases) {
      // One by one, so that what is stored already counts too.
      for (const one of metrics) await store.logBatch({ ...nothing, run_id, metrics: [one] });
    }
    const latest = new Map((await store.getRun({ run_id })).data.metrics.map(({ key, value }) => [key, value]));
    assert.deepEqual(latest, new Map(cases.map(([key, , expected]) => [key, expected])));
  });

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

function searching(open: () => Promise<ContractStore>): void {
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
      order_by: ["attributes.start_time ASC"],
      offset: 0,
      limit: 2,
      params: ["lr"],
      metrics: ["loss"],
    });
    assert.deepEqual([columns.total, columns.running], [3, 2]);
    assert.equal(columns.run_ids.map((id) => ids.get(id)).join(""), "ab");
    assert.deepEqual(columns.run_names, ["alpha", "beta"]);
    assert.deepEqual(columns.params["lr"], ["0.1", "0.2"]);
    assert.deepEqual([...(columns.metrics["loss"]?.values ?? [])], [0.5, Number.NaN]);
    assert.deepEqual([...(columns.metrics["loss"]?.logged ?? [])], [1, 1]);
    assert.deepEqual([...columns.end_times], [Number.NaN, 99_000]);
    assert.equal(new Set(columns.ordinals).size, 2);
  });

  it("the keys of an experiment are its own, and stepped metrics are told apart", async () => {
    const store = await open();
    const { experiment_id } = await threeRuns(store);
    const run_id = await newRun(store, experiment_id);
    await store.logBatch({ ...nothing, run_id, metrics: [metric("curve", 1, 0), metric("curve", 2, 1)] });
    const keys = await store.runKeys({ experiment_ids: [experiment_id] });
    assert.deepEqual(keys, { params: ["lr"], metrics: ["curve", "loss"], stepped: ["curve"] });
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

function models(open: () => Promise<ContractStore>): void {
  async function newModel(store: ContractStore, run_id?: string) {
    const experiment_id = run_id ? (await store.getRun({ run_id })).info.experiment_id : await newExperiment(store);
    const source = run_id === undefined ? {} : { source_run_id: run_id };
    return store.createLoggedModel({
      experiment_id,
      name: "net",
      ...source,
      params: [{ key: "p", value: "1" }],
      tags: [{ key: "t", value: "a" }],
    });
  }

  it("a logged model is pending until finalized, and carries params, tags and metrics", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const { info } = await newModel(store, run_id);
    assert.match(info.model_id, /^m-[0-9a-f]{32}$/);
    assert.equal(info.status, "LOGGED_MODEL_PENDING");
    assert.ok(info.artifact_uri.endsWith(`/models/${info.model_id}/artifacts`));
    const { model_id } = info;
    await store.finalizeLoggedModel({ model_id, status: "LOGGED_MODEL_READY" });
    await store.setLoggedModelTags({ model_id, tags: [{ key: "t", value: "b" }] });
    await store.logLoggedModelParams({ model_id, params: [{ key: "q", value: "2" }] });
    await store.logBatch({ ...nothing, run_id, metrics: [{ ...metric("acc", 0.9), model_id }] });
    const model = await store.getLoggedModel({ model_id });
    assert.equal(model.info.status, "LOGGED_MODEL_READY");
    assert.deepEqual(model.info.tags, [{ key: "t", value: "b" }]);
    assert.deepEqual(model.data.params, [
      { key: "p", value: "1" },
      { key: "q", value: "2" },
    ]);
    assert.deepEqual(
      model.data.metrics.map(({ key, value, run_id: run }) => [key, value, run]),
      [["acc", 0.9, run_id]],
    );
    assert.equal((await store.getRun({ run_id })).data.metrics[0]?.value, 0.9);
  });

  it("logged models are searched and ordered by metrics, and a deleted one is gone", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const { experiment_id } = (await store.getRun({ run_id })).info;
    const ids: string[] = [];
    for (const value of [0.2, 0.8]) {
      const { model_id } = (await newModel(store, run_id)).info;
      await store.logBatch({ ...nothing, run_id, metrics: [{ ...metric("acc", value), model_id }] });
      ids.push(model_id);
    }
    const search = async (more: object) =>
      (await store.searchLoggedModels({ experiment_ids: [experiment_id], ...more })).items.map(
        ({ info }) => info.model_id,
      );
    assert.deepEqual(await search({ filter: "metrics.acc > 0.5" }), [ids[1]]);
    assert.deepEqual(await search({ order_by: [{ field_name: "metrics.acc", ascending: true }] }), ids);
    await store.deleteLoggedModel({ model_id: ids[0] ?? "" });
    assert.deepEqual(await search({}), [ids[1]]);
    await refuses(store.getLoggedModel({ model_id: ids[0] ?? "" }), "RESOURCE_DOES_NOT_EXIST", "not found");
  });

  it("a registered model is created once, described, tagged and renamed with its versions", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name, tags: [{ key: "a", value: "b" }] });
    await refuses(
      store.createRegisteredModel({ name }),
      "RESOURCE_ALREADY_EXISTS",
      `Registered Model (name=${name}) already exists.`,
    );
    await store.createModelVersion({ name, source: "/models/1" });
    await store.setModelVersionTag({ name, version: "1", key: "k", value: "v" });
    await store.updateRegisteredModel({ name, description: "words" });
    const new_name = fresh("renamed");
    const renamed = await store.renameRegisteredModel({ name, new_name });
    assert.deepEqual(
      [renamed.name, renamed.description, renamed.tags],
      [new_name, "words", [{ key: "a", value: "b" }]],
    );
    assert.deepEqual((await store.getModelVersion({ name: new_name, version: "1" })).tags, [{ key: "k", value: "v" }]);
    await store.deleteRegisteredModel({ name: new_name });
    await refuses(
      store.getRegisteredModel({ name: new_name }),
      "RESOURCE_DOES_NOT_EXIST",
      `Registered Model with name=${new_name} not found`,
    );
  });

  it("versions count up, a deleted one keeps its number and loses its aliases", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    for (const source of ["/a", "/b"]) await store.createModelVersion({ name, source });
    await store.setRegisteredModelAlias({ name, alias: "champion", version: "2" });
    assert.deepEqual((await store.getModelVersionByAlias({ name, alias: "champion" })).aliases, ["champion"]);
    await store.deleteModelVersion({ name, version: "2" });
    await refuses(
      store.getModelVersion({ name, version: "2" }),
      "RESOURCE_DOES_NOT_EXIST",
      `Model Version (name=${name}, version=2) not found`,
    );
    await refuses(
      store.getModelVersionByAlias({ name, alias: "champion" }),
      "INVALID_PARAMETER_VALUE",
      "Registered model alias champion not found.",
    );
    assert.equal((await store.createModelVersion({ name, source: "/c" })).version, "3");
    await refuses(
      store.setRegisteredModelAlias({ name, alias: "v3", version: "3" }),
      "INVALID_PARAMETER_VALUE",
      "Version alias name 'v3' is reserved.",
    );
  });

  it("moving a version to a stage archives the others when asked, and latest versions are one a stage", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    for (const source of ["/a", "/b", "/c"]) await store.createModelVersion({ name, source });
    const move = (version: string, archive_existing_versions: boolean) =>
      store.transitionModelVersionStage({ name, version, stage: "Production", archive_existing_versions });
    await move("1", false);
    await move("2", true);
    const latest = await store.getLatestVersions({ name });
    assert.deepEqual(latest.map(({ version, current_stage }) => `${version} ${current_stage}`).sort(), [
      "1 Archived",
      "2 Production",
      "3 None",
    ]);
    const production = await store.getLatestVersions({ name, stages: ["production"] });
    assert.deepEqual(
      production.map(({ version }) => version),
      ["2"],
    );
  });

  it("a version made from a logged model points at its files and its run", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const { info } = await newModel(store, run_id);
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    const version = await store.createModelVersion({
      name,
      source: `models:/${info.model_id}`,
      model_id: info.model_id,
    });
    assert.deepEqual([version.source, version.run_id], [`models:/${info.model_id}`, run_id]);
    const { artifact_uri } = await store.getModelVersionDownloadUri({ name, version: "1" });
    assert.equal(artifact_uri, info.artifact_uri);
  });

  it("registered models and versions are searched; prompts only when asked for", async () => {
    const store = await open();
    const word = fresh("search");
    await store.createRegisteredModel({ name: `${word}-model`, tags: [{ key: "team", value: "blue" }] });
    await store.createRegisteredModel({
      name: `${word}-prompt`,
      tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }],
    });
    await store.createModelVersion({ name: `${word}-model`, source: "/s", tags: [{ key: "k", value: "v" }] });
    const find = async (filter: string) =>
      (await store.searchRegisteredModels({ filter })).items.map(({ name }) => name);
    assert.deepEqual(await find(`name LIKE '${word}%'`), [`${word}-model`]);
    assert.deepEqual(await find(`name LIKE '${word}%' AND tags.team = 'blue'`), [`${word}-model`]);
    assert.deepEqual(await find(`name LIKE '${word}%' AND tags.\`mlflow.prompt.is_prompt\` = 'true'`), [
      `${word}-prompt`,
    ]);
    const versions = await store.searchModelVersions({ filter: `name = '${word}-model' AND tags.k = 'v'` });
    assert.deepEqual(
      versions.items.map(({ version, source }) => [version, source]),
      [["1", "/s"]],
    );
  });
}
