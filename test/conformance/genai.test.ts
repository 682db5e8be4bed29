import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

test("no call that a GenAI script makes of the unmodified client fails: traces, assessments, links and prompts", {
  skip: skipWithout(findPython(), "Python with mlflow"),
}, async () => {
  const folder = temporaryFolder();
  const store = `sqlite:///${join(folder, "mlflow.db")}`;
  const args = ["--backend-store-uri", store, "--artifacts-destination", join(folder, "artifacts"), "--port", "0"];
  const server = await startServer(args, { cwd: folder });
  const printed = await runPython("genai.py", [], server.url, folder);
  const [failed = [], ok = []] = ["failed", "ok"].map((outcome) =>
    printed.split(/^(?=ok |failed )/m).filter((call) => call.startsWith(`${outcome} `)),
  );
  assert.deepEqual(failed, []);
  assert.ok(ok.length > 100, printed);
  assert.doesNotMatch(server.output(), /Error/);
});
