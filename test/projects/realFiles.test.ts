import { deepEqual, equal } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { problemsOf } from "../../src/language/service/problems.ts";
import type { Problem } from "../../src/projects/document.ts";
import { readMlproject } from "../../src/projects/mlproject.ts";
import { shared, skipWithout } from "../support/environment.ts";
import { WORKSPACE } from "../support/mistakeScore.ts";
import { readExpected } from "./expected.ts";

// What is told of the real files, beside what mlflow 3.17.2 makes of them.

const folder = shared("mlprojects");
const skip = skipWithout(folder, "../shared/mlprojects");
const names = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith(".MLproject"));

const read = (name: string) => readMlproject(readFileSync(join(folder ?? "", name), "utf8"));

/** `line code`, lines from 1. */
function told(name: string, severity: Problem["severity"]): string[] {
  const document = read(name);
  return problemsOf(document, WORKSPACE)
    .filter((problem) => problem.severity === severity)
    .map(({ code, range }) => `${document.text.slice(0, range.start).split("\n").length} ${code}`);
}

/** Every warning, with the mistake that was made there. */
const WARNINGS: Record<string, string[]> = {
  // `{type:int, default:10}`: YAML makes one name of each.
  "0shimax__PyTorch-SoftTriple__1.MLproject": [
    ...["8 unknown-key", "8 unknown-key", "9 unknown-key", "9 unknown-key", "10 unknown-key", "10 unknown-key"],
    // The line above it lacks its backslash.
    "14 line-starts-with-flag",
  ],
  // `default: None` of an int, and lines in `>` that are indented more, which keep their line ends.
  "4castRenewables__maelstrom-a6__1.MLproject": [
    ...["26 yaml-none-text", "37 line-starts-with-flag", "57 yaml-none-text", "72 line-starts-with-flag"],
    ...["93 yaml-none-text", "103 line-starts-with-flag", "120 line-starts-with-flag", "136 line-starts-with-flag"],
    ...["169 line-starts-with-flag", "201 line-starts-with-flag", "313 line-starts-with-flag"],
  ],
  // `default:1e-5`: one name.
  "Anurich__Active-Learning-With-MLflow__1.MLproject": ["16 unknown-key"],
  // `type str`: a colon is missing.
  "opendatahub-io__mlflow__16.MLproject": ["10 unknown-key", "11 unknown-key"],
  // `1e-3` and `1e-1` of a float are texts.
  "opendatahub-io__mlflow__18.MLproject": ["10 yaml-number-text"],
  "opendatahub-io__mlflow__4.MLproject": ["12 yaml-number-text"],
};

describe("the real files", { skip }, () => {
  const expected = readExpected();

  test("are the 85 that expected.json tells of", () => {
    equal(names.length, 85);
    deepEqual(Object.keys(expected).toSorted(), names.toSorted());
  });

  for (const name of names) {
    const want = expected[name];
    if (want === undefined) continue;
    const loads = want.load_with_env_file_stub.ok;
    test(`${name} has ${loads ? "no error but where running fails" : "an error, as it does not load"}`, () => {
      const errors = told(name, "error");
      if (!loads) {
        equal(errors.length, 1, errors.join(", "));
        return;
      }
      const failing = Object.values(want.entry_points ?? {}).flatMap((one) => one.undefined_placeholders);
      deepEqual(
        errors.map((one) => one.split(" ")[1]),
        failing.map(() => "undefined-placeholder"),
      );
    });
  }

  test("have warnings only where a mistake can be shown", () => {
    const warned = names.map((name) => [name, told(name, "warning")] as const).filter(([, all]) => all.length > 0);
    deepEqual(Object.fromEntries(warned), WARNINGS);
  });
});
