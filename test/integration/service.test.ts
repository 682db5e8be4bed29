import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { test } from "node:test";
import type { Metric } from "../../src/mlflow/entities.ts";
import { readServerOptions } from "../../src/server/options.ts";
import { keepsTraces, readSpanFile } from "../../src/server/traceArtifact.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { startService } from "../support/service.ts";

const { folder, backendStoreUri, url, store, errors } = await startService(["--artifacts-destination", "artifacts"]);

async function post(path: string, body: BodyInit, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const all = { "Content-Type": "application/json", ...headers };
  const response = await fetch(`${url}${path}`, { method: "POST", body, headers: all });
  return [response.status, await response.json()];
}

async function get(path: string): Promise<[number, unknown]> {
  const response = await fetch(`${url}${path}`);
  return [response.status, await response.json()];
}

test("a database that is not there yet reads the same whichever thread answers", async () => {
  const [, one] = await get("/api/2.0/mlflow/experiments/get?experiment_id=0");
  const [, all] = await get("/api/2.0/mlflow/experiments/search?max_results=10");
  const [first] = Object(all).experiments;
  assert.equal(first.artifact_location, "mlflow-artifacts:/0");
  assert.equal(first.artifact_location, Object(one).experiment.artifact_location);
});

async function createRun(): Promise<string> {
  const run = await store.createRun({ experiment_id: "0", start_time: 1 });
  return run.info.run_id;
}

test("what is acknowledged is found by the next search, on the other thread", async () => {
  const run_id = await createRun();
  for (let step = 0; step < 20; step++) {
    const metrics = [{ key: "loss", value: step, timestamp: step, step }];
    assert.deepEqual(await post("/api/2.0/mlflow/runs/log-batch", JSON.stringify({ run_id, metrics })), [200, {}]);
    const search = { experiment_ids: ["0"], filter: `metrics.loss = ${step} AND run_id = '${run_id}'` };
    const [, found] = await post("/ajax-api/2.0/mlflow/runs/search", JSON.stringify(search));
    assert.equal(Object(found).runs?.length, 1);
  }
  const sampled = `/api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids=${run_id}&metric_key=loss&max_results=3`;
  const [, { metrics }] = (await get(sampled)).map(Object);
  assert.deepEqual(
    metrics.map(({ step }: { step: number }) => step),
    [0, 7, 19],
  );
});

test("a packed body is unpacked, and one that cannot be is refused", async () => {
  const headers = { "Content-Encoding": "gzip" };
  const create = "/api/2.0/mlflow/experiments/create";
  const [status] = await post(create, gzipSync(JSON.stringify({ name: "packed" })), headers);
  assert.equal(status, 200);
  const [bad, answer] = await post(create, "not packed", headers);
  assert.deepEqual([bad, Object(answer).error_code], [400, "INVALID_PARAMETER_VALUE"]);
});

test("a write that waits for another program's lock keeps nothing else waiting", async () => {
  const run_id = await createRun();
  const lock = openConnection(join(folder, "mlflow.db"), { busyTimeout: 0 });
  lock.exec("BEGIN IMMEDIATE");
  let done = false;
  const tag = JSON.stringify({ run_id, key: "a", value: "b" });
  const written = post("/api/2.0/mlflow/runs/set-tag", tag).finally(() => (done = true));
  for (let i = 0; i < 5; i++) assert.equal((await fetch(`${url}/health`)).status, 200);
  assert.equal(done, false);
  lock.exec("COMMIT");
  lock.close();
  assert.deepEqual(await written, [200, {}]);
});

test("a body that is too large, packed or not, is refused, not kept", async () => {
  const large = Buffer.alloc(65 * 1024 * 1024, " ");
  // Noise cannot be packed, so that the server has had enough of it before it has all of it.
  const bomb = gzipSync(Buffer.concat([large, randomBytes(8 * 1024 * 1024)]), { level: 1 });
  for (const [body, headers] of [
    [large, {}],
    [bomb, { "Content-Encoding": "gzip" }],
  ] as const) {
    const [status, answer] = await post("/api/2.0/mlflow/runs/log-batch", body, headers);
    assert.deepEqual([status, Object(answer).error_code], [413, "REQUEST_LIMIT_EXCEEDED"]);
  }
});

