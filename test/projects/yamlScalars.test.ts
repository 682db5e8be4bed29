import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readYaml, pythonText } from "../../src/projects/yamlTree.ts";
import { floatText, textRepr } from "../../src/projects/yamlScalars.ts";

describe("plain scalars as PyYAML 6 reads and Python prints them", () => {
  const cases: Array<[source: string, kind: string, text: string]> = [
    ["1e-5", "str", "1e-5"],
    ["1e5", "str", "1e5"],
    ["1.0e5", "str", "1.0e5"],
    ["1.0e-5", "float", "1e-05"],
    ["1.0e+5", "float", "100000.0"],
    ["0.00001", "float", "1e-05"],
    ["0.0001", "float", "0.0001"],
    ["1.", "float", "1.0"],
    [".5", "float", "0.5"],
    ["-.5", "str", "-.5"],
    ["-0.0", "float", "-0.0"],
    ["1.0e+16", "float", "1e+16"],
    ["1234567890123456.0", "float", "1234567890123456.0"],
    ["1_0.5", "float", "10.5"],
    ["190:20:30.15", "float", "685230.15"],
    [".inf", "float", "inf"],
    ["-.INF", "float", "-inf"],
    [".NaN", "float", "nan"],
    ["010", "int", "8"],
    ["08", "str", "08"],
    ["1_000", "int", "1000"],
    ["0b11", "int", "3"],
    ["-0x1F", "int", "-31"],
    ["0o10", "str", "0o10"],
    ["1:30", "int", "90"],
    ["+7", "int", "7"],
    ["123456789012345678901234567890", "int", "123456789012345678901234567890"],
    ["yes", "bool", "True"],
    ["Off", "bool", "False"],
    ["y", "str", "y"],
    ["n", "str", "n"],
    ["yEs", "str", "yEs"],
    ["~", "null", "None"],
    ["null", "null", "None"],
    ["None", "str", "None"],
    ["2020-01-01", "date", "2020-01-01"],
    ["2001-12-14t21:59:43.10-05:00", "date", "2001-12-14 21:59:43.100000-05:00"],
    ["2001-12-14 21:59:43Z", "date", "2001-12-14 21:59:43+00:00"],
    ["'1'", "str", "1"],
    ["!!str 1", "str", "1"],
    ['"a\\r\\n"', "str", "a\r\n"],
    ["|\n  x\n", "str", "x\n"],
    ["|\n  x", "str", "x"],
    ["|\n  x\n    ", "str", "x\n  "],
    ["|+\n  x\n\n", "str", "x\n\n"],
    [">-\n  x\n  y\n", "str", "x y"],
    ["!!float 1", "float", "1.0"],
    ["!!int '010'", "int", "8"],
  ];
  for (const [source, kind, text] of cases) {
    test(source, () => {
      const { root, problems } = readYaml(source);
      assert.deepEqual(problems, []);
      assert.ok(root?.kind === "scalar");
      assert.deepEqual([root.scalar.kind, root.scalar.text], [kind, text]);
    });
  }
});

describe("lists and maps print as Python prints them", () => {
  const cases: Array<[source: string, text: string]> = [
    ["[1, 2.0, yes, ~, a b]", "[1, 2.0, True, None, 'a b']"],
    ["{x: 1, on: [], y: {}}", "{'x': 1, True: [], 'y': {}}"],
    ['[2020-01-01, "it\'s"]', '[datetime.date(2020, 1, 1), "it\'s"]'],
    ["{a: 1, b: 2, a: 3}", "{'a': 3, 'b': 2}"],
    ["[&x [1], *x]", "[[1], [1]]"],
  ];
  for (const [source, text] of cases) {
    test(source, () => assert.equal(pythonText(readYaml(source).root ?? assert.fail()), text));
  }

  test("a small file of aliases does not print for ever", () => {
    const lines = Array.from(
      { length: 40 },
      (_, index) => `a${index}: &a${index} [${index === 0 ? "x" : `*a${index - 1}, *a${index - 1}`}]`,
    );
    const { root } = readYaml(lines.join("\n"));
    assert.ok(root !== undefined && pythonText(root).length < 1_000_000);
  });
});

test("floats print their shortest digits", () => {
  assert.deepEqual([0.1, 1 / 3, 5e-324, 1.7976931348623157e308, 1e22, 123456.789].map(floatText), [
    "0.1",
    "0.3333333333333333",
    "5e-324",
    "1.7976931348623157e+308",
    "1e+22",
    "123456.789",
  ]);
});

test("texts print with the quotes and escapes of Python", () => {
  assert.equal(textRepr("a'b\"c\\\n\u0001é\u00a0\u2028"), "'a\\'b\"c\\\\\\n\\x01é\\xa0\\u2028'");
});
