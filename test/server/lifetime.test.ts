import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { Lifetime, PATIENCE, reviewer } from "../../src/server/lifetime.ts";
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

test("a server whose store cannot be read is over only when review after review has failed", async () => {
  const file = join(temporaryFolder(), "mlflow.db");
  writeFileSync(file, "no database");
  const gone = openStore(storeUri(file));
  after(() => gone.close());
  const life = new Lifetime(START);
  let [now, asked] = [START + PATIENCE.request + 1, gone];
  const errors: unknown[] = [];
  const review = reviewer(
    () => life.isOver(now, asked),
    (error) => errors.push(error),
    3,
  );
  assert.deepEqual([await review(), await review(), errors.length], [false, false, 2]);
  life.noteRequest(now);
  assert.equal(await review(), false, "a client logs: the store is not even asked");
  now += PATIENCE.request + 1;
  assert.deepEqual([await review(), await review()], [false, false], "the failures before do not count any more");
  assert.equal(await review(), true);
  asked = store;
  const { run_id } = (await store.createRun({ experiment_id: "0", start_time: now })).info;
  assert.equal(await review(), false, "a hiccup has passed, and the run goes on");
  await store.updateRun({ run_id, status: "FINISHED" });
  assert.deepEqual([await review(), errors.length], [true, 5]);
});

test("versions are compared number by number", () => {
  assert.deepEqual(
    [isOlder("0.9.0", "0.10.0"), isOlder("1.0.0", "1.0.0"), isOlder("1.2.0-beta", "1.1.9")],
    [true, false, false],
  );
});
