import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

/** Which of the two traces each filter of traces.py finds. */
const FOUND: Readonly<Record<string, number[]>> = {
  "tags.team = 'blue' AND name LIKE 'ans%'": [0, 1],
  "name RLIKE '^a.*r$'": [0, 1],
  "metadata.`mlflow.trace.session` = 's1'": [0, 1],
  // Overridden, so no longer valid.
  "feedback.better = 'yes'": [],
  "feedback.better = 'false'": [0],
  "expectation.expected IS NOT NULL": [0],
  "tags.kept IS NULL": [1],
  "prompt = 'greeting/1'": [0],
  "status = 'OK' AND timestamp > 0": [0, 1],
};

for (const proxied of [false, true]) {
  const where = proxied ? "the server takes artifacts" : "the client writes artifacts itself";
  test(`the unmodified client traces, judges and prompts where ${where}, and finds the same in the file`, {
    skip,
  }, async () => {
    const folder = temporaryFolder();
    const store = `sqlite:///${join(folder, "mlflow.db")}`;
    const destination = proxied ? ["--artifacts-destination", join(folder, "artifacts")] : [];
    const args = ["--backend-store-uri", store, ...destination, "--port", "0"];
    const server = await startServer(args, { cwd: folder });
    await runPython("traces.py", ["write"], server.url, folder);
    const served = Object(JSON.parse(await runPython("traces.py", ["read"], server.url, folder)));
    assert.deepEqual(
      served.traces.map(({ info }: { info: { response_preview: string } }) => info.response_preview),
      ['"WHY"', '"HOW"'],
    );
    assert.deepEqual(
      served.traces.map(({ spans }: { spans: object[] }) => spans.length),
      [2, 2],
    );
    assert.deepEqual(served["of run"], ['"HOW"']);
    assert.deepEqual(served.found, FOUND);
    // With proxied artifacts only a server can give the spans, so Python's own reading is left to the other case.
    if (!proxied) assert.deepEqual(JSON.parse(await runPython("traces.py", ["read"], store, folder)), served);
    assert.doesNotMatch(server.output(), /Error/);
  });
}

test("the client finds what Python wrote to the file, spans included, and the pages get the spans as they are", {
  skip,
}, async () => {
  const folder = temporaryFolder();
  const file = join(folder, "mlflow.db");
  const store = `sqlite:///${file}`;
  await runPython("traces.py", ["write"], store, folder);
  const expected: unknown = JSON.parse(await runPython("traces.py", ["read"], store, folder));
  const server = await startServer(["--backend-store-uri", store, "--port", "0"], { cwd: folder });
  assert.deepEqual(JSON.parse(await runPython("traces.py", ["read"], server.url, folder)), expected);
  const connection = openConnection(file, { readonly: true, busyTimeout: 1000 });
  const rows = connection.prepare<[], { trace_id: string; content: string }>("SELECT trace_id, content FROM spans");
  const [row] = rows.all();
  connection.close();
  const answer = await fetch(`${server.url}/ajax-api/3.0/mlflow/get-trace-artifact?request_id=${row?.trace_id}`);
  const text = await answer.text();
  assert.ok(text.startsWith('{"spans":[{') && text.includes(row?.content ?? "?"), text);
});
