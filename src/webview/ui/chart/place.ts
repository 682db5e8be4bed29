import type { Axis } from "./ticks.ts";

// Where values stand: between data and px, the same for canvas and SVG.

export interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** One axis of a chart: values to px and back. */
export interface Ruler {
  px(value: number): number;
  value(px: number): number;
}

/** A plot area with its two rulers. */
export interface Place extends Area {
  x: Ruler;
  y: Ruler;
}

/** `axis` laid from px `from` (its least value) to px `to`. */
export function rulerOf(axis: Axis, from: number, to: number): Ruler {
  if (axis.kind === "log") {
    const low = Math.log10(axis.min);
    const perDecade = (to - from) / (Math.log10(axis.max) - low || 1);
    return {
      px: (value) => (value > 0 ? from + (Math.log10(value) - low) * perDecade : Number.NaN),
      value: (px) => 10 ** (low + (px - from) / perDecade),
    };
  }
  const scale = (to - from) / (axis.max - axis.min || 1);
  return { px: (value) => from + (value - axis.min) * scale, value: (px) => axis.min + (px - from) / scale };
}

export function placeOf(area: Area, x: Axis, y: Axis): Place {
  return { ...area, x: rulerOf(x, area.left, area.right), y: rulerOf(y, area.bottom, area.top) };
}

/** Everything a chart's axes are; `grid` says which lines cross the plot. */
export interface PlotAxes {
  x: Axis;
  y: Axis;
  /** Absent: the axis needs no name. */
  xName?: string | undefined;
  yName?: string | undefined;
  grid: "horizontal" | "vertical" | "both" | "none";
}
