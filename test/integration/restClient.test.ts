import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { MlflowError } from "../../src/mlflow/errors.ts";
import { restStore } from "../../src/store/rest/store.ts";

/** A network peer that answers each request with the next of `answers`, the last again and again. */
async function peer(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const seen: { line: string; authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization, body });
      answers[Math.min(seen.length, answers.length) - 1]?.(response, request);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { port, seen, uri: `http://127.0.0.1:${port}`, close: () => new Promise((done) => server.close(done)) };
}

const json = (status: number, body: object | string) => (response: ServerResponse) =>
  response
    .writeHead(status, { "content-type": "application/json" })
    .end(typeof body === "string" ? body : JSON.stringify(body));
const cut = (response: ServerResponse) => response.destroy();

const run = { run: { info: { run_id: "r", experiment_id: "1", status: "RUNNING" } } };

test("the server's own error code and message arrive", async () => {
  const { uri } = await peer(json(404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "Run with id=r not found" }));
  await assert.rejects(restStore({ tracking_uri: uri }).getRun({ run_id: "r" }), (error: unknown) => {
    assert(error instanceof MlflowError);
    assert.deepEqual([error.error_code, error.message], ["RESOURCE_DOES_NOT_EXIST", "Run with id=r not found"]);
    return true;
  });
});

test("a server that is not there is said in one sentence", async () => {
  const { uri, close } = await peer(json(200, run));
  await close();
  await assert.rejects(restStore({ tracking_uri: uri, patience: 0 }).getRun({ run_id: "r" }), {
    error_code: "TEMPORARILY_UNAVAILABLE",
    message: `The tracking server at ${uri} does not answer.`,
  });
});

test("what is not an MLflow server is said to be none", async () => {
  const { uri } = await peer(json(200, "<html>"));
  await assert.rejects(restStore({ tracking_uri: uri }).getRun({ run_id: "r" }), /not as an MLflow server does/);
});

test("a read is repeated after a lost connection, an overload and a failing proxy", async () => {
  const { uri, seen } = await peer(cut, json(429, {}), json(503, "busy"), json(200, run));
  assert.equal((await restStore({ tracking_uri: uri }).getRun({ run_id: "r" })).info.run_id, "r");
  assert.equal(seen.length, 4);
});

test("what will be refused again is asked once, whatever the status", async () => {
  const message = "Cannot rename a non-active experiment.";
  const { uri, seen } = await peer(json(500, { error_code: "INVALID_STATE", message }));
  const rename = restStore({ tracking_uri: uri }).updateExperiment({ experiment_id: "1", new_name: "a" });
  await assert.rejects(rename, { error_code: "INVALID_STATE", message });
  assert.equal(seen.length, 1);
});

test("creating a run is not repeated when the first request may have been carried out", async () => {
  const { uri, seen } = await peer(cut, json(200, run));
  await assert.rejects(restStore({ tracking_uri: uri }).createRun({ experiment_id: "1" }), /does not answer/);
  assert.equal(seen.length, 1);
});

test("creating a run waits for a server that was away for a moment", async () => {
  const first = await peer(json(200, run));
  await first.close();
  const created = restStore({ tracking_uri: first.uri }).createRun({ experiment_id: "1" });
  const again = createServer((_request, response) => json(200, run)(response));
  await new Promise<void>((done) => again.listen(first.port, "127.0.0.1", done));
  after(() => again.close());
  assert.equal((await created).info.run_id, "r");
});

test("a token goes along as Bearer, a user in the address as Basic", async () => {
  const { uri, seen } = await peer(json(200, run));
  await restStore({ tracking_uri: uri, token: "t" }).getRun({ run_id: "r" });
  await restStore({ tracking_uri: uri.replace("http://", "http://me:p%40ss@") }).getRun({ run_id: "r" });
  assert.deepEqual(
    seen.map(({ authorization }) => authorization),
    ["Bearer t", `Basic ${Buffer.from("me:p@ss").toString("base64")}`],
  );
});

