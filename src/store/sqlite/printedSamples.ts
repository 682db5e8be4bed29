import type { PrintedReads, SampledHistories } from "../printedReads.ts";
import { samplePlaces } from "../samplePlaces.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { byRun } from "./historyIndex.ts";
import { readIds, toPart } from "./printedPart.ts";

type Range = [run_id: string, key: string, start: number, end: number];

const SORTED = "ORDER BY step, timestamp, value, is_nan";
/** Of a metric's row `m`; binds the key and the run. */
const POINT = `json_object('key', ?, 'value', CASE WHEN m.is_nan = 1 THEN 'NaN' ELSE m.value END, 'timestamp', m.timestamp,
  'step', m.step, 'run_id', ?)`;

interface Points {
  points: string | null;
}

/** Histories of several runs, each thinned evenly to what is wanted, as MLflow prints them. */
export function printedSamples(db: Database): PrintedReads["printedSamples"] {
  const pointsOf = (run_id: string, query: SampledHistories, index: string) => {
    const { metric_key, start_step, end_step, max_results } = query;
    const range: Range = [run_id, metric_key, start_step ?? -(2 ** 63), end_step ?? 2 ** 63];
    const from = `FROM metrics ${index} WHERE run_uuid = ? AND key = ? AND step BETWEEN ? AND ?`;
    const numberOf = (sql: string) => db.prepare<Range, { number: number }>(sql).get(...range)?.number ?? 0;
    const found = numberOf(`SELECT count(*) AS number ${from}`);
    if (found === 0) return null;
    if (found <= max_results) {
      const sql = `SELECT group_concat(${POINT}) AS points FROM (SELECT value, timestamp, step, is_nan ${from} ${SORTED}) m`;
      return db.prepare<[string, string, ...Range], Points>(sql).get(metric_key, run_id, ...range)?.points;
    }
    const places = samplePlaces(found, max_results);
    const first = numberOf(`SELECT min(step) AS number ${from}`);
    const last = numberOf(`SELECT max(step) AS number ${from}`);
    const steps = () => numberOf(`SELECT count(*) AS number FROM (SELECT DISTINCT step ${from})`);
    if (last - first + 1 === found && steps() === found) {
      // One point at each step: the index leads to those wanted.
      const wanted = JSON.stringify(places.map((place) => first + place));
      const sql = `SELECT group_concat(${POINT}) AS points FROM json_each(?) k
        CROSS JOIN metrics m ${index} ON m.run_uuid = ? AND m.key = ? AND m.step = k.value`;
      const values = [metric_key, run_id, wanted, run_id, metric_key] as const;
      return db.prepare<[...typeof values], Points>(sql).get(...values)?.points;
    }
    const sorted = readIds(
      db
        .prepare<Range, { rowids: string }>(
          `SELECT json_group_array(id) AS rowids FROM (SELECT rowid AS id ${from} ${SORTED})`,
        )
        .get(...range)?.rowids,
    );
    const wanted = JSON.stringify(places.map((place) => sorted[place]));
    const sql = `SELECT group_concat(${POINT}) AS points FROM json_each(?) k CROSS JOIN metrics m ON m.rowid = k.value`;
    return db.prepare<[string, string, string], Points>(sql).get(metric_key, run_id, wanted)?.points;
  };

  return async (query) =>
    db.read(() => {
      if (!printsExactly(db)) return undefined;
      const index = byRun(db);
      const points = query.run_ids.map((run_id) => pointsOf(run_id, query, index)).filter((text) => text !== null);
      return toPart(points.length === 0 ? "{}" : `{"metrics":[${points.join()}]}`);
    });
}
