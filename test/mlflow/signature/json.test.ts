import { deepEqual, equal, throws } from "node:assert/strict";
import { test } from "node:test";
import { layOutJson, printJson, readJson } from "../../../src/mlflow/signature/json.ts";

const SAME = [
  "9007199254740993",
  "-0",
  "1.0",
  "-0.0",
  "1e-07",
  "NaN",
  "-Infinity",
  "[Infinity,null,true]",
  '{"a":[1,2.5],"b":{"__proto__":"x"}}',
  '"ein \\"Wort\\" \\\\ ü 🍷"',
];

for (const text of SAME) {
  test(`JSON comes back as it was: ${text}`, () => equal(printJson(readJson(text)), text === "-0" ? "0" : text));
}

test("whole numbers are Python's ints, others its floats", () => {
  deepEqual(readJson(" [ 1 , 1.0, 1e3 ] "), [1n, 1, 1000]);
});

const WRONG: [string, RegExp][] = [
  ["", /it ends too early, in line 1 at 1/],
  ['{"a": 1,\n "b" 2}', /`:` is missing, in line 2 at 6/],
  ["[1, 2", /`,` or `\]` is missing, in line 1 at 6/],
  ["[1] 2", /nothing may follow the value, in line 1 at 5/],
  ["{a: 1}", /a name in double quotes is missing, in line 1 at 2/],
  ["[01]", /`,` or `\]` is missing/],
  ['"open', /a text is not closed/],
  ['"\\x41"', /an escape that JSON does not know/],
  ["[".repeat(100_000), /nested too deeply/],
];

for (const [text, message] of WRONG) {
  test(`what is no JSON is told with its place: ${text.slice(0, 20).replace("\n", "↵")}`, () => {
    throws(() => readJson(text), message);
  });
}

test("a long value is laid out over lines, what fits stays in one", () => {
  const value = readJson(
    `{"columns": ["a", "b"], "data": [${Array.from({ length: 3 }, () => `[${"1.25, ".repeat(10)}2]`).join()}]}`,
  );
  equal(
    layOutJson(value),
    `{\n  "columns": ["a", "b"],\n  "data": [\n${Array.from({ length: 3 }, () => `    [${"1.25, ".repeat(10)}2]`).join(",\n")}\n  ]\n}`,
  );
});
