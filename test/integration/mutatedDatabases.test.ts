import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { makeBase } from "../store/writeOperations.ts";
import { memoryFolder } from "../support/environment.ts";
import { mutateDatabase } from "../support/mutatedDatabases.ts";
import { assertUnhurt, readSpoiled } from "../support/spoiledStores.ts";

test("a database spoiled in any way is read, or refused with MLflow's error, soon and without a crash", async () => {
  const folder = memoryFolder();
  const base = join(folder, "base.db");
  await makeBase(base);
  const read = await readSpoiled(folder, 200, 4711, (place, random) => {
    const path = join(place, "mlflow.db");
    return { uri: `sqlite:///${path}`, how: mutateDatabase(base, path, random) };
  });
  assertUnhurt(read);
  assert.ok(read.results > 2_000 && read.errors > 200, JSON.stringify(read));
});
