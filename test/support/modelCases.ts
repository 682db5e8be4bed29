import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as acts from "../../src/extension/models/acts.ts";
import { findSource, modelsOfRun, registerVersion, sourceTrouble } from "../../src/extension/models/sources.ts";
import { readHistory } from "../../src/models/history.ts";
import type { StoreMethods } from "../../src/store/store.ts";

const MIRA = { who: "mira", now: 1_790_000_000_000 };
const JONAS = { who: "jonas", now: 1_790_000_001_000 };

let models = 0;

/** A model of its own with so many versions of a run. */
async function model(store: StoreMethods, versions: number): Promise<string> {
  models += 1;
  const name = `model-${models}`;
  await store.createRegisteredModel({ name });
  const { run_id, root } = await newRun(store);
  for (let n = 0; n < versions; n += 1) await store.createModelVersion({ name, source: `${root}/model`, run_id });
  return name;
}

async function newRun(store: StoreMethods): Promise<{ run_id: string; experiment_id: string; root: string }> {
  const { experiment_id } = await store.createExperiment({ name: `models ${(models += 1)}` });
  const { info } = await store.createRun({ experiment_id, start_time: 1 });
  return { run_id: info.run_id, experiment_id, root: info.artifact_uri };
}

async function trail(store: StoreMethods, name: string) {
  return readHistory((await store.getRegisteredModel({ name })).tags).entries;
}

async function stages(store: StoreMethods, name: string): Promise<string[]> {
  const { items } = await store.searchModelVersions({ filter: `name = '${name}'`, order_by: ["version_number ASC"] });
  return items.map(({ current_stage }) => current_stage);
}

