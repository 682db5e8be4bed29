import assert from "node:assert/strict";
import { test } from "node:test";
import { findPython, skipWithout } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { realModels } from "../support/realModels.ts";
import { startServer } from "../support/server.ts";

type Loaded = Record<string, { model_id: string; answer: number[] | null } | { error: string }>;

test("the real models load through our server by alias, stage, version, model id and run, as from the database itself", {
  skip: skipWithout(findPython(), "Python with mlflow"),
}, async () => {
  const { folder, uri, models } = await realModels();
  const server = await startServer(["--backend-store-uri", uri, "--port", "0"], { cwd: folder });
  const [, second, third] = models["wine-quality"];
  assert.ok(second !== undefined && third !== undefined);
  const ways = {
    "models:/wine-quality@champion": second.model_id,
    "models:/wine-quality@challenger": third.model_id,
    "models:/wine-quality/Production": second.model_id,
    "models:/wine-quality/2": second.model_id,
    "models:/wine-quality/latest": models["wine-quality"][3]?.model_id,
    [`models:/${second.model_id}`]: second.model_id,
    [`runs:/${second.run_id}/wine`]: second.model_id,
    "models:/picture-brightness/1": models["picture-brightness"][0]?.model_id,
    "models:/wine-boosted@champion": models["wine-boosted"][0]?.model_id,
    "models:/order-totals/1": models["order-totals"][0]?.model_id,
    "models:/echo@champion": models["echo"][0]?.model_id,
  };
  const uris = [...Object.keys(ways), "models:/forecast/1", "models:/wine-quality@nobody", "models:/none/1"];
  const read = async (store: string) => JSON.parse(await runPython("loadModels.py", uris, store, folder)) as Loaded;
  const [served, direct] = await Promise.all([read(server.url), read(uri)]);
  for (const [way, model_id] of Object.entries(ways)) {
    const loaded = served[way];
    assert.ok(loaded !== undefined && "model_id" in loaded, `${way}: ${JSON.stringify(loaded)}`);
    assert.equal(loaded.model_id, model_id, way);
  }
  const champion = served["models:/wine-quality@champion"];
  assert.ok(champion !== undefined && "answer" in champion);
  assert.equal(champion.answer?.length, 3);
  const forecast = served["models:/forecast/1"];
  assert.deepEqual(forecast, { error: "ModuleNotFoundError: No module named 'forecast_tools'" });
  assert.match(JSON.stringify(served["models:/wine-quality@nobody"]), /Registered model alias nobody not found/);
  assert.match(JSON.stringify(served["models:/none/1"]), /RESOURCE_DOES_NOT_EXIST/);
  for (const way of uris.slice(0, -2)) assert.deepEqual(served[way], direct[way], way);
});
