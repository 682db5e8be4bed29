import { createDatabase } from "../../src/store/sqlite/schema.ts";
import { openConnection } from "../../src/store/sqlite/connection.ts";

/**
 * Makes a database with `runs` runs in experiment 0 (every tenth a parent of the nine before it), each with 12 params,
 * 12 metrics and 8 tags; metric `m0` of the last run has `points` points, of the others 10; `m1` of the first 100 runs has `curves`.
 */
export function createManyRuns(path: string, runs: number, points: number, curves = 1): void {
  createDatabase(path, "/artifacts");
  const connection = openConnection(path, { busyTimeout: 0 });
  const numbers = (name: string, count: number) =>
    `${name}(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ${name} WHERE n < ${count - 1})`;
  const run = "printf('%032x', r.n)";
  connection.exec(`
    BEGIN;
    WITH RECURSIVE ${numbers("r", runs)}
      INSERT INTO runs (run_uuid, name, source_type, status, start_time, end_time, lifecycle_stage, artifact_uri, experiment_id)
      SELECT ${run}, 'run-' || n, 'UNKNOWN', CASE WHEN n % 100 = 0 THEN 'RUNNING' ELSE 'FINISHED' END, 1000 + n, 5000 + n,
        'active', '/artifacts/0/' || n, 0 FROM r;
    WITH RECURSIVE ${numbers("r", runs)}, ${numbers("k", 12)}
      INSERT INTO params (run_uuid, key, value) SELECT ${run}, 'p' || k.n, (r.n * 7 + k.n) % 97 FROM r, k;
    WITH RECURSIVE ${numbers("r", runs)}, ${numbers("k", 12)}
      INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT ${run}, 'm' || k.n, (r.n * 13 % 1009) / 7.0, 1000 + r.n, CASE k.n WHEN 0 THEN 9 ELSE 0 END, 0 FROM r, k;
    WITH RECURSIVE ${numbers("r", runs)}, ${numbers("s", 10)}
      INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT ${run}, 'm0', (r.n * s.n % 1009) / 7.0, 1000 + s.n, s.n, 0 FROM r, s;
    WITH RECURSIVE ${numbers("r", runs)}, ${numbers("k", 7)}
      INSERT INTO tags (run_uuid, key, value) SELECT ${run}, 'tag' || k.n, 'value ' || (r.n * k.n) FROM r, k;
    WITH RECURSIVE ${numbers("r", runs)}
      INSERT INTO tags (run_uuid, key, value)
      SELECT ${run}, 'mlflow.parentRunId', printf('%032x', r.n - r.n % 10 + 9) FROM r WHERE r.n % 10 <> 9;
    WITH RECURSIVE ${numbers("s", points)}
      INSERT OR IGNORE INTO metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT printf('%032x', ${runs - 1}), 'm0', abs(random() % 1000) / 10.0, 2000 + s.n, s.n, 0 FROM s;
    WITH RECURSIVE ${numbers("r", Math.min(runs, 100))}, ${numbers("s", curves)}
      INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan)
      SELECT ${run}, 'm1', abs(random() % 1000) / 10.0, 2000 + s.n, s.n, 0 FROM r, s;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE);`);
  connection.close();
}
