import type { MetricHistoryQuery } from "../trackingStore.ts";
import { createPageToken, offsetOf } from "../pageToken.ts";
import type { PrintedPart, PrintedReads } from "../printedReads.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { byRun } from "./historyIndex.ts";
import { PrintedCopies } from "./printedCopies.ts";
import { printedPoints, START_OF_POINTS, toPart } from "./printedPart.ts";

/** Points that are printed at once: about 300 kB. */
const AT_ONCE = 3_000;
/** Up to so many points are one part, without a copy, as MLflow's own pages are: 2 MB. */
const MOST_UNCOPIED = 25_000;

interface CopiedHistory {
  metric_key: string;
  /** The field that follows the points; empty for none. */
  last: string;
}

const POINTS = printedPoints();
const NO_BYTES = new Uint8Array(0);

/** What follows the points; `last` is a field, or empty. */
function endOf(last: string): string {
  return last === "" ? "]}" : `],${last}}`;
}

/** Histories as MLflow prints them: in one part, or in several from a copy that later writes do not change. */
export function printedHistory(db: Database): Pick<PrintedReads, "printedHistory" | "printedRest"> {
  const copies = new PrintedCopies<CopiedHistory>(db, "history", AT_ONCE);

  const next = (name: string): PrintedPart => {
    const { of, table, after, until, more } = copies.next(name);
    const select = db.prepare<[string, string, string, number, number], { bytes: Uint8Array }>(
      `SELECT ${POINTS} AS bytes FROM ${table} m WHERE rowid > ? AND rowid <= ?`,
    );
    const end = more === undefined ? endOf(of.last) : "";
    const bytes = select.get(after === 0 ? START_OF_POINTS : ",", of.metric_key, end, after, until)?.bytes ?? NO_BYTES;
    if (more !== undefined) return { bytes, more };
    copies.forget(name);
    return { bytes };
  };

  const read = ({ run_id, metric_key, max_results, page_token }: MetricHistoryQuery): PrintedPart | undefined => {
    if (!printsExactly(db)) return undefined;
    const offset = offsetOf(page_token);
    const limit = max_results === undefined ? Number.MAX_SAFE_INTEGER : max_results;
    const from = `FROM metrics ${byRun(db)} WHERE run_uuid = ? AND key = ?`;
    // One point more tells whether another page follows.
    const most = Math.min(offset + limit + 1, Number.MAX_SAFE_INTEGER);
    const all = db
      .prepare<[string, string, number], { found: number }>(`SELECT count(*) AS found FROM (SELECT 1 ${from} LIMIT ?)`)
      .get(run_id, metric_key, most);
    const found = Math.max(0, (all?.found ?? 0) - offset);
    const last = found > limit ? `"next_page_token":"${createPageToken(offset + limit)}"` : "";
    const points = Math.min(found, limit);
    const rows = `SELECT value, timestamp, step, is_nan ${from} ORDER BY timestamp, step, value LIMIT ? OFFSET ?`;
    if (points === 0) return toPart(`{${last}}`);
    const columns = "value, timestamp, step, is_nan";
    const range: [string, string, number, number] = [run_id, metric_key, points, offset];
    if (points > MOST_UNCOPIED) {
      return next(copies.start(columns, rows, range, { rows: points, of: { metric_key, last } }));
    }
    const print = db.prepare<[string, string, string, ...typeof range], { bytes: Uint8Array }>(
      `SELECT ${POINTS} AS bytes FROM (${rows}) m`,
    );
    return { bytes: print.get(START_OF_POINTS, metric_key, endOf(last), ...range)?.bytes ?? NO_BYTES };
  };

  return {
    printedHistory: async (query) => db.read(() => read(query)),
    printedRest: async ({ more, drop }) => {
      if (drop !== true) return db.read(() => next(more));
      copies.forget(more);
      return undefined;
    },
  };
}
