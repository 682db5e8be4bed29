import assert from "node:assert/strict";
import { test } from "node:test";
import { decimate } from "../../src/webview/ui/chart/decimate.ts";
import {
  type ChartLine,
  dashesOf,
  extentOf,
  nearestIndex,
  readingsAt,
  stepFrom,
} from "../../src/webview/ui/chart/lines.ts";
import { smooth } from "../../src/webview/ui/chart/smoothing.ts";
import { axisFor, steadyAxis, tickLabel } from "../../src/webview/ui/chart/ticks.ts";

function line(run_id: string, points: [number, number][]): ChartLine {
  const steps = Float64Array.from(points, ([step]) => step);
  const values = Float64Array.from(points, ([, value]) => value);
  return {
    run_id,
    name: run_id,
    ordinal: 0,
    running: false,
    line: { run_id, steps, timestamps: steps, values, total: points.length, began: 0 },
  };
}

test("smoothing is debiased: a constant stays itself from the first point", () => {
  for (const value of smooth(Float64Array.of(2, 2, 2, 2), 0.9)) assert.ok(Math.abs(value - 2) < 1e-12);
});

test("smoothing weighs the past as asked", () => {
  const [first, second] = smooth(Float64Array.of(1, 3), 0.5);
  assert.equal(first, 1);
  assert.equal(second, (0.25 * 1 + 0.5 * 3) / 0.75);
});

test("smoothing leaves NaN in place and out of the average, and 0 changes nothing", () => {
  const values = Float64Array.of(1, Number.NaN, 1);
  assert.deepEqual(
    [...smooth(values, 0.9)].map((value) => Number(value.toFixed(9))),
    [1, Number.NaN, 1],
  );
  assert.equal(smooth(values, 0), values);
});

test("decimation keeps both ends and every extreme", () => {
  const count = 10_000;
  const xs = Float64Array.from({ length: count }, (_, i) => i);
  const ys = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 50));
  ys[4321] = 99;
  ys[7654] = -99;
  const points = decimate(xs, ys, 100);
  assert.ok(points.length <= 202, String(points.length));
  assert.equal(points[0]?.x, 0);
  assert.equal(points.at(-1)?.x, count - 1);
  assert.ok(points.some(({ x, y }) => x === 4321 && y === 99));
  assert.ok(points.some(({ x, y }) => x === 7654 && y === -99));
  assert.ok(points.every(({ x }, i) => i === 0 || x > (points[i - 1]?.x ?? 0)));
});

test("what cannot be drawn is a gap", () => {
  const points = decimate([0, 1, 2], [1, Number.MAX_VALUE, 3], 100);
  assert.deepEqual(points, [
    { x: 0, y: 1 },
    { x: 1, y: Number.NaN },
    { x: 2, y: 3 },
  ]);
});

test("axes have 4 to 6 round ticks that hold the data", () => {
  const cases: [number, number][] = [
    [0.55, 1.1],
    [0.01, 0.97],
    [0, 248.1],
    [-3, 7],
    [1e-6, 9e-6],
    [12_000, 98_000],
    [0.5, 0.5],
    [0, 0],
  ];
  for (const [min, max] of cases) {
    const axis = axisFor(min, max);
    assert.ok(axis.min <= min && axis.max >= max, `${min} ${max}`);
    assert.ok(axis.ticks.length >= 4 && axis.ticks.length <= 6, `${min} ${max}: ${axis.ticks.join()}`);
  }
});

test("steps are ticked at whole numbers", () => {
  for (const last of [1, 2, 7, 59, 300, 12_345]) {
    const { ticks, max } = axisFor(0, last, true);
    assert.ok(ticks.every(Number.isInteger), ticks.join());
    assert.ok(max >= last && ticks.length <= 6, ticks.join());
  }
});

test("an axis changes only when data leaves it or fills too little of it", () => {
  const axis = axisFor(0, 90, true);
  assert.equal(steadyAxis(axis, 0, 95, true), axis);
  assert.notEqual(steadyAxis(axis, 0, 101, true), axis);
  assert.notEqual(steadyAxis(axis, 0, 5, true), axis);
});

test("tick labels have the axis' decimals and a true minus", () => {
  const cases: [number, number, number, string][] = [
    [0, 1, 0.4, "0.4"],
    [-3, 3, -2, "−2"],
    [0, 50_000, 20_000, "20k"],
    [0, 4e6, 2e6, "2M"],
    [0, 8e-6, 2e-6, "2.0e−6"],
    [0, 1, 0, "0"],
  ];
  for (const [min, max, value, expected] of cases) assert.equal(tickLabel(value, axisFor(min, max)), expected);
});

test("the extent leaves out what cannot be drawn", () => {
  const { line: a } = line("a", [
    [0, 1],
    [1, Number.NaN],
    [5, 3],
  ]);
  assert.deepEqual(extentOf([{ xs: a.steps, ys: a.values }]), { minX: 0, maxX: 5, minY: 1, maxY: 3 });
  assert.equal(extentOf([]), undefined);
});

test("the nearest point is found on both sides and at the ends", () => {
  const cases: [number, number][] = [
    [-5, 0],
    [4, 0],
    [6, 1],
    [14, 1],
    [99, 2],
  ];
  for (const [x, expected] of cases) assert.equal(nearestIndex([0, 10, 20], x), expected);
  assert.equal(nearestIndex([], 3), -1);
});

test("the tooltip lists raw values best first, at most so many, and always the hovered run", () => {
  const lines = ["a", "b", "c", "d"].map((id, i) =>
    line(id, [
      [0, i],
      [10, i + 1],
    ]),
  );
  const { readings, more } = readingsAt("loss", lines, 10, 1, 2, "d");
  assert.deepEqual(
    readings.map(({ run_id, value }) => [run_id, value]),
    [
      ["a", 1],
      ["d", 4],
    ],
  );
  assert.equal(more, 2);
  assert.deepEqual(
    readingsAt("accuracy", lines, 10, 1, 9, undefined).readings.map(({ run_id }) => run_id),
    ["d", "c", "b", "a"],
  );
  assert.deepEqual(readingsAt("loss", lines, 5, 1, 9, undefined).readings, []);
});

test("the crosshair goes from point to point of all lines", () => {
  const lines = [
    line("a", [
      [0, 1],
      [10, 1],
    ]),
    line("b", [[5, 1]]),
  ];
  assert.equal(stepFrom(lines, undefined, 1), 0);
  assert.equal(stepFrom(lines, undefined, -1), 10);
  assert.equal(stepFrom(lines, 0, 1), 5);
  assert.equal(stepFrom(lines, 10, 1), 10);
  assert.equal(stepFrom([], 0, 1), undefined);
});

test("lines of one colour differ by their dashes, the oldest is solid", () => {
  assert.deepEqual(dashesOf([3, 13, 4, 23, 33]), [[], [6, 3], [], [2, 2], undefined]);
});
