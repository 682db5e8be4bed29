import type { Series, SeriesLine, SeriesQuery } from "../../protocol/series.ts";
import { pause } from "../chain.ts";
import { placesWithin, type Points, sortWithinSteps, thin, toLine, within } from "../series.ts";
import type { Database } from "./database.ts";
import { HistoryCache, type PointRow, toColumns } from "./historyCache.ts";
import { byRun } from "./historyIndex.ts";

/** Shorter histories are read whole sooner than a sample of them. */
const SHORT = 2_000;
/** Points of all samples of an answer: about 50 ms. */
const MOST_SAMPLED = 12_000;
const LEAST_SAMPLED = 50;

/** Metric histories for charts: kept in memory once read, and read on while a run logs. */
export function metricSeriesReader(db: Database) {
  const histories = new HistoryCache(db);

  /** A few points at even distances of steps; undefined where the history is short, or has no index that leads to them. */
  const sample = (run_id: string, key: string, count: number): Points | undefined => {
    const clause = byRun(db);
    if (!clause.endsWith("_key_step")) return undefined;
    const from = `FROM metrics ${clause} WHERE run_uuid = ? AND key = ?`;
    type Step = { step: number };
    const stepAt = (order: string) =>
      db.prepare<[string, string], Step>(`SELECT step ${from} ORDER BY step ${order}`).get(run_id, key)?.step;
    if (stepAt(`LIMIT 1 OFFSET ${SHORT}`) === undefined) return undefined;
    const first = stepAt("LIMIT 1") ?? 0;
    const last = stepAt("DESC LIMIT 1") ?? 0;
    const places = Array.from({ length: count }, (_, i) => Math.round(first + ((last - first) * i) / (count - 1)));
    const rows = db.prepare<[string, string, string], PointRow>(
      `SELECT m.rowid AS id, m.step, m.timestamp, m.value, m.is_nan FROM json_each(?) j
       CROSS JOIN metrics m ON m.rowid = (SELECT rowid ${from} AND step >= j.value ORDER BY step, rowid LIMIT 1)`,
    );
    const found = rows.all(JSON.stringify(places), run_id, key);
    return sortWithinSteps(toColumns(found.filter(({ id }, i) => id !== found[i - 1]?.id)));
  };

  const roughLine = (run_id: string, query: SeriesQuery): SeriesLine | undefined => {
    const { metric_key, x_metric, range, rough, run_ids, points } = query;
    if (rough !== true || x_metric !== undefined || range !== undefined || histories.has(run_id, metric_key)) {
      return undefined;
    }
    const share = Math.floor(MOST_SAMPLED / run_ids.length);
    const count = Math.max(2, Math.min(points, Math.max(share, LEAST_SAMPLED)));
    const sampled = db.read(() => sample(run_id, metric_key, count));
    if (sampled === undefined) return undefined;
    return { run_id, total: Number.NaN, rough: true, began: sampled.timestamps[0] ?? Number.NaN, ...sampled };
  };

  const readLine = async (run_id: string, query: SeriesQuery, signal: AbortSignal | undefined): Promise<SeriesLine> => {
    const rough = roughLine(run_id, query);
    if (rough !== undefined) return rough;
    const { metric_key, x_metric, axis, range, points } = query;
    const history = await histories.read(run_id, metric_key, signal);
    const known = history.points;
    if (x_metric !== undefined) {
      const all = history.exact ? known : everyPoint(run_id, metric_key);
      const xs = await histories.read(run_id, x_metric, signal);
      return toLine(run_id, all, query, xs.exact ? xs.points : everyPoint(run_id, x_metric));
    }
    const { began } = history;
    if (history.exact) return { ...toLine(run_id, known, query), began };
    if (range === undefined) return { run_id, total: history.total, began, ...thin(known, points) };
    const [start, end] = placesWithin(known, axis, range, began);
    // About as many as there are points in its blocks, two of which stand for 64.
    const share = (end - start) / known.values.length;
    if (end - start > points) {
      return { run_id, total: Math.round(history.total * share), began, ...thin(within(known, query, began), points) };
    }
    const [low, high] = [
      known.steps[Math.max(0, start - 1)] ?? 0,
      known.steps[Math.min(end, known.steps.length - 1)] ?? 0,
    ];
    const exact = sortWithinSteps(histories.pointsBetween(run_id, metric_key, low, high));
    const wanted = within(exact, query, began);
    return { run_id, total: wanted.values.length, began, ...thin(wanted, points) };
  };

  const everyPoint = (run_id: string, key: string) =>
    sortWithinSteps(histories.pointsBetween(run_id, key, -Number.MAX_VALUE, Number.MAX_VALUE));

  return async (query: SeriesQuery, signal?: AbortSignal): Promise<Series> => {
    const lines: SeriesLine[] = [];
    let pausedAt = performance.now();
    for (const run_id of query.run_ids) {
      lines.push(await readLine(run_id, query, signal));
      if (performance.now() - pausedAt < 20) continue;
      await pause(signal);
      pausedAt = performance.now();
    }
    return { metric_key: query.metric_key, lines };
  };
}
