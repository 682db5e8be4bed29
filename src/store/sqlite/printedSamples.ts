import type { PrintedReads, SampledHistories } from "../printedReads.ts";
import { samplePlaces } from "../samplePlaces.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { printsExactly } from "./exactness.ts";
import { byRun } from "./historyIndex.ts";
import { bytesOf, printedPoints, readIds, START_OF_POINTS, toPart } from "./printedPart.ts";

type Range = [run_id: string, key: string, start: number, end: number];

const SORTED = "ORDER BY step, timestamp, value, is_nan";
const POINTS = printedPoints(", 'run_id', ?");

/** Points of which every step and rowid may be listed at once; of more only those wanted are. */
const MOST_LISTED = 20_000;

interface Points {
  bytes: Uint8Array | null;
}

/** Histories of several runs, each thinned evenly to what is wanted, as MLflow prints them. */
export function printedSamples(db: Database): PrintedReads["printedSamples"] {
  const pointsOf = (
    run_id: string,
    query: SampledHistories,
    { index, before }: { index: string; before: string },
  ): Uint8Array | undefined => {
    const { metric_key, start_step, end_step, max_results } = query;
    const range: Range = [run_id, metric_key, start_step ?? -(2 ** 63), end_step ?? 2 ** 63];
    const from = `FROM metrics ${index} WHERE run_uuid = ? AND key = ? AND step BETWEEN ? AND ?`;
    const numberOf = (sql: string) => db.prepare<Range, { number: number }>(sql).get(...range)?.number ?? 0;
    const idsOf = (sql: string) =>
      readIds(
        db.prepare<Range, { ids: string }>(`SELECT json_group_array(id) AS ids FROM (${sql})`).get(...range)?.ids,
      );
    const print = <P extends SqlValue[]>(points: string, ...values: P) =>
      db
        .prepare<[string, string, string, string, ...P], Points>(`SELECT ${POINTS} AS bytes FROM ${points}`)
        .get(before, metric_key, run_id, "", ...values)?.bytes ?? undefined;

    const found = numberOf(`SELECT count(*) AS number ${from}`);
    if (found === 0) return undefined;
    if (found <= max_results) return print(`(SELECT value, timestamp, step, is_nan ${from} ${SORTED}) m`, ...range);
    const places = samplePlaces(found, max_results);
    const printRows = (rowids: number[]) => {
      const wanted = JSON.stringify(places.map((place) => rowids[place]));
      return print("json_each(?) k CROSS JOIN metrics m ON m.rowid = k.value", wanted);
    };
    // One point at each step: these are in order by their steps alone, which the index has.
    if (found <= MOST_LISTED) {
      const steps = idsOf(`SELECT step AS id ${from} ORDER BY step`);
      if (isAscending(steps)) return printRows(idsOf(`SELECT rowid AS id ${from} ORDER BY step`));
    } else {
      const first = numberOf(`SELECT min(step) AS number ${from}`);
      const last = numberOf(`SELECT max(step) AS number ${from}`);
      const steps = () => numberOf(`SELECT count(*) AS number FROM (SELECT DISTINCT step ${from})`);
      if (last - first + 1 === found && steps() === found) {
        const wanted = JSON.stringify(places.map((place) => first + place));
        const points = `json_each(?) k CROSS JOIN metrics m ${index} ON m.run_uuid = ? AND m.key = ? AND m.step = k.value`;
        return print(points, wanted, run_id, metric_key);
      }
    }
    return printRows(idsOf(`SELECT rowid AS id ${from} ${SORTED}`));
  };

  return async (query) =>
    db.read(() => {
      if (!printsExactly(db)) return undefined;
      const index = byRun(db);
      const parts: Uint8Array[] = [];
      for (const run_id of query.run_ids) {
        const before = parts.length === 0 ? START_OF_POINTS : ",";
        const bytes = pointsOf(run_id, query, { index, before });
        if (bytes !== undefined) parts.push(bytes);
      }
      return parts.length === 0 ? toPart("{}") : { bytes: Buffer.concat([...parts, bytesOf("]}")]) };
    });
}

function isAscending(numbers: number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > (numbers[i - 1] ?? number));
}
