import { isOutside } from "../format.ts";

/** Beyond this many times the middle half's height a value is an outlier. */
const REACH = 3;
/** More values than this are looked at by every n-th. */
const SAMPLED = 20_000;

/** The range without outliers: three times the middle half beyond its quartiles; undefined when nothing lies outside it. */
export function fencesOf(columns: Float64Array[]): [number, number] | undefined {
  const count = columns.reduce((sum, column) => sum + column.length, 0);
  const every = Math.max(1, Math.ceil(count / SAMPLED));
  const values: number[] = [];
  for (const column of columns) {
    for (let i = 0; i < column.length; i += every) {
      const value = column[i] ?? Number.NaN;
      if (!isOutside(value)) values.push(value);
    }
  }
  if (values.length < 8) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const [low, high] = [at(0.25), at(0.75)];
  if (!(high > low)) return undefined;
  const fences: [number, number] = [low - REACH * (high - low), high + REACH * (high - low)];
  return at(0) >= fences[0] && at(1) <= fences[1] ? undefined : fences;
}

/** How many values lie beyond `low … high`. */
export function countOutside(columns: Float64Array[], [low, high]: readonly [number, number]): number {
  let count = 0;
  for (const column of columns)
    for (const value of column) if (!isOutside(value) && (value < low || value > high)) count++;
  return count;
}
