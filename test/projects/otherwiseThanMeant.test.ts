import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readMlproject } from "../../src/projects/mlproject.ts";

describe("what runs otherwise than meant is said", () => {
  const withCommand = (command: string, parameters = "{a: float, b: {default: x y}}") =>
    `entry_points:\n  main:\n    parameters: ${parameters}\n    command: ${command}\n`;
  const withDefault = (parameter: string) => withCommand("x {p}", `{p: ${parameter}}`);
  const cases: Array<[text: string, code: string, severity: string, at: string]> = [
    [withCommand("x {a} {b} {c}"), "undefined-placeholder", "error", "{c}"],
    [withCommand('"x {a} {b} { a }"'), "undefined-placeholder", "error", "{ a }"],
    [withCommand("x {a} {b} ${HOME}"), "shell-variable", "error", "${HOME}"],
    [withCommand("x {a} {b} {}"), "positional-placeholder", "error", "{}"],
    [withCommand("x {a} {b} {0}"), "positional-placeholder", "error", "{0}"],
    [withCommand("x {a} {b} }"), "lone-brace", "error", "}"],
    [withCommand("x {a} {b} {a"), "lone-brace", "error", "{"],
    [withCommand("x {a.b} {b}"), "placeholder-format", "error", "{a.b}"],
    [withCommand('"x {a:.2f} {b}"'), "placeholder-format", "error", "{a:.2f}"],
    [withCommand("x {a} {b[0]}"), "placeholder-cut", "warning", "{b[0]}"],
    [withCommand("'x {a} {b:.2}'"), "placeholder-cut", "warning", "{b:.2}"],
    [withCommand("'x {a} {b!r}'"), "placeholder-form", "hint", "{b!r}"],
    [withCommand("'x {a} {b:>9}'"), "placeholder-form", "hint", "{b:>9}"],
    [withCommand("x ${a} {b}"), "shell-variable", "warning", "${a}"],
    [withCommand("x {{a}} {b}"), "doubled-braces", "warning", "{{a}}"],
    [withCommand("x {{ a }} {b}"), "doubled-braces", "warning", "{{ a }}"],
    [withCommand("x $a {b}"), "shell-parameter", "warning", "$a"],
    [withCommand("x {a}"), "unused-parameter", "hint", "b"],
    [withCommand('x "--b={b}.csv" {a}'), "quoted-placeholder", "warning", "{b}"],
    [withCommand("x '--to {b}' {a}"), "quoted-placeholder", "warning", "{b}"],
    [withCommand("|-\n      x {a}\n      y {b}"), "command-goes-on", "hint", "|-"],
    [withCommand("|\n      cd x\n      y {a} {b}"), "command-goes-on", "hint", "|"],
    [withCommand('"x {a} {b}\\n"'), "command-line-end", "hint", "\\n"],
    [withCommand('x "{a}" {b}'), "quoted-placeholder", "hint", '"{a}"'],
    [withCommand("x '{b}' {a}"), "quoted-placeholder", "warning", "'{b}'"],
    [withCommand("''", "{}"), "command-empty", "warning", "''"],
    [withCommand(">-\n      --a {a}\n      --b={b}"), "line-starts-with-flag", "warning", "--a"],
    [withCommand("|\n      x {a}\n      --b {b}"), "line-starts-with-flag", "warning", "--b"],
    [withCommand(">\n      x {a}\n        --b {b}"), "line-starts-with-flag", "warning", "--b"],
    [withCommand("|\n      x {a} {b}"), "command-line-end", "hint", "|"],
    [withCommand("|-\n      x {a} \\ \n      --b {b}"), "backslash-blank", "warning", "\\ "],
    [withCommand(">-\n      x {a} \\\n      --b {b}"), "folded-backslash", "warning", "\\"],
    [withCommand("x {a} \\\n      --b {b}"), "folded-backslash", "warning", "\\"],
    [withCommand(">-\n      x {a} # why\n      --b {b}"), "folded-comment", "warning", "#"],
    [withCommand("|-\n      x {a}\n      && y {b}"), "line-starts-with-operator", "error", "&&"],
    [withDefault("{type: string, default: 3.10}"), "yaml-changed-value", "warning", "3.10"],
    [withDefault("{type: float, default: 1e-5}"), "yaml-number-text", "warning", "1e-5"],
    [withDefault("{type: string, default: 1e-5}"), "yaml-number-text", "hint", "1e-5"],
    [withDefault("{type: path, default: 5}"), "default-not-text", "error", "5"],
    [withDefault("{type: uri, default: 5}"), "default-not-text", "error", "5"],
    [withDefault("{type: uri, default: x/y}"), "default-not-uri", "warning", "x/y"],
    [withDefault("{type: string, default: yes}"), "yaml-changed-value", "warning", "yes"],
    [withDefault("{type: int, default: 010}"), "yaml-changed-value", "warning", "010"],
    [withDefault("{type: string, default: 1:30}"), "yaml-changed-value", "warning", "1:30"],
    [withDefault("{type: int, default: 1_000}"), "yaml-changed-value", "hint", "1_000"],
    [withDefault("{type: string, default: 1_000}"), "yaml-changed-value", "warning", "1_000"],
    [withDefault("{type: bool, default: true}"), "yaml-changed-value", "hint", "true"],
    [withDefault("int"), "unofficial-type", "hint", "int"],
    [withDefault("{type: list, default: x}"), "unofficial-type", "hint", "list"],
    [withDefault("flaot"), "unknown-type", "warning", "flaot"],
    [withDefault("{type: Path}"), "unknown-type", "warning", "Path"],
    [withDefault("{type: float, default: much}"), "default-not-of-type", "warning", "much"],
    [withDefault("{type: float, default: '0,5'}"), "default-not-of-type", "warning", "'0,5'"],
    [withDefault("{type: float, default: yes}"), "default-not-of-type", "warning", "yes"],
    [withDefault("{type: int, default: 0.5}"), "default-not-of-type", "warning", "0.5"],
    [withDefault("{type: integer, default: 10.0}"), "default-not-of-type", "warning", "10.0"],
    [withDefault("{type: bool, default: 5}"), "default-not-of-type", "warning", "5"],
    [withDefault("{type: int, default: None}"), "yaml-none-text", "warning", "None"],
    [withDefault("{type: path, default: None}"), "yaml-none-text", "warning", "None"],
    [withDefault("{default: None}"), "yaml-none-text", "hint", "None"],
    [withDefault("{default: null}"), "default-null", "hint", "null"],
    [withDefault("{default: [1, 2]}"), "default-not-plain", "hint", "[1, 2]"],
    ["entrypoints:\n  main: {command: x}\n", "unknown-key", "warning", "entrypoints"],
    ["entry_points:\n  main: {commands: x}\n", "unknown-key", "warning", "commands"],
    ["entry_points:\n  main: {params: {a: float}, command: x}\n", "unknown-key", "warning", "params"],
    ["entry_points:\n  main: {cmd: x}\n", "unknown-key", "warning", "cmd"],
    ["conda: x.yaml\nentry_points: {}\n", "unknown-key", "warning", "conda"],
    [withDefault("{tpye: float}"), "unknown-key", "warning", "tpye"],
    [withDefault("{type:float}"), "unknown-key", "warning", "type:float"],
    [withDefault("{type str, default: a}"), "unknown-key", "warning", "type str"],
    ["main: {command: x}\n", "misplaced-key", "warning", "main"],
    ["command: x\nentry_points: {}\n", "misplaced-key", "warning", "command"],
    ["entry_points:\n  main: {command: x, conda_env: y}\n", "misplaced-key", "warning", "conda_env"],
    ["entry_points:\n  main: {command: x, default: 5}\n", "misplaced-key", "warning", "default"],
    ["entry_points:\n  mian: {command: x}\n", "main-misspelt", "warning", "mian"],
    ["name: a\ndocker_env: {image: a, environment: [[A, 1, 2]]}\n", "docker-environment", "warning", "[A, 1, 2]"],
    ["steps:\n  main: {command: x}\n", "unknown-key", "warning", "steps"],
    ["entry_points:\n  main: {run: x}\n", "unknown-key", "warning", "run"],
    [withCommand("x {p}", "{p: {type: float, default_value: 1}}"), "unknown-key", "warning", "default_value"],
    [withCommand("x {p}", "{p: {path, default: a}}"), "unknown-key", "warning", "path"],
    [withCommand("x {p}", "{p: data/x.csv}"), "unknown-type", "warning", "data/x.csv"],
    [withCommand("x {p}", "{p: model.pkl}"), "unknown-type", "warning", "model.pkl"],
    [withCommand("x {p}", "{p: path = a}"), "unknown-type", "warning", "path = a"],
    [withCommand("x {p}", "{p: 'list[int]'}"), "unofficial-type", "hint", "'list[int]'"],
    ["name: a\ndocker_env: {image: a, env: [A]}\n", "unknown-key", "warning", "env"],
    ["name: a\nname: b\nentry_points: {}\n", "duplicate-key", "warning", "name"],
    ["1: a\n1.0: b\nentry_points: {}\n", "duplicate-key", "warning", "1"],
    ["{yes: a, 1: b, entry_points: {}}", "duplicate-key", "warning", "yes"],
    ["python_env:\nentry_points: {}\n", "environment-empty", "warning", "python_env"],
    ["entry_points:\n  on: {command: x}\n", "name-not-text", "warning", "on"],
    [withCommand("x", "{yes: float}"), "name-not-text", "warning", "yes"],
  ];
  for (const [text, code, severity, at] of cases) {
    test(`${code}: ${JSON.stringify(text)}`, () => {
      const found = readMlproject(text).problems.filter((problem) => problem.code === code);
      assert.equal(found.length, 1, JSON.stringify(readMlproject(text).problems));
      assert.equal(found[0]?.severity, severity);
      assert.equal(text.slice(found[0]?.range.start, found[0]?.range.end), at);
    });
  }

  test("a fix, once applied, leaves the problem solved", () => {
    for (const [text, code] of cases) {
      for (const problem of readMlproject(text).problems.filter((one) => one.code === code)) {
        for (const { range, newText, title } of problem.fixes ?? []) {
          const fixed = text.slice(0, range.start) + newText + text.slice(range.end);
          const left = readMlproject(fixed).problems.filter((one) => one.code === code);
          assert.equal(left.length, 0, `${title}: ${JSON.stringify(fixed)} ${JSON.stringify(left)}`);
        }
      }
    }
  });

  const silent = [
    withDefault("{type: float, default: '1e-5'}"),
    withDefault("{type: float, default: .inf}"),
    withDefault("{type: int, default: '-5'}"),
    withDefault("{type: bool, default: off}").replace("off", "'off'"),
    withDefault("{type: 'list[int]', default: [1, 2]}"),
    withDefault("{type: int}"),
    withDefault("{type: num, default: 5}"),
    withDefault("{type: float32, default: 5}"),
    withCommand("|-\n      # don't\n      x {b} # it's so\n      y {a}").replace("# don", "set -e # don"),
    withCommand("|-\n      A=(\n        --a {a}\n        --b\n      )\n      x {b}").replace("|-", "|-\n      set -e"),
    withCommand("|-\n      set -e\n      x <<-'END'\n      it's {b}\n      --a {a}\n      END\n      y"),
    withCommand("|-\n      set -e\n      case {a} in\n      --x|-y) z;;\n      esac\n      y {b}"),
    withCommand('|-\n      x "a\n      --b" {a} {b}'),
    withCommand("|-\n      for a in 1 2; do x $a {b}; done", "{a: float, b: float}"),
    withCommand('x "a = {a}; f(f{{a}})" {b}'),
    withCommand('bash -c "x --a {a} {b}"'),
    withCommand("x \\'{a}\\' ${{b}} {b}"),
    withCommand("|-\n      set -e\n      x {a}\n      y {b}"),
    withCommand("|-\n      x {a} \\\n      --y {b}"),
    withCommand("|-\n      x {a} &&\n      y {b}"),
    withCommand("|-\n      x {a} \\\\ {b}"),
    withCommand('"x {a} \\\n      --b {b}"'),
    withCommand("|-\n      x {a} \\\n      {b} # why"),
    withCommand(">-\n      x {a} '#' {b}\n      # why"),
    withCommand(">-\n      x {a}#5\n      {b}\\ c"),
    withCommand("|-\n      export A=b\n      # and\n      y {a} {b}"),
    withCommand("|-\n      x 'a\n      b' {a} {b}"),
    "entry_points:\n  train: {command: x}\n  mane: {command: x}\n  main: {command: x}\n",
    "entry_points:\n  main1: {command: x}\n  gain: {command: x}\n",
    "x: &x {command: x}\nparameters: &p {a: {type: float}}\ncommand: &c x\nentry_points:\n  main: *x\n  a:\n    <<: *x\n    parameters: {<<: *p}\n  b: {command: *c}\n",
    "entry_points: {}\nname: x\nversion: 5\nauthor: {name: y}\n",
  ];
  for (const text of silent) {
    test(`nothing is said of ${JSON.stringify(text)}`, () => {
      const { problems } = readMlproject(text);
      assert.deepEqual(
        problems.filter(({ code }) => code !== "unofficial-type" && code !== "unused-parameter"),
        [],
      );
    });
  }

  test("of a template only that it is one is told", () => {
    const text =
      "name: {{cookiecutter.x}}\nentry_points:\n  main:\n    parameters:\n{% for x in y %}\n      {{x}}: a\n{% endfor %}\n";
    assert.deepEqual(
      readMlproject(text).problems.map(({ code, message }) => [code, message.includes("template")]),
      [["yaml-syntax", true]],
    );
  });

  test("description, unofficial keys and literal braces are no problem", () => {
    const text = withCommand(
      "echo {{x}} ${{HOME}} {a} {b!s:s}",
      "{a: {type: float, description: size, unit: m}, b: {default: x}}",
    );
    assert.deepEqual(readMlproject(`run_name: x\n${text}`).problems, []);
  });
});
