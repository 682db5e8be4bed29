import assert from "node:assert/strict";
import { test } from "node:test";
import { barDrawing } from "../../src/webview/ui/chart/barDrawing.ts";
import { boxDrawing, boxesOf } from "../../src/webview/ui/chart/boxDrawing.ts";
import { boxStatistics, quantile } from "../../src/webview/ui/chart/boxStatistics.ts";
import { rowsInside } from "../../src/webview/ui/chart/brush.ts";
import { gridOf, ringsAbove } from "../../src/webview/ui/chart/contour.ts";
import { contourDrawing, surfaceOf } from "../../src/webview/ui/chart/contourDrawing.ts";
import { axesShapes, figureOf, figureSvg } from "../../src/webview/ui/chart/figure.ts";
import { axisPlaces, parallelDrawing } from "../../src/webview/ui/chart/parallelDrawing.ts";
import { scatterDrawing } from "../../src/webview/ui/chart/scatterDrawing.ts";
import { textColumn, wantsLog } from "../../src/webview/ui/chart/values.ts";
import { COLORS, LOOK, placeFor, tableOf } from "./support/charts.ts";

const bars = [0.9, 0.5, Number.NaN].map((value, i) => ({ run_id: String(i), name: `run ${i}`, ordinal: i, value }));

test("bars stand in the order of the table, each with its value; NaN has no length", () => {
  const drawing = barDrawing({ bars }, LOOK);
  const place = placeFor(drawing);
  const { series, marks } = drawing.draw(place);
  const rects = series.filter(({ kind }) => kind === "rect");
  assert.equal(rects.length, 2);
  assert.deepEqual(
    marks.map((mark) => (mark.kind === "text" ? mark.text : "")),
    ["0.9000", "0.5000", "NaN"],
  );
  assert.equal(drawing.runAt(place, 10, 10), "0");
  assert.equal(drawing.runAt(place, 10, 190), "2");
});

test("differences go to both sides of zero and are signed", () => {
  const signed = [0, 0.1, -0.2].map((value, i) => ({
    ...bars[i],
    run_id: String(i),
    name: "",
    ordinal: 0,
    value,
    baseline: i === 0,
  }));
  const { marks } = barDrawing({ bars: signed, signed: true }, LOOK).draw(placeFor(barDrawing({ bars: signed }, LOOK)));
  assert.deepEqual(
    marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : [])),
    ["baseline", "+0.1000", "−0.2000"],
  );
});

test("quartiles are those of numpy, whiskers end at values", () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, Number.NaN, Number.POSITIVE_INFINITY];
  const box = boxStatistics(values);
  assert.deepEqual([box?.count, box?.low, box?.median, box?.high], [10, 3.25, 5.5, 7.75]);
  assert.deepEqual(box?.whiskers, [1, 9]);
  assert.equal(boxStatistics([Number.NaN]), undefined);
  assert.equal(quantile([1, 2], 0.5), 1.5);
});

test("boxes are made by the values of a param, those without one left out", () => {
  const table = tableOf({ "params.model": ["b", "a", "b", null], "metrics.loss": [1, 2, 3, 4] });
  const [by, y] = table.columns;
  assert.ok(by !== undefined && y !== undefined);
  const boxes = boxesOf({ table, y, by });
  assert.deepEqual(
    boxes.map(({ name, rows }) => [name, rows]),
    [
      ["a", [1]],
      ["b", [0, 2]],
    ],
  );
  const drawing = boxDrawing({ table, y, by, drawn: new Set(["2"]) }, LOOK);
  const place = placeFor(drawing);
  const { series } = drawing.draw(place);
  assert.equal(series.filter(({ kind }) => kind === "rect").length, 2);
  assert.equal(drawing.tip(place, "2")?.rows[1]?.value, "2.000");
  assert.deepEqual(
    boxesOf({ table, y, by: undefined }).map(({ name }) => name),
    ["all runs"],
  );
});

