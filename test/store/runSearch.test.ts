import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { openStore, storeUri } from "../../src/store/open.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";
import { Database } from "../../src/store/sqlite/database.ts";
import { likePattern } from "../../src/store/sqlite/likePattern.ts";
import { RunChanges } from "../../src/store/sqlite/runChanges.ts";
import { readRunQuery, runIdsBySql, RunSearch } from "../../src/store/sqlite/runSearch.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { temporaryFolder, whenOver } from "../support/environment.ts";

const RUNS = 60;
const KEYS = ["a", "b", "key with space"];
const TEXTS = ["", "a", "A", "ab", "Ab%", "a_b", "é", "É", "😀", "\uffee", "10", "9", "x'y", "a\nb"];
const NUMBERS = [0, -0, 1, -1, 2.5, 1e300, -1.7976931348623157e308, 0.1, 3, 3];

const path = join(temporaryFolder(), "mlflow.db");
createDatabase(path, "/artifacts");
const writer = openConnection(path, { busyTimeout: 1_000 });
writer.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
const db = new Database(path, { readonly: true, artifactRoot: "/artifacts", lockWait: 0 });
whenOver(() => (db.close(), writer.close()));

const text = fc.constantFrom(...TEXTS);
const key = fc.constantFrom(...KEYS);
const runNumber = fc.nat(RUNS - 1);
const runId = (n: number) => n.toString(16).padStart(32, "0");

/** One write by another program, and the run it touches. */
const write = fc.oneof(
  fc.record({ n: runNumber, sql: fc.constant("DELETE FROM tags WHERE run_uuid = ?"), values: fc.constant([]) }),
  fc.tuple(runNumber, key, text).map(([n, k, value]) => ({
    n,
    sql: "INSERT OR REPLACE INTO tags (run_uuid, key, value) VALUES (?, ?, ?)",
    values: [k, value],
  })),
  fc.tuple(runNumber, key).map(([n, k]) => ({
    n,
    sql: "INSERT OR REPLACE INTO tags (run_uuid, key, value) VALUES (?, ?, NULL)",
    values: [k],
  })),
  fc.tuple(runNumber, key, text).map(([n, k, value]) => ({
    n,
    sql: "INSERT OR REPLACE INTO params (run_uuid, key, value) VALUES (?, ?, ?)",
    values: [k, value],
  })),
  fc.tuple(runNumber, key, fc.constantFrom(...NUMBERS), fc.boolean()).map(([n, k, value, nan]) => ({
    n,
    sql: "INSERT OR REPLACE INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, 1, 1, ?)",
    values: nan ? [k, 0, 1] : [k, value, 0],
  })),
  fc
    .tuple(runNumber, fc.constantFrom("RUNNING", "FINISHED"), fc.constantFrom("active", "deleted"), text)
    .map(([n, status, stage, name]) => ({
      n,
      sql: `INSERT INTO runs (run_uuid, status, lifecycle_stage, name, start_time, end_time, experiment_id, user_id)
        VALUES (?, ?, ?, ?, ${n % 7 === 3 ? "NULL" : n % 5}, ${n % 3 === 0 ? "NULL" : n}, ${n % 3}, 'user${n % 4}')
        ON CONFLICT (run_uuid) DO UPDATE
        SET status = excluded.status, lifecycle_stage = excluded.lifecycle_stage, name = excluded.name`,
      values: [status, stage, name],
    })),
);

const quoted = text.map((value) => (value.includes("'") ? `"${value}"` : `'${value}'`));
const field = fc.tuple(fc.constantFrom("params", "tags"), key).map(([table, k]) => `${table}.\`${k}\``);
const condition = fc.oneof(
  fc.tuple(field, fc.constantFrom("=", "!=", "LIKE", "ILIKE"), quoted).map((parts) => parts.join(" ")),
  fc.tuple(field, fc.constantFrom("IS NULL", "IS NOT NULL")).map((parts) => parts.join(" ")),
  fc
    .tuple(key, fc.constantFrom("=", "!=", "<", "<=", ">", ">="), fc.constantFrom("0", "1", "2.5", "-1", "3"))
    .map(([k, comparator, value]) => `metrics.\`${k}\` ${comparator} ${value}`),
  fc
    .tuple(
      fc.constantFrom("status", "run_name", "user_id", "run_id"),
      fc.constantFrom("=", "!=", "LIKE", "ILIKE"),
      quoted,
    )
    .map(([name, comparator, value]) => `attributes.${name} ${comparator} ${value}`),
  fc
    .tuple(fc.constantFrom("start_time", "end_time"), fc.constantFrom("=", "!=", "<", ">="), fc.nat(60))
    .map(([name, comparator, value]) => `attributes.${name} ${comparator} ${value}`),
  fc
    .tuple(fc.constantFrom("IN", "NOT IN"), fc.array(runNumber, { minLength: 1, maxLength: 3 }))
    .map(([word, numbers]) => `attributes.run_id ${word} (${numbers.map((n) => `'${runId(n)}'`).join(", ")})`),
  fc.constant("datasets.name = 'x'"),
);
const order = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.constantFrom("params", "tags", "metrics"), key).map(([table, k]) => `${table}.\`${k}\``),
      fc.constantFrom("start_time", "end_time", "status", "run_name", "user_id", "run_id", "artifact_uri"),
    ),
    fc.constantFrom("ASC", "DESC"),
  )
  .map((parts) => parts.join(" "));
