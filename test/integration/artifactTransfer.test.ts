import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { basename, dirname, join } from "node:path";
import { describe, it, test } from "node:test";
import { deleteFiles } from "../../src/server/artifactFiles.ts";
import { listen } from "../../src/server/listener.ts";
import { attachment, partOf, sendFile } from "../../src/server/sendArtifact.ts";
import { until, whenOver } from "../support/environment.ts";
import { openSocket, rawRequest, readAnswer } from "../support/rawHttp.ts";
import { startService } from "../support/service.ts";

const { folder, url, errors } = await startService(["--artifacts-destination", "artifacts", "--access", "open"]);
const destination = join(folder, "artifacts");
const PROXY = "/api/2.0/mlflow-artifacts";
const at = (path: string) => `${PROXY}/artifacts/${path}`;
const put = (path: string, body: string | Buffer) => rawRequest(url, "PUT", at(path), { body });
const get = (path: string, headers: Record<string, string> = {}) => rawRequest(url, "GET", at(path), { headers });
const post = async (path: string, body: object) => {
  const headers = { "Content-Type": "application/json" };
  const answer = await rawRequest(url, "POST", `${PROXY}/${path}`, { headers, body: JSON.stringify(body) });
  return { status: answer.status, json: JSON.parse(answer.body) };
};
/** What is in a folder of the destination, hidden files too. */
const entries = (path: string) => readdirSync(join(destination, path)).sort();

describe("a part of a file", () => {
  const file = { size: 10, mtime: Date.parse("2026-01-01T00:00:00.500Z"), etag: '"e"' };
  const date = "Thu, 01 Jan 2026 00:00:00 GMT";
  const later = "Thu, 01 Jan 2026 00:00:01 GMT";
  const cases: [Record<string, string>, [number, number, number]][] = [
    [{}, [200, 0, 9]],
    [{ range: "bytes=0-3" }, [206, 0, 3]],
    [{ range: "bytes=4-" }, [206, 4, 9]],
    [{ range: "bytes=-4" }, [206, 6, 9]],
    [{ range: "bytes=-400" }, [206, 0, 9]],
    [{ range: "bytes=9-400" }, [206, 9, 9]],
    [{ range: "BYTES=0-0" }, [206, 0, 0]],
    [{ range: "bytes=10-" }, [416, 0, 9]],
    [{ range: "bytes=-0" }, [416, 0, 9]],
    [{ range: `bytes=${"9".repeat(400)}-` }, [416, 0, 9]],
    [{ range: "bytes=3-2" }, [200, 0, 9]],
    [{ range: "bytes=-" }, [200, 0, 9]],
    [{ range: "bytes=a-b" }, [200, 0, 9]],
    [{ range: "lines=0-3" }, [200, 0, 9]],
    [{ range: "bytes=0-1,3-4" }, [200, 0, 9]],
    [{ range: "bytes=0-3", "if-range": '"e"' }, [206, 0, 3]],
    [{ range: "bytes=0-3", "if-range": '"other"' }, [200, 0, 9]],
    [{ range: "bytes=0-3", "if-range": 'W/"e"' }, [200, 0, 9]],
    [{ range: "bytes=0-3", "if-range": date }, [206, 0, 3]],
    [{ range: "bytes=0-3", "if-range": later }, [200, 0, 9]],
    [{ "if-none-match": '"a", W/"e"' }, [304, 0, 9]],
    [{ "if-none-match": "*" }, [304, 0, 9]],
    [{ "if-none-match": '"a"', "if-modified-since": date }, [200, 0, 9]],
    [{ "if-modified-since": date }, [304, 0, 9]],
    [{ "if-modified-since": "yesterday" }, [200, 0, 9]],
    [{ "if-match": '"e"' }, [200, 0, 9]],
    [{ "if-match": '"other"' }, [412, 0, 9]],
    [{ "if-unmodified-since": "Wed, 31 Dec 2025 00:00:00 GMT" }, [412, 0, 9]],
  ];
  for (const [headers, expected] of cases) {
    it(`for ${JSON.stringify(headers).slice(0, 80)} is ${expected.join(" ")}`, () => {
      const { status, start, end } = partOf(headers, file);
      assert.deepEqual([status, start, end], expected);
    });
  }
});

