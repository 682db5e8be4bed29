import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { ValueContext } from "../../src/projects/command.ts";
import {
  buildCommand,
  missingParameters,
  parseParameters,
  resolveEntryPoint,
  resolveValues,
} from "../../src/projects/command.ts";
import type { EntryPoint } from "../../src/projects/document.ts";
import { formatText } from "../../src/projects/formatValue.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { shellQuote } from "../../src/projects/shellQuote.ts";
import { hasScheme, localPathOf } from "../../src/projects/uriText.ts";
import { shared, skipWithout } from "../support/environment.ts";
import { readExpected } from "./expected.ts";

const folder = shared("mlprojects");
/** Leaves every path as it is, as expected.json was made without a storage folder. */
const asGiven: ValueContext = { existingPath: (path) => path, download: async (uri) => uri };

describe("commands are byte-equal to those of mlflow 3.17.2", {
  skip: skipWithout(folder, "../shared/mlprojects"),
}, () => {
  for (const [file, want] of Object.entries(readExpected())) {
    for (const [name, entry] of Object.entries(want.entry_points ?? {})) {
      test(`${file} ${name}`, async () => {
        const document = readMlproject(readFileSync(join(folder ?? "", file), "utf8"));
        const entryPoint = resolveEntryPoint(document, name);
        const given = Object.entries(entry.sample_user_parameters);
        const values = await resolveValues(entryPoint, given, asGiven);
        if (entry.sample_command === undefined) {
          assert.throws(() => buildCommand(entryPoint, values), /INVALID_PARAMETER_VALUE|is not a parameter/);
          return;
        }
        assert.equal(buildCommand(entryPoint, values), entry.sample_command);
        const more = await resolveValues(entryPoint, [...given, ["extra-p", "e v"]], asGiven);
        assert.equal(buildCommand(entryPoint, more), entry.sample_command_with_extra);
      });
    }
  }
});

describe("Python's str.format", () => {
  const values = new Map([
    ["a", "xy"],
    ["w", "4"],
    ["my-param", "1"],
    ["q", "it's é\n"],
    ["two words", "2"],
  ]);
  const made: Array<[format: string, text: string]> = [
    ["{a} {my-param} {two words}", "xy 1 2"],
    ["{{a}} {{{a}}}", "{a} {xy}"],
    ["{a:>5}|{a:05}|{a:0>5}|{a:*^6}|{a:^5}", "   xy|xy000|000xy|**xy**| xy  "],
    ["{a:{w}}|{a:.1}|{a:s}|{a[1]}", "xy  |x|xy|y"],
    ["{a!r} {a!s} {a!r:>6} {q!r} {q!a}", `'xy' xy   'xy' "it's é\\n" "it's \\xe9\\n"`],
  ];
  for (const [format, text] of made) test(format, () => assert.equal(formatText(format, values), text));

  const refused = [
    "{}",
    "{0}",
    "{b}",
    "{ a }",
    "{",
    "}",
    "{a",
    "a}",
    "{a.b}",
    "{a[x]}",
    "{a[9]}",
    "{a[0]x}",
    "{a!}",
    "{a!x}",
    "{a!r",
    "{a:d}",
    "{a:+}",
    "{a:=5}",
    "{a:,}",
    "{a:{b}}",
    "{a:{w:{w}}}",
    "{a{b}}",
    "{a[}",
  ];
  for (const format of refused) {
    test(`refuses ${format}`, () => {
      assert.throws(() => formatText(format, values), { name: "MlflowError", error_code: "INVALID_PARAMETER_VALUE" });
    });
  }
});

describe("words of a shell", () => {
  const posix: Array<[string, string]> = [
    ["", "''"],
    ["a-b_c@%+=:,./1", "a-b_c@%+=:,./1"],
    ["x y", "'x y'"],
    ["it's", `'it'"'"'s'`],
    ["$HOME", "'$HOME'"],
    ["é", "'é'"],
    ["a\n", "'a\n'"],
  ];
  for (const [text, word] of posix) test(`POSIX: ${JSON.stringify(text)}`, () => assert.equal(shellQuote(text), word));
  const windows: Array<[string, string]> = [
    ["", '""'],
    ["abc\\", "abc\\"],
    ["x y", '"x y"'],
    ["x y\\", '"x y\\\\"'],
    ["a&b", '"a&b"'],
    ["%PATH%", "^%PATH^%"],
    ['say "x"', '^"say \\^"x\\^"^"'],
  ];
  for (const [text, word] of windows) {
    test(`cmd.exe: ${JSON.stringify(text)}`, () => assert.equal(shellQuote(text, true), word));
  }
});

