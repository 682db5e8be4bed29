import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, root, skipWithout, temporaryFolder } from "../support/environment.ts";

test("the generated API is what the installed mlflow describes", {
  skip: skipWithout(findPython(), "Python with mlflow"),
}, () => {
  const output = join(temporaryFolder(), "api.ts");
  execFileSync(process.execPath, [join(root, "scripts/generate.mjs"), output]);
  const committed = readFileSync(join(root, "src/mlflow/api.generated.ts"), "utf8");
  assert.equal(readFileSync(output, "utf8"), committed, "run npm run generate");
});
