import { isOutside } from "../format.ts";
import { countOutside, fencesOf } from "./fences.ts";
import { type ChartLine, isAscending, xsOf } from "./lines.ts";
import { smooth } from "./smoothing.ts";
import { type Axis, clockAxis, cutAxis, logAxis, steadyAxis } from "./ticks.ts";
import type { Zoom } from "./zoom.ts";

// From lines to what is drawn of them: smoothed values and axes.

export type XKind = "step" | "time" | "relative" | "metric";

export interface LineSettings {
  /** 0 to 0.99. */
  smoothing: number;
  x: XKind;
  logX: boolean;
  logY: boolean;
  zoom: Zoom;
  /** Outliers do not stretch the y axis. */
  clip: boolean;
}

export const USUAL_LINES: LineSettings = {
  smoothing: 0,
  x: "step",
  logX: false,
  logY: false,
  zoom: {},
  clip: false,
};

export interface PlotLine {
  of: ChartLine;
  xs: Float64Array;
  /** Smoothed. */
  ys: Float64Array;
}

export interface LinePlot {
  lines: PlotLine[];
  x: Axis;
  y: Axis;
  /** Range of all data, whatever is zoomed. */
  all: { x: [number, number]; y: [number, number] };
  /** Values beyond the y axis because outliers are ignored. */
  outside: number;
  /** Values that a logarithmic axis cannot show. */
  unshown: number;
}

const smoothed = new WeakMap<Float64Array, { weight: number; ys: Float64Array }>();

function smoothedOf({ line }: ChartLine, weight: number): Float64Array {
  if (weight <= 0) return line.values;
  const known = smoothed.get(line.values);
  if (known?.weight === weight) return known.ys;
  // Of a rough line it is not known how many points a value stands for.
  const stands = line.total / Math.max(1, line.values.length);
  const ys = smooth(line.values, weight, Number.isNaN(stands) ? 1 : stands);
  smoothed.set(line.values, { weight, ys });
  return ys;
}

interface Span {
  min: number;
  max: number;
}

/** Lines as they are drawn, and their axes; `before` keeps its axes where the data still fits them. */
export function plotLines(lines: ChartLine[], settings: LineSettings, before: LinePlot | undefined): LinePlot {
  const { zoom, logX, logY } = settings;
  const plotted = lines.map((of) => ({ of, xs: xsOf(of), ys: smoothedOf(of, settings.smoothing) }));
  const xSpan = emptySpan();
  const ySpan = emptySpan();
  const shownY = emptySpan();
  let unshown = 0;
  for (const { of, xs, ys } of plotted) {
    const { deviations } = of;
    for (let i = 0; i < ys.length; i++) {
      const x = xs[i] ?? Number.NaN;
      const y = ys[i] ?? Number.NaN;
      if (isOutside(x) || (logX && x <= 0)) {
        if (!isOutside(x)) unshown++;
        continue;
      }
      widen(xSpan, x);
      if (isOutside(y)) continue;
      if (logY && y <= 0) {
        unshown++;
        continue;
      }
      const inView = zoom.x === undefined || (x >= zoom.x[0] && x <= zoom.x[1]);
      const by = deviations?.[i] ?? 0;
      // No list of the two edges: this is done for each of a million points.
      const low = logY && y - by <= 0 ? y : y - by;
      if (low < ySpan.min) ySpan.min = low;
      if (y + by > ySpan.max) ySpan.max = y + by;
      if (!inView) continue;
      if (low < shownY.min) shownY.min = low;
      if (y + by > shownY.max) shownY.max = y + by;
    }
  }
  const fences = settings.clip ? fencesOf(plotted.map(({ ys }) => ys)) : undefined;
  const allX = rangeOf(xSpan, [0, 1]);
  const allY = rangeOf(ySpan, logY ? [0.1, 1] : [0, 1]);
  const fullX = fullXAxis(settings, allX, zoom.x === undefined ? before?.x : undefined);
  const x = same(before?.x, zoom.x === undefined ? fullX : cutAxis(fullX, zoom.x[0], zoom.x[1], settings.x === "step"));
  const [low, high] = rangeOf(shownY, allY);
  const kept: [number, number] =
    fences === undefined ? [low, high] : [Math.max(low, logY ? low : fences[0]), Math.min(high, fences[1])];
  const y = yAxis(zoom, logY, kept, before?.y);
  const outside =
    fences === undefined
      ? 0
      : countOutside(
          plotted.map(({ ys }) => ys),
          [y.min, y.max],
        );
  return { lines: plotted, x, y, all: { x: [fullX.min, fullX.max], y: allY }, outside, unshown };
}

function fullXAxis({ x, logX }: LineSettings, [min, max]: [number, number], before: Axis | undefined): Axis {
  if (logX) return logAxis(min, Math.max(max, min * 1.01));
  if (x === "time") return clockAxis(min, max, "time");
  if (x === "relative") return clockAxis(Math.min(0, min), max, "duration");
  return steadyAxis(before?.kind === undefined ? before : undefined, min, max, x === "step");
}

function yAxis(zoom: Zoom, log: boolean, [min, max]: [number, number], before: Axis | undefined): Axis {
  const axis = log
    ? logAxis(min, Math.max(max, min * 1.01))
    : steadyAxis(before?.kind === undefined ? before : undefined, min, max);
  return same(before, zoom.y === undefined ? axis : cutAxis(axis, zoom.y[0], zoom.y[1]));
}

/** The axis before where nothing changed, so that nothing is laid out again. */
function same(before: Axis | undefined, axis: Axis): Axis {
  if (before === undefined || before === axis) return axis;
  const equal =
    before.kind === axis.kind &&
    before.min === axis.min &&
    before.max === axis.max &&
    before.decimals === axis.decimals &&
    before.ticks.length === axis.ticks.length &&
    before.ticks.every((tick, i) => tick === axis.ticks[i]);
  return equal ? before : axis;
}

function emptySpan(): Span {
  return { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
}

function widen(span: Span, value: number): void {
  if (value < span.min) span.min = value;
  if (value > span.max) span.max = value;
}

function rangeOf({ min, max }: Span, otherwise: [number, number]): [number, number] {
  return max >= min ? [min, max] : otherwise;
}

/** Indices `from … to` of the points within `range`, with one neighbour on each side. */
export function visibleSlice(xs: Float64Array, [min, max]: readonly [number, number]): [number, number] {
  if (!isAscending(xs)) return [0, xs.length];
  const from = lowerBound(xs, min);
  const to = lowerBound(xs, max + Math.abs(max) * 1e-12);
  return [Math.max(0, from - 1), Math.min(xs.length, to + 1)];
}

function lowerBound(xs: Float64Array, value: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
