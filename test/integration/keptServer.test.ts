import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { Lease, renewLease } from "../../src/extension/server/lease.ts";
import { KeptServer, type Launch, StartFailure } from "../../src/extension/server/keptServer.ts";
import { isAlive } from "../../src/processes/processes.ts";
import type { ServerDiscovery } from "../../src/protocol/discovery.ts";
import { root, temporaryFolder, until, whenOver } from "../support/environment.ts";
import { callServer } from "../support/server.ts";

interface Window {
  kept: KeptServer;
  launch: Launch;
  started: ServerDiscovery[];
  failures: unknown[];
}

/** What a window of the editor keeps for a folder. */
function openWindow(folder = temporaryFolder(), store = `sqlite:///${join(folder, "mlflow.db")}`): Window {
  const launch: Launch = {
    discoveryFile: join(folder, "servers", "a.json"),
    logFile: join(folder, "servers", "a.log"),
    version: JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version,
    args: [join(root, "src/server/main.ts"), "--backend-store-uri", store, "--access", "auto"],
    port: 0,
  };
  const started: ServerDiscovery[] = [];
  const failures: unknown[] = [];
  const kept = new KeptServer(() => launch, {
    onStart: (discovery) => void started.push(discovery),
    onFailure: (error) => void failures.push(error),
  });
  whenOver(() => {
    kept.dispose();
    for (const { pid } of started) if (isAlive({ pid })) process.kill(pid, "SIGKILL");
  });
  return { kept, launch, started, failures };
}

test("a server that was killed runs again at once, at the same port, with the same token, for each window", async () => {
  const folder = temporaryFolder();
  const [one, other] = [openWindow(folder), openWindow(folder)];
  const asked = Date.now();
  const first = await one.kept.ensure();
  const start = Date.now() - asked;
  assert.deepEqual(await other.kept.ensure(), first);
  const url = `http://127.0.0.1:${first.port}`;
  const { experiment_id } = Object(await callServer(url, "experiments/create", { name: "kept" }, first.token));
  const killed = Date.now();
  process.kill(first.pid, "SIGKILL");
  const again = await until("both windows have it again", () => {
    const [here, there] = [one.started.at(-1), other.started.at(-1)];
    return here !== undefined && here.pid !== first.pid && here.pid === there?.pid && here;
  });
  const took = Date.now() - killed;
  // Noticed at once, not by the next renewal, half a minute later; what remains is the start, which two windows begin at the same time.
  assert.ok(took < 10_000 + 3 * start, `${took} ms, and the first start took ${start} ms`);
  assert.deepEqual([again.port, again.token], [first.port, first.token]);
  const found = Object(await callServer(url, `experiments/get?experiment_id=${experiment_id}`, undefined, again.token));
  assert.equal(found.experiment.name, "kept");
});

test("a server that was told to end is replaced too, and one that no window has any more is not", async () => {
  const { kept, started } = openWindow();
  const first = await kept.ensure();
  process.kill(first.pid, "SIGTERM");
  const second = await until("another server", () => started.at(-1)?.pid !== first.pid && started.at(-1));
  kept.dispose();
  process.kill(second.pid, "SIGKILL");
  await until("its end", () => !isAlive({ pid: second.pid }));
  assert.equal(started.length, 2);
});

test("the place of a server that still finishes an upload is taken at once, at the same port", async () => {
  const { kept, started, failures } = openWindow();
  const first = await kept.ensure();
  const url = `http://127.0.0.1:${first.port}/api/2.0/mlflow-artifacts/artifacts/a.txt`;
  const headers = { authorization: `Bearer ${first.token}`, expect: "100-continue" };
  const upload = request(url, { method: "PUT", headers });
  const answered = once(upload, "response");
  await once(upload, "continue");
  // It moves on, however long the second server takes to start.
  const moving = setInterval(() => upload.write("x".repeat(1_000)), 250);
  whenOver(() => clearInterval(moving));
  process.kill(first.pid, "SIGTERM");
  await until("its end is announced", async () => !(await renewLease(first)));
  const second = await until("another server", () => started.at(-1)?.pid !== first.pid && started.at(-1));
  assert.deepEqual([second.port, second.token], [first.port, first.token]);
  assert.equal(isAlive({ pid: first.pid }), true, "the upload is under way");
  clearInterval(moving);
  upload.end("last");
  const [response] = await answered;
  assert.equal(response.statusCode, 200);
  response.resume();
  await until("the end of the first", () => !isAlive({ pid: first.pid }));
  assert.deepEqual([started.length, failures.length], [2, 0]);
});

test("a server that does not answer for a while is kept, and no other one is started beside it", async () => {
  const folder = temporaryFolder();
  const [one, other] = [openWindow(folder), openWindow(folder)];
  const first = await one.kept.ensure();
  let lost = 0;
  process.kill(first.pid, "SIGSTOP");
  const lease = new Lease(first, () => (lost += 1));
  whenOver(() => lease.close());
  const found = other.kept.ensure();
  // Each takes as long as an answer is waited for.
  for (let i = 0; i < 3; i++) assert.equal(await renewLease(first), false);
  assert.equal(lost, 0);
  process.kill(first.pid, "SIGCONT");
  assert.deepEqual(await found, first);
  assert.equal(one.started.length, 1);
  process.kill(first.pid, "SIGKILL");
  await until("the lost lease", () => lost === 1);
});

test("a server that ends soon after each start is told of as a failure", async () => {
  const { kept, started, failures } = openWindow();
  const first = await kept.ensure();
  process.kill(first.pid, "SIGKILL");
  const second = await until("another server", () => started.at(-1)?.pid !== first.pid && started.at(-1));
  process.kill(second.pid, "SIGKILL");
  await until("the failure", () => failures.length > 0);
  assert.ok(failures[0] instanceof StartFailure);
  assert.equal(started.length, 2);
});

test("a server that takes half a minute to start is waited for", async ({ mock }) => {
  const { kept } = openWindow();
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const starting = kept.ensure();
  setTimeout(() => mock.timers.setTime(Date.now() + 30_000), 100);
  const { pid } = await starting;
  assert.equal(isAlive({ pid }), true);
});

test("how long a server lived counts from when it ran, not from when it was begun", async ({ mock }) => {
  const { kept, launch, started, failures } = openWindow();
  mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const { args } = launch;
  // Asked for as it is begun: each start takes twelve seconds.
  const slow = () => {
    mock.timers.setTime(Date.now() + 12_000);
    return args;
  };
  Object.defineProperty(launch, "args", { get: slow });
  const first = await kept.ensure();
  process.kill(first.pid, "SIGKILL");
  const second = await until("another server", () => started.at(-1)?.pid !== first.pid && started.at(-1));
  process.kill(second.pid, "SIGKILL");
  await until("the failure, or a third server", () => failures.length > 0 || started.length > 2);
  assert.deepEqual([failures.length, started.length], [1, 2]);
});

test("a server that cannot start says why, in a log that is its owner's alone", async () => {
  const folder = temporaryFolder();
  const { kept, launch } = openWindow(folder, "postgresql://nowhere/mlflow");
  await assert.rejects(kept.ensure(), (error) => error instanceof StartFailure && /postgresql/.test(error.said));
  assert.equal(statSync(launch.logFile).mode & 0o777, 0o600);
});
