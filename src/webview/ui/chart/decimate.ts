import { isOutside } from "../format.ts";

/** A point of a line; NaN in `y` is a gap. */
export interface Point {
  x: number;
  y: number;
}

/**
 * At most about `2 × columns` points that draw the same picture: the lowest and highest of each column, in their order, and the
 * first and last point. Values that cannot be drawn become gaps.
 */
export function decimate(xs: ArrayLike<number>, ys: ArrayLike<number>, columns: number): Point[] {
  const count = xs.length;
  if (count <= columns * 2) return Array.from({ length: count }, (_, i) => pointAt(xs, ys, i));
  const points: Point[] = [pointAt(xs, ys, 0)];
  for (let column = 0; column < columns; column++) {
    const from = 1 + Math.floor((column * (count - 2)) / columns);
    const to = 1 + Math.floor(((column + 1) * (count - 2)) / columns);
    points.push(...extremes(xs, ys, from, to));
  }
  points.push(pointAt(xs, ys, count - 1));
  return points;
}

function extremes(xs: ArrayLike<number>, ys: ArrayLike<number>, from: number, to: number): Point[] {
  let low = -1;
  let high = -1;
  for (let i = from; i < to; i++) {
    const y = ys[i] ?? Number.NaN;
    if (isOutside(y)) continue;
    if (low < 0 || y < (ys[low] ?? 0)) low = i;
    if (high < 0 || y > (ys[high] ?? 0)) high = i;
  }
  if (low < 0) return to > from ? [{ x: xs[from] ?? 0, y: Number.NaN }] : [];
  if (low === high) return [pointAt(xs, ys, low)];
  return low < high ? [pointAt(xs, ys, low), pointAt(xs, ys, high)] : [pointAt(xs, ys, high), pointAt(xs, ys, low)];
}

function pointAt(xs: ArrayLike<number>, ys: ArrayLike<number>, i: number): Point {
  const y = ys[i] ?? Number.NaN;
  return { x: xs[i] ?? 0, y: isOutside(y) ? Number.NaN : y };
}
