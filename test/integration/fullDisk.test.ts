import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { root, skipWithout, temporaryFolder, until } from "../support/environment.ts";
import { callServer, startServer } from "../support/server.ts";
import { fillDisk, smallDisk } from "../support/smallDisk.ts";

const disk = smallDisk(8);
const skip = skipWithout(disk, "the right to mount a small disk");

interface Answer {
  status: number;
  error_code: string;
  message: string;
}

async function answerOf(response: Response): Promise<Answer | undefined> {
  const text = await response.text();
  // The border: what is no success is JSON, or the test fails here.
  return response.ok ? undefined : { status: response.status, ...(JSON.parse(text) as Omit<Answer, "status">) };
}

test("on a full disk writes and uploads are refused as such, reads go on, and room is all that is needed", {
  skip,
}, async () => {
  const folder = join(disk ?? "", "store");
  mkdirSync(folder);
  const path = join(folder, "mlflow.db");
  const destination = join(folder, "artifacts");
  const server = await startServer(
    [
      "--backend-store-uri",
      `sqlite:///${path}`,
      "--port",
      "0",
      "--access",
      "open",
      "--artifacts-destination",
      destination,
    ],
    { program: join(root, "dist/cli.js") },
  );
  const { url } = server;
  const created = await callServer(url, "runs/create", { experiment_id: "0", start_time: 1 });
  // The border: an answer of our own server.
  const { run_id } = (created as { run: { info: { run_id: string } } }).run.info;
  const post = async (what: string, body: object) =>
    answerOf(
      await fetch(`${url}/api/2.0/mlflow/${what}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      }),
    );
  const batch = (k: number) => {
    const metrics = Array.from({ length: 900 }, (_, i) => ({
      key: "m",
      value: i,
      timestamp: k,
      step: k * 900 + i,
    }));
    return post("runs/log-batch", { run_id, metrics, params: [{ key: `p${k}`, value: "x".repeat(500) }], tags: [] });
  };
  const upload = async (name: string, bytes: number) =>
    answerOf(
      await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/${name}`, {
        method: "PUT",
        body: Buffer.alloc(bytes, "a"),
      }),
    );
  const stored = async () => {
    const answer = await callServer(url, `metrics/get-history?run_id=${run_id}&metric_key=m`);
    return (answer as { metrics?: unknown[] }).metrics?.length ?? 0;
  };

  assert.equal(await upload("before.bin", 10_000), undefined);
  const giveBack = fillDisk(folder, 300_000);
  let acknowledged = 0;
  let refused: Answer | undefined;
  for (let k = 0; k < 200 && refused === undefined; k++) {
    refused = await batch(k);
    if (refused === undefined) acknowledged += 900;
  }
  assert.deepEqual([refused?.status, refused?.error_code], [429, "RESOURCE_EXHAUSTED"], refused?.message);
  assert.match(refused?.message ?? "", /the disk is full\.$/);
  const tooLarge = await upload("large.bin", 600_000);
  assert.deepEqual([tooLarge?.status, tooLarge?.error_code], [429, "RESOURCE_EXHAUSTED"], tooLarge?.message);
  // Reads go on, and show what was acknowledged and nothing else.
  assert.equal(await stored(), acknowledged);
  const listed = await (await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts`)).json();
  assert.deepEqual(listed, { files: [{ path: "before.bin", is_dir: false, file_size: 10_000 }] });

  giveBack();
  await until("a write", async () => (await batch(900)) === undefined);
  assert.equal(await upload("large.bin", 600_000), undefined);
  assert.equal(await stored(), acknowledged + 900);
  assert.equal(server.process.exitCode, null);
  await server.stop();
  const connection = openConnection(path, { busyTimeout: 0 });
  assert.equal(
    connection.prepare<[], { integrity_check: string }>("PRAGMA integrity_check").get()?.integrity_check,
    "ok",
  );
  connection.close();
});

test("a database that cannot be made on a full disk is made once there is room", { skip }, async () => {
  const folder = join(disk ?? "", "none");
  mkdirSync(folder);
  const store = openStore(storeUri(join(folder, "mlflow.db")));
  const giveBack = fillDisk(folder, 20_000);
  await assert.rejects(store.createExperiment({ name: "x" }), { error_code: "RESOURCE_EXHAUSTED" });
  giveBack();
  await until("a write", () =>
    store.createExperiment({ name: "x" }).then(
      () => true,
      () => false,
    ),
  );
  store.close();
});

test("a file system that is mounted for reading only is written once it may be", { skip }, async () => {
  const folder = temporaryFolder();
  assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "flowdeck-test", folder]).status, 0);
  const remount = (how: string) => spawnSync("mount", ["-o", `remount,${how}`, folder]).status;
  try {
    const path = join(folder, "mlflow.db");
    const first = openStore(storeUri(path));
    await first.createExperiment({ name: "kept" });
    first.close();
    assert.equal(remount("ro"), 0);
    const store = openStore(storeUri(path));
    assert.equal((await store.searchExperiments({})).items.length, 2);
    await assert.rejects(store.createExperiment({ name: "x" }), { error_code: "PERMISSION_DENIED" });
    assert.equal(remount("rw"), 0);
    await until("a write", () =>
      store.createExperiment({ name: "x" }).then(
        () => true,
        () => false,
      ),
    );
    store.close();
  } finally {
    spawnSync("umount", ["-l", folder]);
  }
});
