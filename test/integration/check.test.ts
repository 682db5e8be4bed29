import { deepEqual, equal, match } from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import type { FoundProblem } from "../../src/language/checkFiles.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/environment.ts";

function folderWith(files: Record<string, string | Buffer>): string {
  const folder = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const check = (folder: string, ...args: string[]) => runCli(["check", ...args], folder, process.env);

const bad =
  "python_env: p.yaml\nentry_points:\n  main:\n    parameters: {a: flaot, b: int}\n    command: python x.py {a}, {c}\n";

describe("flowdeck check", () => {
  const folder = folderWith({
    MLproject: bad,
    "p.yaml": "python: 3.10\n",
    "x.py": "",
    "good/MLproject": "entry_points: {main: {command: echo a}}\n",
    "good/other.yaml": "- no business of ours\n",
    "node_modules/MLproject": "",
    "named/MLproject.yaml": "entry_points: {main: {command: echo a}}\n",
    "model/MLmodel": "flavors: {sklearn: {}}\n",
  });
  symlinkSync(folder, join(folder, "good/loop"));

  test("tells errors and warnings of all projects below a folder, and exits with 1", () => {
    const { code, printed } = check(folder);
    equal(code, 1);
    deepEqual(
      printed
        .trim()
        .split("\n")
        .map((line) => line.replace(/: (error|warning): .*(\[.*\])$/, " $1 $2")),
      [
        "MLproject:1:13 error [env-python-number]",
        "MLproject:4:21 warning [unknown-type]",
        "MLproject:5:31 error [undefined-placeholder]",
        "p.yaml:1:9 error [env-python-number]",
        "named/MLproject.yaml:1:1 error [file-name]",
        "4 errors, 1 warning, 2 hints (--hints tells them) in 5 files",
      ],
    );
  });
  test("tells the errors of workflows against the projects of their steps", () => {
    const place = folderWith({
      MLproject: "entry_points: {main: {command: echo a}}\n",
      "workflow.mlflow.yaml": "steps:\n  a: {entry_point: main}\n  b: {entry_point: mian, needs: c}\n",
    });
    const { code, printed } = check(place);
    equal(code, 1);
    match(
      printed,
      /^workflow\.mlflow\.yaml:3:20: error: No entry point is called `mian`; `main` seems to be meant\. \[entry-point-unknown\]$/m,
    );
    match(printed, /^workflow\.mlflow\.yaml:3:33: error: No step is called `c`/m);
  });
  test("exits with 0 where there is no error", () => {
    deepEqual(check(folder, "good", "model"), { code: 0, printed: "0 errors, 0 warnings in 2 files\n" });
    equal(
      check(folder, "MLproject", "--severity=undefined-placeholder=hint", "--severity", "env-python-number=off").code,
      0,
    );
  });
  test("gives every problem as JSON, hints too", () => {
    const { code, printed } = check(folder, "--format", "json", "MLproject");
    equal(code, 1);
    const problems = JSON.parse(printed) as FoundProblem[];
    deepEqual(
      problems.map((one) => `${one.severity} ${one.code}`),
      [
        "error env-python-number",
        "warning unknown-type",
        "hint unused-parameter",
        "hint unofficial-type",
        "error undefined-placeholder",
      ],
    );
    const { message, ...last } = problems.at(-1) ?? { message: "" };
    match(message, /^Running main fails/);
    const at = { file: "MLproject", line: 5, column: 31, endLine: 5, endColumn: 34 };
    deepEqual(last, { ...at, severity: "error", code: "undefined-placeholder" });
  });
  test("gives annotations for GitHub", () => {
    const { code, printed } = check(folder, "--format", "github", "MLproject");
    equal(code, 1);
    const annotations = printed.trim().split("\n");
    equal(annotations.length, 3);
    match(
      annotations[2] ?? "",
      /^::error file=MLproject,line=5,endLine=5,col=31,endColumn=33,title=undefined-placeholder::Running main/,
    );
    const odd = folderWith({ "a,b:%/MLproject": "entry_points:\n" });
    match(check(odd, "--format=github").printed, /^::error file=a%2Cb%3A%25\/MLproject,/);
  });
  test("tells of a file that is not UTF-8", () => {
    const latin = folderWith({ MLproject: Buffer.from("name: caf\xe9\n", "latin1") });
    match(
      check(latin).printed,
      /MLproject:1:1: error: MLflow cannot read MLproject: it is not written in UTF-8\. \[file-encoding\]/,
    );
  });
  test("looks into the scripts that commands call", () => {
    const script =
      "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--rate')\nparser.parse_args()\n";
    const command = "entry_points: {main: {command: python x.py --rat 5 --size 2}}\n";
    const called = folderWith({ MLproject: command, "x.py": script });
    match(check(called).printed, /\[script-option-unknown\]/);
  });
  for (const [args, said] of [
    [["nowhere"], /There is no file or folder nowhere/],
    [["--format", "xml"], /--format is one of human, json, github, not xml/],
    [["--severity", "a=loud"], /--severity takes CODE=error/],
    [["--nothing"], /Unknown option '--nothing'/],
    [["x.py"], /There is no MLproject file in x\.py/],
  ] as const) {
    test(`${args.join(" ")} is not understood, which exits with 2`, () => {
      const { code, printed } = check(folder, ...args);
      equal(code, 2);
      match(printed, said);
    });
  }
  test("has a help", () => match(check(folder, "--help").printed, /^Usage: flowdeck check/));
});
