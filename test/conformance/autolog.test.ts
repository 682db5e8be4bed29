import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

interface Facts {
  runs: { tags: Record<string, string>; metrics: Record<string, [value: string, history: unknown[]]> }[];
  models: { name: string; run: string; metrics: unknown[]; signature: { inputs: string | null } }[];
}

test("what the autologging of sklearn and xgboost sends to our server is what it writes to a database itself", {
  skip: skipWithout(findPython(), "Python with mlflow"),
}, async () => {
  const folder = temporaryFolder();
  const store = `sqlite:///${join(folder, "mlflow.db")}`;
  const args = ["--backend-store-uri", store, "--artifacts-destination", join(folder, "artifacts"), "--port", "0"];
  const server = await startServer(args, { cwd: folder });
  const [served, direct] = await Promise.all([train(server.url), train(`sqlite:///${join(folder, "direct.db")}`)]);
  assert.deepEqual(
    served.runs.map(({ tags }) => tags["mlflow.runName"]).sort((a, b) => (a ?? "").localeCompare(b ?? "")),
    ["boosted", "boosted classifier", "child of grid", "child of grid", "grid", "logistic"],
  );
  const boosted = served.runs.find(({ tags }) => tags["mlflow.runName"] === "boosted");
  // One point for each of seven iterations, and the best one's once more.
  assert.equal(boosted?.metrics["train-mlogloss"]?.[1].length, 8);
  assert.deepEqual(
    served.models.map(({ run }) => run),
    ["logistic", "boosted"],
  );
  for (const { metrics, signature } of served.models) assert.ok(metrics.length > 5 && signature.inputs !== null);
  assert.deepEqual(served, direct);
  assert.doesNotMatch(server.output(), /Error/);
});

/** The facts of a script's training, each in a folder of its own for what the client writes there. */
async function train(uri: string): Promise<Facts> {
  // To find out what a model requires takes longer than all the rest, and no server hears of it but as a file's text.
  const environment = { MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT: "1" };
  const printed = await runPython("autologFacts.py", [], uri, temporaryFolder(), environment);
  // A commit may be made while one of the two trains.
  return JSON.parse((printed.split("\n").at(-1) ?? "").replaceAll(/\b[0-9a-f]{40}\b/g, "a commit"));
}
