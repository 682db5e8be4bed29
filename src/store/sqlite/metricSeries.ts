import type { SeriesLine, SeriesQuery } from "../../protocol/series.ts";
import { pause } from "../chain.ts";
import { beginning, type Points, sortWithinSteps, thin } from "../series.ts";
import type { Database } from "./database.ts";

/** Rows a statement reads at once: about 10 ms. */
const ROWS_AT_ONCE = 10_000;

interface PointRow {
  id: number;
  step: number;
  timestamp: number;
  value: number;
  is_nan: number;
}

/** Reads a history in (step, rowid) order, which the index gives without sorting, `ROWS_AT_ONCE` rows at a time. */
export function metricSeriesReader(db: Database) {
  const next = db.prepare<[string, string, number, number, number], PointRow>(
    `SELECT rowid AS id, step, timestamp, value, is_nan FROM metrics
     WHERE run_uuid = ? AND key = ? AND (step, rowid) > (?, ?) ORDER BY step, rowid LIMIT ?`,
  );

  const readPoints = async (run_id: string, key: string, signal: AbortSignal | undefined): Promise<Points> => {
    const chunks: Points[] = [];
    let step = -Number.MAX_VALUE;
    let id = 0;
    for (;;) {
      const rows = db.read(() => next.all(run_id, key, step, id, ROWS_AT_ONCE));
      chunks.push(toColumns(rows));
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE) break;
      step = last.step;
      id = last.id;
      await pause(signal);
    }
    return sortWithinSteps(joined(chunks));
  };

  return async ({ run_ids, metric_key, points }: SeriesQuery, signal?: AbortSignal) => {
    const lines: SeriesLine[] = [];
    let pausedAt = performance.now();
    for (const run_id of run_ids) {
      const all = await readPoints(run_id, metric_key, signal);
      lines.push({ run_id, total: all.values.length, began: beginning(all), ...thin(all, points) });
      if (performance.now() - pausedAt < 20) continue;
      await pause(signal);
      pausedAt = performance.now();
    }
    return { metric_key, lines };
  };
}

function toColumns(rows: PointRow[]): Points {
  return {
    steps: Float64Array.from(rows, ({ step }) => step),
    timestamps: Float64Array.from(rows, ({ timestamp }) => timestamp),
    values: Float64Array.from(rows, ({ value, is_nan }) => (is_nan === 1 ? Number.NaN : value)),
  };
}

function joined(chunks: Points[]): Points {
  const total = chunks.reduce((sum, { steps }) => sum + steps.length, 0);
  const all = { steps: new Float64Array(total), timestamps: new Float64Array(total), values: new Float64Array(total) };
  let at = 0;
  for (const chunk of chunks) {
    all.steps.set(chunk.steps, at);
    all.timestamps.set(chunk.timestamps, at);
    all.values.set(chunk.values, at);
    at += chunk.steps.length;
  }
  return all;
}
