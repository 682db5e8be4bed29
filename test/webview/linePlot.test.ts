import assert from "node:assert/strict";
import { test } from "node:test";
import { countOutside, fencesOf } from "../../src/webview/ui/chart/fences.ts";
import { plotLines, USUAL_LINES, visibleSlice } from "../../src/webview/ui/chart/linePlot.ts";
import { inPixels, lineShapes } from "../../src/webview/ui/chart/lineShapes.ts";
import { meanLine } from "../../src/webview/ui/chart/means.ts";
import { placeOf } from "../../src/webview/ui/chart/place.ts";
import { smooth } from "../../src/webview/ui/chart/smoothing.ts";
import { differenceBars, differenceLines } from "../../src/webview/panels/experiment/charts/differences.ts";
import { keyOf, keyText, mergedLine } from "../../src/webview/panels/experiment/charts/lines.ts";
import { COLORS, lineOf } from "./support/charts.ts";

const AREA = { left: 0, right: 400, top: 0, bottom: 200 };
const falling = (count: number) => Array.from({ length: count }, (_, i): [number, number] => [i, 1 / (i + 1)]);

function shapesOf(lines: ReturnType<typeof lineOf>[], settings = USUAL_LINES, hovered?: string) {
  const plot = plotLines(lines, settings, undefined);
  const look = { colors: COLORS, hovered, smoothed: settings.smoothing > 0 };
  return { plot, ...lineShapes(plot, look, placeOf(AREA, plot.x, plot.y)) };
}

test("smoothing is the same whether points are thinned or not", () => {
  const all = Float64Array.from({ length: 4000 }, (_, i) => Math.exp(-i / 800));
  const thinned = all.filter((_, i) => i % 10 === 9);
  const [fine, coarse] = [smooth(all, 0.99), smooth(thinned, 0.99, 10)];
  for (const i of [100, 250, 399]) assert.ok(Math.abs((coarse[i] ?? 0) - (fine[i * 10 + 9] ?? 0)) < 0.01, String(i));
});

test("an axis stays while growing data fits, so that nothing is laid out again", () => {
  const first = plotLines([lineOf("a", falling(85))], USUAL_LINES, undefined);
  const grown = plotLines([lineOf("a", falling(95))], USUAL_LINES, first);
  assert.equal(grown.x, first.x);
  assert.equal(grown.y, first.y);
  assert.notEqual(plotLines([lineOf("a", falling(400))], USUAL_LINES, first).x, first.x);
});

test("zoomed in x, y fits what is seen, and all of the data is still known", () => {
  const plot = plotLines([lineOf("a", falling(101))], { ...USUAL_LINES, zoom: { x: [50, 60] } }, undefined);
  assert.deepEqual([plot.x.min, plot.x.max], [50, 60]);
  assert.ok(plot.y.max < 0.03, String(plot.y.max));
  assert.deepEqual(plot.all.x, [0, 100]);
});

test("logarithmic axes leave out what is not above 0 and count it", () => {
  const { plot } = shapesOf(
    [
      lineOf("a", [
        [0, 1],
        [1, 0],
        [2, 0.01],
      ]),
    ],
    { ...USUAL_LINES, logY: true },
  );
  assert.equal(plot.y.kind, "log");
  assert.equal(plot.unshown, 1);
});

test("outliers do not stretch the axis when they are ignored, and are counted", () => {
  const points = Array.from({ length: 50 }, (_, i): [number, number] => [i, i % 10 === 0 ? 1e6 : 1 + i / 50]);
  const plot = plotLines([lineOf("a", points)], { ...USUAL_LINES, clip: true }, undefined);
  assert.ok(plot.y.max < 10, String(plot.y.max));
  assert.equal(plot.outside, 5);
  assert.equal(plotLines([lineOf("a", points.slice(1, 10))], { ...USUAL_LINES, clip: true }, undefined).outside, 0);
  assert.equal(fencesOf([Float64Array.of(1, 1, 1, 1, 1, 1, 1, 9)]), undefined);
  assert.equal(countOutside([Float64Array.of(1, Number.NaN, 9)], [0, 5]), 1);
});

test("NaN and infinities are triangles at the edge and gaps in the line", () => {
  const { marks, series } = shapesOf([
    lineOf("a", [
      [0, 1],
      [1, Number.NaN],
      [2, 2],
      [3, Number.POSITIVE_INFINITY],
      [4, -Number.MAX_VALUE],
      [5, 3],
    ]),
  ]);
  const tips = marks.map((mark) => (mark.kind === "rings" ? [Math.round(mark.rings[0]?.[5] ?? 0), mark.fill] : []));
  assert.deepEqual(tips, [
    [198, COLORS.background],
    [2, COLORS.background],
    [198, "rgba(0, 0, 0, 1)"],
  ]);
  const path = series.find((shape) => shape.kind === "path");
  assert.ok(path?.kind === "path" && Number.isNaN(path.ys[1]) && !Number.isNaN(path.ys[2]));
});

