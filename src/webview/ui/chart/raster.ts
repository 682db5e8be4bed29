import { type Channels, channels } from "./palette.ts";
import type { Shape } from "./shapes.ts";

// Lines of very many points as px of ours. A canvas without a graphics card takes seconds for a hundred noisy lines: it makes an
// outline of each, with its joins and dashes. Here a line is one upright span a column, which is all that an eye can tell.

export type Path = Extract<Shape, { kind: "path" }>;

/** Px of the device that are painted: `scale` of them are a px of the paths. */
export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
  scale: number;
}

/** A px is as many columns wide as this: edges of steep lines are smooth. */
const SUB = 2;
/** What is as opaque as this lets nothing be seen below it. */
const OPAQUE = 0.98;

/** Red, green, blue and opacity of each px. The last path lies on top; in none x falls. */
export function rasterize(paths: readonly Path[], window: Window): Uint8ClampedArray<ArrayBuffer> {
  const { width, height, scale } = window;
  const spans = new Spans(width * SUB, height);
  /** Column by column, colours times opacity. From the top down: what is hidden costs nothing. */
  const sum = new Float32Array(width * height * 4);
  for (const path of paths.toReversed()) {
    if (path.stroke === undefined) continue;
    spans.lay(path, path.stroke.width * scale, window);
    const dash = (path.stroke.dash ?? []).map((length) => length * scale);
    const color = channels(path.stroke.color);
    for (let column = 0; column < width; column++) if (isOn(column, dash)) spans.blend(sum, column, color);
  }
  return asBytes(sum, width, height);
}

/** Dashes go by px of x: along a steep line nobody could tell them apart. */
function isOn(column: number, dash: readonly number[]): boolean {
  if (dash.length === 0) return true;
  let at = column % dash.reduce((sum, length) => sum + length, 0);
  for (const [i, length] of dash.entries()) {
    if (at < length) return i % 2 === 0;
    at -= length;
  }
  return true;
}

/** What one line covers of each column. */
class Spans {
  readonly #height: number;
  readonly #low: Float32Array;
  readonly #high: Float32Array;
  /** Rows `full … end - 1` of each px column are opaque by now. */
  readonly #full: Int32Array;
  readonly #end: Int32Array;

  constructor(columns: number, height: number) {
    this.#height = height;
    this.#low = new Float32Array(columns);
    this.#high = new Float32Array(columns);
    this.#full = new Int32Array(columns / SUB);
    this.#end = new Int32Array(columns / SUB);
  }

  lay({ xs, ys }: Path, pen: number, { left, top, scale }: Window): void {
    this.#low.fill(Number.POSITIVE_INFINITY);
    this.#high.fill(Number.NEGATIVE_INFINITY);
    let [fromX, fromY] = [Number.NaN, Number.NaN];
    for (let i = 0; i < xs.length; i++) {
      const x = (xs[i] ?? Number.NaN) * scale - left;
      const y = (ys[i] ?? Number.NaN) * scale - top;
      // NaN on either side is a gap.
      if (!Number.isNaN(fromX + fromY + x + y)) this.#segment(fromX, fromY, x, y, pen);
      fromX = x;
      fromY = y;
    }
  }

