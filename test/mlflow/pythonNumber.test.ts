import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonNumber } from "../../src/mlflow/pythonNumber.ts";

const CASES: [string, number | undefined][] = [
  ["1", 1],
  ["-1.5e-3", -0.0015],
  ["+.5", 0.5],
  ["5.", 5],
  [" 2\n", 2],
  ["1_000.0_1", 1_000.01],
  ["1e999", Number.POSITIVE_INFINITY],
  ["NaN", Number.NaN],
  ["-inf", Number.NEGATIVE_INFINITY],
  ["+Infinity", Number.POSITIVE_INFINITY],
  ...["", " ", ".", "1__0", "_1", "1_", "0x10", "0b1", "1e", "e1", "infinit", "1 2", "'1'"].map(
    (text): [string, undefined] => [text, undefined],
  ),
];

for (const [text, number] of CASES) {
  test(`${JSON.stringify(text)} is ${number === undefined ? "no number" : String(number)} to Python`, () => {
    assert.equal(pythonNumber(text), number);
  });
}
