// The limit of what a server can write: better-sqlite3 alone, on the same schema, WAL with synchronous=FULL.
import BetterSqlite3 from "better-sqlite3";
import { NEWEST_HEAD } from "../../src/store/sqlite/heads.ts";
import { createDatabase } from "../../src/store/sqlite/schema.ts";

const RUN = "0123456789abcdef".repeat(2);

/** Opens a new database; `write` puts points into it in one transaction, the latest of each metric once, as the server does. */
export function rawWriter(path) {
  createDatabase(path, "/artifacts", { artifactRoot: "/artifacts", head: NEWEST_HEAD });
  const db = new BetterSqlite3(path);
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  db.prepare(
    "INSERT INTO runs (run_uuid, experiment_id, source_type, status, lifecycle_stage) VALUES (?, 0, 'LOCAL', 'RUNNING', 'active')",
  ).run(RUN);
  const insert = db.prepare(
    "INSERT INTO metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING",
  );
  const upsert = db.prepare(
    `INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, ?, ?, 0)
     ON CONFLICT (key, run_uuid) DO UPDATE SET value = excluded.value, timestamp = excluded.timestamp, step = excluded.step`,
  );
  return {
    write: db.transaction((points) => {
      const latest = new Map();
      for (const point of points) {
        insert.run(RUN, point.key, point.value, point.timestamp, point.step);
        latest.set(point.key, point);
      }
      for (const { key, value, timestamp, step } of latest.values()) upsert.run(RUN, key, value, timestamp, step);
    }).immediate,
    close: () => db.close(),
  };
}
