import { isOutside } from "../format.ts";

/**
 * Debiased exponential moving average with `weight` 0 to 0.99; 0 gives the values themselves. NaN and ±∞ stay where they are and
 * do not enter the average.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let debias = 0;
  values.forEach((value, i) => {
    if (isOutside(value)) {
      smoothed[i] = value;
      return;
    }
    sum = sum * weight + value * (1 - weight);
    debias = debias * weight + (1 - weight);
    smoothed[i] = sum / debias;
  });
  return smoothed;
}