test("a page of histories has no more points than were asked for, by run and time", async () => {
  const [one = "", other = ""] = [await createRun(), await createRun()].toSorted();
  const points = [3, 1, 2].map((timestamp) => ({ key: "m", value: timestamp, timestamp, step: 0 }));
  for (const run_id of [one, other]) await store.logBatch({ run_id, metrics: points, params: [], tags: [] });
  const bulk = `/ajax-api/2.0/mlflow/metrics/get-history-bulk?run_id=${other}&run_id=${one}&metric_key=m`;
  const found = async (more: string) =>
    Object(await get(bulk + more))[1].metrics.map(({ run_id, value }: Metric) => [run_id, value]);
  const all = [1, 2, 3].map((value) => [one, value]);
  all.push(...[1, 2, 3].map((value) => [other, value]));
  assert.deepEqual(await found(""), all);
  assert.deepEqual(await found("&max_results=4"), all.slice(0, 4));
});

const LOCATIONS: [string, string][] = [
  ["s3://bucket/a#b", "'artifact_location' URL can't include fragments or params."],
  ["/data/a;b", "'artifact_location' URL can't include fragments or params."],
  ["s3://bucket/a?b=%252e%252e/c", "Invalid query string"],
  ["runs:/1/a", "Artifact location cannot be a runs:/ URI. Given: 'runs:/1/a'"],
];

for (const [artifact_location, message] of LOCATIONS) {
  test(`no experiment is kept at ${artifact_location}`, async () => {
    const body = JSON.stringify({ name: artifact_location, artifact_location });
    const refusal = { error_code: "INVALID_PARAMETER_VALUE", message };
    assert.deepEqual(await post("/api/2.0/mlflow/experiments/create", body), [400, refusal]);
  });
}

const UNKNOWN: [string, number][] = [
  ["/api/2.0/mlflow/nothing", 404],
  ["/api/2.0/mlflow/gateway/endpoints/list", 404],
  ["/nothing", 404],
  ["/api/2.0/mlflow/runs/create", 405],
];

for (const [path, expected] of UNKNOWN) {
  test(`${path} answers ENDPOINT_NOT_FOUND`, async () => {
    const [status, answer] = await get(path);
    assert.deepEqual([status, Object(answer).error_code], [expected, "ENDPOINT_NOT_FOUND"]);
  });
}

test("an artifact goes through the proxy unchanged", async () => {
  const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
  const path = `${url}/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/a%20b/c.bin`;
  assert.equal((await fetch(path, { method: "PUT", body: bytes })).status, 200);
  assert.deepEqual(new Uint8Array(await (await fetch(path)).arrayBuffer()), bytes);
  const [, { files }] = (await get("/api/2.0/mlflow-artifacts/artifacts?path=0/r/artifacts/a%20b")).map(Object);
  assert.deepEqual(files, [{ path: "c.bin", is_dir: false, file_size: bytes.length }]);
  assert.equal((await fetch(path, { method: "DELETE" })).status, 200);
  assert.equal((await fetch(path)).status, 404);
});

test("no points are not a page of a history, and a sample has bounds", async () => {
  const run_id = await createRun();
  const history = "/api/2.0/mlflow/metrics/get-history";
  const asked: [string, string][] = [
    [
      `${history}?run_id=${run_id}`,
      "Invalid value 0 for parameter 'max_results' supplied. It must be a positive integer.",
    ],
    [
      `${history}-bulk-interval?run_ids=${run_id}`,
      "max_results must be between 1 and 2500. See the API docs for more information about request parameters.",
    ],
  ];
  for (const [path, message] of asked) {
    const [status, answer] = await get(`${path}&metric_key=loss&max_results=0`);
    assert.deepEqual([status, answer], [400, { error_code: "INVALID_PARAMETER_VALUE", message }]);
  }
});

test("no answer lets another page read it, nor does a browser's question before a request", async () => {
  for (const headers of [{}, { Origin: url }, { Origin: "http://localhost:3000" }]) {
    for (const method of ["GET", "OPTIONS"]) {
      const more = { "Access-Control-Request-Method": "POST", ...headers };
      const response = await fetch(`${url}/api/2.0/mlflow/experiments/get?experiment_id=0`, { method, headers: more });
      const allowed = !("Origin" in headers) || headers.Origin === url;
      assert.equal(response.status, allowed ? (method === "GET" ? 200 : 204) : 403);
      assert.deepEqual(
        [...response.headers.keys()].filter((name) => name.startsWith("access-control") || name === "vary"),
        [],
      );
    }
  }
});