/** What changes aliases, stages and versions, over every store that the editor may hold. */
export function modelCases(kind: string, store: StoreMethods): void {
  describe(`${kind}: acts on registered models`, () => {
    it("an alias that moves leaves who, when, from and to in the trail of its model", async () => {
      const name = await model(store, 2);
      assert.equal(await acts.setAlias(store, { name, version: "1", alias: "champion" }, MIRA), undefined);
      assert.equal(await acts.setAlias(store, { name, version: "2", alias: "champion" }, JONAS), "1");
      assert.equal((await store.getModelVersionByAlias({ name, alias: "champion" })).version, "2");
      const act = { what: "alias", alias: "champion" };
      assert.deepEqual(await trail(store, name), [
        { time: JONAS.now, who: "jonas", ...act, version: "2", from: "1", to: "2" },
        { time: MIRA.now, who: "mira", ...act, version: "1", to: "1" },
      ]);
    });

    it("an alias that stays where it is, or that nobody has, leaves nothing", async () => {
      const name = await model(store, 1);
      await acts.setAlias(store, { name, version: "1", alias: "a" }, MIRA);
      await acts.setAlias(store, { name, version: "1", alias: "a" }, MIRA);
      await acts.removeAlias(store, { name, alias: "b" }, MIRA);
      assert.equal((await trail(store, name)).length, 1);
    });

    it("an alias that is removed is told with the version that had it", async () => {
      const name = await model(store, 1);
      await acts.setAlias(store, { name, version: "1", alias: "a" }, MIRA);
      await acts.removeAlias(store, { name, alias: "a" }, JONAS);
      assert.deepEqual((await store.getRegisteredModel({ name })).aliases, []);
      const [last] = await trail(store, name);
      assert.deepEqual(last, { time: JONAS.now, who: "jonas", what: "alias", alias: "a", version: "1", from: "1" });
    });

    it("a stage archives the others only when it is asked to, and tells which", async () => {
      const name = await model(store, 3);
      await acts.setStage(store, { name, version: "1", stage: "Production", archive: false }, MIRA);
      await acts.setStage(store, { name, version: "2", stage: "Production", archive: false }, MIRA);
      assert.deepEqual(await stages(store, name), ["Production", "Production", "None"]);
      const told = await acts.setStage(store, { name, version: "3", stage: "Production", archive: true }, JONAS);
      assert.deepEqual(told, { from: "None", archived: ["2", "1"] });
      assert.deepEqual(await stages(store, name), ["Archived", "Archived", "Production"]);
      const [last] = await trail(store, name);
      const act = { what: "stage", version: "3", from: "None", to: "Production", archived: ["2", "1"] };
      assert.deepEqual(last, { time: JONAS.now, who: "jonas", ...act });
    });

    it("a deleted version takes its aliases along, each told", async () => {
      const name = await model(store, 2);
      await acts.setAlias(store, { name, version: "2", alias: "a" }, MIRA);
      await acts.setAlias(store, { name, version: "2", alias: "b" }, MIRA);
      assert.deepEqual((await acts.deleteVersion(store, { name, version: "2" }, JONAS)).toSorted(), ["a", "b"]);
      assert.deepEqual((await store.getRegisteredModel({ name })).aliases, []);
      assert.equal((await trail(store, name)).filter(({ who }) => who === "jonas").length, 2);
    });

    it("the trail goes along when the model is renamed", async () => {
      const name = await model(store, 1);
      await acts.setAlias(store, { name, version: "1", alias: "a" }, MIRA);
      await store.renameRegisteredModel({ name, new_name: `${name}-renamed` });
      assert.equal((await trail(store, `${name}-renamed`)).length, 1);
    });

    it("an act on a model that is gone fails in one sentence and leaves nothing", async () => {
      const gone = acts.setAlias(store, { name: "gone", version: "1", alias: "a" }, MIRA);
      await assert.rejects(gone, { error_code: "RESOURCE_DOES_NOT_EXIST" });
    });
  });

  describe(`${kind}: what versions are registered from`, () => {
    it("a version is registered from a logged model, which keeps that it was", async () => {
      const { run_id, experiment_id } = await newRun(store);
      const lists = { params: [], tags: [] };
      const logged = await store.createLoggedModel({ experiment_id, name: "wine", source_run_id: run_id, ...lists });
      const { model_id } = logged.info;
      assert.deepEqual(await modelsOfRun(store, run_id), [{ uri: `models:/${model_id}`, name: "wine", model_id }]);
      const name = await model(store, 0);
      const source = await findSource(store, `runs:/${run_id}/wine`);
      assert.deepEqual(source, { source: `models:/${model_id}`, run_id, model_id });
      assert.equal(await registerVersion(store, name, source), "1");
      assert.equal(await registerVersion(store, name, await findSource(store, `models:/${model_id}`)), "2");
      for (const version of ["1", "2"]) {
        assert.equal((await store.getModelVersion({ name, version })).run_id, run_id, version);
      }
      const { tags } = (await store.getLoggedModel({ model_id })).info;
      const kept = tags.find(({ key }) => key === "mlflow.modelVersions")?.value;
      assert.deepEqual(JSON.parse(kept ?? ""), [
        { name, version: 1 },
        { name, version: 2 },
      ]);
    });

    it("a version, an alias or a stage is registered as that version, whose run goes along", async () => {
      const name = await model(store, 2);
      await store.setRegisteredModelAlias({ name, alias: "a", version: "1" });
      await store.transitionModelVersionStage({
        name,
        version: "1",
        stage: "Staging",
        archive_existing_versions: false,
      });
      const { run_id } = await store.getModelVersion({ name, version: "1" });
      for (const uri of [`models:/${name}/1`, `models:/${name}@a`, `models:/${name}/Staging`]) {
        assert.deepEqual(await findSource(store, uri), { source: `models:/${name}/1`, run_id });
      }
      const latest = await findSource(store, `models:/${name}/latest`);
      assert.equal(latest.source, `models:/${name}/2`);
    });

    it("what is not there is told in one sentence, with what was probably meant", async () => {
      const { run_id } = await newRun(store);
      const { run_name } = (await store.getRun({ run_id })).info;
      const name = await model(store, 1);
      const place = { uri: "u", name: "mlflow.db", remote: store };
      const wrong: [uri: string, sentence: string][] = [
        ["runs:/00000000000000000000000000000000/model", "Run 00000000 is not in mlflow.db."],
        [`runs:/${run_id}/model`, `Run ${run_name} has no artifact model.`],
        [`models:/${name}/9`, `${name} has no version 9; its newest is 1.`],
        [`models:/${name}@nobody`, `${name} has no alias @nobody.`],
        [`models:/${name}/Production`, `${name} has no version in Production.`],
        ["models:/m-0", "The logged model m-0 is not in mlflow.db."],
        [`models:/${name}`, `A version or an alias of ${name} must be named, as in models:/${name}/1.`],
      ];
      for (const [uri, sentence] of wrong) {
        assert.equal(await sourceTrouble(place, uri), sentence);
        await assert.rejects(findSource(store, uri), (error: Error) => error.message.length > 10, uri);
      }
      assert.equal(await sourceTrouble(place, `models:/${name}/1`), undefined);
    });
  });
}
