import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { storeUri } from "../../src/store/open.ts";
import { runCli } from "../support/cli.ts";
import { findPython, root, skipWithout, temporaryFolder } from "../support/environment.ts";
import { gitIn } from "../support/gitServer.ts";

// The scripts of examples/wine-workflow by real Python: they take about a minute of one core.

const python = findPython();

test("the example workflow trains, picks and reports, and is taken whole from its runs the second time", {
  skip: skipWithout(python, "Python with mlflow"),
}, () => {
  const folder = temporaryFolder();
  cpSync(join(root, "examples"), join(folder, "examples"), { recursive: true });
  const git = gitIn(folder);
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "first");
  const env = {
    ...process.env,
    PATH: `${dirname(python ?? "")}:${process.env["PATH"]}`,
    MLFLOW_TRACKING_URI: storeUri(join(folder, "mlflow.db")),
  };
  const words = ["workflow", "run", "workflow.mlflow.yaml", "--env-manager", "local", "-P", "epochs=2"];
  const first = runCli(words, join(folder, "examples/wine-workflow"), env);
  assert.equal(first.code, 0, first.printed);
  assert.match(first.printed, /# The strict network wins/);
  assert.match(first.printed, /6 finished/);
  const second = runCli(words, join(folder, "examples/wine-workflow"), env);
  assert.equal(second.code, 0, second.printed);
  assert.match(second.printed, /6 reused/);
});
