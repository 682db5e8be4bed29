import { deepEqual, equal } from "node:assert/strict";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requestFor } from "../../src/extension/serving/curl.ts";
import { FollowedLog } from "../../src/extension/serving/followedLog.ts";
import { rowText, serverFacts } from "../../src/extension/serving/serverText.ts";
import type { Schema } from "../../src/mlflow/signature/types.ts";
import type { ScoringServer } from "../../src/protocol/serving.ts";
import { temporaryFolder, until } from "../support/environment.ts";

const SERVER: ScoringServer = {
  ...{ id: "1", store: "s", model_uri: "models:/wine-quality@champion", title: "wine-quality@champion" },
  ...{ model: { name: "wine-quality", version: "5", alias: "champion" }, host: "127.0.0.1", port: 5001 },
  ...{ url: "http://127.0.0.1:5001", state: "ready", started: 1_000, requests: 0, failures: 0 },
  ...{ env_manager: "local", workers: 1, timeout: 60, keep: false, log: "/l" },
};

test("a row says where its server is and what it has done", () => {
  const rows: [change: Partial<ScoringServer>, text: string][] = [
    [{}, ":5001"],
    [{ requests: 1 }, ":5001 · 1 request"],
    [{ requests: 18 }, ":5001 · 18 requests"],
    [{ state: "starting", requests: 18 }, ":5001 · starting"],
    [{ state: "unhealthy" }, ":5001 · does not answer"],
    [{ state: "stopping" }, ":5001 · stopping"],
    [{ state: "failed" }, "failed"],
  ];
  for (const [change, text] of rows) equal(rowText({ ...SERVER, ...change }), text);
});

test("a hover says what there is to say, and nothing of what is not known", () => {
  const up = { ...SERVER, requests: 1_200, failures: 2, memory: 240_000_000, workers: 2, mlflow_version: "3.17.2" };
  deepEqual(serverFacts(up, 181_000), [
    ["Model", "models:/wine-quality@champion (version 5)"],
    ["URL", "http://127.0.0.1:5001"],
    ["Requests", "1,200, 2 of them refused or failed"],
    ["Memory", "240 MB"],
    ["Up for", "3 m 00 s"],
    ["Workers", "2"],
    ["Environment", "local"],
    ["Timeout", "60 s"],
    ["mlflow", "3.17.2"],
    ["When the window closes", "stops"],
  ]);
  const names = serverFacts({ ...SERVER, state: "starting", keep: true }, 2_000).map(([name]) => name);
  deepEqual(names, ["Model", "URL", "Requests", "Environment", "Timeout", "When the window closes"]);
});

test("the request of a curl line has the columns and shapes of the signature", () => {
  const named: Schema = {
    kind: "columns",
    columns: [
      { name: "alcohol", value: { type: "double" }, required: true },
      { name: "note", value: { type: "string" }, required: false },
      { name: "items", value: { type: "array", items: { type: "long" } }, required: true },
    ],
  };
  deepEqual(requestFor(named), {
    dataframe_split: { columns: ["alcohol", "note", "items"], data: [[0, "text", [0]]] },
  });
  const tensor: Schema = { kind: "tensors", tensors: [{ dtype: "float32", shape: [-1, 2, 3] }] };
  deepEqual(requestFor(tensor), { inputs: [Array.from({ length: 2 }, () => [0, 0, 0])] });
  const tensors: Schema = { kind: "tensors", tensors: [{ name: "a", dtype: "str", shape: [-1] }] };
  deepEqual(requestFor(tensors), { inputs: { a: ["text"] } });
});

test("a log is followed, also when it is begun anew", async () => {
  const file = join(temporaryFolder(), "x.log");
  writeFileSync(file, "one\n");
  let read = "";
  const log = new FollowedLog(file, (text) => (read += text));
  equal(read, "one\n");
  appendFileSync(file, "two\n");
  await until("the second line", () => read === "one\ntwo\n");
  renameSync(file, `${file}.1`);
  writeFileSync(file, "three\n");
  log.read();
  equal(read, "one\ntwo\nthree\n");
  log.dispose();
});
