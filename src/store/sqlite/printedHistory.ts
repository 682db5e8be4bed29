import type { MetricHistoryQuery } from "../trackingStore.ts";
import { createPageToken, offsetOf } from "../pageToken.ts";
import type { PrintedPart, PrintedReads } from "../printedReads.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { HistoryParts } from "./historyParts.ts";
import { PRINTED_POINT, toPart } from "./printedPart.ts";

/** Points that are printed at once, about 4 MB. */
const AT_ONCE = 50_000;

/** Histories as MLflow prints them: in one part, or in several from a copy that later writes do not change. */
export function printedHistory(db: Database): Pick<PrintedReads, "printedHistory" | "printedRest"> {
  const count = db.prepare<[string, string, number], { found: number }>(
    "SELECT count(*) AS found FROM (SELECT 1 FROM metrics WHERE run_uuid = ? AND key = ? LIMIT ?)",
  );
  const print = db.prepare<[string, string, string, number, number], { points: string | null }>(
    `SELECT group_concat(${PRINTED_POINT}) AS points FROM (
       SELECT value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? AND key = ?
       ORDER BY timestamp, step, value LIMIT ? OFFSET ?)`,
  );
  const parts = new HistoryParts(db);

  const read = ({ run_id, metric_key, max_results, page_token }: MetricHistoryQuery): PrintedPart | undefined => {
    if (!printsExactly(db)) return undefined;
    const offset = offsetOf(page_token);
    const limit = max_results === undefined ? Number.MAX_SAFE_INTEGER : max_results;
    // One point more tells whether another page follows.
    const most = Math.min(offset + limit + 1, Number.MAX_SAFE_INTEGER);
    const found = Math.max(0, (count.get(run_id, metric_key, most)?.found ?? 0) - offset);
    const last = found > limit ? `"next_page_token":"${createPageToken(offset + limit)}"` : "";
    const points = Math.min(found, limit);
    if (points > AT_ONCE) return parts.start({ run_id, metric_key, limit: points, offset, last });
    const printed = points === 0 ? null : print.get(metric_key, run_id, metric_key, points, offset)?.points;
    const fields = [printed ? `"metrics":[${printed}]` : "", last];
    return toPart(`{${fields.filter((field) => field !== "").join()}}`);
  };

  return {
    printedHistory: async (query) => db.read(() => read(query)),
    printedRest: async ({ more }) => db.read(() => parts.next(more)),
  };
}
