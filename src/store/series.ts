import type { SeriesLine, SeriesQuery } from "../protocol/series.ts";

// A metric history as columns, thinned for a chart.

/** Points of one line in step order; at one step by time, then by value. */
export interface Points {
  steps: Float64Array;
  timestamps: Float64Array;
  values: Float64Array;
  /** What another metric had at the same steps. */
  xs?: Float64Array;
}

/** The line that a query asks for, from all points of its history. */
export function toLine(run_id: string, all: Points, query: SeriesQuery, of?: Points): SeriesLine {
  const began = beginning(all);
  const joined = of === undefined ? all : withXs(all, of);
  const wanted = within(joined, query, began);
  return { run_id, total: wanted.values.length, began, ...thin(wanted, query.points) };
}

/** The points at whose step the other metric has a value; of several values at one step the last. */
export function withXs({ steps, timestamps, values }: Points, of: Points): Points {
  const byStep = new Map<number, number>();
  for (const [i, step] of of.steps.entries()) byStep.set(step, of.values[i] ?? 0);
  const kept = Array.from(steps.keys()).filter((i) => byStep.has(steps[i] ?? 0));
  const pick = (column: Float64Array) => Float64Array.from(kept, (i) => column[i] ?? 0);
  return {
    steps: pick(steps),
    timestamps: pick(timestamps),
    values: pick(values),
    xs: Float64Array.from(kept, (i) => byStep.get(steps[i] ?? 0) ?? 0),
  };
}

/** The points in the range that is asked for, and the nearest beyond each end. */
export function within(points: Points, { axis, range }: Pick<SeriesQuery, "axis" | "range">, began: number): Points {
  const [start, end] = placesWithin(points, axis, range, began);
  if (start === 0 && end === points.values.length) return points;
  const { steps, timestamps, values, xs } = points;
  return {
    steps: steps.subarray(start, end),
    timestamps: timestamps.subarray(start, end),
    values: values.subarray(start, end),
    ...(xs === undefined ? {} : { xs: xs.subarray(start, end) }),
  };
}

/** From the first place to the one after the last. */
export function placesWithin(
  { steps, timestamps, xs }: Points,
  axis: SeriesQuery["axis"],
  range: SeriesQuery["range"],
  began: number,
): [start: number, end: number] {
  const count = steps.length;
  if (range === undefined) return [0, count];
  const axisOf = xs ?? (axis === "time" || axis === "relative" ? timestamps : steps);
  const zero = xs === undefined && axis === "relative" ? began : 0;
  let start = 0;
  while (start < count && (axisOf[start] ?? 0) - zero < range.from) start++;
  let end = count;
  while (end > start && (axisOf[end - 1] ?? 0) - zero > range.to) end--;
  return [Math.max(0, start - 1), Math.min(count, end + 1)];
}

/** Time of the earliest point, NaN without points. */
export function beginning({ timestamps }: Points): number {
  let least = Number.NaN;
  for (const time of timestamps) if (!(time >= least)) least = time;
  return least;
}

/** Puts points that came in step order into time order within each step. */
export function sortWithinSteps(points: Points): Points {
  if (isSorted(points, 0)) return points;
  const { steps, timestamps, values } = points;
  const order = Uint32Array.from(steps, (_, index) => index).sort((a, b) => comparePoints(points, a, b));
  return {
    steps: Float64Array.from(order, (index) => steps[index] ?? 0),
    timestamps: Float64Array.from(order, (index) => timestamps[index] ?? 0),
    values: Float64Array.from(order, (index) => values[index] ?? 0),
  };
}

/** Whether the points from `start` on are in order, behind the one before them. */
export function isSorted(points: Points, start: number): boolean {
  for (let i = Math.max(1, start); i < points.steps.length; i++) if (comparePoints(points, i - 1, i) > 0) return false;
  return true;
}

function comparePoints({ steps, timestamps, values }: Points, a: number, b: number): number {
  const byStep = (steps[a] ?? 0) - (steps[b] ?? 0);
  if (byStep !== 0) return byStep;
  const byTime = (timestamps[a] ?? 0) - (timestamps[b] ?? 0);
  if (byTime !== 0) return byTime;
  const byValue = (values[a] ?? 0) - (values[b] ?? 0);
  return Number.isNaN(byValue) ? 0 : byValue;
}

/**
 * At most `limit` of the points (never fewer than 4 are allowed): the first, the last, and of every bucket between
 * them the smallest and the largest value, so that no extreme is lost. A bucket of nothing but NaN keeps one.
 */
export function thin(points: Points, limit: number): Points {
  const total = points.values.length;
  const allowed = Math.max(4, Math.floor(limit));
  // Not the columns themselves: these may be parts of longer ones, which would cross the port whole.
  if (total <= allowed) return copied(points);
  const buckets = Math.floor((allowed - 2) / 2);
  const kept: number[] = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * (total - 2)) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * (total - 2)) / buckets);
    kept.push(...extremes(points.values, start, end));
  }
  kept.push(total - 1);
  const pick = (column: Float64Array) => Float64Array.from(kept, (index) => column[index] ?? Number.NaN);
  const { steps, timestamps, values, xs } = points;
  const picked = { steps: pick(steps), timestamps: pick(timestamps), values: pick(values) };
  return xs === undefined ? picked : { ...picked, xs: pick(xs) };
}

function copied({ steps, timestamps, values, xs }: Points): Points {
  const copy = { steps: steps.slice(), timestamps: timestamps.slice(), values: values.slice() };
  return xs === undefined ? copy : { ...copy, xs: xs.slice() };
}

/** Places of the smallest and the largest value from `start` to before `end`, in their order; one where all are NaN. */
export function extremes(values: Float64Array, start: number, end: number): number[] {
  let low = -1;
  let high = -1;
  for (let i = start; i < end; i++) {
    const value = values[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    if (low < 0 || value < (values[low] ?? 0)) low = i;
    if (high < 0 || value > (values[high] ?? 0)) high = i;
  }
  if (low < 0) return [start];
  if (low === high) return [low];
  return low < high ? [low, high] : [high, low];
}
