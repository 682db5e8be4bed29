import { pause } from "../chain.ts";
import type { Points } from "../series.ts";
import type { Database } from "./database.ts";
import { trimOldest } from "../trim.ts";
import { byRun, lastPointLooker } from "./historyIndex.ts";
import { KeptHistory } from "./keptHistory.ts";

/** Rows a statement reads at once: about 10 ms. */
const ROWS_AT_ONCE = 10_000;
/** Points of all histories that are kept: 72 MB. */
const MOST_POINTS = 3_000_000;
/** Rows that other metrics may have logged before a history is rather read anew. */
const MOST_TAIL = 200_000;

export interface PointRow {
  id: number;
  step: number;
  timestamp: number;
  value: number;
  is_nan: number;
}

/** What `PointRow`s are selected from; bind the run and the key. */
const POINTS = "SELECT rowid AS id, step, timestamp, value, is_nan FROM metrics";

/** Metric histories as they were read, with what was logged since read on. */
export class HistoryCache {
  readonly #db: Database;
  readonly #look: ReturnType<typeof lastPointLooker>;
  #kept = new Map<string, KeptHistory>();

  constructor(db: Database) {
    this.#db = db;
    this.#look = lastPointLooker(db);
  }

  /** Whether the history is known but for what was logged lately. */
  has(run_id: string, key: string): boolean {
    return this.#kept.has(nameOf(run_id, key));
  }

  async read(run_id: string, key: string, signal: AbortSignal | undefined): Promise<KeptHistory> {
    const name = nameOf(run_id, key);
    const { known, last } = this.#db.read(() => this.#current(name, run_id, key));
    const kept = this.#kept;
    kept.delete(name);
    const history = known?.history ?? new KeptHistory();
    if (known?.complete !== true) await this.#readOn(history, last, run_id, key, signal);
    // Not where all was forgotten meanwhile.
    if (kept === this.#kept) kept.set(name, history);
    trimOldest(this.#kept, MOST_POINTS, ({ size }) => size);
    return history;
  }

  /** Every point between two steps, both included. */
  pointsBetween(run_id: string, key: string, from: number, to: number): Points {
    return this.#db.read(() => {
      const sql = `${POINTS} ${byRun(this.#db)} WHERE run_uuid = ? AND key = ? AND step BETWEEN ? AND ? ORDER BY step, rowid`;
      return toColumns(this.#db.prepare<[string, string, number, number], PointRow>(sql).all(run_id, key, from, to));
    });
  }

  /** The last row there is; the history as far as it is known, and whether nothing has come since; undefined when it is not what it was. */
  #current(name: string, run_id: string, key: string) {
    const { last, isNew } = this.#look();
    if (isNew) this.#kept = new Map();
    const history = this.#kept.get(name);
    return { last, known: history && this.#upTo(last, history, run_id, key) };
  }

  #upTo(last: number, history: KeptHistory, run_id: string, key: string) {
    if (last === history.seenTo) return { history, complete: true };
    if (last < history.seenTo || last - history.seenTo > MOST_TAIL) return undefined;
    const tail = this.#db
      .prepare<[number, string, string], { points: number; step: number | null }>(
        "SELECT count(*) AS points, min(step) AS step FROM metrics NOT INDEXED WHERE rowid > ? AND run_uuid = ? AND key = ?",
      )
      .get(history.seenTo, run_id, key);
    // A point before the last one would have to go into the middle.
    if (tail === undefined || (tail.step ?? history.last.step) < history.last.step) return undefined;
    history.seenTo = last;
    return { history, complete: tail.points === 0 };
  }

  async #readOn(
    history: KeptHistory,
    last: number,
    run_id: string,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const clause = this.#db.read(() => byRun(this.#db));
    const next = this.#db.prepare<[string, string, number, number, number], PointRow>(
      `${POINTS} ${clause} WHERE run_uuid = ? AND key = ? AND (step, rowid) > (?, ?) ORDER BY step, rowid LIMIT ?`,
    );
    for (;;) {
      const { step, id } = history.last;
      const rows = this.#db.read(() => next.all(run_id, key, step, id, ROWS_AT_ONCE));
      history.add(toColumns(rows));
      const end = rows.at(-1);
      if (end !== undefined) history.last = { step: end.step, id: end.id };
      if (rows.length < ROWS_AT_ONCE) break;
      await pause(signal);
    }
    history.seenTo = Math.max(history.seenTo, last);
  }
}

function nameOf(run_id: string, key: string): string {
  return `${run_id}/${key}`;
}

export function toColumns(rows: readonly PointRow[]): Points {
  return {
    steps: Float64Array.from(rows, ({ step }) => step),
    timestamps: Float64Array.from(rows, ({ timestamp }) => timestamp),
    values: Float64Array.from(rows, ({ value, is_nan }) => (is_nan === 1 ? Number.NaN : value)),
  };
}