  #segment(fromX: number, fromY: number, toX: number, toY: number, pen: number): void {
    const low = this.#low;
    const high = this.#high;
    const slope = (toY - fromY) / (toX - fromX || 1e-9);
    const steep = Math.abs(slope);
    // Upright lines are as wide as the columns beside them, level ones as high as the pen.
    const half = steep > 1e3 ? 0 : (pen / 2) * (Math.sqrt(1 + steep * steep) - steep);
    const wide = Math.max(1, Math.round(pen * SUB));
    const back = (wide - 1) >> 1;
    const first = Math.floor(Math.max(fromX, -pen) * SUB);
    const last = Math.floor(Math.min(toX * SUB, low.length + pen * SUB));
    for (let column = first; column <= last; column++) {
      const y0 =
        column === first ? fromY + (Math.max(fromX, -pen) - fromX) * slope : fromY + (column / SUB - fromX) * slope;
      const y1 = column >= toX * SUB - 1 ? toY : fromY + ((column + 1) / SUB - fromX) * slope;
      const least = (y0 < y1 ? y0 : y1) - half;
      const most = (y0 < y1 ? y1 : y0) + half;
      const end = Math.min(low.length, column - back + wide);
      for (let at = Math.max(0, column - back); at < end; at++) {
        if (least < (low[at] ?? 0)) low[at] = least;
        if (most > (high[at] ?? 0)) high[at] = most;
      }
    }
  }

  /** Lays a px column of the line below what `sum` has of it. */
  blend(sum: Float32Array, column: number, color: Channels): void {
    const low = this.#low[column * SUB] ?? 0;
    const high = this.#high[column * SUB] ?? 0;
    const otherLow = this.#low[column * SUB + 1] ?? 0;
    const otherHigh = this.#high[column * SUB + 1] ?? 0;
    const to = Math.min(this.#height, Math.ceil(Math.max(high, otherHigh)));
    let row = Math.max(0, Math.floor(Math.min(low, otherLow)));
    while (row < to) {
      const share = (covered(row, low, high) + covered(row, otherLow, otherHigh)) / SUB;
      const next = Math.min(to, after(row, low), after(row, high), after(row, otherLow), after(row, otherHigh));
      if (share > 0) this.#rows(sum, column, row, next, color, share);
      row = next;
    }
  }

  #rows(sum: Float32Array, column: number, from: number, to: number, color: Channels, share: number): void {
    const base = column * this.#height;
    const full = this.#full[column] ?? 0;
    const end = this.#end[column] ?? 0;
    below(sum, base + from, base + Math.min(to, full), color, share);
    below(sum, base + Math.max(from, end), base + to, color, share);
    if (color[3] * share <= OPAQUE) return;
    const touches = from <= end && to >= full;
    if (!touches && to - from < end - full) return;
    this.#full[column] = touches && end > full ? Math.min(full, from) : from;
    this.#end[column] = touches ? Math.max(end, to) : to;
  }
}

/** The next row in which an edge of a span lies, or after it. */
function after(row: number, edge: number): number {
  const at = Math.floor(edge);
  return at > row ? at : at === row ? row + 1 : Number.POSITIVE_INFINITY;
}

/** Lays a colour below what there is of the px `from … to - 1`. */
function below(sum: Float32Array, from: number, to: number, color: Channels, share: number): void {
  // Numbers of its own: this loop is what all the time goes into.
  const red = color[0];
  const green = color[1];
  const blue = color[2];
  const alpha = color[3] * share;
  for (let at = from * 4; at < to * 4; at += 4) {
    const above = sum[at + 3] ?? 0;
    if (above > OPAQUE) continue;
    const seen = alpha * (1 - above);
    sum[at] = (sum[at] ?? 0) + red * seen;
    sum[at + 1] = (sum[at + 1] ?? 0) + green * seen;
    sum[at + 2] = (sum[at + 2] ?? 0) + blue * seen;
    sum[at + 3] = above + seen;
  }
}

/** How much of a row lies between. */
function covered(row: number, low: number, high: number): number {
  return Math.max(0, Math.min(row + 1, high) - Math.max(row, low));
}

/** Row by row, as canvases have their px. */
function asBytes(sum: Float32Array, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = new Uint8ClampedArray(width * height * 4);
  for (let column = 0; column < width; column++) {
    let from = column * height * 4;
    let to = column * 4;
    for (let row = 0; row < height; row++, from += 4, to += width * 4) {
      const alpha = sum[from + 3] ?? 0;
      if (alpha === 0) continue;
      bytes[to] = (sum[from] ?? 0) / alpha;
      bytes[to + 1] = (sum[from + 1] ?? 0) / alpha;
      bytes[to + 2] = (sum[from + 2] ?? 0) / alpha;
      bytes[to + 3] = alpha > OPAQUE ? 255 : alpha * 255;
    }
  }
  return bytes;
}
