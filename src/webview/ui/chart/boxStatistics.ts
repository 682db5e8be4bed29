import { isOutside } from "../format.ts";

export interface BoxStatistics {
  count: number;
  low: number;
  median: number;
  high: number;
  /** Furthest values within one and a half times the box beyond it. */
  whiskers: [number, number];
  mean: number;
}

/** Quartiles by linear interpolation between ranks, as numpy does; undefined without a finite value. */
export function boxStatistics(values: Iterable<number>): BoxStatistics | undefined {
  const sorted = Float64Array.from([...values].filter((value) => !isOutside(value))).sort();
  const count = sorted.length;
  if (count === 0) return undefined;
  const [low, median, high] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const reach = 1.5 * (high - low);
  const inside = sorted.filter((value) => value >= low - reach && value <= high + reach);
  return {
    count,
    low,
    median,
    high,
    whiskers: [Math.min(low, inside[0] ?? low), Math.max(high, inside.at(-1) ?? high)],
    mean: sorted.reduce((sum, value) => sum + value / count, 0),
  };
}

/** The value below which a share of `sorted` lies. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
