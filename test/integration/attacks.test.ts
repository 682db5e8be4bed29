import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { sendOne, sendRaw } from "../support/rawBytes.ts";
import { whenOver } from "../support/environment.ts";
import { startService } from "../support/service.ts";

const { url, store, errors } = await startService(["--artifacts-destination", "artifacts"]);
const { host } = new URL(url);
const { info } = await store.createRun({ experiment_id: "0", start_time: 1 });
const API = "/api/2.0/mlflow";

function text(first: string, headers: string[] = [], body = "", hosts = [`Host: ${host}`]): string {
  return [first, ...hosts, ...headers, "", body].join("\r\n");
}

/** A POST with a JSON body. */
function post(path: string, body: string | Uint8Array, headers: string[] = []): (string | Uint8Array)[] {
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  return [text(`POST ${API}${path} HTTP/1.1`, ["Content-Type: application/json", length, ...headers]), body];
}

const GET = `GET ${API}/experiments/get?experiment_id=0 HTTP/1.1`;
const CREATE = "/experiments/create";
const deep = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** Requests that do not keep to HTTP, and what may be answered: a status, or 0 for a connection closed without one. */
const BROKEN: [string, (string | Uint8Array)[], number[]][] = [
  ["no request at all", ["\0\u0001\u0002 nonsense\r\n\r\n"], [400]],
  ["a handshake of TLS", [Buffer.from("16030100a5010000a10303", "hex")], [400]],
  ["the preface of HTTP/2", ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"], [400]],
  ["HTTP/0.9", ["GET /health\r\n\r\n"], [400]],
  ["HTTP/3.0", [text("GET /health HTTP/3.0")], [400]],
  ["a method nobody knows", [text(`HACK ${API}/runs/get HTTP/1.1`)], [400]],
  ["a method in small letters", [text(`get ${API}/runs/get HTTP/1.1`)], [400]],
  ["TRACE", [text(`TRACE ${API}/experiments/get HTTP/1.1`)], [404, 405]],
  ["CONNECT", [text("CONNECT evil.example:443 HTTP/1.1")], [400]],
  ["PROPFIND", [text("PROPFIND / HTTP/1.1", ["Depth: 1"])], [404, 405]],
  [
    "a request for a WebSocket",
    [text(GET, ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: a"])],
    [200],
  ],
  [
    "a request for HTTP/2",
    [text(GET, ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAA"])],
    [200],
  ],
  ["no Host", [text(GET, [], "", [])], [400]],
  ["no Host in HTTP/1.0", [text(GET.replace("1.1", "1.0"), [], "", [])], [403]],
  ["two Hosts", [text(GET, [], "", [`Host: ${host}`, "Host: evil.example"])], [400]],
  ["the same Host twice", [text(GET, [], "", [`Host: ${host}`, `host: ${host}`])], [400]],
  ["an empty Host", [text(GET, [], "", ["Host: "])], [403]],
  ["a Host with spaces", [text(GET, [], "", ["Host: 127.0.0.1 evil.example"])], [400, 403]],
  ["a header folded over two lines", [text(GET, ["X-A: b\r\n c"])], [200, 400]],
  ["a space before the colon", [text(GET, ["Content-Length : 5"])], [400]],
  ["a bare line feed", [GET + `\nHost: ${host}\n\n`], [200, 400]],
  ["a null byte in a header", [text(GET, ["X-A: a\0b"])], [400]],
  ["a foreign URL as target", [text(GET.replace("/api", "http://evil.example/api"))], [403]],
  ["our URL as target", [text(GET.replace("/api", `http://${host}/api`))], [200]],
  ["our URL with a person in it", [text(GET.replace("/api", `http://a@${host}/api`))], [403]],
  ["another scheme as target", [text("GET file:///etc/passwd HTTP/1.1")], [400]],
  ["two slashes before a host", [text("GET //evil.example/api HTTP/1.1")], [404]],
  ["an asterisk", [text("OPTIONS * HTTP/1.1")], [204]],
  ["an asterisk to be read", [text("GET * HTTP/1.1")], [400, 404]],
  ["both lengths", [...post(CREATE, "{}", ["Transfer-Encoding: chunked"])], [400]],
  ["two lengths", [...post(CREATE, "{}", ["Content-Length: 3"])], [400]],
  ["a length with a sign", [text(`POST ${API}${CREATE} HTTP/1.1`, ["Content-Length: +2"], "{}")], [400]],
  ["a negative length", [text(`POST ${API}${CREATE} HTTP/1.1`, ["Content-Length: -1"], "{}")], [400]],
  [
    "a length beyond numbers",
    [text(`POST ${API}${CREATE} HTTP/1.1`, [`Content-Length: ${"9".repeat(30)}`])],
    [400, 413],
  ],
  [
    "a coding that is none",
    [text(`POST ${API}${CREATE} HTTP/1.1`, ["Transfer-Encoding: xchunked"], "2\r\n{}\r\n0\r\n\r\n")],
    [400],
  ],
  [
    "chunked twice",
    [text(`POST ${API}${CREATE} HTTP/1.1`, ["Transfer-Encoding: chunked, chunked"], "0\r\n\r\n")],
    [400],
  ],
  [
    "a chunk whose size is none",
    [
      text(
        `POST ${API}${CREATE} HTTP/1.1`,
        ["Content-Type: application/json", "Transfer-Encoding: chunked"],
        "zz\r\n{}\r\n",
      ),
    ],
    [400],
  ],
  [
    "a chunk larger than any",
    [
      text(
        `POST ${API}${CREATE} HTTP/1.1`,
        ["Content-Type: application/json", "Transfer-Encoding: chunked"],
        "fffffffffffffffff\r\n",
      ),
    ],
    [400],
  ],
  ["a URL of 64 kB", [text(`GET ${API}/runs/get?run_id=${"a".repeat(65_536)} HTTP/1.1`)], [431]],
  ["a URL of 60 kB", [text(`GET ${API}/runs/get?run_id=${"a".repeat(60_000)} HTTP/1.1`)], [400, 404]],
  ["a header of 70 kB", [text(GET, [`X-A: ${"a".repeat(70_000)}`])], [431]],
  [
    "300 headers",
    [
      text(
        GET,
        Array.from({ length: 300 }, (_, i) => `X-${i}: 1`),
      ),
    ],
    [431],
  ],
  ["an expectation nobody knows", [text(GET, ["Expect: the-unexpected"])], [417]],
  [
    "a body that is too large by its length",
    [text(`POST ${API}${CREATE} HTTP/1.1`, ["Content-Type: application/json", "Content-Length: 99999999999"])],
    [413],
  ],
  [
    "the same, asked about first",
    [
      text(`POST ${API}${CREATE} HTTP/1.1`, [
        "Content-Type: application/json",
        "Content-Length: 99999999",
        "Expect: 100-continue",
      ]),
    ],
    [413],
  ],
  ["a packing nobody knows", post(CREATE, "{}", ["Content-Encoding: br"]), [415]],
  ["packed twice", post(CREATE, gzipSync(gzipSync("{}")), ["Content-Encoding: gzip, gzip"]), [415]],
  ["half of what was packed", post(CREATE, gzipSync("{}").subarray(0, 12), ["Content-Encoding: gzip"]), [400]],
  ["a path with a null byte", [text(`GET ${API}/runs%00/get HTTP/1.1`)], [404]],
  ["a path that is no UTF-8", [text(`GET ${API}/%ff%fe/%c0%ae HTTP/1.1`)], [404]],
  ["a path of stray percent signs", [text(`GET ${API}/%/%z/%2 HTTP/1.1`)], [404]],
  ["a path with a line break in it", [text(`GET ${API}/runs%0d%0aSet-Cookie:%20a=b HTTP/1.1`)], [404]],
  ["a path with raw bytes", [Buffer.from(text(`GET ${API}/\u00ff\u00fe HTTP/1.1`), "latin1")], [400, 404]],
  ["a route of an object's own", [text("GET /__proto__ HTTP/1.1")], [404]],
  ["a route of an object's own below /api", [text("POST /api/2.0/mlflow/constructor HTTP/1.1")], [404]],
];

/** JSON bodies; a right one would be answered with 200. */
const BODIES: [string, string | Uint8Array, number[]][] = [
  ["nothing", "", [400]],
  ["no JSON", "{'name': 'a'}", [400]],
  ["half of it", '{"name": "a', [400]],
  ["a list", '[{"name":"a"}]', [400]],
  ["a number", "1", [400]],
  ["a text in a text", JSON.stringify(JSON.stringify({ name: 3 })), [400]],
  ["lists in lists", `{"name":${deep("[", "]", 200_000)}}`, [400]],
  ["objects in objects", `{"name":${deep('{"a":', "}", 100_000)}}`, [400]],
  ["only lists in lists", deep("[", "]", 1_000_000), [400]],
  ["lists in tags", `{"name":"deep","tags":[{"key":"a","value":${deep("[", "]", 100_000)}}]}`, [400]],
  ["one name twice", '{"name":"first","name":"twice"}', [200]],
  ["two spellings", '{"artifact_location":"a","artifactLocation":"b","name":"spelled"}', [400]],
  ["a prototype", '{"__proto__":{"name":"inherited"}}', [400]],
  ["a constructor", '{"constructor":{"prototype":{"name":"made"}}}', [400]],
  ["NaN", '{"name":NaN}', [400]],
  ["Infinity", '{"name":-Infinity}', [400]],
  ["a number beyond numbers", '{"name":1e99999}', [400]],
  ["many digits", `{"name":${"9".repeat(100_000)}}`, [400]],
  ["half of a character", '{"name":"\\ud800"}', [200, 400]],
  ["a null byte", '{"name":"a\\u0000b"}', [200, 400]],
  ["bytes that are no UTF-8", Buffer.from('{"name":"\xff\xfe\xc0"}', "latin1"), [200, 400]],
  ["a mark of byte order", Buffer.from('\ufeff{"name":"marked"}'), [200]],
  ["UTF-16", Buffer.from('\ufeff{"name":"wide"}', "utf16le"), [400]],
  ["a very long name", JSON.stringify({ name: "a".repeat(1_000_000) }), [400]],
  ["SQL", `{"name":"x'); DROP TABLE experiments; --"}`, [200, 400]],
];

function check(answer: { status: number; headers: string; body: string }, statuses: number[], what: string): void {
  assert.ok(statuses.includes(answer.status), `${what}: ${answer.status} ${answer.body.slice(0, 300)}`);
  if (answer.status < 400) return;
  assert.match(answer.headers, /^content-type: application\/json$/im);
  const { error_code, message, ...more } = Object(JSON.parse(answer.body));
  assert.deepEqual([typeof error_code, typeof message, more], ["string", "string", {}]);
}

for (const [what, parts, statuses] of BROKEN) {
  test(`${what} is ${statuses[0] === 200 ? "no trouble" : "refused"}`, async () => {
    check(await sendOne(url, parts), statuses, what);
  });
}

for (const [what, body, statuses] of BODIES) {
  test(`a body of ${what} is ${statuses[0] === 200 ? "read" : "refused"}`, async () => {
    check(await sendOne(url, post(CREATE, body)), statuses, what);
  });
}

test("a body is JSON by name too, whatever the method, and a call that reads needs none", async () => {
  const bodies: [string, string][] = [
    ["POST", "/runs/set-tag"],
    ["PATCH", "/registered-models/update"],
    ["DELETE", "/registered-models/delete"],
    ["POST", "/runs/log-batch"],
  ];
  for (const [method, path] of bodies) {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""]) {
      const headers = [...(type === "" ? [] : [`Content-Type: ${type}`]), "Content-Length: 2"];
      check(await sendOne(url, [text(`${method} ${API}${path} HTTP/1.1`, headers, "{}")]), [400], `${method} ${type}`);
    }
  }
  const graphql = text("POST /graphql HTTP/1.1", ["Content-Type: text/plain", "Content-Length: 2"], "{}");
  check(await sendOne(url, [graphql]), [400], "graphql");
  check(await sendOne(url, [text(GET, ["Content-Type: text/plain"])]), [200], "a call that reads");
});

test("requests one behind another are answered in their order, and what breaks one is not read as the next", async () => {
  const three = text(GET) + text("GET /health HTTP/1.1") + text(`GET ${API}/nothing HTTP/1.1`);
  const answers = await sendRaw(url, [three], 3);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 404],
  );
  const smuggled = text("DELETE /api/2.0/mlflow-artifacts/artifacts/a HTTP/1.1");
  const hidden = text(`POST ${API}/nothing HTTP/1.1`, [`Content-Length: ${smuggled.length}`], smuggled);
  assert.deepEqual(
    (await sendRaw(url, [hidden])).map(({ status }) => status),
    [404],
  );
  const broken = await sendRaw(url, [text(GET) + "nonsense\r\n\r\n"]);
  assert.deepEqual(
    broken.map(({ status }) => status),
    [200, 400],
  );
});

test("a bomb is given up before it is unpacked, and so is a body that grows beyond the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, " "), { level: 9 });
  check(await sendOne(url, post(CREATE, bomb, ["Content-Encoding: gzip"])), [413], "bomb");
  const chunk = Buffer.concat([Buffer.from("1000000\r\n"), Buffer.alloc(0x1000000, " "), Buffer.from("\r\n")]);
  const head = text(`POST ${API}${CREATE} HTTP/1.1`, ["Content-Type: application/json", "Transfer-Encoding: chunked"]);
  check(await sendOne(url, [head, chunk, chunk, chunk, chunk, chunk]), [413], "chunks");
});

