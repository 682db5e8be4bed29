import assert from "node:assert/strict";
import { test } from "node:test";
import { placeOf, rulerOf } from "../../src/webview/ui/chart/place.ts";
import { axisFor, clockAxis, cutAxis, logAxis, namesAxis, tickLabel } from "../../src/webview/ui/chart/ticks.ts";
import { draggedRange, panned, within, zoomedAt } from "../../src/webview/ui/chart/zoom.ts";

const labels = (axis: ReturnType<typeof axisFor>) => axis.ticks.map((tick) => tickLabel(tick, axis));

test("logarithmic axes tick at 1, 2 and 5, at powers alone over many decades, and hold the data", () => {
  assert.deepEqual(labels(logAxis(0.011, 0.97)), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1"]);
  assert.deepEqual(labels(logAxis(1, 1e6)), ["1", "10", "100", "1000", "10k", "100k", "1M"]);
  for (const [min, max] of [
    [1e-9, 3e12],
    [0.5, 0.7],
    [3, 3000],
    [1e-30, 1e-29],
  ] as const) {
    const axis = logAxis(min, max);
    assert.ok(axis.min <= min && axis.max >= max, `${min} ${max}: ${axis.min} ${axis.max}`);
    assert.ok(axis.ticks.length >= 2 && axis.ticks.length <= 10, axis.ticks.join());
  }
});

test("durations and wall time are ticked at round parts of the clock", () => {
  assert.deepEqual(labels(clockAxis(0, 65_000, "duration")), ["0", "15 s", "30 s", "45 s", "1 m"]);
  assert.deepEqual(labels(clockAxis(0, 9_000_000, "duration")), ["0", "30 m", "1 h", "1 h 30 m", "2 h", "2 h 30 m"]);
  assert.deepEqual(labels(clockAxis(0, 400, "duration")), ["0", "0.1 s", "0.2 s", "0.3 s", "0.4 s"]);
  const noon = new Date(2026, 2, 12, 12, 0, 0).getTime();
  assert.deepEqual(labels(clockAxis(noon + 1, noon + 1_800_000, "time")), ["12:10", "12:20", "12:30"]);
  const days = labels(clockAxis(noon, noon + 4 * 86_400_000, "time"));
  assert.deepEqual(days, ["13 Mar", "14 Mar", "15 Mar", "16 Mar"]);
});

test("a zoomed axis shows exactly what was asked for, with round ticks inside", () => {
  const axis = cutAxis(axisFor(0, 300, true), 101.5, 143.2, true);
  assert.deepEqual([axis.min, axis.max], [101.5, 143.2]);
  assert.deepEqual(axis.ticks, [110, 120, 130, 140]);
  const log = cutAxis(logAxis(0.001, 100), 0.3, 40);
  assert.ok(log.kind === "log" && log.ticks.every((tick) => tick >= 0.3 && tick <= 40));
});

test("values go to px and back on every kind of axis", () => {
  for (const axis of [axisFor(-3, 7), logAxis(0.01, 40), clockAxis(1e12, 1e12 + 5e6, "time"), namesAxis(["a", "b"])]) {
    const ruler = rulerOf(axis, 10, 410);
    assert.ok(Math.abs(ruler.px(axis.min) - 10) < 1e-9 && Math.abs(ruler.px(axis.max) - 410) < 1e-6);
    for (const px of [10, 133, 400]) assert.ok(Math.abs(ruler.px(ruler.value(px)) - px) < 1e-6);
  }
  assert.ok(Number.isNaN(rulerOf(logAxis(1, 10), 0, 100).px(0)));
});

test("a drag becomes a range; a click does not", () => {
  const { x } = placeOf({ left: 0, right: 100, top: 0, bottom: 50 }, axisFor(0, 100), axisFor(0, 1));
  assert.deepEqual(draggedRange(x, 60, 20, [0, 100]), [20, 60]);
  assert.deepEqual(draggedRange(x, 60, 500, [0, 100]), [60, 100]);
  assert.equal(draggedRange(x, 60, 62, [0, 100]), undefined);
});

test("zooming keeps what is under the pointer, panning keeps the length, neither leaves the data", () => {
  const ruler = rulerOf({ min: 0, max: 100, ticks: [], decimals: 0 }, 0, 400);
  assert.deepEqual(zoomedAt(ruler, 0, 400, 100, 0.5), [12.5, 62.5]);
  assert.deepEqual(panned(ruler, 0, 400, 0.25), [25, 125]);
  assert.deepEqual(within([90, 130], [0, 100]), [60, 100]);
  assert.equal(within([-20, 400], [0, 100]), undefined);
});