const query = fc.record({
  experiment_ids: fc.subarray(["0", "1", "2"], { minLength: 1 }),
  run_view_type: fc.constantFrom("ACTIVE_ONLY", "DELETED_ONLY", "ALL"),
  filter: fc.array(condition, { maxLength: 3 }).map((conditions) => conditions.join(" AND ")),
  order_by: fc.uniqueArray(order, { maxLength: 3, selector: (clause) => clause.replace(/ \w+$/, "") }),
  max_results: fc.constantFrom(1, 7, 1_000),
});

test("runs found in memory are those that SQL finds, in its order, while runs are written", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(fc.record({ writes: fc.array(write, { maxLength: 12 }), query }), { minLength: 4, maxLength: 10 }),
      (told, steps) => {
        writer.exec("DELETE FROM tags; DELETE FROM params; DELETE FROM latest_metrics; DELETE FROM runs;");
        const changes = new RunChanges(db);
        const search = new RunSearch(db, changes);
        if (told) changes.tell({ others: true, run_ids: [] });
        for (const { writes, query: asked } of steps) {
          for (const { n, sql, values } of writes) {
            writer.prepare(sql).run(runId(n), ...values);
            // A server would hear of the run only once it was made.
            if (told) changes.tell({ others: false, run_ids: [runId(n)] });
          }
          const wanted = { ...readRunQuery(asked), offset: asked.max_results === 7 ? 3 : 0 };
          assert.deepEqual(
            db.read(() => search.find(wanted)),
            db.read(() => runIdsBySql(db, wanted)),
          );
        }
        search.clear();
      },
    ),
    { seed: 4, numRuns: 30 },
  );
});

test("more runs than are read at once are found in SQL's order", () => {
  writer.exec(`DELETE FROM tags; DELETE FROM params; DELETE FROM latest_metrics; DELETE FROM runs;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 8999)
    INSERT INTO runs (run_uuid, status, lifecycle_stage, name, start_time, end_time, experiment_id, user_id)
      SELECT printf('%032x', (i * 7919) % 9000), 'FINISHED', 'active', 'run ' || (i % 100), i / 3, i, 0, 'user' FROM n;
    INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT run_uuid, 'a', iif(end_time % 50 = 0, 0, end_time % 977), 1, 1, end_time % 50 = 0 FROM runs WHERE end_time % 10 <> 3;
    INSERT INTO params (run_uuid, key, value) SELECT run_uuid, 'a', end_time % 31 FROM runs WHERE end_time % 7 <> 1;`);
  const search = new RunSearch(db, new RunChanges(db));
  const ids = Array.from({ length: 300 }, (_, n) => `'${runId(n * 29)}'`);
  for (const asked of [
    { order_by: ["metrics.a DESC", "attributes.run_name ASC"] },
    { order_by: ["params.a ASC"], filter: "metrics.a > 100 AND attributes.end_time < 8990" },
    { filter: `attributes.run_id IN (${ids.join()})` },
  ]) {
    const wanted = readRunQuery({ experiment_ids: ["0"], max_results: 9_000, ...asked });
    const found = db.read(() => search.find(wanted));
    assert.ok(found.length > 200);
    assert.deepEqual(
      found,
      db.read(() => runIdsBySql(db, wanted)),
    );
  }
  search.clear();
});

test("a pattern matches as SQLite's LIKE does", () => {
  const like = writer.prepare<[string, string], { matches: number }>("SELECT ? LIKE ? AS matches");
  const characters = fc.array(fc.constantFrom("a", "b", "A", "%", "_", "😀", "é"), { maxLength: 6 });
  const string = characters.map((parts) => parts.join(""));
  fc.assert(
    fc.property(string, string, (value, pattern) => {
      assert.equal(likePattern(pattern)(value), like.get(value, pattern)?.matches === 1);
    }),
    { seed: 4, numRuns: 3_000 },
  );
});

test("a time that another program kept as a blob spoils no search", async () => {
  const other = join(temporaryFolder(), "mlflow.db");
  const store = openStore(storeUri(other));
  const odd = await store.createRun({ experiment_id: "0", run_name: "odd", start_time: 1 });
  const even = await store.createRun({ experiment_id: "0", run_name: "even", start_time: 2 });
  for (const { info } of [odd, even]) {
    await store.logBatch({
      run_id: info.run_id,
      metrics: [{ key: "m", value: 1, timestamp: 1, step: 0 }],
      params: [{ key: "p", value: "x" }],
      tags: [],
    });
  }
  const sql = openConnection(other, { busyTimeout: 1_000 });
  const id = odd.info.run_id;
  for (const change of [
    `UPDATE runs SET start_time = x'0100000000000000' WHERE run_uuid = '${id}'`,
    `UPDATE params SET value = x'78' WHERE run_uuid = '${id}'`,
    `UPDATE latest_metrics SET step = x'0100000000000000' WHERE run_uuid = '${id}'`,
  ]) {
    sql.exec(change);
    for (const asked of [
      {},
      { filter: "params.p LIKE '%'" },
      { order_by: ["params.p"] },
      { order_by: ["metrics.m"] },
    ]) {
      const search = { experiment_ids: ["0"], ...asked };
      const { items } = await store.searchRuns(search);
      assert.ok(items.some(({ info }) => info.run_id === even.info.run_id));
      await store.printedRuns?.(search);
    }
  }
  sql.close();
  store.close();
});
