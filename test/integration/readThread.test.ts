import assert from "node:assert/strict";
import { subscribe } from "node:diagnostics_channel";
import { join } from "node:path";
import { after, test } from "node:test";
import { ReadThread } from "../../src/server/readThread.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { temporaryFolder } from "../support/environment.ts";

test("a small database is searched without the reading thread, which starts once it has grown", async () => {
  let threads = 0;
  subscribe("worker_threads", () => (threads += 1));
  const path = join(temporaryFolder(), "mlflow.db");
  const store = openStore(storeUri(path));
  await store.createRun({ experiment_id: "0", run_name: "first" });
  const reads = new ReadThread({ uri: storeUri(path), artifactRoot: "/artifacts" });
  after(async () => {
    await reads.close();
    store.close();
  });
  const { searchRuns } = reads.over(store);
  const found = async () => (await searchRuns({ experiment_ids: ["0"] })).items.map(({ info }) => info.run_name);
  assert.deepEqual(await found(), ["first"]);
  assert.equal(threads, 0);

  const other = openConnection(path, { busyTimeout: 1_000 });
  other.exec("CREATE TABLE padding (bytes BLOB); INSERT INTO padding VALUES (zeroblob(3000000))");
  other.close();
  assert.deepEqual(await found(), ["first"]);
  assert.equal(threads, 1);
});

test("a search of the registry finds what was written since the last one, here or by another program", async () => {
  const path = join(temporaryFolder(), "mlflow.db");
  const store = openStore(storeUri(path));
  await store.createRegisteredModel({ name: "m" });
  const other = openConnection(path, { busyTimeout: 1_000 });
  other.exec("CREATE TABLE padding (bytes BLOB); INSERT INTO padding VALUES (zeroblob(3000000))");
  const thread = new ReadThread({ uri: storeUri(path), artifactRoot: "/artifacts" });
  after(async () => {
    await thread.close();
    other.close();
    store.close();
  });
  const reads = thread.over(store);
  const textOf = (part: { bytes: Uint8Array } | undefined) => Buffer.from(part?.bytes ?? []).toString();
  const look = async () => ({
    models: textOf(await reads.printedRegisteredModels?.({})),
    versions: textOf(await reads.printedModelVersions?.({ filter: "name = 'm'" })),
    named: (await reads.searchModelVersions({ filter: "name = 'm'" })).items.length,
  });
  const key = { name: "m", version: "1" };
  const writes: [string, () => unknown][] = [
    ["source 1", () => reads.createModelVersion({ name: "m", source: "source 1" })],
    ["tag 1", () => reads.setModelVersionTag({ ...key, key: "k", value: "tag 1" })],
    ["by another", () => other.exec("UPDATE model_versions SET description = 'by another'")],
    ["changed 1", () => reads.updateModelVersion({ ...key, description: "changed 1" })],
    ["tag 2", () => other.exec("UPDATE model_version_tags SET value = 'tag 2'")],
    [
      "Staging",
      () => reads.transitionModelVersionStage({ ...key, stage: "Staging", archive_existing_versions: false }),
    ],
  ];
  await look();
  for (const [text, write] of writes) {
    await write();
    const { models, versions, named } = await look();
    assert.ok(models.includes(text) && versions.includes(text), `${text} is not found`);
    assert.equal(named, 1);
    assert.deepEqual(await look(), { models, versions, named });
  }
  await reads.setRegisteredModelAlias({ ...key, alias: "champion" });
  assert.match((await look()).models, /champion/);
  await reads.deleteModelVersion(key);
  assert.equal((await look()).versions, "{}");
});

test("a search that takes too long is refused, others are answered, and none begins when the server stops", async () => {
  const path = join(temporaryFolder(), "mlflow.db");
  const uri = storeUri(path);
  const store = openStore(uri);
  await store.createExperiment({ name: "there" });
  const other = openConnection(path, { busyTimeout: 1_000 });
  other.exec("CREATE TABLE padding (bytes BLOB); INSERT INTO padding VALUES (zeroblob(3000000))");
  other.close();
  // No answer comes within a millisecond.
  const hasty = new ReadThread({ uri, artifactRoot: "" }, 1);
  const patient = new ReadThread({ uri, artifactRoot: "" });
  after(async () => {
    await hasty.close();
    store.close();
  });
  await assert.rejects(hasty.over(store).searchExperiments({ max_results: 10 }), { error_code: "DEADLINE_EXCEEDED" });
  const reads = patient.over(store);
  const running = Array.from({ length: 5 }, () => reads.searchExperiments({ max_results: 10 }));
  for (const { items } of await Promise.all(running)) assert.equal(items.length, 2);
  await patient.close();
  const stopped = { error_code: "CANCELLED", message: /stopping/ };
  await assert.rejects(patient.over(store).searchExperiments({ max_results: 10 }), stopped);
});
