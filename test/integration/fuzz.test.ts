import assert from "node:assert/strict";
import { test } from "node:test";
import { fuzzRoutes } from "../support/fuzzRoutes.ts";

test("every route answers whatever it is sent with JSON, quickly, and never as a failure of the server", async () => {
  assert.ok((await fuzzRoutes(120, 5)) > 2_500);
});
