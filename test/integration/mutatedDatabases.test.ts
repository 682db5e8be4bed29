import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { memoryFolder } from "../support/environment.ts";
import { makeBases, mutateDatabase } from "../support/mutatedDatabases.ts";
import { assertUnhurt, countsOf, readSpoiled } from "../support/spoiledStores.ts";

test("a database spoiled in any way is read and written, or refused with MLflow's error, soon and without a crash", async () => {
  const folder = memoryFolder();
  const bases = await makeBases(folder);
  const read = await readSpoiled({
    folder,
    total: 200,
    seed: 4711,
    base: bases.base,
    share: 0.4,
    spoil: (place, random) => {
      const path = join(place, "mlflow.db");
      return { uri: `sqlite:///${path}`, how: mutateDatabase(bases, path, random) };
    },
  });
  assertUnhurt(read);
  assert.ok(read.results > 2_000 && read.errors > 200 && read.written > 20, countsOf(read));
});
