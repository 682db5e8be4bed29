import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { findNamed, type NamedStore, type NamedThing } from "../../src/extension/models/namedThing.ts";
import { namedWords } from "../../src/extension/models/namedWords.ts";
import { namedBy } from "../../src/mlflow/findUris.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import type { Store } from "../../src/store/store.ts";
import { temporaryFolder } from "../support/environment.ts";

// What a hover over a URI says, of a real store.

const uri = storeUri(join(temporaryFolder(), "mlflow.db"));
let store: Store;
let run_id: string;
let model_id: string;

before(async () => {
  store = openStore(uri);
  const { experiment_id } = await store.createExperiment({ name: "wine" });
  const { info } = await store.createRun({ experiment_id, run_name: "eta=[0.05]", tags: [], start_time: 1 });
  ({ run_id } = info);
  const metrics = ["rmse", "r2", "mae", "loss", "system/cpu"].map((key, at) => ({
    ...{ key, value: at + 0.5, timestamp: 0, step: 0 },
  }));
  await store.logBatch({ run_id, metrics, params: [], tags: [] });
  await store.updateRun({ run_id, status: "FINISHED", end_time: 1000 });
  const folder = info.artifact_uri.replace("file://", "");
  mkdirSync(join(folder, "model"), { recursive: true });
  writeFileSync(join(folder, "model/MLmodel"), "flavors: {}\n");
  const model = { experiment_id, name: "trees", source_run_id: run_id, params: [], tags: [] };
  ({ model_id } = (await store.createLoggedModel(model)).info);
  await store.createRegisteredModel({ name: "wine-quality" });
  await store.createModelVersion({ name: "wine-quality", source: `models:/${model_id}`, run_id, model_id });
  await store.createModelVersion({
    ...{ name: "wine-quality", source: `runs:/${run_id}/model`, run_id },
    description: "Better.  <b>Much</b> [x](command:y)",
  });
  await store.setRegisteredModelAlias({ name: "wine-quality", alias: "champion", version: "2" });
  await store.transitionModelVersionStage({
    ...{ name: "wine-quality", version: "1", stage: "Staging", archive_existing_versions: false },
  });
  await store.createRegisteredModel({ name: "empty" });
});
after(() => store.close());

async function find(text: string, stores: NamedStore[] = [{ uri, remote: store }]): Promise<NamedThing> {
  const names = namedBy(text);
  assert.ok(names !== undefined, text);
  return findNamed(stores, names);
}

/** The hover as a person reads it: links as their words. */
async function read(text: string): Promise<string> {
  const now = Date.now();
  return namedWords(await find(text), now)
    .replaceAll(/\[((?:\\.|[^\]\\])*)\]\(command:[^)]*\)/g, "$1")
    .replaceAll(/\\(.)/g, "$1")
    .replaceAll(/\d+ s ago|\d+ ms ago/g, "now");
}

test("a hover tells version, aliases, stage, run and metrics, and which version an alias or a stage is", async () => {
  const metrics = "rmse 0.500 · r2 1.500 · mae 2.500 · …";
  const second = `Registered now from run eta=[0.05] · ${metrics}`;
  const description = "Better. <b>Much</b> [x](command:y)";
  assert.equal(await read("models:/wine-quality/2"), `wine-quality 2 · @champion\n\n${second}\n\n${description}`);
  assert.equal(await read("models:/wine-quality@champion"), `@champion: wine-quality 2\n\n${second}\n\n${description}`);
  assert.match(await read("models:/wine-quality/latest"), /^latest: wine-quality 2 · @champion\n/);
  assert.equal(
    await read("models:/wine-quality/staging"),
    `Staging: wine-quality 1\n\n${second}\n\nLogged model ${model_id.slice(0, 10)}`,
  );
  assert.equal(
    await read(`models:/${model_id}`),
    `Logged model trees · pending\n\nLogged now by run eta=[0.05] · ${metrics}`,
  );
  assert.match(await read(`runs:/${run_id}`), /^Run eta=\[0\.05\] · finished on 1 Jan 1970 · rmse/);
  assert.match(await read(`runs:/${run_id}/model`), /\n\n`model` is a folder of its artifacts\.$/);
});

test("what is not there is told in one sentence, with what was probably meant", async () => {
  const short = run_id.slice(0, 8);
  const cases: [uri: string, sentence: string, meant?: string][] = [
    ["models:/wine-quality/9", "wine-quality has no version 9; its newest is 2.", "models:/wine-quality/2"],
    ["models:/empty/1", "empty has no version yet."],
    [
      "models:/wine-qualty/2",
      "No registered model is called wine-qualty; wine-quality is one.",
      "models:/wine-quality/2",
    ],
    ["models:/other@a", "No registered model is called other."],
    [
      "models:/wine-quality@chmpion",
      "wine-quality has no alias @chmpion; it has @champion.",
      "models:/wine-quality@champion",
    ],
    ["models:/wine-quality/Prodction", "wine-quality has no version in Prodction.", "models:/wine-quality/Production"],
    [
      "models:/wine-quality",
      "A version or an alias of wine-quality must be named, as in models:/wine-quality/2.",
      "models:/wine-quality/2",
    ],
    ["models:/m-0123456789ab", "The logged model m-01234567 is in no store of this window."],
    ["runs:/0123456789abcdef/model", "Run 01234567 is in no store of this window."],
    [`runs:/${run_id}/modle`, "Run eta=[0.05] has no artifact modle; it has model.", `runs:/${run_id}/model`],
  ];
  for (const [text, sentence, meant] of cases) {
    assert.deepEqual(await find(text), { kind: "missing", sentence, ...(meant === undefined ? {} : { meant }) }, short);
  }
});

test("stores are asked one after the other, and a store that fails hides nothing of the others", async () => {
  const broken = { uri: "sqlite:///x.db", remote: openStore(storeUri(join(temporaryFolder(), "none/mlflow.db"))) };
  const both = [broken, { uri, remote: store }];
  const found = await find("models:/wine-quality@champion", both);
  assert.ok(found.kind === "version" && found.uri === uri && found.alias === "champion");
  const missing = await find("models:/wine-qualty/1", both);
  assert.ok(missing.kind === "missing" && missing.meant === "models:/wine-quality/1");
  assert.deepEqual(await find("models:/a/1", []), { kind: "missing", sentence: "No store is open in this window." });
  broken.remote.close();
});

test("no text of a store becomes a link, an icon or markup of the hover", async () => {
  const thing = await find("models:/wine-quality/2");
  assert.ok(thing.kind === "version");
  const words = namedWords(thing, 0);
  assert.ok(words.includes("\\<b\\>Much\\</b\\> \\[x\\](command:y)") || words.includes("\\[x\\]\\(command:y\\)"));
  const evil = { ...thing, version: { ...thing.version, name: "a](command:x)", user_id: "$(trash) <img>" } };
  assert.doesNotMatch(namedWords(evil, 0), /[^\\]\]\(command:x|[^\\]\$\(trash|[^\\]<img/);
});
