import type { PrintedReads, SampledHistories } from "../printedReads.ts";
import { samplePlaces } from "../samplePlaces.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { toPart } from "./printedPart.ts";

interface Extent {
  found: number;
  /** How many different steps. */
  steps: number;
  first: number;
  last: number;
}

type Range = [run_id: string, key: string, start: number, end: number];

const RANGE = "FROM metrics WHERE run_uuid = ? AND key = ? AND step BETWEEN ? AND ?";
const SORTED = "ORDER BY step, timestamp, value, is_nan";
/** Of a metric's row `m`; binds the key and the run. */
const POINT = `json_object('key', ?, 'value', CASE WHEN m.is_nan = 1 THEN 'NaN' ELSE m.value END, 'timestamp', m.timestamp,
  'step', m.step, 'run_id', ?)`;

/** Histories of several runs, each thinned evenly to what is wanted, as MLflow prints them. */
export function printedSamples(db: Database): PrintedReads["printedSamples"] {
  const extent = db.prepare<Range, Extent>(
    `SELECT count(*) AS found, count(DISTINCT step) AS steps, min(step) AS first, max(step) AS last ${RANGE}`,
  );
  const all = db.prepare<[string, string, ...Range], { points: string }>(
    `SELECT group_concat(${POINT}) AS points FROM (SELECT value, timestamp, step, is_nan ${RANGE} ${SORTED}) m`,
  );
  const rowids = db.prepare<Range, { rowids: string }>(
    `SELECT json_group_array(id) AS rowids FROM (SELECT rowid AS id ${RANGE} ${SORTED})`,
  );
  const atRowids = db.prepare<[string, string, string], { points: string }>(
    `SELECT group_concat(${POINT}) AS points FROM json_each(?) k CROSS JOIN metrics m ON m.rowid = k.value`,
  );
  const atSteps = db.prepare<[string, string, string, string, string], { points: string }>(
    `SELECT group_concat(${POINT}) AS points FROM json_each(?) k
     CROSS JOIN metrics m ON m.run_uuid = ? AND m.key = ? AND m.step = k.value`,
  );

  const pointsOf = (run_id: string, { metric_key, start_step, end_step, max_results }: SampledHistories) => {
    const range: Range = [run_id, metric_key, start_step ?? -(2 ** 63), end_step ?? 2 ** 63];
    const { found = 0, steps = 0, first = 0, last = 0 } = extent.get(...range) ?? {};
    if (found === 0) return undefined;
    if (found <= max_results) return all.get(metric_key, run_id, ...range)?.points;
    const places = samplePlaces(found, max_results);
    if (steps === found && last - first + 1 === found) {
      // One point at each step: the index leads to those wanted.
      const wanted = JSON.stringify(places.map((place) => first + place));
      return atSteps.get(metric_key, run_id, wanted, run_id, metric_key)?.points;
    }
    const sorted = readIds(rowids.get(...range)?.rowids);
    const wanted = JSON.stringify(places.map((place) => sorted[place]));
    return atRowids.get(metric_key, run_id, wanted)?.points;
  };

  return async (query) =>
    db.read(() => {
      if (!printsExactly(db)) return undefined;
      const points = query.run_ids.map((run_id) => pointsOf(run_id, query)).filter((text) => text !== undefined);
      return toPart(points.length === 0 ? "{}" : `{"metrics":[${points.join()}]}`);
    });
}

/** The border: what SQLite printed as a JSON list. */
function readIds(text: string | undefined): number[] {
  return JSON.parse(text ?? "[]");
}
