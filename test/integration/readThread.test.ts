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