describe("entry points", () => {
  const document = readMlproject("entry_points:\n  main: {command: x}\n  train.py: {command: declared}\n");
  const cases: Array<[name: string, command: string]> = [
    ["main", "x"],
    ["train.py", "declared"],
    ["a b.py", "python 'a b.py'"],
    ["x.sh", "/bin/zsh x.sh"],
    ["sub/x.R", `Rscript -e "mlflow::mlflow_source('sub/x.R')" --args`],
  ];
  for (const [name, command] of cases) {
    test(name, () => assert.equal(resolveEntryPoint(document, name, { SHELL: "/bin/zsh" }).command, command));
  }
  test("a shell script runs with bash when no shell is known", () => {
    assert.equal(resolveEntryPoint(document, "x.sh").command, "bash x.sh");
  });
  for (const name of ["nothing", "x.PY", "x.txt", ".py"]) {
    test(`${name} is refused in MLflow's words`, () => {
      const message = `Could not find ${name} among entry points ['main', 'train.py'] or interpret ${name} as a runnable script. Supported script file extensions: ['.py', '.sh']`;
      assert.throws(() => resolveEntryPoint(document, name), { error_code: "INVALID_PARAMETER_VALUE", message });
    });
  }
  test("a script takes every value as an extra one, braces in its name stay", async () => {
    const script = resolveEntryPoint(document, "a{b}.py");
    const values = await resolveValues(script, [["k", "v w"]], asGiven);
    assert.equal(buildCommand(script, values), "python 'a{b}.py' --k 'v w'");
    assert.deepEqual([...values.logged], [["k", "v w"]]);
  });
});

test("-P words split at the first equals sign", () => {
  assert.deepEqual(parseParameters(["a=1", "b=x=y", "c="]), [
    ["a", "1"],
    ["b", "x=y"],
    ["c", ""],
  ]);
  assert.throws(() => parseParameters(["a"]), /^MlflowError: Invalid format for -P parameter: 'a'/);
  assert.throws(() => parseParameters(["a=1", "a=2"]), /Repeated parameter: 'a'/);
});

describe("values", () => {
  const parameters =
    "{a: float, n: {default: ~}, d: {default: 1.0e-5}, p: {type: path, default: data}, u: {type: uri, default: 's3://x'}}";
  const [entryPoint] = readMlproject(
    `entry_points: {main: {command: "x {a} {d} {p} {u}", parameters: ${parameters}}}`,
  ).entryPoints;
  const main = entryPoint as EntryPoint;
  const context: ValueContext = {
    existingPath: (path) => (path === "data" || path === "/abs dir" ? `/here/${path}` : undefined),
    download: async (uri, index) => `/tmp/param_${index}/${uri.length}`,
  };

  test("those without one are named in the file's order", async () => {
    assert.deepEqual(missingParameters(main, [["d", "1"]]), ["a", "n"]);
    await assert.rejects(resolveValues(main, [], context), {
      error_code: "INVALID_PARAMETER_VALUE",
      message: "No value given for missing parameters: 'a', 'n'",
    });
  });

  test("paths become absolute in the command and stay as given in the log", async () => {
    const values = await resolveValues(
      main,
      [
        ["x y", "é"],
        ["a", "1"],
        ["n", ""],
      ],
      context,
    );
    assert.deepEqual(
      [...values.logged],
      [
        ["a", "1"],
        ["n", ""],
        ["d", "1e-05"],
        ["p", "data"],
        ["u", "s3://x"],
        ["x y", "é"],
      ],
    );
    assert.equal(buildCommand(main, values), "x 1 1e-05 /here/data s3://x --'x y' 'é'");
  });

  test("a remote path is downloaded, a file URI is not", async () => {
    const given = (p: string) =>
      resolveValues(
        main,
        [
          ["a", "1"],
          ["n", ""],
          ["p", p],
        ],
        context,
      );
    assert.equal((await given("s3://b/c")).declared.get("p"), "/tmp/param_3/8");
    assert.equal((await given("file:///abs%20dir")).declared.get("p"), "/here//abs dir");
    await assert.rejects(given("absent"), {
      message: "Got value absent for parameter p, but no such file or directory was found.",
    });
  });

  test("a uri needs a scheme", async () => {
    const given = (u: string) =>
      resolveValues(
        main,
        [
          ["a", "1"],
          ["n", ""],
          ["u", u],
        ],
        context,
      );
    assert.equal((await given("C:\\x")).declared.get("u"), "C:\\x");
    await assert.rejects(given("x/y"), { message: "Expected URI for parameter u but got x/y" });
  });

  const schemes: Array<[value: string, scheme: boolean, local: string | undefined]> = [
    ["a/b", false, "a/b"],
    ["s3:b", true, undefined],
    ["1a:b", false, "1a:b"],
    ["file:///a%20b", true, "/a b"],
    ["file://host/a", true, undefined],
    ["runs:/x/y", true, undefined],
  ];
  for (const [value, scheme, local] of schemes) {
    test(`scheme of ${value}`, () => assert.deepEqual([hasScheme(value), localPathOf(value)], [scheme, local]));
  }

  test("an entry point without command says so", async () => {
    const [bare] = readMlproject("entry_points: {main: {}}").entryPoints;
    assert.throws(() => buildCommand(bare as EntryPoint, { declared: new Map(), extra: new Map() }), {
      error_code: "INVALID_PARAMETER_VALUE",
      message: "The entry point main has no command to run.",
    });
  });
});
