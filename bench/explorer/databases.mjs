// The databases of bench/explorer.mjs: made of the same SQL as those of the tests, then changed to what is measured.
import { DatabaseSync } from "node:sqlite";
import { createManyRuns } from "../../test/store/manyRuns.ts";

/** Metrics of each run of the wide table. */
const WIDE = 1_000;

/** `runs` runs that MLflow reads, too, and shows in the same rows as we do: no run has children. */
export function createRuns(path, runs) {
  createManyRuns(path, runs, 10);
  // mlflow 3.17.2 reads no run without a user. A running run has a sign that moves, in every frame.
  change(
    path,
    "UPDATE runs SET user_id = 'bench', status = 'FINISHED'; DELETE FROM tags WHERE key = 'mlflow.parentRunId';",
  );
}

/** 100 runs: `m1` has 10,000 points in each, and `m0` 1,000,000 in the last one. */
export function createCurves(path) {
  createManyRuns(path, 100, 1_000_000, 10_000);
  change(
    path,
    "UPDATE runs SET status = 'FINISHED'; UPDATE latest_metrics SET step = 9999 WHERE key = 'm1'; DELETE FROM tags WHERE key LIKE 'mlflow.%';",
  );
}

/** 10,000 runs with 1,000 metrics each. */
export function createWideRuns(path) {
  createManyRuns(path, 10_000, 10);
  // The index is made of all rows at once: row by row it takes ten times as long.
  const { sql } = change(
    path,
    "SELECT 1",
    "SELECT sql FROM sqlite_master WHERE name = 'index_latest_metrics_run_uuid'",
  );
  change(
    path,
    `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000;
    DROP INDEX index_latest_metrics_run_uuid;
    UPDATE runs SET status = 'FINISHED'; DELETE FROM latest_metrics; DELETE FROM tags WHERE key = 'mlflow.parentRunId';
    WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < ${WIDE - 1}),
      r(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM r WHERE n < 9999)
      INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT printf('%032x', r.n), key, ((r.n * 13 + length(key)) % 1009) / 7.0, 1000 + r.n, 0, 0
      FROM (SELECT 'm' || n AS key FROM k ORDER BY key) CROSS JOIN r;
    ${sql}; PRAGMA journal_mode = WAL;`,
  );
}

function change(path, sql, ask) {
  const connection = new DatabaseSync(path);
  connection.exec(sql);
  const answer = ask === undefined ? undefined : connection.prepare(ask).get();
  connection.close();
  return answer;
}