for (const [name, header] of [
  ["a.txt", "attachment; filename=a.txt"],
  ["a b.txt", 'attachment; filename="a b.txt"'],
  ['a"b\\c', `attachment; filename="a_b_c"; filename*=UTF-8''a%22b%5Cc`],
  ["a\r\nX: y", `attachment; filename="a__X: y"; filename*=UTF-8''a%0D%0AX%3A%20y`],
  ["ü(1)'*.txt", `attachment; filename="_(1)'*.txt"; filename*=UTF-8''%C3%BC%281%29%27%2A.txt`],
] as const) {
  test(`a file called ${JSON.stringify(name)} is named in a header`, () => assert.equal(attachment(name), header));
}

test("a download goes on where it broke off, and begins again when the file was replaced", async () => {
  const bytes = randomBytes(600_000);
  await put("r/a.bin", bytes);
  const whole = await get("r/a.bin");
  const { etag = "", "last-modified": date } = whole.headers;
  assert.deepEqual([whole.status, whole.headers["accept-ranges"]], [200, "bytes"]);
  assert.equal(date, new Date(statSync(join(destination, "r/a.bin")).mtimeMs).toUTCString());
  const rest = await get("r/a.bin", { Range: "bytes=400000-", "If-Range": etag });
  assert.deepEqual(
    [rest.status, rest.headers["content-range"], rest.headers["content-length"]],
    [206, "bytes 400000-599999/600000", "200000"],
  );
  assert.deepEqual(Buffer.from(rest.body, "latin1"), bytes.subarray(400_000));
  assert.equal((await get("r/a.bin", { "If-None-Match": etag })).status, 304);
  await put("r/a.bin", bytes);
  const again = await get("r/a.bin", { Range: "bytes=400000-", "If-Range": etag });
  assert.deepEqual([again.status, again.headers["content-length"]], [200, "600000"]);
  const beyond = await get("r/a.bin", { Range: "bytes=600000-" });
  assert.deepEqual([beyond.status, beyond.headers["content-range"]], [416, "bytes */600000"]);
  assert.equal(JSON.parse(beyond.body).error_code, "INVALID_PARAMETER_VALUE");
  const head = await rawRequest(url, "HEAD", at("r/a.bin"));
  assert.deepEqual([head.status, head.headers["content-length"], head.body], [200, "600000", ""]);
});

const CUTS: [string, string, string][] = [
  ["that closes before the length it told", "Content-Length: 1000", "half"],
  ["whose chunks end early", "Transfer-Encoding: chunked", "4\r\nhalf\r\n"],
  ["with a chunk that is none", "Transfer-Encoding: chunked", "4\r\nhalf\r\nzz\r\n"],
];

for (const [what, header, body] of CUTS) {
  test(`an upload ${what} leaves the file as it was, and no other`, async () => {
    await put("cut/a.txt", "before");
    const socket = await openSocket(url);
    socket.write(`PUT ${at("cut/a.txt")} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n${header}\r\n\r\n${body}`);
    await until("the upload begins", () => entries("cut").length > 1);
    socket.end();
    await until("the upload is over", () => entries("cut").length === 1);
    socket.destroy();
    assert.equal(readFileSync(join(destination, "cut/a.txt"), "utf8"), "before");
    assert.deepEqual((await get("cut/a.txt")).body, "before");
  });
}

