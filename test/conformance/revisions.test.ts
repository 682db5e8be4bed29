import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { upgradeStore } from "../../src/store/upgrade.ts";
import { rowsOf } from "../store/databaseRows.ts";
import { RELEASES, stateOf, unpackStore, withoutInterop } from "../store/interopStores.ts";
import { writeEverything } from "../store/workload.ts";
import { findPython, skipWithout, temporaryFolder } from "../support/environment.ts";
import { runPython } from "../support/python.ts";
import { startServer } from "../support/server.ts";

// Databases that we write and upgrade, in the eyes of mlflow 3.17.2.

const skip = skipWithout(findPython(), "Python with mlflow") || withoutInterop;

describe("a store that we wrote", { skip }, () => {
  it("reads the same in Python, from the file and through our server", async () => {
    const folder = temporaryFolder();
    const uri = storeUri(join(folder, "mlflow.db"));
    const store = openStore(uri);
    await writeEverything(store, "3.17.2");
    store.close();
    const server = await startServer(["--backend-store-uri", uri, "--port", "0"], { cwd: folder });
    const fromFile = Object(JSON.parse(await runPython("facts.py", [uri], uri, folder)));
    const overRest: unknown = JSON.parse(await runPython("facts.py", [server.url], server.url, folder));
    assert.deepEqual(overRest, fromFile);
    const counts = ["experiments", "runs", "logged_models", "traces", "registered_models", "model_versions"];
    assert.deepEqual(
      counts.map((key) => Object.keys(fromFile[key]).length),
      [3, 3, 1, 3, 1, 2],
    );
    const [histories] = Object.values(fromFile.runs)
      .map((run) => Object(run).histories)
      .filter((found) => "loss" in found);
    assert.deepEqual(histories.loss, [
      [1000, 0, "0.5"],
      [2000, 1, "nan"],
      [3000, 2, "1.7976931348623157e+308"],
      [4000, -3, "-1e+300"],
    ]);
  });
});

describe("an upgrade by us", { skip }, () => {
  if (skip) return;
  /** The rows whose values are the time of the upgrade. */
  const timeless = (rows: Record<string, string[]>) => ({ ...rows, jobs: rows["jobs"]?.length });

  it("makes the tables and rows that mlflow's own makes, which then finds nothing to do", async () => {
    const pairs = [];
    for (const release of RELEASES) {
      const ours = unpackStore(release);
      if (release !== "3.17.2") {
        const store = openStore(storeUri(ours));
        await writeEverything(store, release);
        store.close();
      }
      addJobs(ours, release === "3.6.0");
      const theirs = join(temporaryFolder(), `${release}.db`);
      copyFileSync(ours, theirs);
      await upgradeStore(storeUri(ours));
      pairs.push({ release, ours, theirs });
    }
    const state = new Map(pairs.map(({ ours }) => [ours, { state: stateOf(ours), rows: rowsOf(ours) }]));
    const paths = pairs.flatMap(({ ours, theirs }) => [theirs, ours]);
    await runPython("upgradeDatabases.py", paths, "", temporaryFolder());
    for (const { release, ours, theirs } of pairs) {
      const before = state.get(ours);
      assert.deepEqual(timeless(before?.rows ?? {}), timeless(rowsOf(theirs)), release);
      assert.deepEqual(stateOf(ours), before?.state, `mlflow has nothing to change in the tables of ${release}`);
      assert.deepEqual(rowsOf(ours), before?.rows, `mlflow has nothing to change in the rows of ${release}`);
      assert.deepEqual(tablesOf(ours), tablesOf(theirs), release);
      assert.deepEqual(jobsOf(ours), jobsOf(theirs));
    }
  });

  it("is read, and written on, by Python", async () => {
    const path = unpackStore("1.30.1");
    const uri = storeUri(path);
    await upgradeStore(uri);
    const { seen, written } = Object(JSON.parse(await runPython("writeRun.py", ["after"], uri, dirname(path))));
    assert.deepEqual(seen, { experiments: 7, runs: 31, registered_models: 4 });
    const store = openStore(uri);
    const { data, inputs } = await store.getRun({ run_id: written.run_id });
    assert.deepEqual(
      data.metrics.map(({ key, value }) => [key, value]),
      [["loss", Number.NaN]],
    );
    assert.deepEqual(
      inputs.dataset_inputs.map(({ dataset }) => dataset.name),
      ["after"],
    );
    const model = await store.getModelVersionByAlias({ name: "after", alias: "best" });
    assert.equal(model.version, "1");
    store.close();
    assert.deepEqual([stateOf(path).integrity, stateOf(path).foreignKeys], ["ok", []]);
  });
});

/** Jobs that have ended, wait and run, in the only release of the set that has jobs under the old name of their function. */
function addJobs(path: string, has: boolean): void {
  if (!has) return;
  const connection = openConnection(path, { busyTimeout: 1_000 });
  for (const status of [0, 1, 2, 3]) {
    connection.exec(`INSERT INTO jobs (id, creation_time, function_fullname, params, status, retry_count, last_update_time)
      VALUES ('job-${status}', 1, 'a.b', '{}', ${status}, 0, 2)`);
  }
  connection.close();
}

function jobsOf(path: string): unknown[] {
  return query(path, "SELECT id, job_name, status, last_update_time > 2 AS touched FROM jobs ORDER BY id");
}

/** Columns of every table, in their order, with what they may hold. */
function tablesOf(path: string): unknown[] {
  return query(
    path,
    `SELECT m.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master m
     JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`,
  );
}

function query(path: string, sql: string): unknown[] {
  const connection = openConnection(path, { busyTimeout: 1_000, readonly: true });
  try {
    return connection.prepare<[], unknown>(sql).all();
  } finally {
    connection.close();
  }
}
