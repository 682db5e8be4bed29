import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, root, shared, skipWithout, temporaryFolder } from "../support/environment.ts";

test("the generated API and schemas are what mlflow describes and creates", {
  skip: skipWithout(findPython(), "Python with mlflow") || skipWithout(shared("interop"), "shared/interop"),
}, () => {
  const folder = temporaryFolder();
  execFileSync(process.execPath, [join(root, "scripts/generate.mjs"), folder]);
  const files = [
    "src/mlflow/api.generated.ts",
    "src/mlflow/graphql.generated.ts",
    "src/store/sqlite/schema.generated.ts",
  ];
  for (const file of files) {
    const generated = readFileSync(join(folder, file.replace(/.*\//, "")), "utf8");
    assert.equal(generated, readFileSync(join(root, file), "utf8"), `${file}: run npm run generate`);
  }
});