test("a file that is being written is neither listed nor sent", async () => {
  const socket = await openSocket(url);
  const head = `PUT ${at("slow/a.txt")} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nConnection: close\r\n`;
  socket.write(`${head}Content-Length: 8\r\n\r\nhalf`);
  const [hidden = ""] = await until(
    "the upload begins",
    () => existsSync(join(destination, "slow")) && entries("slow"),
  );
  const list = await rawRequest(url, "GET", `${PROXY}/artifacts?path=slow`);
  assert.deepEqual([list.status, list.body], [200, "{}"]);
  assert.deepEqual([(await get("slow/a.txt")).status, (await get(`slow/${hidden}`)).status], [404, 404]);
  assert.equal((await put(`slow/${hidden}`, "mine")).status, 400);
  socket.write("done");
  assert.equal((await readAnswer(socket)).status, 200);
  assert.deepEqual([entries("slow"), (await get("slow/a.txt")).body], [["a.txt"], "halfdone"]);
});

test("what a killed server left of an upload is removed a day later", async () => {
  await put("old/a.txt", "a");
  const [recent, old] = [".flowdeck-upload-1", ".flowdeck-upload-2"].map((name) => join(destination, "old", name));
  for (const file of [recent, old]) writeFileSync(String(file), "half");
  const dayAgo = Date.now() / 1000 - 25 * 3600;
  utimesSync(String(old), dayAgo, dayAgo);
  await rawRequest(url, "GET", `${PROXY}/artifacts?path=old`);
  assert.equal(entries("old").length, 3);
  await put("old/a.txt", "a");
  assert.deepEqual(entries("old"), [".flowdeck-upload-1", "a.txt"]);
});

test("an upload names a file, and no folder", async () => {
  await put("d/e/a.txt", "a");
  for (const path of ["d", "d/", "d/e", "d/e/a.txt/b"]) assert.equal((await put(path, "x")).status, 400, path);
  assert.equal((await rawRequest(url, "DELETE", at("d"))).status, 200);
  assert.equal(existsSync(join(destination, "d")), false);
});

test("a method that a route does not have is named as such", async () => {
  const refusals = [];
  for (const path of ["artifacts/a", "presigned/a", "mpu/create/a"]) {
    const { status, headers } = await rawRequest(url, "PATCH", `${PROXY}/${path}`);
    refusals.push([status, headers["allow"]]);
  }
  assert.deepEqual(refusals, [
    [405, "GET, PUT, DELETE"],
    [405, "GET"],
    [405, "POST"],
  ]);
});

test("a folder of many levels is removed", async () => {
  const deep = Array.from({ length: 100 }, () => "a").join("/");
  await put(`deep/${deep}/a.txt`, "a");
  await deleteFiles({ root: destination, folder: "" }, "deep");
  assert.equal(existsSync(join(destination, "deep")), false);
});

interface Credential {
  url: string;
  part_number: number;
}

async function beginUpload(path: string, num_parts: number): Promise<{ upload_id: string; credentials: Credential[] }> {
  const { status, json } = await post(`mpu/create/${path}`, { path: "/home/ada/a b.bin", num_parts });
  assert.equal(status, 200);
  return json;
}

async function sendPart(credential: Credential, body: string): Promise<{ part_number: number; etag: string }> {
  const response = await fetch(credential.url, { method: "PUT", body });
  assert.equal(response.status, 200);
  return { part_number: credential.part_number, etag: response.headers.get("etag") ?? "" };
}

test("parts that were sent in any order become one file in the order of their numbers", async () => {
  const { upload_id, credentials } = await beginUpload("mpu/x", 3);
  const parts = await Promise.all(credentials.toReversed().map((one) => sendPart(one, `part ${one.part_number}. `)));
  const ask = (list: object[]) => post("mpu/complete/mpu/x", { path: "a b.bin", upload_id, parts: list });
  const ordered = parts.toReversed();
  const other = ordered.map((part, i) => (i === 1 ? { ...part, etag: '"other"' } : part));
  for (const list of [parts, ordered.slice(0, 2), other, [], [...ordered, ...ordered]]) {
    assert.equal((await ask(list)).status, 400);
  }
  assert.equal(existsSync(join(destination, "mpu")), false);
  const [one, two, three, four] = await Promise.all([
    ask(ordered),
    ask(ordered),
    ask(other),
    post("mpu/complete/elsewhere", { path: "a b.bin", upload_id, parts: ordered }),
  ]);
  assert.deepEqual([one.status, one.json, two.status], [200, {}, 200]);
  assert.ok([400, 404].includes(three.status), "a part with another ETag");
  assert.equal(four.status, 404, "another path");
  assert.equal((await get("mpu/x/a%20b.bin")).body, "part 1. part 2. part 3. ");
  assert.deepEqual(entries("mpu/x"), ["a b.bin"]);
  assert.equal((await ask(ordered)).status, 404);
  assert.deepEqual(entries(".flowdeck-upload-parts"), []);
});

