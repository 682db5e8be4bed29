import assert from "node:assert/strict";
import { test } from "node:test";
import { parseForPrinting, parsePythonJson, pythonJson } from "../../src/server/pythonJson.ts";

test("NaN and Infinity stand bare in a body, as Python's json writes them, and inside a text they are text", () => {
  const read: readonly [string, unknown][] = [
    ["NaN", Number.NaN],
    ['{"a":-Infinity,"b":[Infinity, NaN]}', { a: -Infinity, b: [Infinity, Number.NaN] }],
    ['{"NaN":NaN,"\\"NaN":"a NaN \\\\"}', { NaN: Number.NaN, '"NaN': "a NaN \\" }],
    ['{"a":1.5}', { a: 1.5 }],
  ];
  for (const [text, value] of read) assert.deepEqual(parsePythonJson(text), value, text);
  for (const text of ["", "NaNa", "+NaN", '"NaN', '{"a":NaN', "nan", "--Infinity", 'NaN"\\']) {
    assert.throws(() => parsePythonJson(text), SyntaxError, text);
  }
  assert.equal(pythonJson(parseForPrinting('{"b":NaN,"a":[-Infinity,"NaN"]}')), '{"a":[-Infinity,"NaN"],"b":NaN}');
});
