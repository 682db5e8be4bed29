import assert from "node:assert/strict";
import { it } from "node:test";
import { RUN_TAG } from "../../src/mlflow/entities.ts";
import { fresh, metric, newExperiment, newRun, nothing, refuses, type ContractStore } from "./contractCases.ts";

export function experimentsAndRuns(open: () => Promise<ContractStore>): void {
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

  it("a tag of an experiment may be long, but only so long", async () => {
    const store = await open();
    const experiment_id = await newExperiment(store);
    const tag = (length: number) => store.setExperimentTag({ experiment_id, key: "k", value: "x".repeat(length) });
    await tag(20_000);
    await refuses(tag(20_001), "INVALID_PARAMETER_VALUE", "exceeds the maximum length of 20000 characters");
    assert.equal((await store.getExperiment({ experiment_id })).tags[0]?.value.length, 20_000);
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
    const unended = await store.updateRun({ run_id, end_time: 0 });
    assert.equal(unended.end_time, undefined, "0 is no end on MLflow's wire");
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
