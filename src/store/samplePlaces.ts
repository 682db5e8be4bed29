/** Places of `count` out of `found` points: the first of as many even groups (SQL's ntile, as in mlflow 3.17), but the last point at the end. */
export function samplePlaces(found: number, count: number): number[] {
  if (found <= count) return Array.from({ length: found }, (_, place) => place);
  const size = Math.floor(found / count);
  // The first groups take one more each until the remainder is used up.
  const larger = found % count;
  const starts = Array.from({ length: count - 1 }, (_, i) => i * size + Math.min(i, larger));
  return [...starts, found - 1];
}
