import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openStore, storeUri } from "../../src/store/open.ts";
import { memoryFolder, whenOver } from "../support/environment.ts";
import { ask, questions } from "../support/filterFuzz.ts";
import { makeBase, whole } from "../store/writeOperations.ts";

test("whatever a filter and an order say, a search answers a page or INVALID_PARAMETER_VALUE, soon", async () => {
  const path = join(memoryFolder(), "mlflow.db");
  const base = await makeBase(path);
  const store = whole(openStore(storeUri(path)));
  whenOver(() => store.close());
  const counted = { found: 0, refused: 0, slowest: 0 };
  const property = fc.asyncProperty(questions, (asked) => ask(store, base, asked, counted));
  await fc.assert(property, { numRuns: 3_000, seed: 4711 });
  assert.ok(counted.found > 100 && counted.refused > 100, JSON.stringify(counted));
});
