import assert from "node:assert/strict";
import { test } from "node:test";
import { effect, signal } from "@preact/signals";
import { Clock } from "../../src/webview/ui/clock.ts";

test("the clock goes on by the second while its panel is seen, is right at once when it is seen again, and ends", (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: 10_000 });
  const visible = signal(true);
  const clock = new Clock({ now: Date.now, visible });
  const told: number[] = [];
  effect(() => {
    told.push(clock.now.value);
  });
  const stop = clock.start();
  t.mock.timers.tick(1000);
  t.mock.timers.tick(1000);
  assert.deepEqual(told, [10_000, 11_000, 12_000]);
  visible.value = false;
  t.mock.timers.tick(5000);
  assert.equal(told.length, 3);
  visible.value = true;
  assert.equal(told.at(-1), 17_000);
  t.mock.timers.tick(1000);
  stop();
  t.mock.timers.tick(5000);
  assert.deepEqual(told.slice(3), [17_000, 18_000]);
});
