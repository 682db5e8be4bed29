import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { Worker } from "node:worker_threads";
import { temporaryFolder } from "../support/environment.ts";
import { rawRequest } from "../support/rawHttp.ts";
import { startService } from "../support/service.ts";

// Paths that try to leave the artifacts, as bytes of a request: a client would tidy them up.

const service = await startService(["--artifacts-destination", "artifacts", "--access", "open"]);
const { folder, url, store, errors } = service;
const outside = temporaryFolder();
const destination = join(folder, "artifacts");
const SECRET = "the secret";
let run = { run_id: "", artifacts: "" };
let local = { run_id: "", artifacts: "" };
let model_id = "";

before(async () => {
  writeFileSync(join(outside, "secret.txt"), SECRET);
  writeFileSync(join(folder, "secret.txt"), SECRET);
  const { info } = await store.createRun({ experiment_id: "0" });
  run = { run_id: info.run_id, artifacts: join(destination, "0", info.run_id, "artifacts") };
  const { experiment_id } = await store.createExperiment({
    name: "local",
    artifact_location: join(folder, "mlruns/1"),
  });
  const { info: other } = await store.createRun({ experiment_id });
  local = { run_id: other.run_id, artifacts: join(folder, "mlruns/1", other.run_id, "artifacts") };
  const model = await store.createLoggedModel({ experiment_id: "0", params: [], tags: [] });
  model_id = model.info.model_id;
  await store.createRegisteredModel({ name: "m" });
  await store.createModelVersion({ name: "m", source: info.artifact_uri, run_id: info.run_id });
  for (const { artifacts } of [run, local]) {
    mkdirSync(artifacts, { recursive: true });
    writeFileSync(join(artifacts, "a.txt"), "a");
    symlinkSync(outside, join(artifacts, "folderLink"));
    symlinkSync(join(outside, "secret.txt"), join(artifacts, "fileLink"));
    symlinkSync("fileLink", join(artifacts, "chain"));
    symlinkSync("loop", join(artifacts, "loop"));
    symlinkSync(join(outside, "new.txt"), join(artifacts, "nowhere"));
    symlinkSync("/dev/zero", join(artifacts, "device"));
    symlinkSync("/proc/self/environ", join(artifacts, "environ"));
    symlinkSync(`/proc/${process.pid}/root`, join(artifacts, "root"));
    if (process.platform === "linux") execFileSync("mkfifo", [join(artifacts, "pipe")]);
  }
});

/** Encoded as the target of a request; each begins in a run's folder. */
const HOSTILE = [
  "../../../../secret.txt",
  "a/../../../../../secret.txt",
  "%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret.txt",
  "%2E%2E/%2E%2E/%2E%2E/%2E%2E/secret.txt",
  ".%2e/.%2e/.%2e/.%2e/secret.txt",
  "..%2f..%2f..%2f..%2fsecret.txt",
  "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.txt",
  "%252e%252e/%252e%252e/%252e%252e/%252e%252e/secret.txt",
  "..%252f..%252f..%252f..%252fsecret.txt",
  "%25252e%25252e%25252f..%25252fsecret.txt",
  `%${"25".repeat(30)}2e%${"25".repeat(30)}2e/secret.txt`,
  "..%5c..%5c..%5c..%5csecret.txt",
  "..%255c..%255csecret.txt",
  "%c0%ae%c0%ae/%c0%ae%c0%ae/%c0%ae%c0%ae/secret.txt",
  "%e0%80%ae%e0%80%ae/%e0%80%ae%e0%80%ae/secret.txt",
  "..%c0%af..%c0%af..%c0%afsecret.txt",
  "%uff0e%uff0e/%uff0e%uff0e/secret.txt",
  "%ef%bc%8e%ef%bc%8e/%ef%bc%8e%ef%bc%8e/secret.txt",
  "%e2%80%a4%e2%80%a4/secret.txt",
  "..;/..;/..;/secret.txt",
  "....//....//....//secret.txt",
  "..%00/..%00/secret.txt",
  "a.txt%00/../../secret.txt",
  "%00",
  "%2fetc%2fpasswd",
  "//etc/passwd",
  "%2f%2fetc/passwd",
  "file:%2f%2f%2fetc%2fpasswd",
  "file:/etc/passwd",
  "FILE:%2f%2flocalhost/etc/passwd",
  "C:%5cWindows%5cwin.ini",
  "C:/Windows/win.ini",
  "%5c%5chost%5cshare%5ca",
  "%5c%5c%3f%5cC:%5ca",
  "~/secret.txt",
  "$HOME/secret.txt",
  "http:%2f%2f169.254.169.254/latest/meta-data",
  "folderLink/secret.txt",
  "./folderLink/./secret.txt",
  "fileLink",
  "chain",
  "loop",
  "loop/a",
  "nowhere",
  "device",
  "environ",
  "root/etc/passwd",
  "pipe",
  "pipe/a",
  "a.txt/a",
  ".",
  "./",
  "%2e",
  "x".repeat(300),
  "x/".repeat(1500),
  ".flowdeck-upload-parts/a",
];

