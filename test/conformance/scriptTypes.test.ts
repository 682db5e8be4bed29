import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { folderWorkspace } from "../../src/language/folderWorkspace.ts";
import { parsePython } from "../../src/language/python/parse.ts";
import { ScriptReader } from "../../src/language/python/reader.ts";
import { problemsOf } from "../../src/language/service/problems.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";

const python = findPython();
const skip = skipWithout(python, "Python with mlflow 3.17.2");

/** Builds the command of each project as `mlflow run` does: of its folder, the entry point main and the values. */
const BUILD = `
import json, os, sys, tempfile
from mlflow.projects import _project_spec
built = []
for folder, values in json.load(sys.stdin):
    os.chdir(folder)
    entry_point = _project_spec.load_project(folder).get_entry_point("main")
    built.append(entry_point.compute_command(values, tempfile.mkdtemp()))
print(json.dumps(built))
`;

/** `value`: what a run gives for `a`; undefined: its default. */
const CASES: Array<[declared: string, option: string, value: string | undefined, fails: boolean]> = [
  ["path", "type=int", "7", true],
  ["path", "type=float", "7", true],
  ["{type: path, default: '7'}", "type=int", undefined, true],
  ["path", "choices=['7', 'b']", "7", true],
  ["path", "type=str", "7", false],
  ["path", "choices=['/tmp']", "/tmp", false],
  ["uri", "type=int", "s3:7", true],
  ["uri", "choices=['a', 'b']", "s3://a", true],
  ["uri", "choices=['s3://a', 'b']", "s3://a", false],
  ["float", "type=int", "7", false],
  ["{type: float, default: 7}", "type=int, default=8", undefined, false],
];

describe("a declared type that no run can satisfy is an error, and others are none", { skip }, () => {
  const folders = CASES.map(([declared, option]) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "7"));
    const script = `import argparse\np = argparse.ArgumentParser()\np.add_argument("--a", ${option})\np.parse_args()\n`;
    writeFileSync(join(folder, "own.py"), script);
    const text = `entry_points:\n  main:\n    parameters:\n      a: ${declared}\n    command: python own.py --a {a}\n`;
    writeFileSync(join(folder, "MLproject"), text);
    return { folder, text };
  });
  const asked = folders.map(({ folder }, index) => [
    folder,
    CASES[index]?.[2] === undefined ? {} : { a: CASES[index]?.[2] },
  ]);
  const built: string[] =
    skip === false
      ? JSON.parse(execFileSync(python ?? "", ["-c", BUILD], { input: JSON.stringify(asked), encoding: "utf8" }))
      : [];

  for (const [index, [declared, option, value, fails]] of CASES.entries()) {
    test(`${declared} for ${option}`, () => {
      const { folder, text } = folders[index] ?? { folder: "", text: "" };
      const env = { ...process.env, PATH: `${dirname(python ?? "")}:${process.env["PATH"]}` };
      const { status } = spawnSync("bash", ["-c", built[index] ?? ""], { cwd: folder, env, stdio: "ignore" });
      assert.equal(status === 0, !fails, `with ${value}`);
      const workspace = folderWorkspace(join(folder, "MLproject"));
      const scripts = new ScriptReader(parsePython, (path) => workspace.read(path));
      const told = problemsOf(readMlproject(text), { ...workspace, scripts });
      assert.deepEqual(
        told.filter(({ severity }) => severity === "error").map(({ range }) => text.slice(range.start, range.end)),
        fails ? [/path|uri/.exec(declared)?.[0]] : [],
      );
    });
  }
});
