import assert from "node:assert/strict";
import { test } from "node:test";
import { oneByOne } from "../../src/extension/tracking/table/oneByOne.ts";

test("what was done with runs before a failure or a Cancel is told, and nothing is done after it", async () => {
  const stop = new AbortController();
  const cases: [act: (run_id: string) => Promise<void>, error: RegExp][] = [
    [(run_id) => (run_id === "c" ? Promise.reject(new Error("The store is busy.")) : Promise.resolve()), /busy/],
    [async (run_id) => (run_id === "b" ? stop.abort() : undefined), /cancelled it/],
  ];
  for (const [act, error] of cases) {
    const done: string[] = [];
    await assert.rejects(oneByOne(["a", "b", "c", "d"], stop.signal, act, done), error);
    assert.deepEqual(done, ["a", "b"]);
  }
});
