import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  barFraction,
  bestOf,
  byMeaning,
  directionOf,
  directions,
  metricScale,
  scalePart,
} from "../../src/webview/ui/metrics.ts";

test("errors and losses are better when lower, all else when higher", () => {
  const lower = ["loss", "val_loss", "val_rmse", "train/mae", "mean_squared_error", "log_loss", "perplexity"];
  const higher = ["accuracy", "val_r2", "f1_score", "auc", "glossary_hits", "terror_free"];
  for (const key of lower) assert.equal(directionOf(key), "lower", key);
  for (const key of higher) assert.equal(directionOf(key), "higher", key);
});

test("the best value is never NaN or infinite", () => {
  assert.equal(bestOf([Number.NaN, 2, 1, Number.NEGATIVE_INFINITY], "lower"), 1);
  assert.equal(bestOf([1, 2, Number.MAX_VALUE], "higher"), 2);
  assert.equal(bestOf([Number.NaN], "lower"), undefined);
});

test("a scale over parts is the scale of the whole", () => {
  const scale = metricScale("rmse", [scalePart([0.7, Number.NaN]), scalePart([0.55, 0.6]), scalePart([])]);
  assert.deepEqual(scale, { min: 0.55, max: 0.7, best: 0.55, format: { kind: "fixed", decimals: 4 } });
  assert.equal(metricScale("r2", [scalePart([0.1, 0.9])]).best, 0.9);
});

test("one value has no best and no bar", () => {
  const scale = metricScale("rmse", [scalePart([0.7, 0.7])]);
  assert.equal(scale.best, undefined);
  assert.equal(barFraction(0.7, scale), undefined);
});

test("bars are scaled to the loaded range and never vanish", () => {
  const scale = metricScale("rmse", [scalePart([0, 1])]);
  assert.deepEqual(
    [0, 0.5, 1, Number.NaN].map((value) => barFraction(value, scale)),
    [0.04, 0.5, 1, undefined],
  );
});

test("curves come first, held-out data before training, system metrics last", () => {
  const keys = ["auc", "system/cpu", "train_loss", "val_auc", "val_loss"];
  assert.deepEqual(byMeaning(keys, new Set(["train_loss", "val_loss", "system/cpu"])), [
    "val_loss",
    "train_loss",
    "val_auc",
    "auc",
    "system/cpu",
  ]);
});

test("which way is better is as it was set, else as the name says", () => {
  assert.equal(directionOf("val_loss"), "lower");
  assert.equal(directionOf("constructor"), "higher");
  directions.value = { val_loss: "higher", gap: "lower" };
  after(() => {
    directions.value = {};
  });
  assert.equal(directionOf("val_loss"), "higher");
  assert.equal(metricScale("gap", [scalePart([1, 2])]).best, 1);
});