test("level lines go around what is above them and are closed at the border", () => {
  const size = 9;
  const hill = {
    columns: size,
    rows: size,
    values: Float64Array.from({ length: size * size }, (_, i) => -Math.hypot((i % size) - 4, Math.floor(i / size) - 4)),
  };
  const [ring = [], ...more] = ringsAbove(hill, -2.5);
  assert.equal(more.length, 0);
  for (let i = 0; i < ring.length; i += 2)
    assert.ok(Math.abs(Math.hypot((ring[i] ?? 0) - 4, (ring[i + 1] ?? 0) - 4) - 2.5) < 0.2);
  assert.ok(areaOf(ring) > 17 && areaOf(ring) < 20.5, String(areaOf(ring)));
  const [whole = []] = ringsAbove(hill, -99);
  assert.ok(Math.abs(areaOf(whole) - 64) < 1e-9, String(areaOf(whole)));
  assert.deepEqual(ringsAbove(hill, 1), []);
  const saddle = { columns: 2, rows: 2, values: Float64Array.of(1, 0, 0, 1) };
  assert.equal(ringsAbove(saddle, 0.6).length, 2);
  assert.equal(ringsAbove(saddle, 0.4).length, 1);
});

function areaOf(ring: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 2) {
    const [x, y] = [ring[i] ?? 0, ring[i + 1] ?? 0];
    const [toX, toY] = [ring[(i + 2) % ring.length] ?? 0, ring[(i + 3) % ring.length] ?? 0];
    sum += (x * toY - toX * y) / 2;
  }
  return Math.abs(sum);
}

test("between runs a surface stays within what they measured, and far from all it is unknown", () => {
  const samples = [0, 1, 2, 3, 4, 5].map((i) => ({ x: 0.04 * i, y: 0.04 * i, z: i }));
  const { values } = gridOf(samples, 20, 20);
  const known = values.filter((value) => !Number.isNaN(value));
  assert.ok(known.every((value) => value >= 0 && value <= 5));
  assert.ok(Number.isNaN(values[20 * 20 - 1]) && !Number.isNaN(values[0]));
});

test("a contour's strongest level is the best, and its scale says so", () => {
  const count = 60;
  const at = (i: number) => [(i * 7) % 11, (i * 13) % 9] as const;
  const table = tableOf({
    "params.a": Array.from({ length: count }, (_, i) => String(at(i)[0])),
    "params.b": Array.from({ length: count }, (_, i) => String(at(i)[1])),
    "metrics.loss": Array.from({ length: count }, (_, i) => (at(i)[0] - 5) ** 2 + (at(i)[1] - 4) ** 2),
  });
  const [x, y, loss] = table.columns;
  assert.ok(x !== undefined && y !== undefined && loss !== undefined);
  const z = { ...loss, better: "lower" as const };
  const { levels } = surfaceOf({ table, x, y, z });
  assert.ok(levels.length >= 3 && levels.every((level, i) => i === 0 || level < (levels[i - 1] ?? 0)), levels.join());
  const drawing = contourDrawing({ table, x, y, z, drawn: new Set(["3"]) }, LOOK);
  const place = placeFor(drawing);
  const { series, marks } = drawing.draw(place);
  assert.equal(series.filter(({ kind }) => kind === "rings").length, levels.length);
  const labels = marks.flatMap((mark) => (mark.kind === "text" ? [mark.text] : []));
  assert.equal(labels.length, levels.length + 1);
  assert.equal(drawing.tip(place, "3")?.rows[0]?.value, String(at(3)[0]));
});

test("too few runs make no surface, only dots", () => {
  const table = tableOf({ "params.a": ["1", "2"], "params.b": ["1", "2"], "metrics.loss": [1, 2] });
  const [x, y, z] = table.columns;
  assert.ok(x !== undefined && y !== undefined && z !== undefined);
  const { series } = contourDrawing({ table, x, y, z, drawn: new Set() }, LOOK).draw(placeFor({ axes: undefined }));
  assert.deepEqual(
    series.map(({ kind }) => kind),
    ["circle", "circle"],
  );
});

