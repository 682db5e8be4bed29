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

/** How often rows of a database were removed by this process. */
const removals = new WeakMap<Database, number>();

/** To be called when points were removed: what was read of them is forgotten. */
export function noteRemoval(db: Database): void {
  removals.set(db, (removals.get(db) ?? 0) + 1);
}

interface LastPoint {
  id: number;
  run_uuid: string;
  key: string;
  step: number;
  timestamp: number;
}

/**
 * Looks at the last row of metrics, to be called within a read. `isNew`: what was read of rows before does not hold, because the database is
 * another one, points were purged, or the last row seen is gone: SQLite gives the numbers of rows that were removed at the end (mlflow gc) once more.
 */
export function lastPointLooker(db: Database): () => { last: number; isNew: boolean } {
  let opened = -1;
  let removed: number | undefined;
  let seen: LastPoint | undefined;
  const select = "SELECT rowid AS id, run_uuid, key, step, timestamp FROM metrics";
  const newest = db.prepare<[], LastPoint>(`${select} ORDER BY rowid DESC LIMIT 1`);
  const numbered = db.prepare<[number], LastPoint>(`${select} WHERE rowid = ?`);
  return () => {
    const before = { opened, removed };
    ({ opened } = db.look());
    removed = removals.get(db);
    const isOther = opened !== before.opened || removed !== before.removed;
    const isNew = isOther || (seen !== undefined && !isSame(seen, numbered.get(seen.id)));
    seen = newest.get();
    return { last: seen?.id ?? 0, isNew };
  };
}

function isSame(a: LastPoint, b: LastPoint | undefined): boolean {
  return a.run_uuid === b?.run_uuid && a.key === b.key && a.step === b.step && a.timestamp === b.timestamp;
}
