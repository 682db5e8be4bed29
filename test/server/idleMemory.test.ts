import assert from "node:assert/strict";
import { test } from "node:test";
import { freeWhenIdle } from "../../src/server/idleMemory.ts";
import { until } from "../support/environment.ts";

test("what large answers left behind is freed once nothing is asked any more", async () => {
  const answered = freeWhenIdle();
  const answer = (): WeakRef<object> => {
    const left = Array.from({ length: 200_000 }, (_, i) => ({ i, text: `answer ${i}` }));
    return new WeakRef(left);
  };
  const left = answer();
  assert.notEqual(left.deref(), undefined);
  answered();
  await until("the answer is freed", () => left.deref() === undefined);
});
