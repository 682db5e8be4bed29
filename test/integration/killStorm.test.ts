import assert from "node:assert/strict";
import { test } from "node:test";
import { shared, skipWithout } from "../support/environment.ts";
import { journalMode, killStorm, median, stormFolder } from "../support/killStorm.ts";

// A few cycles; test/long/killStorm.test.ts has the hundred.

test("killed among eight writers, the server loses no acknowledged write, leaves no half batch and is back at once", async () => {
  const { acknowledged, readyCpu } = await killStorm(stormFolder("ours"), 3, 4711);
  assert.ok(acknowledged > 1_000, `${acknowledged} writes`);
  assert.ok(Number.isNaN(median(readyCpu)) || median(readyCpu) < 1_000, `${readyCpu.join(", ")} ms of CPU`);
});

test("the same on a database of Python's, which keeps a rollback journal", {
  skip: skipWithout(shared("interop"), "../shared/interop"),
}, async () => {
  const folder = stormFolder("python's");
  const { acknowledged } = await killStorm(folder, 2, 4712);
  assert.equal(journalMode(folder), "delete");
  assert.ok(acknowledged > 500, `${acknowledged} writes`);
});
