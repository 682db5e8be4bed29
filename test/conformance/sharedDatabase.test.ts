import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { stateOf } from "../store/interopStores.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { startMlflowServer } from "../support/mlflowServer.ts";
import { runPython } from "../support/python.ts";
import { callServer, startServer } from "../support/server.ts";

const skip = skipWithout(findPython(), "Python with mlflow");

/** Points of each client in each journal mode. */
const POINTS = 40;

test("mlflow server, a Python client and two servers of ours write one database at once and lose nothing", {
  skip,
}, async () => {
  const mlflow = await startMlflowServer();
  const path = join(mlflow.folder, "mlflow.db");
  const uri = `sqlite:///${path}`;
  const ours = await Promise.all(
    [1, 2].map(() => startServer(["--backend-store-uri", uri, "--port", "0"], { cwd: mlflow.folder })),
  );
  const urls = [mlflow.url, ...ours.map(({ url }) => url)];
  const newRun = async (url: string) =>
    String(Object(await callServer(url, "runs/create", { experiment_id: "0", start_time: 1_000 })).run.info.run_id);
  const runs = await Promise.all(urls.map(newRun));
  const straight = await newRun(urls[1] ?? "");

  /** Logs one point after another; `callServer` throws for whatever is no success. */
  const log = async (url: string, run_id: string, key: string, first: number) => {
    for (let step = first; step < first + POINTS; step++) {
      await callServer(url, "runs/log-metric", { run_id, key, value: step, timestamp: 1_000, step });
    }
  };
  const read = async (url: string, writing: Promise<unknown>) => {
    let over = false;
    const end = () => (over = true);
    writing.then(end, end);
    while (!over) {
      await callServer(url, "runs/search", { experiment_ids: ["0"], order_by: ["metrics.a DESC"], max_results: 5 });
    }
  };

  for (const [round, journal] of ["delete", "wal"].entries()) {
    const connection = openConnection(path, { busyTimeout: 10_000 });
    connection.exec(`PRAGMA journal_mode = ${journal}`);
    connection.close();
    const first = round * POINTS;
    const python = runPython("writePoints.py", [straight, String(first), String(POINTS)], uri, mlflow.folder);
    const writing = Promise.all([
      python,
      ...urls.flatMap((url, index) => ["a", "b"].map((key) => log(url, runs[index] ?? "", key, first))),
    ]);
    await Promise.all([writing, ...urls.slice(1).map((url) => read(url, writing))]);
    assert.equal((await python).trim(), String(POINTS));
    assert.equal(stateOf(path).journal, journal, "nobody changes the journal mode of a database that is not its own");
  }

  const connection = openConnection(path, { readonly: true, busyTimeout: 5_000 });
  const counts = connection
    .prepare<[], { run_uuid: string; key: string; count: number; last: number }>(
      `SELECT m.run_uuid, m.key, count(*) AS count, l.value AS last FROM metrics m
       JOIN latest_metrics l ON l.run_uuid = m.run_uuid AND l.key = m.key GROUP BY m.run_uuid, m.key`,
    )
    .all();
  connection.close();
  const expected = [...runs.flatMap((run) => [`${run} a`, `${run} b`]), `${straight} straight`];
  assert.deepEqual(
    counts.map(({ run_uuid, key, count, last }) => `${run_uuid} ${key}: ${count}, ${last}`).sort(),
    expected.map((series) => `${series}: ${2 * POINTS}, ${2 * POINTS - 1}`).sort(),
  );
  assert.deepEqual([stateOf(path).integrity, stateOf(path).foreignKeys], ["ok", []]);
  for (const { output } of ours) assert.doesNotMatch(output(), /locked|Error/);
});
