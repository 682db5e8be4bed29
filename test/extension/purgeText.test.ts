import assert from "node:assert/strict";
import { test } from "node:test";
import type { Purged } from "../../src/protocol/trash.ts";
import { goingText, goneText, keptText } from "../../src/extension/tracking/purgeText.ts";

const NOTHING: Purged = { experiments: 0, runs: 0, models: 0, points: 0, bytes: 0, kept: [] };

const cases: [Partial<Purged>, string][] = [
  [{ runs: 1, points: 2, bytes: 10_100 }, "1 run, 2 metric points and 10 kB of artifacts go for good."],
  [{ experiments: 1 }, "1 experiment and no artifacts go for good."],
  [{ runs: 1, bytes: Number.NaN }, "1 run goes for good."],
  [{ models: 1, bytes: Number.NaN }, "1 logged model goes for good."],
  [
    { experiments: 2, runs: 1_204, models: 1, points: 3, bytes: 5 },
    "2 experiments, 1,204 runs, 1 logged model, 3 metric points and 5 B of artifacts go for good.",
  ],
];

test("what would go for good is counted in one sentence", () => {
  for (const [purged, expected] of cases) assert.equal(goingText({ ...NOTHING, ...purged }), expected);
});

test("what has gone is told in the same words", () => {
  assert.equal(goneText({ ...NOTHING, runs: 2 }), "2 runs and no artifacts are gone.");
  assert.equal(goneText({ ...NOTHING, runs: 1, bytes: Number.NaN }), "1 run is gone.");
});

test("at most three of the places that stay are named", () => {
  assert.equal(keptText(NOTHING), "");
  assert.equal(
    keptText({ ...NOTHING, kept: ["s3://a", "s3://b", "s3://c", "s3://d"] }),
    "Artifacts stay in s3://a, s3://b, s3://c and 1 more, which Flowdeck does not remove.",
  );
});
