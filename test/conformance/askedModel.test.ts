import { deepEqual, equal, match, ok } from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { keyOf, readAskedModel, servedFolder } from "../../src/extension/serving/predict/readAskedModel.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { realModels, type RealModels } from "../support/realModels.ts";

const skip = skipWithout(findPython(), "Python with mlflow 3.17.2");

describe("what a served model takes is read from the files that mlflow logged", { skip }, () => {
  let real: RealModels;
  let store: Store;
  before(async () => {
    real = await realModels();
    store = openStore(real.uri);
  });
  after(() => store?.close());

  const served = (model_uri: string, model?: { name: string; version?: string }) => ({
    ...{ store: real.uri, model_uri, title: "the model" },
    ...(model === undefined ? {} : { model }),
  });

  test("by version, by the alias it was found by, by its logged model and by its run", async () => {
    const second = real.models["wine-quality"][1];
    ok(second);
    for (const server of [
      served("models:/wine-quality/2", { name: "wine-quality", version: "2" }),
      served("models:/wine-quality@champion", { name: "wine-quality", version: "2" }),
      served("models:/wine-quality@champion"),
      served(`models:/${second.model_id}`),
      served(`runs:/${second.run_id}/wine`),
    ]) {
      const { signature, example = "", problem } = await readAskedModel(store, server);
      equal(problem, undefined, server.model_uri);
      deepEqual(
        signature?.params?.map(({ name }) => name),
        ["clip", "digits", "rounding", "weights"],
        server.model_uri,
      );
      match(example, /"dataframe_split"[^]*"params": \{"digits": 2\}/);
      ok(await servedFolder(store, server));
    }
  });

  test("an alias that has moved since does not change what is served", async () => {
    const server = served("models:/wine-quality@champion", { name: "wine-quality", version: "1" });
    equal((await readAskedModel(store, server)).signature?.params, undefined);
  });

  test("a model without a signature has none, and files that are gone are told", async () => {
    const echo = await readAskedModel(store, served("models:/echo/1", { name: "echo", version: "1" }));
    deepEqual(Object.keys(echo), ["key"]);
    const gone = await readAskedModel(store, served("runs:/0123456789abcdef0123456789abcdef/model"));
    equal(
      gone.problem,
      "The files of the model are not in its store, so what it takes is not known; write the request as JSON.",
    );
  });

  test("requests are kept for a registered model over its versions", () => {
    const one = keyOf(served("models:/wine-quality/1", { name: "wine-quality", version: "1" }));
    equal(one, keyOf(served("models:/wine-quality@champion", { name: "wine-quality", version: "2" })));
  });
});
