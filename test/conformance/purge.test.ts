import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { unpackStore, withoutInterop } from "../store/interopStores.ts";
import { findPython, skipWithout } from "../support/environment.ts";
import { runPython } from "../support/python.ts";

const skip = skipWithout(findPython(), "Python with mlflow") || withoutInterop;

/** How many rows each table has, but for what a client writes by opening it. */
function rowsOf(path: string): Record<string, number> {
  const connection = openConnection(path, { readonly: true, busyTimeout: 5_000 });
  try {
    const tables = connection
      .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .all();
    const count = (name: string) => connection.prepare<[], { n: number }>(`SELECT count(*) AS n FROM "${name}"`).get();
    return Object.fromEntries(tables.map(({ name }) => [name, count(name)?.n ?? 0]));
  } finally {
    connection.close();
  }
}

test("what is purged leaves the rows that mlflow gc leaves", { skip, timeout: 300_000 }, async () => {
  const [ours, theirs] = [unpackStore("3.17.2"), unpackStore("3.17.2")];
  const before = rowsOf(ours);
  const store = openStore(storeUri(ours));
  try {
    const { experiments, runs, models } = await store.trash({});
    assert.ok(experiments.length > 0 && runs.length > 0);
    const experiment_ids = experiments.map(({ experiment_id }) => experiment_id);
    // Written at another place: the artifacts are found beside the database.
    const { info } = await store.getRun({ run_id: runs[0]?.run_id ?? "" });
    assert.ok(info.artifact_uri.startsWith(dirname(ours)), info.artifact_uri);
    mkdirSync(info.artifact_uri, { recursive: true });
    writeFileSync(join(info.artifact_uri, "model.bin"), Buffer.alloc(1_000));
    const run_ids = runs.map(({ run_id }) => run_id);
    const model_ids = models.map(({ model_id }) => model_id);
    const purged = await store.purge({ experiment_ids, run_ids, model_ids, dry_run: false });
    assert.ok(purged.runs > runs.length && purged.bytes >= 1_000 && !existsSync(info.artifact_uri));
    assert.deepEqual(await store.trash({}), { experiments: [], runs: [], models: [], bytes: 0 });
  } finally {
    store.close();
  }
  const uri = `sqlite:///${theirs}`;
  await runPython("gc.py", [uri], uri, dirname(theirs));
  const after = rowsOf(ours);
  assert.deepEqual(after, rowsOf(theirs));
  assert.ok((after["runs"] ?? 0) < (before["runs"] ?? 0) && (after["metrics"] ?? 0) < (before["metrics"] ?? 0));
});
