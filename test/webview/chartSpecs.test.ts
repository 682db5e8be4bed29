import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter } from "../../src/mlflow/filter/parse.ts";
import { fieldOf } from "../../src/webview/ui/chart/fields.ts";
import { bothFilters, brushFilter, rangeText } from "../../src/webview/ui/chart/brushFilter.ts";
import { imageAt, imagesOf, loggedImage } from "../../src/webview/panels/experiment/charts/imageNames.ts";
import {
  chartsOf,
  type ChartSpec,
  moved,
  NO_CHARTS,
  ownChart,
  readCharts,
  sectionsOf,
  titleOf,
} from "../../src/webview/panels/experiment/charts/specs.ts";
import { csvOf } from "../../src/webview/ui/csv.ts";
import { tableOf } from "./support/charts.ts";

const scatter: ChartSpec = { id: "s", kind: "scatter", metrics: [], fields: ["params.eta", "metrics.loss"] };
const ids = (specs: ChartSpec[]) => specs.map(({ id }) => id);

test("each metric has a chart of its own: lines where it has steps; added ones stand first", () => {
  const charts = chartsOf(["loss", "f1"], new Set(["loss"]), {
    ...NO_CHARTS,
    added: [scatter],
    removed: ["metrics.f1"],
  });
  assert.deepEqual(charts, [scatter, ownChart("loss", true)]);
  assert.equal(titleOf(scatter), "loss over eta");
});

test("charts stand where the person put them; new ones where they would", () => {
  const keys = ["a", "b", "c", "d"];
  const before = ids(chartsOf(keys, new Set(), NO_CHARTS));
  const order = moved(before, "metrics.d", 1);
  assert.deepEqual(order, ["metrics.a", "metrics.d", "metrics.b", "metrics.c"]);
  assert.deepEqual(ids(chartsOf(keys, new Set(), { ...NO_CHARTS, order })), order);
  const later = ids(chartsOf(["new", ...keys], new Set(), { ...NO_CHARTS, order }));
  assert.deepEqual(later, ["metrics.new", ...order]);
  assert.deepEqual(moved(before, "metrics.a", 99).at(-1), "metrics.a");
});

test("sections are the prefixes of metrics, system metrics last", () => {
  const keys = ["system/cpu", "loss", "val/loss", "val/f1", "system/gpu/0"];
  const sections = sectionsOf([...keys.map((key) => ownChart(key, true)), scatter]);
  assert.deepEqual(
    sections.map(({ name, charts }) => [name, charts.length]),
    [
      ["", 2],
      ["val", 2],
      ["system", 1],
      ["system/gpu", 1],
    ],
  );
  assert.equal(sectionsOf([{ ...scatter, section: "mine" }])[0]?.name, "mine");
});

test("what was saved of charts is taken as far as it has the right kind", () => {
  assert.deepEqual(readCharts(undefined), NO_CHARTS);
  const saved = {
    added: [scatter, { id: 3 }, { id: "x", kind: "pie", metrics: [], fields: [] }],
    x: "time",
    first: "10",
    folded: {},
  };
  assert.deepEqual(readCharts(saved), { ...NO_CHARTS, added: [scatter], x: "time" });
});

test("ids of fields name what a store is asked for", () => {
  assert.deepEqual(fieldOf("metrics.val.loss"), { kind: "metric", key: "val.loss" });
  assert.deepEqual(fieldOf("attributes.duration"), { kind: "attribute", key: "duration" });
  assert.equal(fieldOf("attributes.nothing"), undefined);
  assert.equal(fieldOf(""), undefined);
});

const table = tableOf({
  "params.model": ["mlp", "xgb", "xgb", null],
  "metrics.val loss": [1, 2, 3e-7, 4],
  "attributes.duration": [5, 6, 7, 8],
});
const texts = (id: string) => table.columns.find((column) => column.id === id)?.texts;

test("a brush is a search that MLflow's grammar takes", () => {
  const cases: [Record<string, readonly [number, number]>, boolean, string][] = [
    [{ "metrics.val loss": [2e-7, 2.5] }, true, "metrics.`val loss` >= 0.0000002 AND metrics.`val loss` <= 2.5"],
    [{ "params.model": [0.5, 1.5] }, true, "params.model = 'xgb'"],
    [{ "params.model": [-0.5, 1.5] }, true, "(params.model = 'mlp' OR params.model = 'xgb')"],
    [{ "params.model": [-0.5, 1.5] }, false, "attributes.run_id IN ('0', '1', '2')"],
    [{ "attributes.duration": [6, 7] }, true, "attributes.run_id IN ('1', '2')"],
  ];
  for (const [brush, mayOr, expected] of cases) {
    const found = brushFilter({ table, brush, texts, mayOr });
    assert.equal(found, expected);
    if (!found.includes(" OR ")) assert.doesNotThrow(() => parseFilter("runs", found), found);
  }
  assert.equal(bothFilters("", "x"), "x");
  assert.equal(bothFilters("a = 1", "x"), "a = 1 AND x");
  assert.equal(bothFilters("a = 1 or b = 2", "x"), "(a = 1 or b = 2) AND x");
});

test("a brushed range is told in the words of its axis", () => {
  const [model, loss] = table.columns;
  assert.ok(model !== undefined && loss !== undefined);
  assert.equal(rangeText(model, [-0.5, 0.5]), "model mlp");
  assert.equal(rangeText(loss, [0.5, 2]), "val loss 0.5000 to 2");
});

test("pictures that MLflow logged are known by their names, of this release and older ones", () => {
  const uuid = "0b8f7c1e-1111-2222-3333-444455556666";
  assert.deepEqual(loggedImage("r", `images/dog~big+step+7+timestamp+170+${uuid}+compressed.webp`), {
    ...{ run_id: "r", key: "dog/big", step: 7, timestamp: 170, compressed: true },
    path: `images/dog~big+step+7+timestamp+170+${uuid}+compressed.webp`,
  });
  assert.equal(loggedImage("r", `images/a#b%step%0%timestamp%5%${uuid}.png`)?.key, "a/b");
  for (const other of ["images/a.png", "plots/a+step+1+timestamp+2+x.png", "images/a+step+x+timestamp+2+u.png"])
    assert.equal(loggedImage("r", other), undefined, other);
});

test("of a run's pictures the newest of each step is shown, the small copy first, and the last before where one is missing", () => {
  const image = (step: number, timestamp: number, compressed = false) => ({
    run_id: "r",
    key: "k",
    step,
    timestamp,
    path: `${step} ${timestamp} ${compressed}`,
    compressed,
  });
  const images =
    imagesOf([image(5, 1), image(5, 1, true), image(0, 1), image(0, 2), { ...image(1, 1), key: "other" }], "k").get(
      "r",
    ) ?? [];
  assert.deepEqual(
    images.map(({ path }) => path),
    ["0 2 false", "5 1 true"],
  );
  assert.equal(imageAt(images, 4)?.step, 0);
  assert.equal(imageAt(images, 9)?.step, 5);
});

test("CSV quotes what needs it and keeps all digits", () => {
  const csv = csvOf(
    ["a", 'b"'],
    [
      [1 / 3, "x,y"],
      [Number.NaN, null],
      [-Number.MAX_VALUE, "é\n"],
    ],
  );
  assert.equal(csv, 'a,"b"""\r\n0.3333333333333333,"x,y"\r\nNaN,\r\n-inf,"é\n"\r\n');
});
