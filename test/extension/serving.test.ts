import { deepEqual, equal, ok } from "node:assert/strict";
import { appendFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requestFor } from "../../src/extension/serving/curl.ts";
import { findServing, servedPorts } from "../../src/extension/serving/findServing.ts";
import { FollowedLog } from "../../src/extension/serving/followedLog.ts";
import { rowText, serverFacts } from "../../src/extension/serving/serverText.ts";
import type { Schema } from "../../src/mlflow/signature/types.ts";
import { stateFileOf, writeState } from "../../src/models/serving/stateFile.ts";
import { ownMark } from "../../src/processes/processes.ts";
import type { ScoringServer, ServeState } from "../../src/protocol/serving.ts";
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

test("what a state file tells of a server of another machine that shares the folder is left to that one", () => {
  const folder = temporaryFolder();
  const control = { port: 1, token: "t" };
  const states: [id: string, port: number, program: ServeState["program"]][] = [
    ["here", 5001, ownMark()],
    ["elsewhere", 5002, { ...ownMark(), host: "another-machine", boot: "another" }],
    ["over", 5003, { ...ownMark(), boot: "another" }],
  ];
  for (const [id, port, program] of states) {
    const server = { ...SERVER, id, port };
    ok(writeState(stateFileOf(folder, id), { format: 1, server, python: "p", served_uri: "m", program, control }));
  }
  // Also those of other stores.
  deepEqual([...servedPorts(folder)], [[5001, SERVER.title]]);
  const ids = (now?: number) => findServing(folder, ["here", "elsewhere", "over"], now).map(({ server }) => server.id);
  deepEqual(ids(), ["here"]);
  deepEqual(readdirSync(folder).sort(), ["elsewhere.json", "here.json"]);
  // A container that is no more.
  deepEqual(ids(Date.now() + 40 * 24 * 3_600_000), ["here"]);
  deepEqual(readdirSync(folder), ["here.json"]);
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
  await until("the line of the file that took its place", () => read === "one\ntwo\nthree\n");
  appendFileSync(file, "four\n");
  await until("the line after it", () => read === "one\ntwo\nthree\nfour\n");
  log.dispose();
});
