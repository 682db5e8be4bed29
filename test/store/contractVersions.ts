import assert from "node:assert/strict";
import { it } from "node:test";
import type { VersionRowsQuery } from "../../src/protocol/versions.ts";
import { until } from "../support/environment.ts";
import { fresh, metric, newExperiment, newRun, nothing, refuses, type ContractStore } from "./contractCases.ts";

/** The table of a model's versions. */
export function versions(open: () => Promise<ContractStore>): void {
  /** Four versions: of two runs with a metric, of a run without, and of no run that the store has. */
  async function newVersions(store: ContractStore) {
    const name = fresh("wine");
    const experiment_id = await newExperiment(store);
    const [first, second, bare] = [
      await newRun(store, experiment_id, "crane"),
      await newRun(store, experiment_id, "lynx"),
      await newRun(store, experiment_id, "ant"),
    ];
    await store.logBatch({ ...nothing, run_id: first, metrics: [metric("rmse", 0.9, 1), metric("rmse", 0.7, 2)] });
    await store.logBatch({ ...nothing, run_id: second, metrics: [metric("rmse", 0.4), metric("r2", 0.5)] });
    await store.createRegisteredModel({ name });
    const tags = [{ key: "data", value: "v3" }];
    for (const version of [
      { source: "s3://b/1", run_id: first },
      { source: "s3://b/2", run_id: second, tags, description: "words" },
      { source: "s3://b/3", run_id: bare },
      { source: "s3://b/4", tags },
    ]) {
      const { creation_timestamp } = await store.createModelVersion({ name, ...version });
      // Each in a millisecond of its own, so that their times tell them apart.
      await until("the clock to go on", () => Date.now() > creation_timestamp);
    }
    await store.setRegisteredModelAlias({ name, alias: "champion", version: "2" });
    await store.transitionModelVersionStage({
      name,
      version: "2",
      stage: "Production",
      archive_existing_versions: false,
    });
    await store.transitionModelVersionStage({
      name,
      version: "1",
      stage: "Archived",
      archive_existing_versions: false,
    });
    return { name, experiment_id, first, second };
  }
  const all = { offset: 0, limit: 100, metric: "rmse" };
  const numbers = async (store: ContractStore, query: VersionRowsQuery) =>
    (await store.versionRows(query)).rows.map(({ version }) => version).join("");

  it("a model's versions come newest first, with their run, aliases and a metric", async () => {
    const store = await open();
    const { name, experiment_id, second } = await newVersions(store);
    const found = await store.versionRows({ name, ...all });
    assert.deepEqual([found.total, found.versions], [4, 4]);
    assert.deepEqual([...found.logged], [0, 0, 1, 1]);
    assert.deepEqual([...found.metrics].slice(2), [0.4, 0.7]);
    const [newest, , production] = found.rows;
    assert.deepEqual([newest?.version, newest?.run, newest?.aliases], ["4", undefined, []]);
    const { run, creation_timestamp, ...rest } = production ?? {};
    const { ordinal, ...facts } = run ?? {};
    assert.deepEqual(facts, { run_id: second, run_name: "lynx", experiment_id, lifecycle_stage: "active" });
    assert.ok((creation_timestamp ?? 0) > 1e12 && ordinal !== undefined);
    const plain = { version: "2", aliases: ["champion"], current_stage: "Production", status: "READY" };
    assert.deepEqual(rest, { ...plain, description: "words" });
  });

  it("versions are sorted by each column, what they lack last both ways", async () => {
    const store = await open();
    const { name } = await newVersions(store);
    for (const [by, up, down] of [
      ["version_number", "1234", "4321"],
      ["creation_timestamp", "1234", "4321"],
      ["metric", "2143", "1243"],
      ["run_name", "3124", "2134"],
      ["alias", "2431", "2431"],
      ["stage", "2431", "1432"],
    ] as const) {
      for (const [ascending, expected] of [
        [true, up],
        [false, down],
      ] as const) {
        assert.equal(await numbers(store, { name, ...all, order: { by, ascending } }), expected, `${by} ${ascending}`);
      }
    }
    assert.equal(await numbers(store, { name, offset: 1, limit: 2 }), "32");
  });

  it("versions are filtered by the registry's grammar, and a wrong filter is refused", async () => {
    const store = await open();
    const { name, first } = await newVersions(store);
    const found = await store.versionRows({ name, ...all, filter: "tags.data = 'v3'", limit: 1 });
    assert.deepEqual([found.total, found.versions, found.rows[0]?.version], [2, 4, "4"]);
    assert.equal(await numbers(store, { name, ...all, filter: `run_id = '${first}'` }), "1");
    assert.equal(await numbers(store, { name, ...all, filter: "version_number > 2" }), "43");
    assert.equal(await numbers(store, { name, ...all, filter: "name = 'other'" }), "");
    assert.equal(await numbers(store, { name, ...all, filter: "" }), "4321");
    await refuses(store.versionRows({ name, ...all, filter: "colour = 'red'" }), "INVALID_PARAMETER_VALUE", "colour");
    await refuses(store.versionRows({ name, offset: 0, limit: 501 }), "INVALID_PARAMETER_VALUE", "at most 500");
    await refuses(store.versionRows({ name: "none", ...all }), "RESOURCE_DOES_NOT_EXIST", "name=none");
  });

  it("a version's metric is that of its logged model, of the run at the same step", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const { experiment_id } = (await store.getRun({ run_id })).info;
    const name = fresh("net");
    await store.createRegisteredModel({ name });
    for (const [step, value] of [0.9, 0.5, 0.2].entries()) {
      const query = { experiment_id, name: "net", source_run_id: run_id, params: [], tags: [] };
      const { model_id } = (await store.createLoggedModel(query)).info;
      await store.logBatch({ ...nothing, run_id, metrics: [{ ...metric("loss", value, step), model_id }] });
      await store.createModelVersion({ name, source: `models:/${model_id}`, run_id, model_id });
    }
    const found = await store.versionRows({ name, offset: 0, limit: 10, metric: "loss" });
    assert.deepEqual([...found.metrics], [0.2, 0.5, 0.9]);
    assert.match(found.rows[0]?.model_id ?? "", /^m-/);
    const byMetric = { by: "metric", ascending: true } as const;
    assert.equal(await numbers(store, { name, offset: 0, limit: 10, metric: "loss", order: byMetric }), "321");
    assert.deepEqual((await store.versionMetrics({ name })).keys, [{ key: "loss", versions: 3 }]);
  });

  it("the metrics that versions have are counted; a deleted version is not listed", async () => {
    const store = await open();
    const { name } = await newVersions(store);
    assert.deepEqual((await store.versionMetrics({ name })).keys, [
      { key: "r2", versions: 1 },
      { key: "rmse", versions: 2 },
    ]);
    assert.match((await store.versionMetrics({ name })).first ?? "", /^(?:rmse|r2)$/);
    await store.deleteModelVersion({ name, version: "3" });
    assert.equal(await numbers(store, { name, ...all }), "421");
  });
}