test("a relative location counts from the folder of the database, and half an upload is not listed", async () => {
  const { experiment_id } = await store.createExperiment({ name: "old", artifact_location: "./old" });
  const { info } = await store.createRun({ experiment_id });
  const artifacts = join(folder, "old", info.run_id, "artifacts");
  mkdirSync(artifacts, { recursive: true });
  writeFileSync(join(artifacts, "a.txt"), "a");
  writeFileSync(join(artifacts, ".flowdeck-upload-1"), "half");
  const file = { path: "a.txt", is_dir: false, file_size: 1 };
  const [, { files }] = (await get(`/api/2.0/mlflow/artifacts/list?run_id=${info.run_id}`)).map(Object);
  assert.deepEqual(files, [file]);
  assert.deepEqual(await store.listArtifacts({ run_id: info.run_id }), [file]);
});

test("HEAD tells what GET would, without the body", async () => {
  const answer = await fetch(`${url}/health`, { method: "HEAD" });
  assert.deepEqual([answer.status, answer.headers.get("content-length"), await answer.text()], [200, "2", ""]);
});

test("the page names the store and runs nothing that it does not bring itself", async () => {
  const response = await fetch(url);
  assert.match(response.headers.get("content-security-policy") ?? "", /^default-src 'none'/);
  assert.match(await response.text(), /<strong>[^<]+\/mlflow\.db<\/strong>/);
});

test("a run stays an answer of data: no error of the server's own was met", async () => {
  const run_id = await createRun();
  const [status] = await get(`/get-artifact?run_id=${run_id}&path=${encodeURIComponent("../../mlflow.db")}`);
  assert.equal(status, 400);
  assert.deepEqual(
    errors.filter((error) => !String(error).includes("not supported")),
    [],
  );
});

test("without an artifacts destination new experiments keep their artifacts beside the database", () => {
  const plain = readServerOptions(["--backend-store-uri", "sqlite:///sub/../mlflow.db"], {}, folder);
  assert.equal(plain.artifactRoot, join(folder, "mlruns"));
  assert.equal(plain.backendStoreUri, backendStoreUri);
  assert.throws(() => readServerOptions(["--access", "token"], {}, folder), /--token-file/);
  assert.throws(
    () => readServerOptions(["--backend-store-uri", "postgresql://h/d"], {}, folder),
    /database file|not one of/,
  );
});

test("a logged model lists all versions made from it, whatever stood in its tag and however many are made at once", async () => {
  const VERSIONS = "mlflow.modelVersions";
  const tags = [{ key: VERSIONS, value: "no list" }];
  const { info } = await store.createLoggedModel({ experiment_id: "0", params: [], tags });
  await store.createRegisteredModel({ name: "notée" });
  const { model_id } = info;
  const body = JSON.stringify({ name: "notée", source: `models:/${model_id}`, model_id });
  const made = await Promise.all([1, 2, 3].map(() => post("/api/2.0/mlflow/model-versions/create", body)));
  assert.deepEqual(
    made.map(([status]) => status),
    [200, 200, 200],
  );
  const { info: after } = await store.getLoggedModel({ model_id });
  const text = after.tags.find(({ key }) => key === VERSIONS)?.value ?? "";
  // As Python's json prints it: others compare the text.
  assert.ok(text.startsWith('[{"name": "not\\u00e9e", "version": '), text);
  const noted: { version: number }[] = JSON.parse(text);
  assert.deepEqual(
    noted.map(({ version }) => version).toSorted((a, b) => a - b),
    [1, 2, 3],
  );
});

test("a file of spans beyond the size of a body is refused before it is read", async () => {
  assert.ok(keepsTraces(store));
  const trace = await store.startRunningTrace({ experiment_id: "0", request_time: 1, trace_metadata: {}, tags: {} });
  const place = join(folder, "artifacts", "traces", trace.trace_id, "artifacts");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "traces.json"), "{}");
  truncateSync(join(place, "traces.json"), 65 * 1024 * 1024);
  const tagged = { ...trace, tags: { ...trace.tags, "mlflow.artifactLocation": place } };
  const artifacts = { store, destination: join(folder, "artifacts"), base: folder, roots: [folder] };
  await assert.rejects(readSpanFile(artifacts, tagged), { error_code: "INVALID_PARAMETER_VALUE" });
});
