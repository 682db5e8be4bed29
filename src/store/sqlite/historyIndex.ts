import type { Database } from "./database.ts";

/** Indexes of `metrics` that lead to the points of a run, the best first, with their columns. */
const INDEXES = [
  ["index_metrics_run_uuid_key_step", "run_uuid,key,step"],
  ["index_metrics_run_uuid", "run_uuid"],
] as const;

/** By database: for which opening of the file, and the clause. */
const known = new WeakMap<Database, { opened: number; clause: string }>();

/**
 * The clause after `metrics` that has SQLite go by the run. Left alone it goes by the primary key, which begins with the metric's name, and
 * reads the points of every run that logged it.
 */
export function byRun(db: Database): string {
  const { opened } = db.look();
  const found = known.get(db);
  if (found?.opened === opened) return found.clause;
  const columns = db.prepare<[string], { columns: string | null }>(
    "SELECT group_concat(name) AS columns FROM (SELECT name FROM pragma_index_info(?) ORDER BY seqno)",
  );
  const usable = INDEXES.find(([name, expected]) => columns.get(name)?.columns === expected);
  const clause = usable === undefined ? "" : `INDEXED BY ${usable[0]}`;
  known.set(db, { opened, clause });
  return clause;
}