test("a hovered line stands out on top, with its raw values behind it where it is smoothed", () => {
  const lines = [lineOf("a", falling(9)), lineOf("b", falling(9), { ordinal: 1 })];
  const { series } = shapesOf(lines, { ...USUAL_LINES, smoothing: 0.5 }, "a");
  const widths = series.flatMap((shape) => (shape.kind === "path" ? [shape.stroke?.width] : []));
  assert.deepEqual(widths, [1.5, 1, 2.5]);
});

test("a running line ends in a dot with a halo", () => {
  const { series } = shapesOf([lineOf("a", falling(9), { running: true })]);
  assert.equal(series.filter(({ kind }) => kind === "circle").length, 2);
});

test("of many points each px column keeps its first, lowest, highest and last", () => {
  const count = 100_000;
  const xs = Float64Array.from({ length: count }, (_, i) => i);
  const ys = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 1000));
  ys[54_321] = 9;
  const plot = plotLines(
    [{ ...lineOf("a", []), line: { ...lineOf("a", []).line, steps: xs, values: ys, total: count } }],
    USUAL_LINES,
    undefined,
  );
  const place = placeOf(AREA, plot.x, plot.y);
  const found = inPixels(xs, ys, plot, place);
  assert.ok(found.xs.length <= 4 * 401, String(found.xs.length));
  assert.ok(found.ys.includes(place.y.px(9)));
});

test("only the visible part is looked at, with a neighbour on each side", () => {
  const xs = Float64Array.of(0, 10, 20, 30, 40, 50);
  assert.deepEqual(visibleSlice(xs, [15, 35]), [1, 5]);
  assert.deepEqual(visibleSlice(xs, [20, 20]), [1, 4]);
  assert.deepEqual(visibleSlice(Float64Array.of(3, 1, 2), [0, 1]), [0, 3]);
});

test("a group is its mean and the sample deviation of its members, between their points too", () => {
  const lines = [
    lineOf("a", [
      [0, 1],
      [10, 3],
    ]),
    lineOf("b", [
      [0, 3],
      [5, 4],
      [10, 5],
    ]),
  ];
  const mean = meanLine({ id: "g", name: "g", ordinal: 0, lines });
  assert.deepEqual([...(mean?.line.steps ?? [])], [0, 5, 10]);
  assert.deepEqual([...(mean?.line.values ?? [])], [2, 3, 4]);
  assert.deepEqual(
    [...(mean?.deviations ?? [])].map((value) => Number(value.toFixed(6))),
    [1.414214, 1.414214, 1.414214],
  );
  assert.equal(meanLine({ id: "g", name: "g", ordinal: 0, lines: [] }), undefined);
});

test("differences are taken at the same place, between the baseline's points too", () => {
  const lines = [
    lineOf("base", [
      [0, 1],
      [10, 3],
    ]),
    lineOf("b", [
      [0, 3],
      [5, 4],
      [20, 5],
    ]),
  ];
  const [base, other] = differenceLines(lines, "base");
  assert.deepEqual([...(base?.line.values ?? [])], [0, 0]);
  assert.deepEqual([...(other?.line.values ?? [])], [2, 2, Number.NaN]);
  assert.deepEqual(differenceLines(lines, "gone"), []);
  const bars = ["x", "y"].map((run_id, i) => ({ run_id, name: run_id, ordinal: i, value: i + 0.5 }));
  assert.deepEqual(
    differenceBars(bars, "x").map(({ value, baseline }) => [value, baseline]),
    [
      [0, true],
      [1, undefined],
    ],
  );
});

test("finer points take the place of the coarse ones they stand for", () => {
  const coarse = {
    ...lineOf("a", [
      [0, 0],
      [100, 1],
      [200, 2],
      [300, 3],
    ]).line,
    total: 400,
  };
  const fine = {
    ...lineOf("a", [
      [90, 9],
      [100, 10],
      [110, 11],
      [120, 12],
    ]).line,
    total: 4,
  };
  const merged = mergedLine(coarse, fine, "step");
  assert.deepEqual([...merged.steps], [0, 90, 100, 110, 120, 200, 300]);
  assert.equal(merged.total, merged.values.length);
  assert.equal(mergedLine(coarse, fine, "step"), merged);
  assert.equal(mergedLine(coarse, undefined, "step"), coarse);
});

test("a question for histories is the key of its answer", () => {
  const key = { metric_key: "a/b", x: "time" as const, range: [1, 2] as const };
  assert.deepEqual(keyOf(keyText(key)), { ...key, range: [1, 2] });
  assert.deepEqual(keyOf(keyText({ metric_key: "a", x: "metrics.epoch" })), {
    metric_key: "a",
    x: "metrics.epoch",
    range: undefined,
  });
});
