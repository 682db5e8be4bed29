import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzRoutes } from "../support/fuzzRoutes.ts";

/** Requests for each of the about ninety routes that are offered, by seed. */
const EACH = Number(process.env["FLOWDECK_FUZZ_EACH"] ?? 1_000);

for (const seed of [1, 2, 3]) {
  test(`seed ${seed}: every route answers ${EACH} requests with JSON, quickly, and never as a failure`, async () => {
    assert.ok((await fuzzRoutes(EACH, seed)) > 50 * EACH);
  });
}
