import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readRegisteredModel } from "../../src/extension/language/registeredModels.ts";
import { parsePython } from "../../src/language/python/parse.ts";
import { registrations } from "../../src/language/python/registrations.ts";
import { registrationLenses } from "../../src/language/service/registrationLens.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

const CALLS: [code: string, names: string[]][] = [
  ['mlflow.register_model(f"runs:/{id}/model", "wine")', ["wine"]],
  ['mlflow.register_model(model_uri=uri, name="wine", tags={})', ["wine"]],
  ['from mlflow import register_model\nregister_model(uri, "wine")', ["wine"]],
  ['NAME = "wine"\ndef train():\n    info = mlflow.sklearn.log_model(m, registered_model_name=NAME)', ["wine"]],
  ['mlflow.sklearn.autolog(registered_model_name="wine")', ["wine"]],
  ['NAME = "a"\nNAME = "b"\nmlflow.register_model(uri, NAME)', []],
  ['mlflow.register_model(uri, args.name)\nmlflow.register_model(uri, "")\nmlflow.register_model(uri, "a/b")', []],
  ['print("register_model(uri, name)")', []],
  ['mlflow.register_model(u, "a")\nmlflow.register_model(u, "b")', ["a", "b"]],
];

test("calls that register a model are found with the names that stand in the file", () => {
  for (const [code, names] of CALLS) {
    assert.deepEqual(
      registrations(parsePython(code)).map(({ name }) => name),
      names,
      code,
    );
  }
});

test("a lens tells the last version, the best one and the champion, and each opens the Model panel", async () => {
  const uri = storeUri(join(temporaryFolder(), "mlflow.db"));
  const store = openStore(uri);
  const { experiment_id } = await store.createExperiment({ name: "e" });
  const read = (name: string) => readRegisteredModel({ uri, remote: store }, name, directionByName);
  const lenses = async () => {
    const code = 'mlflow.register_model(uri, "wine")';
    const file = parsePython(code);
    const model = (await read("wine")) ?? undefined;
    return registrationLenses(file, registrations(file), () => model, Date.now()).map(({ command }) => [
      command?.title.replace(/\d+ s ago/, "now"),
      command?.arguments?.[0],
    ]);
  };
  assert.deepEqual(await lenses(), [["wine has no version yet", undefined]]);
  await store.createRegisteredModel({ name: "wine" });
  assert.deepEqual(await lenses(), [["wine has no version yet", undefined]]);
  for (const rmse of [0.5, 0.25, 0.75]) {
    const { run_id } = (await store.createRun({ experiment_id, tags: [] })).info;
    await store.logBatch({
      run_id,
      params: [],
      tags: [],
      metrics: [{ key: "rmse", value: rmse, timestamp: 0, step: 0 }],
    });
    await store.createModelVersion({ name: "wine", source: `runs:/${run_id}/model`, run_id });
  }
  await store.setRegisteredModelAlias({ name: "wine", alias: "champion", version: "1" });
  const of = (version: string) => ({ uri, name: "wine", version });
  assert.deepEqual(await lenses(), [
    ["wine 3 · now · rmse 0.7500", of("3")],
    ["best 2 · rmse 0.2500", of("2")],
    ["@champion 1 · rmse 0.5000", of("1")],
  ]);
  store.close();
});

test("nothing is said of a model before the client has told of it", () => {
  const file = parsePython('mlflow.register_model(uri, "wine")');
  assert.deepEqual(
    registrationLenses(file, registrations(file), () => undefined, 0),
    [],
  );
});
