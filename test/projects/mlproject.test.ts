import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { findMlprojectName } from "../../src/projects/mlprojectName.ts";
import { shared, skipWithout } from "../support/environment.ts";
import type { ExpectedEntryPoint } from "./expected.ts";
import { parameterTable, readExpected } from "./expected.ts";

const folder = shared("mlprojects");
const skip = skipWithout(folder, "../shared/mlprojects");

/** Errors that keep a file from loading, not only from running. */
const RUN_ERRORS = [
  "undefined-placeholder",
  "command-missing",
  "command-not-text",
  "shell-syntax",
  "line-starts-with-operator",
];

describe("the real files load as with mlflow 3.17.2", { skip }, () => {
  const expected = readExpected();
  for (const [file, want] of Object.entries(expected)) {
    test(file, () => {
      const text = readFileSync(join(folder ?? "", file), "utf8");
      const document = readMlproject(text);
      const loadErrors = document.problems.filter(
        (problem) => problem.severity === "error" && !RUN_ERRORS.includes(problem.code),
      );
      assert.equal(loadErrors.length === 0, want.load_with_env_file_stub.ok, JSON.stringify(loadErrors));
      if (want.entry_points === undefined) return;
      assert.deepEqual(
        document.entryPoints.map((entryPoint) => entryPoint.name),
        Object.keys(want.entry_points),
      );
      for (const entryPoint of document.entryPoints) {
        const entry: ExpectedEntryPoint | undefined = want.entry_points[entryPoint.name];
        assert.ok(entry);
        assert.equal(entryPoint.command, entry.command);
        assert.deepEqual(
          entryPoint.parameters.map(({ name, type, default: value }) => [name, type, value ?? null]),
          parameterTable(entry),
        );
        assert.deepEqual(
          entryPoint.placeholders.map((placeholder) => placeholder.name),
          entry.placeholders,
        );
        for (const placeholder of entryPoint.placeholders) {
          assert.equal(text.slice(placeholder.range.start, placeholder.range.end), `{${placeholder.name}}`);
          assert.equal(text.slice(placeholder.nameRange.start, placeholder.nameRange.end), placeholder.name);
        }
        const inside = document.problems.filter(
          ({ range }) => range.start >= entryPoint.range.start && range.end <= entryPoint.range.end,
        );
        const named = (code: string) =>
          inside
            .filter((problem) => problem.code === code)
            .map((problem) => text.slice(problem.range.start, problem.range.end));
        assert.deepEqual(
          named("undefined-placeholder"),
          entry.undefined_placeholders.map((name) => `{${name}}`),
        );
        assert.deepEqual(named("unused-parameter"), entry.unused_parameters);
      }
      const at = (offset: number) => {
        const before = text.slice(0, offset).split("\n");
        return [before.length - 1, before.at(-1)?.length ?? 0];
      };
      assert.deepEqual(
        document.entryPoints.map((entryPoint) => ({
          name: entryPoint.name,
          at: at(entryPoint.nameRange.start),
          parameters: entryPoint.parameters.map(({ name, nameRange }) => ({ name, at: at(nameRange.start) })),
          command_at: at(entryPoint.commandRange?.start ?? 0),
        })),
        want.positions.entry_points,
      );
    });
  }
});

