import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gridColumns,
  initialColumns,
  orderOf,
  quoted,
  varyingParams,
} from "../../src/webview/panels/experiment/columns.ts";
import { drawnRuns } from "../../src/webview/panels/experiment/drawn.ts";
import { filterHint } from "../../src/webview/panels/experiment/filterHint.ts";
import { DEFAULT_ARRANGEMENT, readArrangement } from "../../src/webview/panels/experiment/savedView.ts";
import { matchingCharts, ownChart } from "../../src/webview/panels/experiment/charts/specs.ts";
import { manyRuns, windowOf } from "./support/runs.ts";

const keys = { params: ["eta", "seed"], metrics: ["train_rmse", "val_rmse"], stepped: ["val_rmse"] };

test("a param varies when two runs logged different values, or one did not log it", () => {
  const runs = [
    { id: "a", params: { eta: "0.1", seed: "1" } },
    { id: "b", params: { eta: "0.2", seed: "1" } },
  ];
  const read = (more: typeof runs) => windowOf(more, { offset: 0, limit: 9, params: keys.params, metrics: [] });
  assert.deepEqual(varyingParams(keys, [read(runs)]), ["eta"]);
  assert.deepEqual(
    varyingParams(keys, [windowOf([...runs, { id: "c" }], { offset: 0, limit: 9, params: keys.params, metrics: [] })]),
    ["eta", "seed"],
  );
});

test("with few keys all columns are shown; with many, the params that vary and a dozen metrics", () => {
  assert.deepEqual(initialColumns(keys, ["eta"]), { params: ["eta", "seed"], metrics: ["val_rmse", "train_rmse"] });
  const params = Array.from({ length: 40 }, (_, i) => `p${i}`);
  const metrics = Array.from({ length: 40 }, (_, i) => `m${i}`);
  const chosen = initialColumns({ params, metrics: ["system/cpu", ...metrics], stepped: [] }, ["p7", "p30"]);
  assert.deepEqual(chosen.params, ["p7", "p30"]);
  assert.equal(chosen.metrics.length, 12);
  assert.ok(!chosen.metrics.includes("system/cpu"));
});

test("the narrow layout has the name, the sorted metric and the age", () => {
  const facts = {
    chosen: { params: ["eta"], metrics: keys.metrics },
    keys,
    varying: [],
    sample: undefined,
    narrow: 500,
    now: 5000,
  };
  const columns = gridColumns({ ...facts, sort: [{ id: "metrics.train_rmse", desc: false }] });
  assert.deepEqual(
    columns.map(({ header }) => header),
    ["Run", "train_rmse", "Age"],
  );
  assert.ok(columns.reduce((sum, { width }) => sum + width, 0) <= 500);
});

test("the column of ages is wider when an age is told as a date", () => {
  const sample = windowOf(manyRuns(3), { offset: 0, limit: 9, params: [], metrics: [] });
  const ageWidth = (now: number) => {
    const facts = { chosen: { params: [], metrics: [] }, keys, varying: [], sample, narrow: undefined, sort: [], now };
    return gridColumns(facts).find(({ header }) => header === "Age")?.width ?? 0;
  };
  const day = 24 * 3_600_000;
  assert.equal(ageWidth(1000 + day), ageWidth(1000));
  assert.ok(ageWidth(1000 + 60 * day) > ageWidth(1000));
});

test("sorting is asked by field; a rising age is a falling start time", () => {
  assert.deepEqual(
    orderOf([
      { id: "metrics.val_rmse", desc: false },
      { id: "params.my key.x", desc: true },
      { id: "attributes.start_time", desc: false },
      { id: "attributes.run_name", desc: true },
    ]),
    [
      { field: { kind: "metric", key: "val_rmse" }, ascending: true },
      { field: { kind: "param", key: "my key.x" }, ascending: false },
      { field: { kind: "attribute", key: "start_time" }, ascending: false },
      { field: { kind: "attribute", key: "run_name" }, ascending: false },
    ],
  );
  assert.equal(quoted("a`b"), '"a`b"');
});

test("the first ten runs are drawn, unless their dot says otherwise", () => {
  const page = ["", ...manyRuns(30).map(({ id }) => id)];
  assert.equal(drawnRuns(page, {}).length, 10);
  const drawn = drawnRuns(page, { "3": false, "20": true, elsewhere: true });
  assert.ok(!drawn.includes("3"));
  assert.deepEqual(drawn.slice(-2), ["20", "elsewhere"]);
  assert.deepEqual(drawnRuns([], {}), []);
});

test("a filter with a key that nobody logged is told so, with a similar key", () => {
  const cases: [string, string | undefined, string | undefined][] = [
    ["metrics.rmse < 0.5", "rmse", "metrics.val_rmse < 0.5"],
    ["metrics.val_rmse < 0.5", undefined, undefined],
    ["params.ete = '1'", "ete", "params.eta = '1'"],
    ["metrics.`zzz` > 1", "zzz", undefined],
    ["attributes.status = 'FINISHED'", undefined, undefined],
  ];
  for (const [filter, missing, fixed] of cases) {
    const hint = filterHint(filter, keys);
    assert.equal(hint?.missing, missing, filter);
    assert.equal(hint?.similar?.filter, fixed, filter);
  }
});

test("charts are chosen by a regular expression; one that is not finished is taken literally", () => {
  const found = (keys: string[], pattern: string) =>
    matchingCharts(
      keys.map((key) => ownChart(key, true)),
      pattern,
    ).map(({ metrics }) => metrics[0]);
  const all = ["val_rmse", "train_rmse", "val_r2"];
  assert.deepEqual(found(all, "^val"), ["val_rmse", "val_r2"]);
  assert.deepEqual(found(all, "rmse("), []);
  assert.deepEqual(found(["a(b"], "a("), ["a(b"]);
  assert.deepEqual(found(all, ""), all);
});

test("a saved view is taken as far as its parts have the right kind", () => {
  const view = {
    ...DEFAULT_ARRANGEMENT,
    filter: "x",
    scroll: { top: 44, left: 8 },
    columns: { params: ["a"], metrics: [] },
    beside: true,
  };
  assert.deepEqual(readArrangement(JSON.parse(JSON.stringify(view))), view);
  assert.deepEqual(readArrangement({ filter: 3, sort: "no", sash: 0.3, part: "half", unknown: 1 }), {
    ...DEFAULT_ARRANGEMENT,
    sash: 0.3,
  });
  for (const saved of [undefined, null, 7, {}]) assert.deepEqual(readArrangement(saved), DEFAULT_ARRANGEMENT);
});