function noLeak(what: string, answer: { status: number; body: string }): void {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer.status} ${answer.body.slice(0, 200)}`);
  assert.ok(!answer.body.includes(SECRET) && !answer.body.includes("root:"), `${what} leaks`);
  if (answer.status < 400) return;
  assert.ok(!answer.body.includes(folder) && !answer.body.includes("/proc/"), `${what} names a folder: ${answer.body}`);
  assert.match(answer.body, /^\{"error_code":"[A-Z_]+","message":".+"\}$/s, what);
}

test("no path reads anything outside the artifacts, on any route", async () => {
  const proxied = `0/${run.run_id}/artifacts`;
  // Each kind of place by each way in; the other routes take the same ways.
  const asked = HOSTILE.flatMap((path, i) => [
    `/api/2.0/mlflow-artifacts/artifacts/${proxied}/${path}`,
    `/get-artifact?run_uuid=${local.run_id}&path=${path}`,
    `/api/2.0/mlflow/artifacts/list?run_id=${local.run_id}&path=${path}`,
    [
      `/ajax-api/2.0/mlflow-artifacts/artifacts/${path}`,
      `/api/2.0/mlflow-artifacts/artifacts?path=${proxied}/${path}`,
      `/get-artifact?run_id=${run.run_id}&path=${path}`,
      `/api/2.0/mlflow-artifacts/presigned/${path}`,
    ][i % 4] ?? "",
    [
      `/model-versions/get-artifact?name=m&version=1&path=${path}`,
      `/ajax-api/2.0/mlflow/logged-models/${model_id}/artifacts/files?artifact_file_path=${path}`,
      `/api/2.0/mlflow/logged-models/${model_id}/artifacts/directories?artifact_directory_path=${path}`,
      `/ajax-api/3.0/mlflow/get-trace-artifact?request_id=tr-1&path=${path}`,
    ][i % 4] ?? "",
  ]);
  const ask = async (target: string) => noLeak(`GET ${target.slice(0, 200)}`, await rawRequest(url, "GET", target));
  for (let i = 0; i < asked.length; i += 20) await Promise.all(asked.slice(i, i + 20).map(ask));
});

test("no path writes or deletes anything outside the artifacts, or through a link", async () => {
  const before = readdirSync(folder)
    .filter((name) => !name.startsWith("mlflow.db"))
    .sort();
  for (const path of HOSTILE) {
    const proxied = `/api/2.0/mlflow-artifacts/artifacts/0/${run.run_id}/artifacts/${path}`;
    for (const [method, target] of [
      ["PUT", proxied],
      ["DELETE", proxied],
      ["PUT", `/ajax-api/2.0/mlflow-artifacts/artifacts/${path}`],
      ["POST", `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${local.run_id}&path=${path}`],
      ["POST", `/api/2.0/mlflow-artifacts/mpu/abort/${path}`],
    ] as const) {
      const answer = await rawRequest(url, method, target, { body: method === "DELETE" ? "" : "new" });
      noLeak(`${method} ${target.slice(0, 200)}`, answer);
    }
    const name = decodeURIComponent(/%(?![0-9a-f]{2})|%c0|%e0|%ef|%e2/i.test(path) ? "a" : path);
    const body = JSON.stringify({ path: `/home/me/${name}`, num_parts: 1 });
    const json = { "Content-Type": "application/json" };
    const created = await rawRequest(url, "POST", `/api/2.0/mlflow-artifacts/mpu/create/${path}`, {
      body,
      headers: json,
    });
    assert.ok(created.status < 500, `mpu/create ${path}: ${created.status}`);
  }
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
  assert.equal(readFileSync(join(outside, "secret.txt"), "utf8"), SECRET);
  assert.equal(readFileSync(join(folder, "secret.txt"), "utf8"), SECRET);
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => !name.startsWith("mlflow.db"))
      .sort(),
    before,
  );
  assert.ok(existsSync(join(local.artifacts, "a.txt")));
});

test("what clients name cannot make the server read or write elsewhere, or ask another machine", async () => {
  const json = { "Content-Type": "application/json" };
  const post = async (path: string, body: object) =>
    JSON.parse(
      (await rawRequest(url, "POST", `/api/2.0/mlflow/${path}`, { headers: json, body: JSON.stringify(body) })).body,
    );
  const locations = [
    outside,
    `file://${outside}`,
    `file:${outside}`,
    `file://host${outside}`,
    `${folder}/../${outside}`,
    `file://${folder}/%2e%2e/%2e%2e${outside}`,
    "/etc",
    "/",
    "~",
    "s3://bucket/a",
    "http://127.0.0.1:1/a",
    "https://169.254.169.254/latest",
    "ftp://127.0.0.1/a",
    "gopher://127.0.0.1/a",
    "hdfs://127.0.0.1/a",
    "dbfs:/a",
    "sftp://127.0.0.1/a",
    "mlflow-artifacts:/../../a",
    "mlflow-artifacts://host/%2e%2e/%2e%2e/a",
    "http://127.0.0.1/api/2.0/mlflow-artifacts/artifacts/../../a",
    "C:\\Windows",
    "\\\\host\\share",
  ];
  for (const [i, artifact_location] of locations.entries()) {
    const { experiment_id } = await post("experiments/create", { name: `e${i}`, artifact_location });
    if (experiment_id === undefined) continue;
    const { run: made } = await post("runs/create", { experiment_id });
    const { run_id } = made.info;
    for (const [method, target] of [
      ["GET", `/get-artifact?run_id=${run_id}&path=a.txt`],
      ["GET", `/api/2.0/mlflow/artifacts/list?run_id=${run_id}`],
      ["POST", `/ajax-api/2.0/mlflow/upload-artifact?run_uuid=${run_id}&path=a.txt`],
    ] as const) {
      const answer = await rawRequest(url, method, target, method === "POST" ? { body: "new" } : {});
      const known = answer.status === 200 && made.info.artifact_uri.startsWith(folder);
      assert.ok(
        known || (answer.status >= 400 && answer.status < 500),
        `${method} ${artifact_location}: ${answer.status}`,
      );
    }
  }
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
});

