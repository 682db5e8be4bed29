import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { RunKeys } from "../../src/protocol/runs.ts";
import { filterPieces } from "../../src/webview/panels/experiment/filter/colors.ts";
import { completionsAt } from "../../src/webview/panels/experiment/filter/completion.ts";
import { filterModel } from "../../src/webview/panels/experiment/filter/filterModel.ts";

const KEYS: RunKeys = {
  runs: 128,
  params: [{ key: "model", runs: 128, varies: true, values: ["xgboost", "mlp", "it's"] }],
  metrics: [
    { key: "train_rmse", runs: 128, varies: true, range: { min: 0.1938, max: 1 } },
    { key: "val_rmse", runs: 96, varies: true, range: { min: 0.5571, max: 1.204 } },
    { key: "my loss", runs: 1, varies: true, range: { min: 1, max: 1 } },
  ],
  tags: [
    { key: "mlflow.user", runs: 128, varies: false, values: ["ada"] },
    { key: "team", runs: 3, varies: true, values: ["vision"] },
  ],
  datasets: ["wine"],
  stepped: [],
};

const labels = (text: string, mayOr = true) =>
  completionsAt(text, text.length, KEYS, mayOr).items.map(({ label }) => label);

test("where the cursor stands decides whether keys, operators, values or joining words are offered", () => {
  const cases: [text: string, expected: string[]][] = [
    ["", ["metrics.", "params.", "tags.", "attributes.", "datasets."]],
    ["metrics.val", ["metrics.val_rmse"]],
    ["metrics.rmse", ["metrics.train_rmse", "metrics.val_rmse"]],
    ["rmse", ["metrics.train_rmse", "metrics.val_rmse"]],
    ["tags.", ["tags.team", "tags.mlflow.user"]],
    ["metrics.val_rmse ", [">", ">=", "<", "<=", "=", "!="]],
    ["params.model I", ["ILIKE", "IS NULL", "IS NOT NULL"]],
    ["params.model = ", ["'xgboost'", "'mlp'"]],
    ["params.model = 'm", ["'mlp'"]],
    ["metrics.val_rmse < ", ["0.5571", "1.204"]],
    ["attributes.status = 'F", ["'FINISHED'", "'FAILED'"]],
    ["datasets.name = ", ["'wine'"]],
    ["metrics.val_rmse < 1 ", ["AND", "OR"]],
    ["metrics.val_rmse < 1 AND params.", ["params.model"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(labels(text), expected, text);
  assert.equal(labels("(metrics.val_rmse < 1 OR met")[0], "metrics.");
  assert.deepEqual(labels("metrics.val_rmse < 1 ", false), ["AND"]);
});

test("a key is offered with its range and how many runs have it, and put in with quotes where it needs them", () => {
  const { from, to, items, all } = completionsAt("metrics.val_ < 1", 12, KEYS, true);
  assert.deepEqual([from, to, all], [0, 12, "3 metrics"]);
  assert.equal(items[0]?.detail, "0.5571 – 1.204 · 96 runs");
  assert.deepEqual(items[0]?.match, [8, 12]);
  const spaced = completionsAt("metrics.my", 10, KEYS, true).items[0];
  assert.equal(spaced?.insert, "metrics.`my loss` ");
});

test("a key is said to be logged nowhere only when every run was looked at", () => {
  const keys = signal<RunKeys | undefined>(undefined);
  const model = filterModel({
    ...{ draft: signal(""), filter: signal("metrics.rmse < 1"), keys, mayOr: true },
    apply: () => undefined,
    remember: () => undefined,
  });
  const hint = () => model.hint.value;
  assert.equal(hint(), undefined);
  keys.value = { ...KEYS, rough: true };
  assert.equal(hint(), undefined);
  keys.value = KEYS;
  const similar = { key: "val_rmse", filter: "metrics.val_rmse < 1" };
  assert.deepEqual(hint(), { missing: "rmse", similar });
});

function written(text: string, mayOr = true) {
  const applied: string[] = [];
  const draft = signal(text);
  const model = filterModel({
    ...{ draft, filter: signal(""), keys: signal(KEYS), mayOr },
    apply: (filter) => applied.push(filter),
    remember: () => undefined,
  });
  model.typed(text, text.length);
  return { model, draft, applied };
}

test("an accepted completion takes the place of what was typed, with the cursor behind it", () => {
  const { model, draft } = written("metrics.val");
  const item = model.completions.value.items[0];
  assert.ok(item !== undefined);
  assert.equal(model.accept(item), "metrics.val_rmse ".length);
  assert.equal(draft.value, "metrics.val_rmse ");
});

test("what is wrong is told when it cannot become right by writing on, or when it is insisted on", () => {
  const { model: unfinished, applied } = written("metrics.val_rmse <");
  assert.equal(unfinished.problem.value, undefined);
  unfinished.enter();
  assert.ok(unfinished.problem.value !== undefined);
  assert.deepEqual(applied, []);
  const { model: wrong } = written("metrics.val_rmse LIKE 'a' AND params.model = 'mlp'");
  assert.ok((wrong.problem.value?.end ?? 99) < 30);
  const { model: remote } = written("params.model = 'a' OR params.model = 'b'", false);
  remote.enter();
  assert.ok(remote.problem.value !== undefined);
  const { model: right, applied: done } = written("params.model = 'a' OR params.model = 'b'");
  right.enter();
  assert.equal(done.length, 1);
});

test("the text in colours is the text, with one stretch underlined", () => {
  const pieces = filterPieces("metrics.a < 0.5 AND b = 'c'", { start: 20, end: 21 });
  assert.equal(pieces.map(({ text }) => text).join(""), "metrics.a < 0.5 AND b = 'c'");
  assert.deepEqual(
    pieces.filter(({ wrong }) => wrong).map(({ text }) => text),
    ["b"],
  );
  assert.equal(pieces.find(({ kind }) => kind === "string")?.text, "'c'");
});

test("no text and no place of the cursor is too much for completion", () => {
  for (const text of [
    "'",
    "((",
    "metrics.",
    "a.b.c = 'x",
    "params.`",
    "AND AND",
    "IN (",
    "metrics.a IN ('b', ",
    "é".repeat(9),
  ]) {
    for (let caret = 0; caret <= text.length; caret++) {
      const { from, to } = completionsAt(text, caret, KEYS, true);
      assert.ok(from <= to && to <= text.length, `${text} at ${caret}`);
    }
    assert.equal(
      filterPieces(text, { start: text.length, end: text.length })
        .map((piece) => piece.text)
        .join(""),
      text,
    );
  }
});
