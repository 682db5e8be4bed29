import type { Series, SeriesLine } from "../../../protocol/series.ts";
import { isOutside } from "../format.ts";
import { directionOf } from "../metrics.ts";

// What a line chart shows, apart from how it is drawn.

/** One run's line in a chart. */
export interface ChartLine {
  run_id: string;
  name: string;
  ordinal: number;
  /** Still growing: its end is drawn with a halo. */
  running: boolean;
  line: SeriesLine;
}

/** The lines of an answer by their run. */
export function linesByRun({ lines }: Series): ReadonlyMap<string, SeriesLine> {
  return new Map(lines.map((line) => [line.run_id, line]));
}

export interface Extent {
  minX: number;
  maxX: number;
  minY: number;
  maxY: number;
}

/** Range of everything that can be drawn; undefined when nothing can. */
export function extentOf(lines: { xs: Float64Array; ys: Float64Array }[]): Extent | undefined {
  let [minX, maxX] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [minY, maxY] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { xs, ys } of lines) {
    xs.forEach((x, i) => {
      minX = Math.min(minX, x);
      maxX = Math.max(maxX, x);
      const y = ys[i] ?? Number.NaN;
      if (isOutside(y)) return;
      minY = Math.min(minY, y);
      maxY = Math.max(maxY, y);
    });
  }
  if (maxX < minX) return undefined;
  return maxY < minY ? { minX, maxX, minY: 0, maxY: 1 } : { minX, maxX, minY, maxY };
}

/** Index of the point of `xs` (ascending) that is nearest to `x`; -1 when there is none. */
export function nearestIndex(xs: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  return Math.abs((xs[low] ?? 0) - x) <= Math.abs((xs[high] ?? 0) - x) ? low : high;
}

export interface Reading {
  run_id: string;
  name: string;
  ordinal: number;
  value: number;
}

/** The tooltip at `x`: raw values of the runs that have a point near it, best first; at most `limit`, never without `always`. */
export function readingsAt(
  metricKey: string,
  lines: ChartLine[],
  x: number,
  reach: number,
  limit: number,
  always: string | undefined,
): { readings: Reading[]; more: number } {
  const all: Reading[] = [];
  for (const { run_id, name, ordinal, line } of lines) {
    const i = nearestIndex(line.steps, x);
    const step = line.steps[i];
    const value = line.values[i];
    if (step !== undefined && value !== undefined && Math.abs(step - x) <= reach)
      all.push({ run_id, name, ordinal, value });
  }
  const sign = directionOf(metricKey) === "lower" ? 1 : -1;
  all.sort((a, b) => Number(isOutside(a.value)) - Number(isOutside(b.value)) || sign * (a.value - b.value));
  const kept = all.filter((reading, i) => i < limit || reading.run_id === always);
  if (kept.length > limit) kept.splice(limit - 1, 1);
  return { readings: kept, more: all.length - kept.length };
}

/** The step of any line that is nearest to `x`, `by` points further on. */
export function stepFrom(lines: ChartLine[], x: number | undefined, by: number): number | undefined {
  const steps = [...new Set(lines.flatMap(({ line }) => [...line.steps]))].sort((a, b) => a - b);
  if (steps.length === 0) return undefined;
  if (x === undefined) return by < 0 ? steps.at(-1) : steps[0];
  const at = nearestIndex(steps, x);
  return steps[Math.min(steps.length - 1, Math.max(0, at + by))];
}

const DASHES = [[], [6, 3], [2, 2]];

/** Dashes of lines that share a colour: the oldest run is solid, then 6 3, then 2 2; undefined = a fourth, drawn grey. */
export function dashesOf(ordinals: number[]): (number[] | undefined)[] {
  return ordinals.map((ordinal) => {
    const older = ordinals.filter((other) => other < ordinal && other % 10 === ordinal % 10).length;
    return DASHES[older];
  });
}
