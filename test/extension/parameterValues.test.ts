import assert from "node:assert/strict";
import { test } from "node:test";
import {
  missingParameters,
  parameterText,
  problemOf,
  valuesUnasked,
} from "../../src/extension/projects/parameterValues.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import type { Parameter } from "../../src/projects/document.ts";

function parameter(type: string, value?: string): Parameter {
  const nowhere = { start: 0, end: 0 };
  return { name: "p", nameRange: nowhere, range: nowhere, type, ...(value === undefined ? {} : { default: value }) };
}

const accepted: [type: string, values: string[]][] = [
  ["float", ["0.1", "1e-5", ".5", "5.", "-3", "inf", "NaN", "1_000.5", " 2 "]],
  ["int", ["11", "-3", "+4", "1_000"]],
  ["bool", ["True", "false", "1"]],
  ["uri", ["runs:/abc/model", "s3://b/k", "file:///x"]],
  ["path", ["data/red.csv"]],
  ["string", ["", "anything", "a b"]],
  ["of-their-own", ["anything"]],
];

const refused: [type: string, values: string[]][] = [
  ["float", ["", "abc", "1,5", "0x10", "1e", "__1"]],
  ["int", ["", "1.5", "eleven", "1e3"]],
  ["bool", ["maybe", ""]],
  ["uri", ["", "data/red.csv"]],
  ["path", [""]],
];

test("a type takes what Python would read", () => {
  for (const [type, values] of accepted) {
    for (const value of values) assert.equal(problemOf(parameter(type), value), undefined, `${type} ${value}`);
  }
});

test("what a type cannot take is refused in one sentence that shows an example", () => {
  for (const [type, values] of refused) {
    for (const value of values)
      assert.match(problemOf(parameter(type), value) ?? "", /^p takes .*\.$/, `${type} ${value}`);
  }
  assert.equal(problemOf(parameter("int", "6"), "x"), "p takes a whole number, such as 6.");
});

test("a parameter shows its type, its value and the default it differs from", () => {
  assert.equal(parameterText(parameter("float", "0.08"), undefined), "float = 0.08");
  assert.equal(parameterText(parameter("float", "0.08"), "0.06"), "float = 0.06 · default 0.08");
  assert.equal(parameterText(parameter("float"), undefined), "float, required");
  assert.equal(parameterText(parameter("string", ""), undefined), 'string = ""');
});

const [main] = readMlproject(
  "entry_points: {main: {command: x, parameters: {eta: {type: float, default: 0.1}, data: path, folds: float}}}",
).entryPoints;

const unasked: [what: string, given: object, remembered: object, values: object, missing: string[]][] = [
  ["the first time, defaults are taken and the rest is missing", {}, {}, {}, ["data", "folds"]],
  [
    "what has no default keeps the value of the last time",
    {},
    { data: "a.csv", folds: "5" },
    { data: "a.csv", folds: "5" },
    [],
  ],
  [
    "a default counts more than the value of the last time",
    {},
    { eta: "0.5", data: "a.csv" },
    { data: "a.csv" },
    ["folds"],
  ],
  ["a value of the last time that the type no longer takes is missing", {}, { folds: "five" }, {}, ["data", "folds"]],
  [
    "what is given counts most",
    { eta: "0.05", data: "b.csv" },
    { data: "a.csv", folds: "5" },
    { eta: "0.05", data: "b.csv", folds: "5" },
    [],
  ],
  ["what is given as the default is no value of its own", { eta: "0.1" }, {}, {}, ["data", "folds"]],
  ["values of parameters that there are not are left out", { depth: "3" }, { width: "4" }, {}, ["data", "folds"]],
];

for (const [what, given, remembered, values, missing] of unasked) {
  test(what, () => {
    assert.ok(main !== undefined);
    const found = valuesUnasked(main, { ...given }, { ...remembered });
    assert.deepEqual(found, values);
    assert.deepEqual(
      missingParameters(main, found).map(({ name }) => name),
      missing,
    );
  });
}
