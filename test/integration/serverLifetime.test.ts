import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, request } from "node:http";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import type { ServerDiscovery } from "../../src/protocol/discovery.ts";
import { temporaryFolder, until, whenOver } from "../support/environment.ts";
import { callServer, startServer } from "../support/server.ts";

function place(): { args: string[]; file: string; folder: string } {
  const folder = temporaryFolder();
  const file = join(folder, "storage", "servers", "a.json");
  const store = `sqlite:///${join(folder, "mlflow.db")}`;
  return { folder, file, args: ["--backend-store-uri", store, "--discovery-file", file, "--access", "token"] };
}

function readFile(file: string): ServerDiscovery {
  return JSON.parse(readFileSync(file, "utf8"));
}

async function discovered(file: string): Promise<ServerDiscovery> {
  await until("the discovery file", () => existsSync(file));
  return readFile(file);
}

test("the discovery file is the owner's alone, and its token opens the server", async () => {
  const { args, file, folder } = place();
  const server = await startServer(args);
  const { token, port, pid } = await discovered(file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(pid, server.process.pid);
  assert.equal(server.url, `http://127.0.0.1:${port}`);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  assert.equal(await (await fetch(`${server.url}/version`)).text(), "3.17.2");
  await assert.rejects(callServer(server.url, "experiments/search", { max_results: 1 }), /401/);
  await callServer(server.url, "experiments/search", { max_results: 1 }, token);
  assert.equal(existsSync(join(folder, "mlflow.db")), false, "looking creates no file");
  const lease = (headers: Record<string, string>) => fetch(`${server.url}/flowdeck/lease`, { method: "POST", headers });
  assert.equal((await lease({})).status, 401);
  assert.equal((await lease({ Authorization: `Bearer ${token}` })).status, 200);
});

test("a second server of the same version yields to the first", async () => {
  const { args, file } = place();
  await startServer(args);
  const before = await discovered(file);
  await assert.rejects(startServer(args), /ended with 0/);
  assert.deepEqual(readFile(file), before);
});

test("a server takes over port and token of the one that was killed", async () => {
  const { args, file } = place();
  const first = await startServer(args);
  const before = await discovered(file);
  await first.stop("SIGKILL");
  const second = await startServer(args);
  const after = await until(
    "the new discovery file",
    () => readFile(file).pid === second.process.pid && readFile(file),
  );
  assert.deepEqual([after.port, after.token], [before.port, before.token]);
});

test("a port that another program took meanwhile is left to it", async () => {
  const { args, file } = place();
  const first = await startServer(args);
  const { port } = await discovered(file);
  await first.stop();
  const other = createServer((_, response) => response.end("other"));
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  try {
    const second = await startServer(args);
    assert.notEqual(second.url, `http://127.0.0.1:${port}`);
  } finally {
    other.close();
  }
});

test("a newer version takes over without a refused request", async () => {
  const { args, file } = place();
  const old = await startServer(args);
  const before = await discovered(file);
  // Only the file tells the version: the server that runs becomes one of an older release.
  writeFileSync(file, JSON.stringify({ ...before, version: "0.0.1" }), { mode: 0o600 });
  let stopAsking = false;
  let answered = 0;
  const failures: unknown[] = [];
  // A connection that the kernel accepts in the moment in which the old server stops listening is reset, and one that is
  // closed unused may have a request on its way. MLflow's client asks again then (`connect` and `read` of its Retry, 3.17),
  // and so does this one, once.
  const lost = { connecting: 0, asking: 0 };
  const ask = async (headers: Record<string, string> = {}) => {
    let wasLost = false;
    while (!stopAsking) {
      try {
        const all = { Authorization: `Bearer ${before.token}`, ...headers };
        const asked = await fetch(`${old.url}/api/2.0/mlflow/experiments/get?experiment_id=0`, { headers: all });
        assert.equal(asked.status, 200, await asked.text());
        answered += 1;
        wasLost = false;
      } catch (error) {
        const { code, syscall } = Object(error instanceof TypeError ? error.cause : undefined);
        if (wasLost || !["ECONNRESET", "UND_ERR_SOCKET"].includes(code)) failures.push(error);
        else lost[syscall === "connect" ? "connecting" : "asking"] += 1;
        wasLost = true;
      }
    }
  };
  // Half of them on connections that stay, half on one for each request.
  const anew = { Connection: "close" };
  const clients = [ask(), ask(), ask(), ask(), ask(anew), ask(anew), ask(anew), ask(anew)];
  const next = await startServer(args);
  await until("the old server's end", () => old.process.exitCode !== null);
  const seen = answered;
  await until("more answers", () => answered > seen + 20);
  stopAsking = true;
  await Promise.all(clients);
  assert.deepEqual(failures, []);
  assert.ok(lost.connecting <= 4 && lost.asking <= 2, `${JSON.stringify(lost)} connections were lost`);
  assert.equal(next.url, old.url);
  assert.equal(old.process.exitCode, 0);
  assert.notEqual(readFile(file).version, "0.0.1");
});

test("a newer version takes the port of an older one that does not share it", async () => {
  const { args, file, folder } = place();
  const backend_store_uri = `sqlite:///${join(realpathSync(folder), "mlflow.db")}`;
  const status = JSON.stringify({ backend_store_uri });
  const program = `require("node:http").createServer((_, response) => response.end('${status}')).listen(0, "127.0.0.1",
    function () { console.log(this.address().port) })`;
  const older = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  whenOver(() => older.kill("SIGKILL"));
  const [line] = await once(older.stdout, "data");
  const port = Number(String(line));
  const { pid = 0 } = older;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    JSON.stringify({ format: 1, pid, port, token: "t", backend_store_uri, version: "0.0.1", started_at: 1 }),
  );
  const server = await startServer(args);
  assert.equal(server.url, `http://127.0.0.1:${port}`);
  await callServer(server.url, "experiments/get?experiment_id=0", undefined, "t");
});

