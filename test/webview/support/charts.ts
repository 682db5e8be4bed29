import type { ChartColors } from "../../../src/webview/ui/chart/palette.ts";
import { type Place, placeOf } from "../../../src/webview/ui/chart/place.ts";
import type { Drawing, DrawingLook } from "../../../src/webview/ui/chart/drawing.ts";
import type { ChartLine } from "../../../src/webview/ui/chart/lines.ts";
import { axisFor } from "../../../src/webview/ui/chart/ticks.ts";
import { textColumn, type ValueColumn, type ValueTable } from "../../../src/webview/ui/chart/values.ts";

// Charts as tests write them down.

export const COLORS: ChartColors = {
  foreground: "#cccccc",
  secondary: "#cccccc",
  background: "#1f1f1f",
  axis: "#888888",
  grid: "#333333",
  accent: "#0078d4",
  runs: Array.from({ length: 10 }, (_, i) => `#0000${i}0`),
  faded: 0.38,
  font: "sans-serif",
};

export const LOOK: DrawingLook = { hovered: undefined, colors: COLORS, zoom: {}, width: 400 };

const AREA = { left: 0, right: 400, top: 0, bottom: 200 };

/** The room of 400 × 200 px that a drawing is given. */
export function placeFor({ axes }: Pick<Drawing, "axes">): Place {
  return placeOf(AREA, axes?.x ?? axisFor(0, 1), axes?.y ?? axisFor(0, 1));
}

export function lineOf(run_id: string, points: [number, number][], more: Partial<ChartLine> = {}): ChartLine {
  const steps = Float64Array.from(points, ([step]) => step);
  const values = Float64Array.from(points, ([, value]) => value);
  const line = { run_id, steps, timestamps: steps, values, total: points.length, began: 0 };
  return { run_id, name: run_id, ordinal: 0, running: false, line, ...more };
}

/** Columns of numbers (metrics) or texts (params), one value for each of the runs `0`, `1`, … */
export function tableOf(columns: Record<string, (number | string | null)[]>): ValueTable {
  const count = Object.values(columns)[0]?.length ?? 0;
  return {
    run_ids: Array.from({ length: count }, (_, i) => String(i)),
    run_names: Array.from({ length: count }, (_, i) => `run ${i}`),
    ordinals: Array.from({ length: count }, (_, i) => i),
    columns: Object.entries(columns).map(([id, values]) => columnOf(id, values)),
  };
}

function columnOf(id: string, values: (number | string | null)[]): ValueColumn {
  const named = { id, name: id.slice(id.indexOf(".") + 1), note: "", log: false };
  if (values.some((value) => typeof value === "string"))
    return { ...named, ...textColumn(values.map((value) => (value === null ? null : String(value)))) };
  return {
    ...named,
    kind: "number",
    values: Float64Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
  };
}