test("a scatter plot finds the run under the pointer and tells its values as they were logged", () => {
  const table = tableOf({ "params.eta": ["0.10", "0.5", null], "metrics.loss": [1, 2, 3] });
  const [x, y] = table.columns;
  assert.ok(x !== undefined && y !== undefined);
  const drawing = scatterDrawing({ table, x, y, drawn: new Set(["0"]), brush: undefined }, LOOK);
  const place = placeFor(drawing);
  assert.equal(drawing.draw(place).series.length, 2);
  assert.equal(drawing.runAt(place, place.x.px(0.1) + 3, place.y.px(1)), "0");
  assert.equal(drawing.tip(place, "0")?.rows[0]?.value, "0.10");
});

test("parallel coordinates have an axis a column; a brush fades what lies outside it", () => {
  const table = tableOf({ "params.model": ["a", "b", "a"], "metrics.loss": [1, 2, 3], "metrics.f1": [3, null, 1] });
  const place = { ...placeFor({ axes: undefined }), left: 0, right: 600, top: 0, bottom: 300 };
  assert.deepEqual(
    axisPlaces(table, place).map(({ column }) => column.name),
    ["model", "loss", "f1"],
  );
  const brush = { "metrics.loss": [0.5, 2.5] as const };
  assert.deepEqual(rowsInside(table, brush), [true, true, false]);
  const drawing = parallelDrawing({ table, drawn: new Set(["0", "2"]), brush }, LOOK);
  const { series, marks } = drawing.draw(place);
  const dashes = series.flatMap((shape) =>
    shape.kind === "path" && shape.stroke?.width === 2 ? [shape.stroke.dash?.length] : [],
  );
  assert.deepEqual(dashes, [0, 2]);
  assert.equal(marks.filter(({ kind }) => kind === "rect").length, 1);
  assert.equal(drawing.tip(place, "1")?.rows[2]?.value, "not logged");
});

test("texts are numbers where all are, else places of their names; too many names share the last place", () => {
  assert.deepEqual(textColumn(["1", null, "2e-3"]).kind, "number");
  assert.deepEqual([...textColumn(["b", "a", null]).values], [1, 0, Number.NaN]);
  const many = textColumn(Array.from({ length: 60 }, (_, i) => `name ${i % 40}`));
  assert.equal(many.names?.length, 24);
  assert.equal(many.names?.at(-1), "others");
  assert.ok(
    wantsLog(Float64Array.of(0.001, 0.01, 0.1, 1)) &&
      !wantsLog(Float64Array.of(0, 1, 1000)) &&
      !wantsLog(Float64Array.of(1, 2, 3)),
  );
});

test("an exported picture has title, axes, legend and every shape, and is well-formed whatever the names", () => {
  const drawing = barDrawing({ bars: [{ run_id: "a", name: `<&"\u0007\u{1F600}`, ordinal: 0, value: 1 }] }, LOOK);
  const legend = [{ name: "a & b", color: COLORS.accent }];
  const parts = { width: 400, height: 240, title: "loss < 1", note: "log y", description: "", colors: COLORS, legend };
  const figure = figureOf({
    ...parts,
    axes: drawing.axes,
    padding: drawing.padding,
    draw: (place) => drawing.draw(place),
  });
  const svg = figureSvg(figure);
  for (const part of [
    "<title>loss &lt; 1</title>",
    "log y",
    "a &amp; b",
    "&lt;&amp;&quot;\uFFFD\u{1F600}",
    "<rect",
    ">1</text>",
  ])
    assert.ok(svg.includes(part), part);
  assert.ok(!svg.includes("undefined") && !svg.includes("NaN"));
  assert.ok(axesShapes(drawing.axes ?? assert.fail(), placeFor(drawing), COLORS).length > 5);
});