test("the source of a prompt, and the tag of a trace, lead to no folder", async () => {
  const json = { "Content-Type": "application/json" };
  const post = (path: string, body: object) =>
    rawRequest(url, "POST", path, { headers: json, body: JSON.stringify(body) });
  const tags = [{ key: "mlflow.prompt.is_prompt", value: "true" }];
  await post("/api/2.0/mlflow/registered-models/create", { name: "prompt", tags });
  for (const source of [folder, outside, "/etc", `file://${outside}`]) {
    await post("/api/2.0/mlflow/model-versions/create", { name: "prompt", source, tags });
  }
  for (const version of [1, 2, 3, 4]) {
    const read = await rawRequest(
      url,
      "GET",
      `/model-versions/get-artifact?name=prompt&version=${version}&path=secret.txt`,
    );
    noLeak("prompt", read);
    assert.ok(read.status >= 400);
  }
  const trace_info = {
    trace_id: "tr-1",
    trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "0" } },
  };
  await post("/api/3.0/mlflow/traces", {
    trace: { trace_info: { ...trace_info, request_time: "2026-01-01T00:00:00Z", state: "OK" } },
  });
  mkdirSync(join(folder, "attachments"), { recursive: true });
  writeFileSync(join(folder, "attachments", "secret.txt"), SECRET);
  await rawRequest(url, "PATCH", "/api/3.0/mlflow/traces/tr-1/tags", {
    headers: json,
    body: JSON.stringify({ key: "mlflow.artifactLocation", value: folder }),
  });
  const read = await rawRequest(url, "GET", "/ajax-api/2.0/mlflow/get-trace-artifact?request_id=tr-1&path=secret.txt");
  noLeak("trace", read);
  assert.ok(read.status >= 400);
});

