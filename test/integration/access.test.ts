import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileLog } from "../../src/server/log.ts";
import { root, temporaryFolder } from "../support/environment.ts";
import { callServer, startServer, type TestServer } from "../support/server.ts";

/** Another user, whom only root can play. */
const NOBODY = 65_534;
const skip = process.getuid?.() === 0 ? false : "only root can be another user";

/** The status that a user's request gets; 0 when the connection is gone. */
function statusFor(uid: number, url: string, headers: Record<string, string> = {}, body?: string): number {
  const program = `
    const { connect } = require("node:net");
    const [url, head, body] = process.argv.slice(1);
    const { port } = new URL(url);
    const socket = connect(Number(port), new URL(url).hostname.replace(/[[\\]]/g, ""));
    let heard = "";
    socket.on("data", (chunk) => (heard += chunk)).on("error", () => {}).on("close", () => console.log(heard.slice(9, 12) || 0));
    socket.write(head + "\\r\\n" + body, () => process.env.LEAVE && process.exit(0));`;
  const method = body === undefined ? "GET" : "POST";
  const name = body === undefined ? "get?experiment_id=0" : "create";
  const all = {
    Host: new URL(url).host,
    Connection: "close",
    ...headers,
    ...(body === undefined ? {} : { "Content-Type": "application/json", "Content-Length": String(body.length) }),
  };
  const lines = Object.entries(all).map(([header, value]) => `${header}: ${value}\r\n`);
  const head = `${method} /api/2.0/mlflow/experiments/${name} HTTP/1.1\r\n${lines.join("")}`;
  const { stdout } = spawnSync(process.execPath, ["-e", program, url, head, body ?? ""], {
    uid,
    gid: uid,
    cwd: "/",
    encoding: "utf8",
    env: headers["X-Leave"] === undefined ? {} : { LEAVE: "1" },
  });
  return Number(stdout.trim());
}

async function serve(more: string[] = []): Promise<TestServer & { folder: string }> {
  const folder = temporaryFolder();
  // The folder is for everyone, as a home's project often is.
  chmodSync(folder, 0o755);
  const store = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--port", "0"];
  return { folder, ...(await startServer([...store, ...more])) };
}

test("the user who started the server needs no token; another one of the machine is refused", { skip }, async () => {
  const { url, process: server } = await serve();
  assert.equal(statusFor(0, url), 200);
  assert.equal(statusFor(NOBODY, url), 401);
  assert.equal(statusFor(NOBODY, url, {}, '{"name":"theirs"}'), 401);
  // Gone before the server looks: a socket that was closed has no owner, or user 0.
  server.kill("SIGSTOP");
  statusFor(NOBODY, url, { "X-Leave": "1" }, `{"name":"hit-and-run"}`);
  server.kill("SIGCONT");
  const { experiments } = Object(await callServer(url, "experiments/search", { max_results: 100 }));
  assert.deepEqual(
    experiments.map(({ name }: { name: string }) => name),
    ["Default"],
  );
});

test("the token opens the server to others, and with --access open nobody is asked", { skip }, async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "token"), "secret");
  const { url } = await serve(["--access", "auto", "--token-file", join(folder, "token")]);
  assert.equal(statusFor(NOBODY, url, { Authorization: "Bearer secret" }), 200);
  assert.equal(statusFor(NOBODY, url, { Authorization: "Bearer wrong" }), 401);
  const open = await serve(["--access", "open"]);
  assert.equal(statusFor(NOBODY, open.url), 200);
});

test("users are told apart over IPv6 and its other name for IPv4", { skip }, async () => {
  for (const [host, address] of [
    ["::1", "[::1]"],
    ["::", "127.0.0.1"],
    ["::", "[::1]"],
  ] as const) {
    const server = await serve(["--host", host, "--access", "auto"]);
    const url = `http://${address}:${new URL(server.url).port}`;
    assert.equal(statusFor(0, url), 200, `${host} at ${address}`);
    assert.equal(statusFor(NOBODY, url), 401, `${host} at ${address}`);
  }
});

/** Modes of everything below a folder, by path. */
function modesBelow(folder: string): Map<string, number> {
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return new Map(found.map((path) => [path, statSync(join(folder, path)).mode & 0o777]));
}

async function writeSomething(url: string): Promise<void> {
  await callServer(url, "experiments/create", { name: "written" });
  const put = await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/a/b.txt`, { method: "PUT", body: "b" });
  assert.equal(put.status, 200);
}

test("all that the server creates is its user's alone", async () => {
  const { folder, url } = await serve();
  await writeSomething(url);
  const modes = modesBelow(folder);
  assert.ok(modes.has("mlflow.db") && modes.has("mlflow.db-wal"));
  for (const [path, mode] of modes) assert.equal(mode & 0o077, 0, `${path}: ${mode.toString(8)}`);
});

test("a umask that lets the group write says that the folder is shared with it, and with nobody else", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "artifacts"));
  const umask = process.umask(0o002);
  try {
    const store = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--port", "0"];
    const { url } = await startServer([...store, "--artifacts-destination", join(folder, "artifacts")], { cwd: root });
    await writeSomething(url);
  } finally {
    process.umask(umask);
  }
  const modes = modesBelow(folder);
  assert.equal(modes.get("mlflow.db"), 0o660);
  assert.equal(modes.get("artifacts/a"), 0o770);
});

test("a log that is full becomes the older one of two", () => {
  const file = join(temporaryFolder(), "server.log");
  const log = fileLog(file, 1_000);
  for (let i = 0; i < 200; i++) log.error(new Error(`failure ${i}`));
  log.info("last");
  const names = readdirSync(join(file, ".."));
  assert.deepEqual(names.toSorted(), ["server.log", "server.log.1"]);
  for (const name of names) {
    const { mode, size } = statSync(join(file, "..", name));
    assert.equal(mode & 0o777, 0o600);
    assert.ok(size < 2_500, `${name}: ${size} bytes`);
  }
});
