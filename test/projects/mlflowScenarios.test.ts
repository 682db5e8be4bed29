import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";

// mlflow-scenarios.md says for each of MLflow's own tests of projects what holds it here.

const page = readFileSync(join(root, "test/projects/mlflow-scenarios.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| `test"))
  .map((line) => line.split("|").map((cell) => cell.trim()));
const RUNS = "conformance/projectRuns.test.ts";
const SHAPES = ["projectShapes", "rowShapes", "realProjectShapes", "backendShapes"].map((name) => `support/${name}.ts`);

function textOf(file: string): string {
  const path = join(root, file.startsWith("projects/runOptions.ts") ? "src" : "test", file);
  assert(existsSync(path), `there is no ${file}`);
  return readFileSync(path, "utf8");
}

test("each test of MLflow's has tests here, or a reason why not", () => {
  assert(rows.length > 40);
  for (const [, names = "", , here = ""] of rows) {
    const files = [...here.matchAll(/`([\w/.-]+\.ts)`((?:,? "[^"]*")*)/g)];
    assert(files.length > 0 || here.startsWith("none: "), `${names}: ${here}`);
    for (const [, file = "", quoted = ""] of files) {
      const text = file === RUNS ? SHAPES.map(textOf).join("\n") : textOf(file);
      for (const [, name = ""] of quoted.matchAll(/"([^"]*)"/g)) {
        const plain = name.replaceAll("'", "\\'");
        assert(text.includes(name) || text.includes(plain), `${names}: nothing in ${file} is called ${name}`);
      }
    }
  }
});
