import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { setImmediate } from "node:timers/promises";
import { settledRow } from "../../src/extension/platform/settledRow.ts";

/** The answer, with when it came and how often was looked, by a clock that is moved on; `rowAt`: what is found after so many ms. */
async function find(
  t: TestContext,
  rowAt: (ms: number) => string | undefined,
  isSeen: (ms: number) => boolean = () => true,
) {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const began = Date.now();
  const passed = () => Date.now() - began;
  let looks = 0;
  let answer: { row: string | undefined; ms: number } | undefined;
  const look = async () => {
    looks += 1;
    return rowAt(passed());
  };
  const settled = settledRow(
    look,
    (row) => row !== "other",
    () => isSeen(passed()),
  ).then((row) => {
    answer = { row, ms: passed() };
  });
  while (answer === undefined && passed() < 60_000) {
    await setImmediate();
    if (answer === undefined) t.mock.timers.tick(5);
  }
  await settled;
  return { ...answer, looks };
}

test("a row that stays is found by the second look", async (t) => {
  const { row, ms = 0, looks } = await find(t, () => "version");
  assert.deepEqual([row, looks], ["version", 2]);
  assert.ok(ms <= 60, `${ms} ms`);
});

test("a row that stands in for another is not taken for it", async (t) => {
  const { row } = await find(t, (ms) => (ms < 40 ? "model" : "version"));
  assert.equal(row, "version");
});

test("a row is found as long as VS Code may read a tree, by few looks", async (t) => {
  for (const readAt of [3000, 8500]) {
    const { row, ms = 0, looks } = await find(t, (ms) => (ms < readAt ? undefined : "version"));
    assert.equal(row, "version");
    assert.ok(ms < readAt + 1500 && looks < 16, `${ms} ms, ${looks} looks`);
    t.mock.timers.reset();
  }
});

test("a row that is lost is looked for a few times", async (t) => {
  const { row, looks } = await find(t, () => undefined);
  assert.equal(row, undefined);
  assert.ok(looks < 16, `${looks} looks`);
});

test("a view that nobody sees any more is not looked at", async (t) => {
  const {
    row,
    looks,
    ms = 0,
  } = await find(
    t,
    () => undefined,
    (ms) => ms < 100,
  );
  assert.equal(row, undefined);
  assert.ok(looks <= 3 && ms < 500, `${looks} looks in ${ms} ms`);
});