describe("what MLflow refuses is an error", () => {
  const main = "entry_points:\n  main:\n    command: x\n";
  const cases: Array<[text: string, code: string, at: string]> = [
    ["", "file-empty", ""],
    ["# only a comment\n", "file-empty", "# only a comment\n"],
    ["hello", "root-not-map", "hello"],
    ["- a\n- b", "root-not-map", "- a\n- b"],
    ["name: x\nentry_points:\n", "entry-points-null", "entry_points"],
    ["entry_points: [a]\n", "entry-points-not-map", "[a]"],
    ["entry_points: ''\n", "entry-points-not-map", "''"],
    ["entry_points:\n  main:\n", "entry-point-not-map", "main"],
    ["entry_points:\n  main: python x.py\n", "entry-point-not-map", "python x.py"],
    ["entry_points:\n  main: [a]\n", "entry-point-not-map", "[a]"],
    ["entry_points:\n  main:\n    parameters:\n    command: x\n", "parameters-null", "parameters"],
    ["entry_points:\n  main:\n    parameters: [a]\n    command: x\n", "parameters-not-map", "[a]"],
    ["entry_points:\n  main:\n    parameters: a\n    command: x\n", "parameters-not-map", "a"],
    ["entry_points:\n  main:\n    parameters:\n      a:\n    command: x\n", "parameter-null", "a"],
    ["entry_points:\n  main:\n    parameters:\n      a: 0.5\n    command: x\n", "parameter-not-map", "0.5"],
    ["entry_points:\n  main:\n    parameters: {a: [b]}\n    command: x\n", "parameter-not-map", "[b]"],
    ["entry_points:\n  main: {}\n", "command-missing", "main"],
    ["entry_points:\n  main: {command: }\n", "command-missing", "command"],
    ["entry_points:\n  main: {command: 5}\n", "command-not-text", "5"],
    ["entry_points:\n  main: {command: [a]}\n", "command-not-text", "[a]"],
    [`conda_env: c.yaml\npython_env: p.yaml\n${main}`, "environment-twice", "conda_env"],
    [`conda_env: c.yaml\npython_env:\n${main}`, "environment-twice", "conda_env"],
    [`conda_env: 5\n${main}`, "environment-not-text", "5"],
    [`python_env: [a]\n${main}`, "environment-not-text", "[a]"],
    [`docker_env: img\n${main}`, "docker-not-map", "img"],
    [`name: a\ndocker_env: {volumes: [a]}\n${main}`, "docker-image-missing", "docker_env"],
    [`name: a\ndocker_env: {image: ''}\n${main}`, "docker-image-missing", "image"],
    [`docker_env: {image: a}\n${main}`, "docker-name-missing", "docker_env"],
    [`name: a\ndocker_env: {image: a, volumes: x}\n${main}`, "docker-volumes", "x"],
    [`name: a\ndocker_env: {image: a, volumes: [1]}\n${main}`, "docker-volumes", "[1]"],
    [`name: a\ndocker_env: {image: a, environment: [1]}\n${main}`, "docker-environment", "[1]"],
    [`name: a\ndocker_env: {image: a, environment: [[b]]}\n${main}`, "docker-environment", "[b]"],
    ["databricks_spark_job: {}\n", "databricks-empty", "databricks_spark_job"],
    [`databricks_spark_job: {python_file: a.py}\n${main}`, "databricks-both", "python_file"],
    [`databricks_spark_job: x\n`, "databricks-not-map", "x"],
    [`python_env: p\ndatabricks_spark_job: {}\n${main}`, "databricks-environment", "python_env"],
    ["a: 1\n---\nb: 2\n", "yaml-syntax", "---"],
    ["entry_points:\n\tmain: x\n", "yaml-syntax", "\t"],
    ["name:\tx\n", "yaml-syntax", "\t"],
    ["name: a\tb\n", "yaml-syntax", "\t"],
    ["name: %x\n", "yaml-syntax", "%"],
    ["name: 'x\n", "yaml-syntax", "'"],
    ["name: a: b\n", "yaml-syntax", "a"],
    ["name: \u0007\n", "yaml-syntax", "\u0007"],
    ["name: *x\n", "yaml-alias", "*x"],
    ["name: !foo x\n", "yaml-value", "x"],
    ["name: =\n", "yaml-value", "="],
    ["name: 2020-13-01\n", "yaml-value", "2020-13-01"],
    ["<<: 5\n", "yaml-merge", "<<"],
    ["[a]: 5\n", "yaml-key", "[a]"],
    ["name: x\n: y\n", "yaml-key", ""],
    ["name: {a,: y}\n", "yaml-key", ""],
    ["name: {a\n: y}\n", "yaml-key", "a"],
    ["name: x\na\n : y\n", "yaml-key", "a"],
    ["name: {a: :y}\n", "yaml-value", ":y"],
    ["name: &'x' a\n", "yaml-anchor", "a"],
    ["name: &x a\nname: &x b\n", "yaml-anchor", "b"],
    ["entry_points: {main: {command: a?b}}", "yaml-value", "a?b"],
  ];
  for (const [text, code, at] of cases) {
    test(`${code}: ${JSON.stringify(text)}`, () => {
      const found = readMlproject(text).problems.filter((problem) => problem.code === code);
      assert.ok(found[0], JSON.stringify(readMlproject(text).problems));
      assert.equal(found[0].severity, "error");
      assert.equal(text.slice(found[0].range.start, found[0].range.end), at);
      assert.match(found[0].message, /^[A-Z`].*\.$/s);
    });
  }
});

describe("ranges of placeholders", () => {
  const cases: Array<[style: string, command: string]> = [
    ["plain over two lines", "python x.py\n      --a {a}\n\n      --b {b}"],
    ["single quotes", "'it''s {a}\n\n        and {b}'"],
    ["double quotes", '"say \\"{a}\\" \\\n      \\u007bb} \\x41 {b}"'],
    ["literal", "|-\n      x {a} \\\n\n        {b}"],
    ["folded", ">\n      x {a}\n      y\n\n      {b}\n"],
    ["behind a comment", "| # {a}\n      x {a} {b}\n"],
  ];
  for (const [style, command] of cases) {
    test(style, () => {
      const text = `entry_points:\n  main:\n    parameters: {a: float, b: path}\n    command: ${command}\n`;
      const [entryPoint] = readMlproject(text).entryPoints;
      const names = entryPoint?.placeholders.map(({ nameRange }) => text.slice(nameRange.start, nameRange.end));
      assert.deepEqual(
        names,
        entryPoint?.placeholders.map((placeholder) => placeholder.name),
      );
      assert.ok((names?.length ?? 0) >= 2);
    });
  }
});

test("line ends, a byte-order mark, anchors and merges read as PyYAML reads them", () => {
  const text =
    "\uFEFFentry_points:\r\n  one: &one\r\n    parameters: &p {a: {default: 1}}\r\n    command: |\r\n      x {a}\r\n      y\r\n" +
    "  two:\r\n    <<: *one\r\n    parameters: {<<: *p, b: float, a: int}\r\n";
  const document = readMlproject(text);
  assert.deepEqual(
    document.problems.filter((problem) => problem.severity === "error"),
    [],
  );
  assert.deepEqual(
    document.entryPoints.map(({ name, command, parameters }) => [name, command, parameters.map((one) => one.name)]),
    [
      ["one", "x {a}\ny\n", ["a"]],
      ["two", "x {a}\ny\n", ["a", "b"]],
    ],
  );
});

test("the project file is found in any letter case, and only under its bare name", () => {
  assert.equal(findMlprojectName(["a", "MLPROJECT", "mlproject"]), "MLPROJECT");
  assert.equal(findMlprojectName(["MLproject.yaml", "mlproject.yml"]), undefined);
});

test("cut and garbled files never throw and keep their ranges inside the text", { skip }, () => {
  const texts = readdirSync(folder ?? "")
    .filter((name) => name.endsWith(".MLproject"))
    .map((name) => readFileSync(join(folder ?? "", name), "utf8"));
  const random = seeded(20_261_123);
  const scraps = [
    "{",
    "}",
    "'",
    '"',
    ":",
    "\n",
    "\t",
    "  ",
    "- ",
    "|",
    "&a ",
    "*a",
    "<<: ",
    "#",
    "!x ",
    "[",
    "]",
    "?",
    "\u0000",
    "%",
  ];
  for (const text of texts) {
    for (let round = 0; round < 8; round += 1) {
      const at = random(text.length + 1);
      const cut =
        round % 2 === 0
          ? text.slice(0, at)
          : text.slice(0, at) + (scraps[random(scraps.length)] ?? "") + text.slice(at + random(3));
      const document = readMlproject(cut);
      for (const { range } of [
        ...document.problems,
        ...document.entryPoints.flatMap((one) => [one, ...one.parameters, ...one.placeholders]),
      ]) {
        assert.ok(
          range.start >= 0 && range.start <= range.end && range.end <= cut.length,
          JSON.stringify([range, cut]),
        );
      }
    }
  }
});

/** A small generator of whole numbers below `limit` (mulberry32). */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