test("a folder of a run that is a link leads nowhere", async () => {
  const { info } = await store.createRun({ experiment_id: "0" });
  mkdirSync(join(destination, "0", info.run_id), { recursive: true });
  symlinkSync(outside, join(destination, "0", info.run_id, "artifacts"));
  for (const [method, target] of [
    ["GET", `/get-artifact?run_id=${info.run_id}&path=secret.txt`],
    ["GET", `/api/2.0/mlflow/artifacts/list?run_id=${info.run_id}`],
    ["PUT", `/api/2.0/mlflow-artifacts/artifacts/0/${info.run_id}/artifacts/new.txt`],
    ["PUT", `/api/2.0/mlflow-artifacts/artifacts/0/${info.run_id}/artifacts/new/new.txt`],
    ["DELETE", `/api/2.0/mlflow-artifacts/artifacts/0/${info.run_id}/artifacts/secret.txt`],
  ] as const) {
    const answer = await rawRequest(url, method, target, method === "PUT" ? { body: "new" } : {});
    noLeak(target, answer);
    assert.equal(answer.status, 400, target);
  }
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
});

test("a link that is put in place of a folder during requests leads nowhere", async () => {
  const { info } = await store.createRun({ experiment_id: "0" });
  const artifacts = join(destination, "0", info.run_id, "artifacts");
  mkdirSync(join(artifacts, "real"), { recursive: true });
  writeFileSync(join(artifacts, "real", "secret.txt"), "of the run");
  symlinkSync("real", join(artifacts, "swapped"));
  const swap = `const { renameSync, symlinkSync } = require("node:fs");
    const { join } = require("node:path");
    const { workerData: { folder, outside } } = require("node:worker_threads");
    for (let i = 0; ; i++) {
      symlinkSync(i % 2 ? "real" : outside, join(folder, "next"));
      renameSync(join(folder, "next"), join(folder, "swapped"));
    }`;
  const worker = new Worker(swap, { eval: true, workerData: { folder: artifacts, outside } });
  const path = `/api/2.0/mlflow-artifacts/artifacts/0/${info.run_id}/artifacts/swapped`;
  const seen = new Set<string>();
  try {
    for (let i = 0; i < 4_000 && (i < 40 || seen.size < 6); i++) {
      const answers = await Promise.all([
        rawRequest(url, "GET", `${path}/secret.txt`),
        rawRequest(url, "PUT", `${path}/new/${i}.txt`, { body: "new" }),
        rawRequest(url, "DELETE", `${path}/new`),
      ]);
      for (const [j, answer] of answers.entries()) {
        noLeak(`request ${j} of a race`, answer);
        seen.add(`${j} ${answer.status < 400}`);
      }
    }
  } finally {
    await worker.terminate();
  }
  assert.deepEqual(readdirSync(outside), ["secret.txt"]);
  // The race was one: each request met both the folder and the link that leads out.
  assert.deepEqual([...seen].sort(), ["0 false", "0 true", "1 false", "1 true", "2 false", "2 true"]);
});

test("no request met an error of the server's own", () => assert.deepEqual(errors, []));
