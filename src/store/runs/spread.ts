import { type NumberColumn, PRESENT } from "./runColumn.ts";

export interface Spread {
  /** How many runs have a finite value. */
  count: number;
  /** NaN without one; so are the others. */
  mean: number;
  /** Of the sample; NaN with fewer than two. */
  deviation: number;
  min: number;
  max: number;
}

/** Over the finite values at `slots`. SQLite stores keep infinities as the largest number there is. */
export function spreadOf({ values, kinds }: NumberColumn, slots: Uint32Array): Spread {
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const slot of slots) {
    const value = values[slot] ?? 0;
    if (kinds[slot] !== PRESENT || !isFinitely(value)) continue;
    count += 1;
    const difference = value - mean;
    mean += difference / count;
    squares += difference * (value - mean);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN;
  if (count === 0) return { count, mean: Number.NaN, deviation, min: Number.NaN, max: Number.NaN };
  return { count, mean, deviation, min, max };
}

export function isFinitely(value: number): boolean {
  return Math.abs(value) < Number.MAX_VALUE;
}
