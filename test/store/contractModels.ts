import assert from "node:assert/strict";
import { it } from "node:test";
import { fresh, metric, newExperiment, newRun, nothing, refuses, type ContractStore } from "./contractCases.ts";

/** `toldUsers`: whether the store tells the runs that used a logged model; a search of mlflow 3.17's server tells none. */
export function models(open: () => Promise<ContractStore>, { toldUsers = true } = {}): void {
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

  it("a logged model's runs are the one that logged it and those that used it", async () => {
    const store = await open();
    const run_id = await newRun(store);
    const { experiment_id } = (await store.getRun({ run_id })).info;
    const model = { experiment_id, name: "model", params: [], tags: [] };
    const { model_id } = (await store.createLoggedModel({ ...model, source_run_id: run_id })).info;
    const alone = (await store.createLoggedModel(model)).info.model_id;
    assert.deepEqual(await store.runsOfLoggedModel({ model_id }), { runs: [{ run_id, link: "output" }] });
    await store.logOutputs({ run_id, models: [{ model_id, step: 0 }] });
    const user = (await store.createRun({ experiment_id, tags: [] })).info.run_id;
    await store.logInputs({ run_id: user, datasets: [], models: [{ model_id }] });
    const { runs } = await store.runsOfLoggedModel({ model_id });
    assert.deepEqual(
      runs.toSorted((a, b) => b.link.localeCompare(a.link)),
      [{ run_id, link: "output" }, ...(toldUsers ? [{ run_id: user, link: "input" }] : [])],
    );
    assert.deepEqual(await store.runsOfLoggedModel({ model_id: alone }), { runs: [] });
    await refuses(store.runsOfLoggedModel({ model_id: "m-none" }), "RESOURCE_DOES_NOT_EXIST", "m-none");
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
    await store.createModelVersion({ name, source: "s3://models/1" });
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
    for (const source of ["s3://b/a", "s3://b/b"]) await store.createModelVersion({ name, source });
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
    assert.equal((await store.createModelVersion({ name, source: "s3://b/c" })).version, "3");
    await refuses(
      store.setRegisteredModelAlias({ name, alias: "v3", version: "3" }),
      "INVALID_PARAMETER_VALUE",
      "Version alias name 'v3' is reserved.",
    );
  });

  it("aliases, and params and tags of a logged model, come by their names", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    await store.createModelVersion({ name, source: "s3://b/a" });
    for (const alias of ["fresh", "challenger"]) await store.setRegisteredModelAlias({ name, alias, version: "1" });
    const { aliases } = await store.getRegisteredModel({ name });
    assert.deepEqual(
      aliases.map(({ alias }) => alias),
      ["challenger", "fresh"],
    );
    assert.deepEqual((await store.getModelVersion({ name, version: "1" })).aliases, ["challenger", "fresh"]);
    const { model_id } = (await newModel(store)).info;
    const earlier = [{ key: "a", value: "1" }];
    await store.setLoggedModelTags({ model_id, tags: earlier });
    await store.logLoggedModelParams({ model_id, params: earlier });
    const { info, data } = await store.getLoggedModel({ model_id });
    assert.deepEqual(
      [info.tags, data.params].map((all) => all.map(({ key }) => key)),
      [
        ["a", "t"],
        ["a", "p"],
      ],
    );
  });

  it("an alias that was removed is not found, nor is one of a model that was removed", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    await store.createModelVersion({ name, source: "s3://b/a" });
    const alias = "champion";
    await store.setRegisteredModelAlias({ name, alias, version: "1" });
    await store.deleteRegisteredModelAlias({ name, alias });
    const find = () => store.getModelVersionByAlias({ name, alias });
    await refuses(find(), "INVALID_PARAMETER_VALUE", "Registered model alias champion not found.");
    await store.setRegisteredModelAlias({ name, alias, version: "1" });
    await store.deleteRegisteredModel({ name });
    await refuses(find(), "RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
    await store.createRegisteredModel({ name });
    await refuses(find(), "INVALID_PARAMETER_VALUE", "Registered model alias champion not found.");
  });

  it("models, versions and logged models are tagged and described, and lose a tag once", async () => {
    const store = await open();
    const name = fresh("model");
    const version = "1";
    await store.createRegisteredModel({ name });
    await store.createModelVersion({ name, source: "s3://b/a", description: "first" });
    await store.setRegisteredModelTag({ name, key: "k", value: "model" });
    await store.setModelVersionTag({ name, version, key: "k", value: "version" });
    const described = await store.updateModelVersion({ name, version, description: "second" });
    assert.deepEqual([described.description, described.tags], ["second", [{ key: "k", value: "version" }]]);
    assert.deepEqual((await store.getRegisteredModel({ name })).tags, [{ key: "k", value: "model" }]);
    await store.deleteRegisteredModelTag({ name, key: "k" });
    await store.deleteModelVersionTag({ name, version, key: "k" });
    const model = await store.getRegisteredModel({ name });
    assert.deepEqual([model.tags, model.latest_versions.map(({ tags }) => tags)], [[], [[]]]);
    const { model_id } = (await newModel(store)).info;
    await store.deleteLoggedModelTag({ model_id, tag_key: "t" });
    assert.deepEqual((await store.getLoggedModel({ model_id })).info.tags, []);
    const again = store.deleteLoggedModelTag({ model_id, tag_key: "t" });
    await refuses(again, "RESOURCE_DOES_NOT_EXIST", "No tag with key 't' found");
  });

  it("moving a version to a stage archives the others when asked, and latest versions are one a stage", async () => {
    const store = await open();
    const name = fresh("model");
    await store.createRegisteredModel({ name });
    for (const source of ["s3://b/a", "s3://b/b", "s3://b/c"]) await store.createModelVersion({ name, source });
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
    // The model is looked for first, as MLflow does.
    await refuses(
      store.getLatestVersions({ name, stages: ["x"] }),
      "INVALID_PARAMETER_VALUE",
      "Invalid Model Version stage: x",
    );
    await refuses(store.getLatestVersions({ name: "no such", stages: ["x"] }), "RESOURCE_DOES_NOT_EXIST", "not found");
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
    await store.createModelVersion({ name: `${word}-model`, source: "s3://b/s", tags: [{ key: "k", value: "v" }] });
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
      [["1", "s3://b/s"]],
    );
  });
}
