import type { MetricHistoryQuery } from "../trackingStore.ts";
import { createPageToken, offsetOf } from "../pageToken.ts";
import type { PrintedPart, PrintedReads } from "../printedReads.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { byRun } from "./historyIndex.ts";
import { PrintedCopies } from "./printedCopies.ts";
import { PRINTED_POINT, toPart } from "./printedPart.ts";

/** Points that are printed at once: about 300 kB. */
const AT_ONCE = 3_000;

interface CopiedHistory {
  metric_key: string;
  /** The field that follows the points; empty for none. */
  last: string;
}

/** Histories as MLflow prints them: in one part, or in several from a copy that later writes do not change. */
export function printedHistory(db: Database): Pick<PrintedReads, "printedHistory" | "printedRest"> {
  const copies = new PrintedCopies<CopiedHistory>(db, "history", AT_ONCE);

  const next = (name: string): PrintedPart => {
    const { of, table, after, until, more } = copies.next(name);
    const select = db.prepare<[string, number, number], { points: string }>(
      `SELECT group_concat(${PRINTED_POINT}) AS points FROM ${table} WHERE rowid > ? AND rowid <= ?`,
    );
    const text = `${after === 0 ? '{"metrics":[' : ","}${select.get(of.metric_key, after, until)?.points ?? ""}`;
    if (more !== undefined) return { ...toPart(text), more };
    copies.forget(name);
    return toPart(`${text}]${of.last === "" ? "" : `,${of.last}`}}`);
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
    if (points > AT_ONCE) {
      const of = { metric_key, last };
      const columns = "value, timestamp, step, is_nan";
      return next(copies.start(columns, rows, [run_id, metric_key, points, offset], { rows: points, of }));
    }
    const print = db.prepare<[string, string, string, number, number], { points: string | null }>(
      `SELECT group_concat(${PRINTED_POINT}) AS points FROM (${rows})`,
    );
    const printed = points === 0 ? null : print.get(metric_key, run_id, metric_key, points, offset)?.points;
    const fields = [printed ? `"metrics":[${printed}]` : "", last];
    return toPart(`{${fields.filter((field) => field !== "").join()}}`);
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
