import assert from "node:assert/strict";
import { test } from "node:test";
import { comparisonCsv, markdownOf } from "../../src/webview/panels/compare/copyTable.ts";
import { deltaOf, differText, sectionsOf, type TableFacts } from "../../src/webview/panels/compare/differences.ts";
import { fieldChoices, fieldLists, usualAxes } from "../../src/webview/panels/compare/fieldChoices.ts";
import { linesOf, moved } from "../../src/webview/panels/compare/gridNavigation.ts";
import { changedShare } from "../../src/webview/panels/compare/pixels.ts";
import { DEFAULT_COMPARE_ARRANGEMENT, readCompareArrangement } from "../../src/webview/panels/compare/savedView.ts";

const metric = (key: string, values: (number | undefined)[]) => ({
  key,
  values: Float64Array.from(values, (value) => value ?? 0),
  logged: Uint8Array.from(values, (value) => (value === undefined ? 0 : 1)),
});

const FACTS: TableFacts = {
  params: [
    { key: "eta", texts: ["0.05", "0.10", "0.05"] },
    { key: "model", texts: ["xgboost", "xgboost", null] },
    { key: "seed", texts: ["42", "42", "42"] },
  ],
  metrics: [metric("val_rmse", [0.5571, 0.5612, Number.NaN]), metric("val_r2", [0.58, 0.58, undefined])],
  source: [{ key: "git commit", texts: ["3f2a91c00", "3f2a91c00", "a80c55e00"] }],
  environment: [{ key: "xgboost", texts: ["3.1.0", "3.0.2", "3.1.0"] }],
  tags: [{ key: "data", texts: ["v3", "v3", "v3"] }],
  order: [1, 0, 2],
  differencesOnly: true,
  stepped: new Set(["val_rmse"]),
};

test("sections count what differs, and show only that when asked for differences only", () => {
  const titles = (differencesOnly: boolean) =>
    sectionsOf({ ...FACTS, differencesOnly }).map(({ title, rows }) => [title, rows.map(({ key }) => key).join()]);
  assert.deepEqual(titles(true), [
    ["Params · 2 of 3 differ", "eta,model"],
    ["Metrics · 2 of 2 differ", "val_rmse,val_r2"],
    ["Source and environment · 2 of 2 differ", "git commit,xgboost"],
    ["Tags · 0 of 1 differ", ""],
  ]);
  assert.equal(titles(false)[0]?.[1], "eta,model,seed");
  assert.equal(differText(1, 3), "1 of 3 differs");
});

test("the baseline stands first; a value equal to its recedes, one that is missing is not logged", () => {
  const [params] = sectionsOf(FACTS);
  const cells = params?.rows.map(({ cells: own }) =>
    own.map(({ text, same }) => `${text ?? "not logged"}${same ? " same" : ""}`),
  );
  assert.deepEqual(cells, [
    ["0.10", "0.05", "0.05"],
    ["xgboost", "xgboost same", "not logged"],
  ]);
});

test("the best metric is marked and differences are signed, by the metric's direction", () => {
  const [rmse, r2] = sectionsOf(FACTS)[1]?.rows ?? [];
  assert.deepEqual(
    rmse?.cells.map(({ text, best, outside, delta }) => [text, best, outside, delta?.text, delta?.better]),
    [
      ["0.5612", false, false, undefined, undefined],
      ["0.5571", true, false, "−0.004", true],
      ["NaN", false, true, undefined, undefined],
    ],
  );
  assert.deepEqual(
    r2?.cells.map(({ delta, text }) => [text, delta?.text]),
    [
      ["0.5800", undefined],
      ["0.5800", "0"],
      [null, undefined],
    ],
  );
});

test("a difference has one decimal fewer than its column, more when it would be nothing", () => {
  const format = { kind: "fixed", decimals: 4 } as const;
  const cases: [number, number, string][] = [
    [0.58, 0.5612, "+0.019"],
    [0.56124, 0.5612, "+4e−5"],
    [0.5614, 0.5612, "+0.0002"],
    [0.5, 0.5, "0"],
  ];
  for (const [value, base, text] of cases) assert.equal(deltaOf(value, base, format, true)?.text, text);
  assert.equal(deltaOf(Number.POSITIVE_INFINITY, 1, format, true), undefined);
  assert.equal(deltaOf(0.6, 0.5, format, true)?.better, false);
  assert.equal(deltaOf(0.6, 0.5, format, false)?.better, true);
});

