import type { Area, Ruler } from "./place.ts";

// What part of its data a chart shows.

export type Range = readonly [number, number];

/** Absent: all of it. */
export interface Zoom {
  x?: Range | undefined;
  y?: Range | undefined;
}

/** A drag shorter than this in px is none. */
const LEAST_DRAG = 4;

/** The range between two px of an axis; undefined when they are too near. */
export function draggedRange(ruler: Ruler, from: number, to: number, bounds: [number, number]): Range | undefined {
  const [low, high] = bounds[0] < bounds[1] ? bounds : [bounds[1], bounds[0]];
  const clamp = (px: number) => Math.min(high, Math.max(low, px));
  const [a, b] = [clamp(from), clamp(to)];
  if (Math.abs(a - b) < LEAST_DRAG) return undefined;
  const [first, second] = [ruler.value(a), ruler.value(b)];
  return first < second ? [first, second] : [second, first];
}

/** `area` made `factor` times as long around px `at`: below 1 shows less. */
export function zoomedAt(ruler: Ruler, from: number, to: number, at: number, factor: number): Range {
  const [first, second] = [ruler.value(at + (from - at) * factor), ruler.value(at + (to - at) * factor)];
  return first < second ? [first, second] : [second, first];
}

/** The same length, moved by a share of it. */
export function panned(ruler: Ruler, from: number, to: number, share: number): Range {
  const by = (to - from) * share;
  const [first, second] = [ruler.value(from + by), ruler.value(to + by)];
  return first < second ? [first, second] : [second, first];
}

/** `range` kept within `all`; undefined when it shows everything. */
export function within(range: Range, all: Range): Range | undefined {
  const length = Math.min(range[1] - range[0], all[1] - all[0]);
  if (!(length > 0)) return undefined;
  const from = Math.min(Math.max(range[0], all[0]), all[1] - length);
  const close = (all[1] - all[0]) * 1e-6;
  return from <= all[0] + close && from + length >= all[1] - close ? undefined : [from, from + length];
}

export function isZoomed({ x, y }: Zoom): boolean {
  return x !== undefined || y !== undefined;
}

/** True where a point of the page lies in the plot area, with some px around it. */
export function isIn({ left, right, top, bottom }: Area, px: number, py: number, around = 4): boolean {
  return px >= left - around && px <= right + around && py >= top - around && py <= bottom + around;
}