test("a location of semicolons alone does not hold the server up", async () => {
  const before = process.cpuUsage().user;
  const sent = JSON.stringify({ name: "params", artifact_location: `http://a/${";".repeat(100_000)}/` });
  check(await sendOne(url, post(CREATE, sent)), [200, 400], "semicolons");
  assert.ok(process.cpuUsage().user - before < 1_500_000);
});

test("nothing that a request names is asked for over the network", async () => {
  let connections = 0;
  const trap = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => trap.listen(0, "127.0.0.1", done));
  whenOver(() => trap.close());
  const address = trap.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const there = `http://127.0.0.1:${port}/x`;
  const ask = (path: string, body: object) => sendOne(url, post(path, JSON.stringify(body)));
  for (const scheme of ["http", "https", "s3", "gs", "ftp", "hdfs", "dbfs", "wasbs", "mlflow-artifacts", "viewfs"]) {
    const uri = there.replace("http", scheme);
    const created = Object(JSON.parse((await ask(CREATE, { name: uri, artifact_location: uri })).body));
    const { experiment_id = "0" } = created;
    const started = Object(JSON.parse((await ask("/runs/create", { experiment_id })).body));
    const run_id: string = started.run?.info.run_id ?? info.run_id;
    await ask("/registered-models/create", { name: scheme });
    await ask("/model-versions/create", { name: scheme, source: uri, run_id });
    await ask("/logged-models", { experiment_id, source_run_id: run_id });
    const dataset = { name: "d", digest: "1", source_type: "http", source: `{"url":"${uri}"}` };
    await ask("/runs/log-inputs", { run_id, datasets: [{ dataset }] });
    for (const path of [
      `${API}/artifacts/list?run_id=${run_id}`,
      `/get-artifact?run_id=${run_id}&path=a`,
      `/model-versions/get-artifact?name=${scheme}&version=1&path=a`,
      `${API}/model-versions/get-download-uri?name=${scheme}&version=1`,
      `/ajax-api/2.0/mlflow/get-trace-artifact?request_id=${encodeURIComponent(uri)}`,
      `/ajax-api/2.0/mlflow/gateway-proxy?gateway_path=${encodeURIComponent(uri)}`,
    ]) {
      const answer = await sendOne(url, [text(`GET ${path} HTTP/1.1`, ["Connection: close"])]);
      assert.ok(answer.status >= 200 && answer.status < 500, `${path}: ${answer.status}`);
    }
  }
  await ask("/../../../ajax-api/2.0/mlflow/gateway-proxy", { gateway_path: there, json_data: {} });
  await ask("/webhooks", { name: "w", url: there, events: [{ entity: "REGISTERED_MODEL", action: "CREATED" }] });
  assert.equal(connections, 0);
});

test("after all this the server is well, and none of it was a failure of its own", async () => {
  check(await sendOne(url, [text("GET /health HTTP/1.1", ["Connection: close"])]), [200], "health");
  assert.deepEqual(errors, []);
});
