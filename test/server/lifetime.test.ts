import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { Lifetime, PATIENCE } from "../../src/server/lifetime.ts";
import { isOlder } from "../../src/server/version.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";

const store = openStore(storeUri(join(temporaryFolder(), "mlflow.db")));
after(() => store.close());
const START = 1_700_000_000_000;

test("the server is over once neither lease, request nor active run is left", async () => {
  const life = new Lifetime(START);
  assert.equal(await life.isOver(START + PATIENCE.lease + 1, store), false, "it was asked lately");
  assert.equal(await life.isOver(START + PATIENCE.request + 1, store), true);
  life.renewLease(START + PATIENCE.request);
  assert.equal(await life.isOver(START + PATIENCE.request + 1, store), false, "a window holds a lease");
  assert.equal(await life.isOver(START + PATIENCE.request + PATIENCE.lease + 1, store), true);
  life.noteRequest(START + PATIENCE.request);
  assert.equal(await life.isOver(START + PATIENCE.request + PATIENCE.lease + 1, store), false);
});

test("a running run keeps the server until it has not logged for a day", async () => {
  const life = new Lifetime(START);
  const later = START + PATIENCE.request + 1;
  const { info } = await store.createRun({ experiment_id: "0", start_time: START - PATIENCE.run });
  const { run_id } = info;
  assert.equal(await life.isOver(later, store), true, "it began long ago and logged nothing");
  const point = { key: "loss", value: 1, timestamp: START, step: 0 };
  await store.logBatch({ run_id, metrics: [point], params: [], tags: [] });
  assert.equal(await life.isOver(later, store), false);
  assert.equal(await life.isOver(START + PATIENCE.run + 1, store), true);
  await store.updateRun({ run_id, status: "FINISHED" });
  assert.equal(await life.isOver(later, store), true);
});

test("versions are compared number by number", () => {
  assert.deepEqual(
    [isOlder("0.9.0", "0.10.0"), isOlder("1.0.0", "1.0.0"), isOlder("1.2.0-beta", "1.1.9")],
    [true, false, false],
  );
});
