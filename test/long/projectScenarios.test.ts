import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/environment.ts";

// test/projects/mlflow-scenarios.md beside the tests of projects in a clone of MLflow's repository.

const mirror = process.env["MLFLOW_MIRROR"];
const reason = "MLFLOW_MIRROR names no clone of MLflow's repository";

test("none of MLflow's tests of projects is left out", { skip: mirror === undefined ? reason : false }, () => {
  const grep = ["-C", mirror ?? "", "grep", "-hoE", String.raw`^def test_\w+`, "HEAD", "--", "tests/projects"];
  const theirs = execFileSync("git", grep, { encoding: "utf8" }).match(/test_\w+/g) ?? [];
  const page = readFileSync(join(root, "test/projects/mlflow-scenarios.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `test"));
  const named = rows.flatMap((line) => line.split("|")[1]?.match(/test_\w+/g) ?? []);
  assert(theirs.length > 100);
  assert.deepEqual(theirs.toSorted(), named.toSorted());
});
