// A metric history as columns, thinned for a chart.

/** Points of one line in step order; at one step by time, then by value. */
export interface Points {
  steps: Float64Array;
  timestamps: Float64Array;
  values: Float64Array;
}

/** Time of the earliest point, NaN without points. */
export function beginning({ timestamps }: Points): number {
  let least = Number.NaN;
  for (const time of timestamps) if (!(time >= least)) least = time;
  return least;
}

/** Puts points that came in step order into time order within each step. */
export function sortWithinSteps(points: Points): Points {
  const { steps, timestamps, values } = points;
  let sorted = true;
  for (let i = 1; i < steps.length && sorted; i++) sorted = comparePoints(points, i - 1, i) <= 0;
  if (sorted) return points;
  const order = Uint32Array.from(steps, (_, index) => index).sort((a, b) => comparePoints(points, a, b));
  return {
    steps: Float64Array.from(order, (index) => steps[index] ?? 0),
    timestamps: Float64Array.from(order, (index) => timestamps[index] ?? 0),
    values: Float64Array.from(order, (index) => values[index] ?? 0),
  };
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
  if (total <= allowed) return points;
  const buckets = Math.floor((allowed - 2) / 2);
  const kept: number[] = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = 1 + Math.floor((bucket * (total - 2)) / buckets);
    const end = 1 + Math.floor(((bucket + 1) * (total - 2)) / buckets);
    kept.push(...extremes(points.values, start, end));
  }
  kept.push(total - 1);
  const pick = (column: Float64Array) => Float64Array.from(kept, (index) => column[index] ?? Number.NaN);
  return { steps: pick(points.steps), timestamps: pick(points.timestamps), values: pick(points.values) };
}

function extremes(values: Float64Array, start: number, end: number): number[] {
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
