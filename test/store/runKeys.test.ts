import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { KeyFacts } from "../../src/protocol/runs.ts";
import { openStore, storeUri } from "../../src/store/open.ts";
import { temporaryFolder } from "../support/environment.ts";
import { createManyRuns } from "./manyRuns.ts";

const names = (facts: KeyFacts[]) => facts.map(({ key, runs, varies }) => ({ key, runs, varies }));

test("some of very many runs tell of all roughly, until all were looked at", async () => {
  const path = join(temporaryFolder(), "mlflow.db");
  createManyRuns(path, 2_000, 10);
  const store = openStore(storeUri(path));
  try {
    const experiment_ids = ["0"];
    const rough = await store.runKeys({ experiment_ids, rough: true });
    const exact = await store.runKeys({ experiment_ids });
    assert.deepEqual([rough.rough, rough.runs, exact.rough, exact.runs], [true, 2_000, undefined, 2_000]);
    assert.deepEqual(names(rough.params), names(exact.params));
    assert.deepEqual(names(rough.metrics), names(exact.metrics));
    assert.deepEqual(rough.stepped, exact.stepped);
    const parents = ({ tags }: typeof exact) => tags.find(({ key }) => key === "mlflow.parentRunId")?.runs ?? 0;
    assert.ok(Math.abs(parents(rough) - parents(exact)) < 200, `${parents(rough)} of ${parents(exact)}`);
    assert.deepEqual(await store.runKeys({ experiment_ids, rough: true }), exact);
    // After a change what was known does for the first look.
    await store.setTag({ run_id: "0".repeat(32), key: "fresh", value: "yes" });
    const before = await store.runKeys({ experiment_ids, rough: true });
    assert.deepEqual(before, { ...exact, rough: true });
  } finally {
    store.close();
  }
});

test("few runs are all looked at, however they are asked for", async () => {
  const path = join(temporaryFolder(), "mlflow.db");
  createManyRuns(path, 300, 10);
  const store = openStore(storeUri(path));
  try {
    const keys = await store.runKeys({ experiment_ids: ["0"], rough: true });
    assert.deepEqual([keys.rough, keys.params[0]?.runs], [undefined, 300]);
  } finally {
    store.close();
  }
});