test("a server older than mlflow 3 shows a run's own artifacts", async () => {
  const files = [{ path: "a.txt", is_dir: false, file_size: "3" }];
  const { uri } = await peer((response, request) => {
    const { url = "" } = request;
    if (url.includes("logged-models")) json(404, "<html>Not Found</html>")(response);
    else json(200, url.includes("artifacts/list") ? { files } : run)(response);
  });
  const listed = await restStore({ tracking_uri: uri }).listArtifacts({ run_id: "r" });
  assert.deepEqual(listed, [{ path: "a.txt", is_dir: false, file_size: 3 }]);
});

test("a path behind the host stays in front of the API's", async () => {
  const { uri, seen } = await peer(json(200, run));
  await restStore({ tracking_uri: `${uri}/team/` }).getRun({ run_id: "a b" });
  assert.equal(seen[0]?.line, "GET /team/api/2.0/mlflow/runs/get?run_id=a+b");
});

test("NaN and infinities travel as text both ways", async () => {
  const { uri, seen } = await peer(
    json(200, {}),
    json(200, {
      metrics: [
        { key: "m", value: "NaN" },
        { key: "m", value: "-Infinity", timestamp: 1, step: 2 },
      ],
    }),
  );
  const store = restStore({ tracking_uri: uri });
  const metrics = [{ key: "m", value: Number.NaN, timestamp: 1, step: 0 }];
  await store.logBatch({ run_id: "r", metrics, params: [], tags: [] });
  assert.match(seen[0]?.body ?? "", /"value":"NaN"/);
  const { items } = await store.metricHistory({ run_id: "r", metric_key: "m" });
  assert.deepEqual(
    items.map(({ value }) => value),
    [Number.NaN, Number.NEGATIVE_INFINITY],
  );
});

test("what a server leaves out reads as empty", async () => {
  const { uri } = await peer(json(200, run));
  const { data, inputs, outputs, info } = await restStore({ tracking_uri: uri }).getRun({ run_id: "r" });
  assert.deepEqual(data, { metrics: [], params: [], tags: [] });
  assert.deepEqual([inputs, outputs], [{ dataset_inputs: [], model_inputs: [] }, { model_outputs: [] }]);
  assert(!("end_time" in info));
});

test("an address that is none is refused before anything is sent", () => {
  assert.throws(() => restStore({ tracking_uri: "sqlite:///x.db" }), /is not the address of a tracking server/);
});

test("where the server leads a call it is followed: within it with the password, to another one without", async () => {
  const other = await peer(json(200, run));
  const { uri, seen } = await peer(
    (response) => response.writeHead(308, { location: "/moved/here" }).end(),
    (response) => response.writeHead(302, { location: `${other.uri}/there` }).end(),
  );
  const store = restStore({ tracking_uri: uri, token: "t" });
  assert.equal((await store.getRun({ run_id: "r" })).info.run_id, "r");
  assert.deepEqual(
    [...seen, ...other.seen].map(({ line, authorization }) => [line.split("?")[0], authorization]),
    [
      ["GET /api/2.0/mlflow/runs/get", "Bearer t"],
      ["GET /moved/here", "Bearer t"],
      ["GET /there", undefined],
    ],
  );
});

test("an answer that breaks off is asked for again; one that leads in circles is none", async () => {
  const half = (response: ServerResponse) => {
    response.writeHead(200, { "content-length": "100" }).write("{");
    setImmediate(() => response.destroy());
  };
  const { uri, seen } = await peer(half, json(200, run));
  await restStore({ tracking_uri: uri }).getRun({ run_id: "r" });
  assert.equal(seen.length, 2);
  const circle = await peer((response) => response.writeHead(307, { location: "/again" }).end());
  const store = restStore({ tracking_uri: circle.uri, patience: 0 });
  await assert.rejects(store.getRun({ run_id: "r" }), /answered with status 307, but not as an MLflow server does/);
});
