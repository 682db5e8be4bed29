import { isOutside } from "../format.ts";

/**
 * Debiased exponential moving average with `weight` 0 to 0.99; 0 gives the values themselves. NaN and ±∞ stay where they are and
 * do not enter the average. Where a value stands for several points (`stands`, at least 1), it weighs as many of them, so that a
 * thinned line is smoothed as its history would be.
 */
export function smooth(values: Float64Array, weight: number, stands = 1): Float64Array {
  if (weight <= 0) return values;
  const kept = weight ** Math.max(1, stands);
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let debias = 0;
  values.forEach((value, i) => {
    if (isOutside(value)) {
      smoothed[i] = value;
      return;
    }
    sum = sum * kept + value * (1 - kept);
    debias = debias * kept + (1 - kept);
    smoothed[i] = sum / debias;
  });
  return smoothed;
}