test("a server that cannot be found ends, and the token in the file is the one it asks for", async () => {
  const { args, file, folder } = place();
  mkdirSync(file, { recursive: true });
  const outcome = await startServer(args).then(
    ({ process: child }) => until("its end", () => child.exitCode ?? undefined),
    (error: unknown) => (/ended with 1:/.test(String(error)) ? 1 : error),
  );
  assert.equal(outcome, 1);
  assert.deepEqual(readdirSync(dirname(file)), [basename(file)]);
  rmdirSync(file);
  writeFileSync(join(folder, "token"), "chosen\n");
  await startServer([...args, "--token-file", join(folder, "token")]);
  assert.equal((await discovered(file)).token, "chosen");
});

test("SIGTERM lets the request under way finish", async () => {
  const folder = temporaryFolder();
  const destination = join(folder, "artifacts");
  const server = await startServer([
    ...["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`, "--port", "0"],
    ...["--artifacts-destination", destination],
  ]);
  const upload = request(`${server.url}/api/2.0/mlflow-artifacts/artifacts/a.txt`, { method: "PUT" });
  const answered = once(upload, "response");
  upload.write("first ");
  await until("the upload's beginning", () => existsSync(destination));
  const stopped = server.stop();
  await until("the closed port", async () => {
    try {
      await fetch(`${server.url}/health`, { headers: { Connection: "close" } });
      return false;
    } catch {
      return true;
    }
  });
  upload.end("second");
  const [response] = await answered;
  assert.equal(response.statusCode, 200);
  response.resume();
  assert.equal(await stopped, 0);
  assert.equal(readFileSync(join(destination, "a.txt"), "utf8"), "first second");
});

test("a port that is taken and a store that cannot be read are one sentence each", async () => {
  const folder = temporaryFolder();
  const store = ["--backend-store-uri", `sqlite:///${join(folder, "mlflow.db")}`];
  const first = await startServer([...store, "--port", "0"]);
  const port = new URL(first.url).port;
  await assert.rejects(
    startServer([...store, "--port", port]),
    /ended with 1: Port \d+ is taken by another program: .*\n$/,
  );
  const broken = join(folder, "broken.db");
  writeFileSync(broken, "this is no database ".repeat(100));
  await assert.rejects(startServer(["--backend-store-uri", `sqlite:///${broken}`]), /ended with 1: [^\n]+\n$/);
});
