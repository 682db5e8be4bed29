import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { renewLease } from "../../src/extension/server/lease.ts";
import type { ServerDiscovery } from "../../src/protocol/discovery.ts";
import { whenOver } from "../support/environment.ts";

test("the token is told to a server that is alive, never to who has its port since", async () => {
  const heard: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    heard.push(request.headers.authorization);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  whenOver(() => server.closeAllConnections());
  whenOver(() => server.close());
  await once(server, "listening");
  const address = server.address();
  assert(typeof address === "object" && address !== null);
  const discovery: ServerDiscovery = {
    format: 1,
    pid: process.pid,
    port: address.port,
    token: "secret",
    backend_store_uri: "sqlite:////wine/mlflow.db",
    version: "0.1.0",
    started_at: 0,
  };
  assert.equal(await renewLease({ ...discovery, pid: spawnSync("true").pid }), false);
  assert.deepEqual(heard, []);
  assert.equal(await renewLease(discovery), true);
  assert.deepEqual(heard, ["Bearer secret"]);
});