test("the table is copied as Markdown and as CSV with its stored values", () => {
  const sections = sectionsOf({ ...FACTS, params: [{ key: "a|b", texts: ["x|y", "two\nlines", null] }] });
  const runs = ["b", "a", "c"].map((run_name, i) => ({ run_id: `id${i}`, run_name }));
  const markdown = markdownOf(runs, sections).split("\n");
  assert.equal(markdown[0], "|  | b | a | c |");
  assert.ok(markdown.includes("| a\\|b | two<br>lines | x\\|y | not logged |"));
  assert.ok(markdown.includes("| val_rmse | 0.5612 | **0.5571** | NaN |"));
  const csv = comparisonCsv(runs, sections).split("\r\n");
  assert.equal(csv[0], "section,key,b,a,c");
  assert.equal(csv[1], ",run_id,id0,id1,id2");
  assert.ok(csv.includes("metrics,val_rmse,0.5612,0.5571,NaN"));
});

test("axes are the params that differ, metrics, the duration, and the main metric last", () => {
  const choices = fieldChoices({ ...FACTS, stepped: ["val_rmse"] });
  assert.deepEqual(usualAxes({ ...choices, metrics: ["metrics.val_rmse", "metrics.val_r2"] }), [
    "params.eta",
    "params.model",
    "params.seed",
    "metrics.val_r2",
    "attributes.duration",
    "metrics.val_rmse",
  ]);
  assert.deepEqual(
    fieldLists("contour", choices).map(({ value }) => value),
    ["params.eta", "params.seed", "metrics.val_rmse"],
  );
  assert.equal(fieldLists("box", choices)[0]?.value, "params.model");
  // What is no longer logged is not kept.
  assert.equal(fieldLists("scatter", choices, ["params.gone", "metrics.val_r2"])[0]?.value, "params.eta");
  assert.equal(fieldLists("scatter", choices, ["params.gone", "metrics.val_r2"])[1]?.value, "metrics.val_r2");
});

test("keys move among the cells of the lines that are not folded", () => {
  const lines = linesOf(sectionsOf(FACTS), ["metrics"]);
  assert.deepEqual(
    lines.map((line) =>
      line.kind === "section" ? `${line.section.name}${line.folded ? " folded" : ""}` : line.row.key,
    ),
    ["params", "eta", "model", "metrics folded", "source", "git commit", "xgboost", "tags"],
  );
  const room = { lines: lines.length, columns: 4, page: 5 };
  const press = (key: string, line: number, column: number, ctrlKey = false) => {
    const to = moved({ key, ctrlKey, metaKey: false }, { line, column }, room);
    return to === undefined ? undefined : [to.line, to.column];
  };
  assert.deepEqual(press("ArrowUp", 0, 2), [-1, 2]);
  assert.deepEqual(press("ArrowUp", -1, 2), [-1, 2]);
  assert.deepEqual(press("ArrowRight", 1, 3), [1, 3]);
  assert.deepEqual(press("End", 1, 0, true), [7, 3]);
  assert.deepEqual(press("PageDown", 1, 0), [6, 0]);
  assert.equal(press("x", 1, 0), undefined);
});

test("pixels that are not black differ", () => {
  assert.deepEqual(changedShare([0, 0, 0, 255, 1, 0, 0, 255]), { pixels: 1, share: "50.0 %" });
  assert.deepEqual(changedShare([0, 0, 0, 255]), { pixels: 0, share: "0.0 %" });
});

test("what an earlier version saved is taken as far as it fits", () => {
  const read = readCompareArrangement({
    tab: "pie",
    folded: "no",
    baseline: { uri: "u", run_id: "r" },
    sash: 0.5,
    more: 1,
  });
  assert.deepEqual(read, { ...DEFAULT_COMPARE_ARRANGEMENT, baseline: { uri: "u", run_id: "r" }, sash: 0.5 });
  assert.deepEqual(readCompareArrangement(null), DEFAULT_COMPARE_ARRANGEMENT);
});
