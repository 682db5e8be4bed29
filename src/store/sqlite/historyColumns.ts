import { pause } from "../chain.ts";
import type { HistoryField, HistoryValues } from "../runs/historyValues.ts";
import type { Database } from "./database.ts";
import { byRun, lastPointLooker } from "./historyIndex.ts";

/** ms that one statement should take. */
const STATEMENT = 20;

/** Reads what only histories tell: a metric's smallest and largest value, its value at a step. */
export function historyReader(db: Database, histories: HistoryValues) {
  const look = lastPointLooker(db);
  let seen = 0;

  /** Forgets the runs that have new points. */
  const noteChanges = () =>
    db.read(() => {
      const { last, isNew } = look();
      if (isNew) histories.clear();
      else if (last > seen) {
        const sql = "SELECT DISTINCT run_uuid FROM metrics WHERE rowid > ?";
        const changed = db.prepare<[number], { run_uuid: string }>(sql).all(seen);
        histories.forget(changed.map(({ run_uuid }) => run_uuid));
      }
      seen = last;
    });

  const readValues = async (
    { key, of }: HistoryField,
    run_ids: string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, number>> => {
    const values = new Map<string, number>();
    const wanted = `FROM metrics ${db.read(() => byRun(db))}
      WHERE key = ? AND run_uuid IN (SELECT value FROM json_each(?))`;
    const readSome = (some: string[]) => {
      const ids = JSON.stringify(some);
      if (typeof of === "object") {
        const sql = `SELECT run_uuid, value, is_nan ${wanted} AND step = ? ORDER BY timestamp, value`;
        const rows = db.prepare<[string, string, number], { run_uuid: string; value: number; is_nan: number }>(sql);
        // Of several points at one step the last one counts.
        for (const { run_uuid, value, is_nan } of rows.all(key, ids, of.step)) {
          values.set(run_uuid, is_nan === 1 ? Number.NaN : value);
        }
        return;
      }
      const sql = `SELECT run_uuid, ${of}(CASE WHEN is_nan = 0 THEN value END) AS value ${wanted} GROUP BY run_uuid`;
      const rows = db.prepare<[string, string], { run_uuid: string; value: number | null }>(sql);
      for (const { run_uuid, value } of rows.all(key, ids)) values.set(run_uuid, value ?? Number.NaN);
    };
    await inPieces(run_ids, signal, (some) => db.read(() => readSome(some)));
    return values;
  };

  return { noteChanges, readValues };
}

/** Does `work` for the items, so many at a time that each time takes about 20 ms, and lets others pass in between. */
export async function inPieces<T>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  work: (some: T[]) => void,
): Promise<void> {
  let size = 20;
  for (let at = 0; at < items.length; ) {
    const began = performance.now();
    work(items.slice(at, at + size));
    at += size;
    const took = performance.now() - began;
    size = Math.min(5_000, Math.max(1, Math.round((size * STATEMENT) / Math.max(1, took))), size * 4);
    if (at < items.length && took > STATEMENT / 4) await pause(signal);
  }
}
