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
  /** Where its points stand, one for each value; absent: at their steps. */
  xs?: Float64Array;
  /** Which of several metrics in one chart it is. */
  part?: { key: string; index: number };
  /** Another run to compare with: grey and dashed. */
  baseline?: boolean;
  /** Of the mean of a group: deviations around the values. */
  deviations?: Float64Array;
}

export function xsOf({ xs, line }: ChartLine): Float64Array {
  return xs ?? line.steps;
}

/** Whether the points go from left to right, as they do unless x is another metric. */
export function isAscending(xs: Float64Array): boolean {
  const known = ascending.get(xs);
  if (known !== undefined) return known;
  let found = true;
  for (let i = 1; i < xs.length && found; i++) found = (xs[i] ?? 0) >= (xs[i - 1] ?? 0);
  ascending.set(xs, found);
  return found;
}
const ascending = new WeakMap<Float64Array, boolean>();

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

/** Index of the point of `xs` that is nearest to `x`, whatever their order; -1 when there is none. */
export function nearestOf(xs: Float64Array, x: number): number {
  if (isAscending(xs)) return nearestIndex(xs, x);
  let nearest = -1;
  xs.forEach((other, i) => {
    if (nearest < 0 || Math.abs(other - x) < Math.abs((xs[nearest] ?? 0) - x)) nearest = i;
  });
  return nearest;
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
  part?: { key: string; index: number };
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
  for (const each of lines) {
    const { run_id, name, ordinal, line, part } = each;
    const xs = xsOf(each);
    const i = nearestOf(xs, x);
    const at = xs[i];
    const value = line.values[i];
    if (at === undefined || value === undefined || Math.abs(at - x) > reach) continue;
    all.push({ run_id, name, ordinal, value, ...(part === undefined ? {} : { part }) });
  }
  const sign = directionOf(metricKey) === "lower" ? 1 : -1;
  all.sort((a, b) => Number(isOutside(a.value)) - Number(isOutside(b.value)) || sign * (a.value - b.value));
  const kept = all.filter((reading, i) => i < limit || reading.run_id === always);
  if (kept.length > limit) kept.splice(limit - 1, 1);
  return { readings: kept, more: all.length - kept.length };
}

const places = new WeakMap<ChartLine[], Float64Array>();

/** Where any of the lines has a point, ascending. */
function placesOf(lines: ChartLine[]): Float64Array {
  const known = places.get(lines);
  if (known !== undefined) return known;
  const all = new Float64Array(lines.reduce((sum, line) => sum + xsOf(line).length, 0));
  let count = 0;
  for (const line of lines) {
    all.set(xsOf(line), count);
    count += xsOf(line).length;
  }
  all.sort();
  let kept = 0;
  for (let i = 0; i < count; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i] ?? 0;
  const found = all.subarray(0, kept);
  places.set(lines, found);
  return found;
}

/** The place of any line's point that is nearest to `x`, `by` points further on, within `from … to`. */
export function stepFrom(
  lines: ChartLine[],
  x: number | undefined,
  by: number,
  range: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): number | undefined {
  const all = placesOf(lines);
  const steps = all.subarray(
    all.findIndex((at) => at >= range[0]),
    all.findLastIndex((at) => at <= range[1]) + 1,
  );
  if (steps.length === 0) return undefined;
  if (x === undefined) return by < 0 ? steps.at(-1) : steps[0];
  const at = nearestIndex(steps, x);
  return steps[Math.min(steps.length - 1, Math.max(0, at + by))];
}

const DASHES = [[], [6, 3], [2, 2]];

/** Dashes of the metrics of one chart. */
export const PART_DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [1, 3]];

/** Dashes of lines that share a colour: the oldest run is solid, then 6 3, then 2 2; undefined = a fourth, drawn grey. */
export function dashesOf(ordinals: number[]): (number[] | undefined)[] {
  return ordinals.map((ordinal) => {
    const older = ordinals.filter((other) => other < ordinal && other % 10 === ordinal % 10).length;
    return DASHES[older];
  });
}
