import { chartColors } from "./colors.ts";
import type { DrawingChart } from "./drawingChart.ts";
import { type Figure, type FigureParts, figureOf } from "./figure.ts";
import type { LineChart } from "./lineChart.ts";
import { lineShapes, type LineLook } from "./lineShapes.ts";

/** A chart as it is drawn. */
export type DrawnChart = { kind: "lines"; chart: LineChart } | { kind: "drawing"; chart: DrawingChart };

/** Least size of an exported picture in px. */
const LEAST = { width: 720, height: 420 };

/** Name of the file that a chart is exported to. */
export function exportName(title: string, ending: string): string {
  return `${title.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-")}.${ending}`;
}

/** Nothing is hovered in a file, and no line is smoothed there. */
export function exportLook(): LineLook {
  return { colors: chartColors.peek(), hovered: undefined, smoothed: false };
}

/** The chart by itself, at least as large as it is on screen. */
export function exportedFigure(drawn: DrawnChart, said: Pick<FigureParts, "title" | "note" | "legend">): Figure {
  const look = exportLook();
  const { width, height } = drawn.chart.size;
  const parts = {
    ...said,
    description: "",
    colors: look.colors,
    width: Math.max(LEAST.width, Math.round(width)),
    height: Math.max(LEAST.height, Math.round(height) + 60),
  };
  if (drawn.kind === "drawing") {
    const { drawing } = drawn.chart;
    return figureOf({ ...parts, axes: drawing.axes, padding: drawing.padding, draw: (place) => drawing.draw(place) });
  }
  const { plot, axes } = drawn.chart;
  return figureOf({ ...parts, axes, draw: (place) => lineShapes(plot, look, place) });
}
