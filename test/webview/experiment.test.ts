import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunField, RunKeys } from "../../src/protocol/runs.ts";
import { quotedKey } from "../../src/mlflow/filter/write.ts";
import { type ColumnFacts, gridColumns, initialColumns, orderOf } from "../../src/webview/panels/experiment/columns.ts";
import { drawnRuns } from "../../src/webview/panels/experiment/drawn.ts";
import { headerOf } from "../../src/webview/panels/experiment/fields.ts";
import { fieldOf, idOf } from "../../src/webview/ui/chart/fields.ts";
import { filterHint } from "../../src/webview/panels/experiment/filter/hint.ts";
import { factsById } from "../../src/webview/panels/experiment/page.ts";
import { DEFAULT_ARRANGEMENT, readArrangement } from "../../src/webview/panels/experiment/savedView.ts";
import { matchingCharts, ownChart } from "../../src/webview/panels/experiment/charts/specs.ts";
import { manyRuns } from "./support/runs.ts";

const names = { params: ["eta", "seed"], metrics: ["train_rmse", "val_rmse"], stepped: ["val_rmse"] };

/** Keys as a store tells them; those of `varying` vary. */
function runKeys(params: string[], metrics: string[], varying: string[], stepped: string[] = []): RunKeys {
  const facts = (key: string) => ({ key, runs: 9, varies: varying.includes(key), values: [key] });
  return { runs: 9, params: params.map(facts), metrics: metrics.map(facts), tags: [], datasets: [], stepped };
}
const keys = runKeys(names.params, names.metrics, ["eta"], names.stepped);

test("with few keys all columns are shown; with many, the params that vary and a dozen metrics", () => {
  assert.deepEqual(initialColumns(keys), [
    ...["attributes.start_time", "attributes.duration", "params.eta", "params.seed"],
    ...["metrics.val_rmse", "metrics.train_rmse", "curve.metrics.val_rmse"],
  ]);
  const params = Array.from({ length: 40 }, (_, i) => `p${i}`);
  const metrics = Array.from({ length: 40 }, (_, i) => `m${i}`);
  const chosen = initialColumns(runKeys(params, ["system/cpu", ...metrics], ["p7", "p30"]));
  assert.deepEqual(chosen.slice(2, 4), ["params.p7", "params.p30"]);
  assert.equal(chosen.length, 4 + 12);
  assert.ok(!chosen.includes("metrics.system/cpu"));
});

const facts = {
  chosen: initialColumns(keys),
  facts: factsById(keys),
  params: { all: 2, vary: 1 },
  pinned: new Set<string>(),
  ...{ baseline: false, dated: false, narrow: undefined, sort: [] },
};
const headers = (more: Partial<ColumnFacts>) => gridColumns({ ...facts, ...more }).map(({ header }) => header);

test("the narrow layout has the name, the sorted metric and its difference, or the age", () => {
  const narrow = { narrow: 500, sort: [{ id: "metrics.train_rmse", desc: false }] };
  assert.deepEqual(headers(narrow), ["Run", "train_rmse", "Age"]);
  assert.deepEqual(headers({ ...narrow, baseline: true }), ["Run", "train_rmse", "Δ"]);
  assert.ok(gridColumns({ ...facts, ...narrow }).reduce((sum, { width }) => sum + width, 0) <= 500);
});

test("with a baseline each metric has a column of differences behind it; pinned columns stand first", () => {
  const shown = headers({ baseline: true, pinned: new Set(["metrics.val_rmse"]) });
  assert.deepEqual(shown, ["Run", "val_rmse", "Age", "Duration", "eta", "seed", "train_rmse", "Δ", "val_rmse by step"]);
});

test("the column of ages is wider when an age is told as a date", () => {
  const ageWidth = (dated: boolean) =>
    gridColumns({ ...facts, dated }).find(({ header }) => header === "Age")?.width ?? 0;
  assert.ok(ageWidth(true) > ageWidth(false));
});

test("a column is known by an id that says what the store is asked for", () => {
  const cases: [string, RunField | undefined, string][] = [
    ["params.a.b", { kind: "param", key: "a.b" }, "a.b"],
    ["metrics.loss", { kind: "metric", key: "loss" }, "loss"],
    ["min.metrics.loss", { kind: "metric", key: "loss", of: "min" }, "min loss"],
    ["best.metrics.loss", { kind: "metric", key: "loss", of: "min" }, "best loss"],
    ["best.metrics.r2", { kind: "metric", key: "r2", of: "max" }, "best r2"],
    ["step:100.metrics.loss", { kind: "metric", key: "loss", of: { step: 100 } }, "loss at 100"],
    ["metrics.min.metrics.x", { kind: "metric", key: "min.metrics.x" }, "min.metrics.x"],
    ["tags.team", { kind: "tag", key: "team" }, "team"],
    ["attributes.status", { kind: "attribute", key: "status" }, "Status"],
    ["datasets", { kind: "datasets" }, "Datasets"],
    ["curve.metrics.loss", undefined, "loss by step"],
    ["attributes.nothing", undefined, "nothing"],
    ["nonsense", undefined, "nonsense"],
  ];
  for (const [id, field, header] of cases) {
    assert.deepEqual(fieldOf(id), field, id);
    assert.equal(headerOf(id), header);
    const isPlain = field !== undefined && !id.startsWith("best.");
    if (isPlain) assert.equal(idOf(field), id);
  }
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
  assert.equal(quotedKey("a`b"), '"a`b"');
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
    const hint = filterHint(filter, names);
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
    columns: ["params.a"],
    groupBy: ["tags.team"],
    beside: true,
  };
  assert.deepEqual(readArrangement(JSON.parse(JSON.stringify(view))), view);
  assert.deepEqual(
    readArrangement({
      filter: 3,
      sort: "no",
      columns: { params: [] },
      pinned: [7],
      sash: 0.3,
      part: "half",
      unknown: 1,
    }),
    {
      ...DEFAULT_ARRANGEMENT,
      sash: 0.3,
    },
  );
  for (const saved of [undefined, null, 7, {}]) assert.deepEqual(readArrangement(saved), DEFAULT_ARRANGEMENT);
});
