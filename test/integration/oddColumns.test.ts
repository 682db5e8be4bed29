import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryFolder } from "../support/environment.ts";
import { makeBases } from "../support/mutatedDatabases.ts";
import { askWithOdd } from "../support/oddColumns.ts";

const CASES: [table: string, column: string, value: string][] = [
  ["runs", "status", "NULL"],
  ["runs", "lifecycle_stage", "NULL"],
  ["runs", "artifact_uri", "x'00ff80'"],
  ["runs", "start_time", "x'00ff80'"],
  ["params", "value", "x'00ff80'"],
  ["latest_metrics", "value", "'abc'"],
  ["registered_models", "creation_time", "x'00ff80'"],
  ["experiments", "artifact_location", "x'00ff80'"],
];

test("a column that holds what MLflow never writes hurts no read, no write and no watcher", async () => {
  const folder = memoryFolder();
  const bases = await makeBases(folder);
  for (const each of CASES) assert.deepEqual(await askWithOdd(folder, bases, each), []);
});
