import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findMlflowPython, installedMlflow } from "../../src/projects/installedMlflow.ts";
import { temporaryFolder } from "../support/environment.ts";

/** An environment as venv makes it; `packages` are the names in its site-packages. */
function environment(packages: string[], site = "lib/python3.11/site-packages"): string {
  const folder = temporaryFolder();
  for (const name of ["bin", ...packages.map((name) => join(site, name))]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const python = join(folder, "bin/python");
  // It is not started: any program will do.
  symlinkSync(process.execPath, python);
  return python;
}

const CASES: [string[], string | undefined][] = [
  [["mlflow-3.6.0.dist-info", "mlflow"], "3.6.0"],
  [["mlflow_skinny-3.6.0.dist-info"], undefined],
  [["mlflow_skinny-3.17.2.dist-info", "mlflow-2.22.5.dist-info"], "2.22.5"],
  [[], undefined],
];
for (const [packages, release] of CASES) {
  test(`an environment with ${packages.join(" and ") || "nothing"} has mlflow ${release ?? "not at all"}`, async () => {
    assert.equal(await installedMlflow(environment(packages)), release);
  });
}

test("Debian's own packages are found as well", async () => {
  const python = environment(["mlflow-2.9.2.dist-info"], "local/lib/python3.11/dist-packages");
  mkdirSync(join(python, "../../lib/python3.11"), { recursive: true });
  assert.equal(await installedMlflow(python), "2.9.2");
});

test("the first interpreter with mlflow is taken, past those that have none or are none", async () => {
  const file = join(temporaryFolder(), "python");
  writeFileSync(file, "");
  const wanted = environment(["mlflow-3.1.4.dist-info"]);
  const found = await findMlflowPython([file, environment([]), wanted, environment(["mlflow-2.9.2.dist-info"])]);
  assert.deepEqual(found, { path: wanted, release: "3.1.4" });
});
