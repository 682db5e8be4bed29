import { deepEqual, equal, ok } from "node:assert/strict";
import { appendFileSync, readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { noteVersion, type AskedMoves } from "../../src/extension/serving/askedMoves.ts";
import { OtherServers, servedPorts } from "../../src/extension/serving/findServing.ts";
import { FollowedLog } from "../../src/extension/serving/followedLog.ts";
import { rowText, serverFacts, spokenText } from "../../src/extension/serving/serverText.ts";
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

test("a row says where its server is, how it is in a word, and what it has done", () => {
  const rows: [change: Partial<ScoringServer>, text: string, spoken: string][] = [
    [{}, ":5001 · ready", "ready, :5001"],
    [{ requests: 1 }, ":5001 · ready · 1 request", "ready, :5001, 1 request"],
    [{ requests: 18 }, ":5001 · ready · 18 requests", "ready, :5001, 18 requests"],
    [{ state: "starting", requests: 18 }, ":5001 · starting", "starting, :5001"],
    [
      { state: "unhealthy", problem: { text: "It does not answer any more." } },
      ":5001 · does not answer",
      "does not answer, :5001, It does not answer any more.",
    ],
    [{ state: "stopping" }, ":5001 · stopping", "stopping, :5001"],
    [{ state: "failed" }, "failed", "failed"],
  ];
  for (const [change, text, spoken] of rows) {
    equal(rowText({ ...SERVER, ...change }), text);
    equal(spokenText({ ...SERVER, ...change }), `wine-quality@champion, ${spoken}`);
  }
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
  const ids = (now?: number) =>
    new OtherServers(folder).find(["here", "elsewhere", "over"], new Set(["s"]), now).map(({ server }) => server.id);
  deepEqual(ids(), ["here"]);
  deepEqual(readdirSync(folder).sort(), ["elsewhere.json", "here.json"]);
  // A container that is no more.
  deepEqual(ids(Date.now() + 40 * 24 * 3_600_000), ["here"]);
  deepEqual(readdirSync(folder), ["here.json"]);
});

test("of the servers of other stores only what changed is read again, and all when a store comes", () => {
  const folder = temporaryFolder();
  const file = stateFileOf(folder, "1");
  const write = (store: string) => {
    const server = { ...SERVER, store };
    const control = { port: 1, token: "t" };
    ok(writeState(file, { format: 1, server, python: "p", served_uri: "m", program: ownMark(), control }));
    utimesSync(file, 1_000, 1_000);
  };
  const others = new OtherServers(folder);
  const found = (...stores: string[]) => others.find(["1"], new Set(stores)).length;
  write("one");
  equal(found("two"), 0);
  // As long, of the same time, and in the same place: as if it had not changed.
  const text = readFileSync(file, "utf8").replace('"store":"one"', '"store":"two"');
  writeFileSync(file, text);
  utimesSync(file, 1_000, 1_000);
  equal(found("two"), 0);
  utimesSync(file, 2_000, 2_000);
  equal(found("two"), 1);
  equal(found("one"), 0);
  writeFileSync(file, text.replace('"store":"two"', '"store":"one"'));
  utimesSync(file, 2_000, 2_000);
  equal(found("one"), 0);
  equal(found("two", "one"), 1);
});

test("each move of an alias is asked about once, also one to a version that was asked about before", () => {
  const steps: [now: string, asks: boolean][] = [
    ["5", false],
    ["6", true],
    ["6", false],
    ["5", false],
    ["6", true],
    ["7", true],
    ["6", true],
    ["6", false],
  ];
  let asked: AskedMoves = { other: "6" };
  for (const [now, asks] of steps) {
    const noted = noteVersion(asked, { id: "1", served: "5", now });
    equal(noted?.asks ?? false, asks, now);
    asked = noted?.asked ?? asked;
  }
  deepEqual({ ...asked }, { other: "6", "1": "6" });
  for (let id = 2; id < 300; id += 1) asked = noteVersion(asked, { id: `s${id}`, served: "1", now: "2" })?.asked ?? {};
  equal(Object.keys(asked).length, 100);
  equal(asked["s299"], "2");
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
