import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { before, test } from "node:test";
import { curlFor } from "../../src/extension/serving/curl.ts";
import { firstFree, isFree } from "../../src/extension/serving/ports.ts";
import { localFolder, readServed, type ServeTarget } from "../../src/extension/serving/target.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { findPython, skipWithout, whenOver } from "../support/environment.ts";
import { realModels, type RealModels } from "../support/realModels.ts";
import { freePort } from "../support/ports.ts";

// What can be served, by each of its names, of models that mlflow itself logged and registered.

const skip = skipWithout(findPython(), "Python with mlflow");
let models: RealModels;
let store: Store;

before(async () => {
  if (skip !== false) return;
  models = await realModels();
  store = openStore(models.uri);
  whenOver(() => store.close());
});

const read = (target: object) => readServed(store, { uri: models.uri, ...target } as ServeTarget);

test("a model is found by version, alias, stage, logged model and run, and its files on this machine", {
  skip,
}, async () => {
  const [, second] = models.models["wine-quality"];
  const { model_id, run_id } = second ?? { model_id: "", run_id: "" };
  const names: [target: object, title: string, served_uri: string, version: string | undefined][] = [
    [{ name: "wine-quality", version: "2" }, "wine-quality 2", "models:/wine-quality/2", "2"],
    [{ name: "wine-quality", alias: "champion" }, "wine-quality@champion", "models:/wine-quality/2", "2"],
    [{ model_uri: "models:/wine-quality@champion" }, "wine-quality@champion", "models:/wine-quality/2", "2"],
    [{ model_uri: "models:/wine-quality/Production" }, "wine-quality 2", "models:/wine-quality/2", "2"],
    [{ model_uri: "models:/wine-quality/latest" }, "wine-quality 4", "models:/wine-quality/4", "4"],
    [{ model_id }, "wine", `models:/${model_id}`, undefined],
    [{ model_uri: `models:/${model_id}` }, "wine", `models:/${model_id}`, undefined],
    [{ run_id, path: "wine" }, "wine of elastic net 0.3", `runs:/${run_id}/wine`, undefined],
    [{ model_uri: `runs:/${run_id}/wine` }, "wine of elastic net 0.3", `runs:/${run_id}/wine`, undefined],
  ];
  for (const [target, title, served_uri, version] of names) {
    const served = await read(target);
    deepEqual([served.title, served.served_uri, served.model?.version], [title, served_uri, version]);
    const folder = await localFolder(store, served);
    equal(existsSync(join(folder, "MLmodel")), true, folder);
  }
});

test("a copy of a version has its files where that one has them", { skip }, async () => {
  await store.createRegisteredModel({ name: "copied" });
  await store.createModelVersion({ name: "copied", source: "models:/wine-boosted/1" });
  const [copy, original] = [
    await read({ name: "copied", version: "1" }),
    await read({ name: "wine-boosted", version: "1" }),
  ];
  equal(await localFolder(store, copy), await localFolder(store, original));
});

test("what names no model is told in a sentence", { skip }, async () => {
  const run_id = models.models["wine-quality"][0]?.run_id;
  const wrong: [target: object, told: RegExp][] = [
    [{ name: "wine-quality", version: "99" }, /not found/],
    [{ model_uri: "models:/wine-quality@nobody" }, /nobody/],
    [{ model_uri: "models:/wine-quality/Nowhere" }, /./],
    [{ model_uri: "wine" }, /^wine names no model; try models:\/NAME\/VERSION\.$/],
    [{ run_id, path: "nothing" }, /^nothing of elastic net .* holds no MLmodel file/],
  ];
  for (const [target, told] of wrong) {
    await rejects(read(target), (error: Error) => match(error.message, told) ?? true);
  }
});

test("a curl line has the input example of the model, with every digit of its numbers", { skip }, async () => {
  const { served_uri } = await read({ name: "wine-quality", version: "2" });
  const served = { store: models.uri, model_uri: served_uri, title: "wine-quality 2", url: "http://127.0.0.1:5001" };
  const line = await curlFor(store, served);
  match(
    line,
    /^curl http:\/\/127\.0\.0\.1:5001\/invocations \\\n {2}-H 'Content-Type: application\/json' \\\n {2}--data-binary '\{/,
  );
  match(line, /"dataframe_split":\{"columns":\["fixed acidity"/);

  const folder = join(
    models.folder,
    "mlruns/models/models",
    models.models["wine-quality"][1]?.model_id ?? "",
    "artifacts",
  );
  const long = '{"dataframe_split":{"columns":["id","it\'s"],"data":[[9007199254740993,1.0]]}}';
  writeFileSync(join(folder, "serving_input_example.json"), long);
  const words = (await curlFor(store, served)).replace("curl", "printf '%s\\n'");
  equal(execFileSync("sh", ["-c", words], { encoding: "utf8" }).trimEnd().split("\n").at(-1), long);
});

test("the first free port is taken, and none that is about to be", async () => {
  const port = await freePort();
  equal(await isFree(port), true);
  const holder = createServer();
  await new Promise<void>((listening) => holder.listen(port, "127.0.0.1", listening));
  equal(await isFree(port), false);
  const next = await firstFree(port, new Set([port + 1]));
  equal(next > port + 1, true);
  holder.close();
});
