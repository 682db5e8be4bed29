import assert from "node:assert/strict";
import { test } from "node:test";
import { pointsOf } from "../../src/projects/sweep/points.ts";
import { gridValues, parseSweepValues } from "../../src/projects/sweep/values.ts";

const written: [text: string, values: string[]][] = [
  ["0.1, 0.2,0.50", ["0.1", "0.2", "0.50"]],
  ["one", ["one"]],
  [`"a, b", 'c"', d e`, ["a, b", 'c"', "d e"]],
  ["1..4", ["1", "2", "3", "4"]],
  ["2..9 step 3", ["2", "5", "8"]],
  ["0..0.3 step 0.1", ["0", "0.1", "0.2", "0.3"]],
  ["0..1 in 5", ["0", "0.25", "0.5", "0.75", "1"]],
  ["log 1e-3..1 in 4", ["0.001", "0.01", "0.1", "1"]],
  ["-1 .. 1", ["-1", "0", "1"]],
  ["s3://a..b", ["s3://a..b"]],
];
for (const [text, values] of written) {
  test(`${text} means ${values.join(" | ")}`, () => assert.deepEqual(gridValues(parseSweepValues(text)), values));
}

const refused: [text: string, sentence: RegExp][] = [
  ["0..1.5", /needs `step` or `in`/],
  ["3..1", /goes up/],
  ["log 0..1 in 3", /begins above 0/],
  ["log 1..8 step 2", /say how many/],
  ["0..1 in 1", /whole number from 2/],
  ["0..1 step 0", /above 0/],
  ["1..9999", /at most 5000/],
  [" ", /at least one value/],
];
for (const [text, sentence] of refused) {
  test(`${text} is refused in a sentence`, () => assert.throws(() => gridValues(parseSweepValues(text)), sentence));
}

test("a grid has every combination, the last parameter changing fastest", () => {
  const points = pointsOf({
    method: "grid",
    parameters: [
      ["a", "1, 2"],
      ["b", "x, y, x"],
    ],
  });
  assert.deepEqual(
    points.map((point) => point.map(([, value]) => value).join("")),
    ["1x", "1y", "2x", "2y"],
  );
  assert.throws(
    () =>
      pointsOf({
        method: "grid",
        parameters: [
          ["a", "1..100"],
          ["b", "1..100"],
        ],
      }),
    /at most 5000 runs/,
  );
  assert.throws(() => pointsOf({ method: "grid", parameters: [] }), /at least one parameter/);
});

test("runs by chance follow from the seed, none twice, within their ranges", () => {
  const plan = {
    method: "random" as const,
    count: 40,
    seed: 3,
    parameters: [
      ["eta", "log 1e-4..1"],
      ["depth", "2..6"],
      ["kind", "a, b"],
    ] as [string, string][],
  };
  const points = pointsOf(plan);
  assert.deepEqual(points, pointsOf(plan));
  assert.notDeepEqual(points, pointsOf({ ...plan, seed: 4 }));
  assert.equal(new Set(points.map((point) => JSON.stringify(point))).size, 40);
  const etas = points.map((point) => Number(point[0]?.[1]));
  assert(etas.every((eta) => eta >= 1e-4 && eta <= 1) && etas.filter((eta) => eta < 0.01).length > 10);
  const depths = new Set(points.map((point) => point[1]?.[1]));
  assert.deepEqual([...depths].map(String).toSorted(), ["2", "3", "4", "5", "6"]);
  // Where there are fewer, there are fewer.
  assert.equal(pointsOf({ method: "random", count: 40, parameters: [["depth", "2..6"]] }).length, 5);
  assert.throws(() => pointsOf({ method: "random", parameters: [["depth", "2..6"]] }), /say how many/);
});
