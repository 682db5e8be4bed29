import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";

/** `line: code` of each error and warning, lines from 1. */
function told(text: string): string[] {
  return readMlproject(text)
    .problems.filter(({ severity }) => severity === "error" || severity === "warning")
    .map(({ code, range }) => `${text.slice(0, range.start).split("\n").length}: ${code}`);
}

describe("beside a mistake of the YAML, what is sure all the same is told", () => {
  const cases: [what: string, text: string, wanted: string[]][] = [
    [
      "a quote that is not closed",
      'entry_points:\n  a:\n    parameters: {p: {type: float, default: 1e-5}}\n    command: "x {q}\n  b:\n    command: y {r}\n  c: {}\n',
      ["3: yaml-number-text", "4: yaml-syntax", "6: undefined-placeholder", "7: command-missing"],
    ],
    [
      "a bracket that is not closed hides no more than its entry point's parameters",
      'entry_points:\n  a:\n    parameters: {p: {type: float}\n    command: "x {p} {q} {}"\n  b:\n    command: y {r}\n',
      ["3: yaml-syntax", "4: positional-placeholder", "6: undefined-placeholder"],
    ],
    [
      "a missing colon",
      "entry_points:\n  a: {command: 'x {y}'}\n  b\n    parameters: {p: float}\n    command: x\n  c: {command: 'x {y}'}\n",
      ["2: undefined-placeholder", "3: yaml-syntax", "6: undefined-placeholder"],
    ],
    [
      "two mistakes",
      "name: %x\nentry_points:\n  a:\n    command: x: y\n  b: {commnd: x}\n",
      ["1: yaml-syntax", "4: yaml-syntax", "5: command-missing", "5: unknown-key"],
    ],
    [
      "a quote that is not closed up to the end of the file",
      "name: 'x\nentry_points:\n  a:\n    command: x {y}\n",
      ["1: yaml-syntax", "4: undefined-placeholder"],
    ],
    [
      "a wrong indentation makes nothing missing",
      "entry_points:\n  a:\n    parameters:\n      p: float\n     q: float\n    command: x {p} {q}\n",
      ["5: yaml-syntax"],
    ],
    [
      "a placeholder counts as declared while its parameter's line is broken",
      "entry_points:\n  a:\n    parameters:\n      p: float\n      q: {type: float: 5}\n    command: x {p} {q}\n",
      ["5: yaml-syntax"],
    ],
    ["a docker name may stand in the broken line", "docker_env: {image: x}\nname: 'x\n", ["2: yaml-syntax"]],
  ];
  for (const [what, text, wanted] of cases) test(what, () => deepEqual(told(text), wanted));

  test("a file full of mistakes is read in less than a second of computing, and five of them are told", () => {
    const entryPoint = (_: unknown, index: number) => `  a${index}:\n    command: "x {y}\n    parameters: {p: float\n`;
    const text = `entry_points:\n${Array.from({ length: 100 }, entryPoint).join("")}`;
    const before = process.cpuUsage();
    const codes = told(text).filter((one) => one.endsWith("yaml-syntax"));
    const { user } = process.cpuUsage(before);
    equal(codes.length, 5);
    ok(user < 1_000_000, `${user / 1000} ms`);
  });
});

describe("lines between quotes and brackets may stand at any indentation", () => {
  const text = `entry_points:
  main:
    parameters:
      a: {type: float,
default: 0.5, description: "it's
 so"
  }
      b: [
]
    command: "python {a}

  --b {bb}"
`;
  const fixed = text.replace("b: [\n]", "b: {type: 'pa\nth'}");
  const document = readMlproject(fixed);

  test("they are no mistake", () => deepEqual(told(fixed), ["12: line-starts-with-flag", "12: undefined-placeholder"]));

  test("they are read as PyYAML reads them", () => {
    const [main] = document.entryPoints;
    equal(main?.command, "python {a}\n--b {bb}");
    deepEqual(
      main?.parameters.map(({ name, type, default: value, description }) => [name, type, value, description]),
      [
        ["a", "float", "0.5", "it's so"],
        ["b", "pa th", undefined, undefined],
      ],
    );
  });

  test("places are those of the file", () => {
    const [main] = document.entryPoints;
    const slice = (range: { start: number; end: number } | undefined) => fixed.slice(range?.start, range?.end);
    deepEqual(
      main?.placeholders.map(({ range }) => slice(range)),
      ["{a}", "{bb}"],
    );
    equal(main?.parameters[0]?.defaultScalar?.source, "0.5");
    equal(slice(main?.parameters[0]?.defaultScalar?.range), "0.5");
    equal(slice(main?.commandRange), '"python {a}\n\n  --b {bb}"');
    equal(slice(main?.parameters[1]?.range), "b: {type: 'pa\nth'}");
  });

  test("what they hold is judged as ever", () =>
    deepEqual(told(text), ["8: parameter-not-map", "12: line-starts-with-flag", "12: undefined-placeholder"]));
});

test("a line between quotes that begins at the margin breaks nothing, however much follows", () => {
  const more = Array.from({ length: 300 }, (_, index) => `  b${index}:\n    command: "x {y}\n      z"\n`).join("");
  const text = `entry_points:\n  a:\n    parameters: {p: float}\n    command: "x {p}\n} z"\n${more}`;
  const codes = new Set(readMlproject(text).problems.map(({ code }) => code));
  deepEqual([...codes].sort(), ["lone-brace", "undefined-placeholder"]);
});
