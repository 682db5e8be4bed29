import assert from "node:assert/strict";
import { test } from "node:test";
import { numberTexts, reviewLines } from "../../src/extension/models/review.ts";
import { compareVersions, type VersionFacts } from "../../src/models/compareVersions.ts";
import { directionByName } from "../../src/protocol/metricDirection.ts";

function lines(version: Partial<VersionFacts>, against: Partial<VersionFacts>): string[] {
  const nothing = { metrics: [], params: [] };
  const differences = compareVersions({ ...nothing, ...version }, { ...nothing, ...against }, directionByName);
  return reviewLines(differences, "5").map((line) =>
    line.kind === "head" ? line.text : `- ${line.label} ${line.description}`.trimEnd(),
  );
}

test("a review tells metrics with better and worse, worst first, then signature and environment", () => {
  const told = lines(
    {
      metrics: [
        { key: "rmse", value: 0.5571 },
        { key: "r2", value: 0.5 },
        { key: "n", value: 3 },
      ],
      params: [{ key: "eta", value: "0.05" }],
      packages: new Map([["xgboost", "3.1.0"]]),
    },
    {
      metrics: [
        { key: "rmse", value: 0.5612 },
        { key: "r2", value: 0.6 },
        { key: "n", value: 3 },
      ],
      params: [{ key: "eta", value: "0.08" }],
      packages: new Map([["xgboost", "3.0.2"]]),
    },
  );
  assert.deepEqual(told, [
    "Metrics: 1 better, 1 worse, 1 the same beside version 5",
    "- r2 0.5000 instead of 0.6000, −0.1000, worse",
    "- rmse 0.5571 instead of 0.5612, −0.0041, better",
    "- n 3.000 instead of 3.000",
    "Signature: cannot be read",
    "Environment: 1 package differs from version 5",
    "- xgboost 3.1.0 instead of 3.0.2",
    "Params",
    "- eta 0.05 instead of 0.08",
  ]);
});

test("a review says where nothing is known, and does not go on without end", () => {
  assert.deepEqual(lines({}, {}), [
    "Metrics: none is logged",
    "Signature: cannot be read",
    "Environment: cannot be read",
  ]);
  const many = Array.from({ length: 40 }, (_, n) => ({ key: `m${n}`, value: n }));
  const told = lines({ metrics: many }, {});
  assert.equal(told[0], "Metrics: 40 not comparable beside version 5");
  assert.equal(told.at(13), "- and 28 more");
});

test("two numbers are told apart, and what is no number is said", () => {
  const cases: [number | undefined, number | undefined, string[]][] = [
    [0.5571, 0.5612, ["0.5571", "0.5612", "−0.0041"]],
    [0.55710001, 0.5571, ["0.55710001", "0.55710000", "+0.00000001"]],
    [1234.5, 1200, ["1235", "1200", "+35"]],
    [0, 0, ["0.000", "0.000", "0.000"]],
    [Number.NaN, 1, ["NaN", "1", ""]],
    [undefined, 1, ["not logged", "1", ""]],
  ];
  for (const [value, against, texts] of cases) assert.deepEqual(numberTexts(value, against), texts);
});
