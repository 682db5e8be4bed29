import assert from "node:assert/strict";
import { test } from "node:test";
import { setAlias, setStage } from "../../src/extension/models/acts.ts";
import { readVersionFacts } from "../../src/extension/models/versionFacts.ts";
import { versionFolder } from "../../src/extension/models/versionFiles.ts";
import { compareVersions } from "../../src/models/compareVersions.ts";
import { HISTORY, readHistory } from "../../src/models/history.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";
import { openStore } from "../../src/store/open.ts";
import { restStore } from "../../src/store/rest/store.ts";
import { findPython, skipWithout, whenOver } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { realModels } from "../support/realModels.ts";
import { startServer } from "../support/server.ts";

const skip = skipWithout(findPython(), "Python with mlflow");
const NAME = "wine-quality";

test("Python's client sees the trail as tags of the model, and it outlives what the client does", {
  skip,
}, async () => {
  const { folder, uri } = await realModels();
  const store = openStore(uri);
  whenOver(() => store.close());
  await setAlias(store, { name: NAME, version: "4", alias: "champion" }, { who: "mira", now: 1_790_000_000_000 });
  const production = { name: NAME, version: "4", stage: "Production" } as const;
  await setStage(store, { ...production, archive: true }, { who: "jonas", now: 1_790_000_001_000 });
  const told = JSON.parse(await runPython("modelTrail.py", [NAME, "wine-2"], uri, folder)) as {
    before: Record<string, string>;
    found: string[];
    after: Record<string, string>;
  };
  const keys = Object.keys(told.before).filter((key) => key.startsWith(HISTORY));
  assert.equal(keys.length, 2);
  assert.deepEqual(told.found, [NAME]);
  assert.deepEqual(told.after, { ...told.before, reviewed: "yes" });
  const { entries } = readHistory((await store.getRegisteredModel({ name: "wine-2" })).tags);
  assert.deepEqual(entries, [
    {
      ...{ time: 1_790_000_001_000, who: "jonas", what: "stage", version: "4" },
      ...{ from: "None", to: "Production", archived: ["2"] },
    },
    {
      ...{ time: 1_790_000_000_000, who: "mira", what: "alias", alias: "champion" },
      ...{ version: "4", from: "2", to: "4" },
    },
  ]);
});

test("two real versions are compared by what their runs and files tell, from the database and through a server", {
  skip,
}, async () => {
  const { folder, uri } = await realModels();
  const database = openStore(uri);
  whenOver(() => database.close());
  const server = await startServer(["--backend-store-uri", uri, "--port", "0"], { cwd: folder });
  for (const store of [database, restStore({ tracking_uri: server.url })]) {
    const facts = async (version: string) => {
      return readVersionFacts(store, await store.getModelVersion({ name: NAME, version }));
    };
    const differences = compareVersions(await facts("3"), await facts("2"), directionByName);
    const { metrics, params, signature, environment } = differences;
    assert.deepEqual(metrics.map(({ key }) => key).toSorted(), ["r2", "rmse"]);
    assert.ok(metrics.every(({ verdict }) => verdict !== "unknown"));
    assert.deepEqual(params.map(({ key }) => key).toSorted(), ["alpha", "l1_ratio"]);
    assert.equal(signature.state, "same");
    assert.equal(environment.state, "differs");
    const sklearn = environment.rows.find(({ key }) => key === "scikit-learn");
    assert.equal(sklearn?.against, "1.5.2");
    assert.equal(compareVersions(await facts("4"), await facts("3"), directionByName).signature.state, "differs");
  }
});

test("a copy of a version has the files of the one that it is of", { skip }, async () => {
  const { uri, models } = await realModels();
  const store = openStore(uri);
  whenOver(() => store.close());
  await store.createRegisteredModel({ name: "copy" });
  const run_id = models[NAME][1]?.run_id ?? "";
  const copy = await store.createModelVersion({ name: "copy", source: `models:/${NAME}/2`, run_id });
  const found = await versionFolder(store, await store.getModelVersion({ name: NAME, version: "2" }));
  assert.deepEqual(await versionFolder(store, copy), found);
  assert.equal(found !== undefined && "model_id" in found && found.model_id, models[NAME][1]?.model_id);
});