test("an upload that is given up leaves nothing, and takes no more parts", async () => {
  const { upload_id, credentials } = await beginUpload("gone", 2);
  const [first] = credentials;
  assert.ok(first);
  await sendPart(first, "a");
  assert.equal((await post("mpu/abort/other", { path: "a b.bin", upload_id })).status, 404);
  assert.deepEqual(await post("mpu/abort/gone", { path: "a b.bin", upload_id }), { status: 200, json: {} });
  assert.equal((await fetch(first.url, { method: "PUT", body: "b" })).status, 403);
  assert.deepEqual(entries(".flowdeck-upload-parts"), []);
  assert.equal(existsSync(join(destination, "gone")), false);
});

test("only the signed URL of a part takes a part", async () => {
  const { credentials } = await beginUpload("signed", 2);
  const [first = { url: "", part_number: 0 }, second = first] = credentials;
  const query = new URL(first.url).search;
  const wrong = [
    second.url.replace(/\?.*/, query),
    first.url.replace(/\?.*/, ""),
    first.url.replace(/signature=..../, "signature=0000"),
    first.url.replace(/expires=\d+/, "expires=9999999999"),
    first.url.replace(/parts\/[0-9a-f]+/, "parts/..%2f.."),
    first.url.replace(/\/1\?/, "/..%2f1?"),
  ];
  for (const target of wrong) assert.equal((await fetch(target, { method: "PUT", body: "x" })).status, 403, target);
  for (const num_parts of [0, -1, 10_001, 1e18]) {
    assert.equal((await post("mpu/create/a", { path: "a", num_parts })).status, 400, String(num_parts));
  }
});

test("the folder of an upload is not served, whatever names it as its location", async () => {
  const { upload_id } = await beginUpload("secret", 1);
  const headers = { "Content-Type": "application/json" };
  const call = (path: string, body: object) =>
    rawRequest(url, "POST", `/api/2.0/mlflow/${path}`, { headers, body: JSON.stringify(body) });
  await call("registered-models/create", { name: "secret" });
  const below = `.flowdeck-upload-parts/${upload_id}`;
  for (const [i, source] of [`mlflow-artifacts:/${below}`, `mlflow-artifacts:/a/%2e/../${below}`].entries()) {
    await call("model-versions/create", { name: "secret", source });
    const asked = `/model-versions/get-artifact?name=secret&version=${i + 1}&path=upload.json`;
    const answer = await rawRequest(url, "GET", asked);
    assert.ok(answer.status >= 400 && answer.status < 500, `${source}: ${answer.status}`);
  }
});

const shorter = "/sys/kernel/fscaps";

test("an answer has as many bytes as it says, also of a file shorter than it says", {
  skip: !existsSync(shorter),
}, async () => {
  const answer: RequestListener = (request, response) =>
    void sendFile(request, response, { root: dirname(shorter), folder: "" }, basename(shorter));
  const listener = await listen({ host: "127.0.0.1", port: 0, shared: false }, answer);
  whenOver(() => listener.stop());
  const response = await fetch(`http://127.0.0.1:${listener.port}/`);
  const body = await response.text();
  assert.deepEqual([body, response.headers.get("content-length")], [readFileSync(shorter, "utf8"), `${body.length}`]);
});

test("no request met an error of the server's own", () => assert.deepEqual(errors, []));
