import { cutMiddle } from "../format.ts";
import type { Padding } from "./plane.ts";
import type { ChartColors } from "./palette.ts";
import { type Area, type Place, placeOf, type PlotAxes } from "./place.ts";
import { type Layers, paint, type Shape, textWidth } from "./shapes.ts";
import { svgOf } from "./svg.ts";
import { tickLabel } from "./ticks.ts";

// A chart by itself, for a file: title, legend, axes and the same shapes as on screen.

export interface Figure {
  width: number;
  height: number;
  title: string;
  description: string;
  colors: ChartColors;
  area: Area;
  /** Title, legend, axes. */
  back: Shape[];
  layers: Layers;
}

export interface FigureParts {
  width: number;
  height: number;
  title: string;
  note: string;
  description: string;
  colors: ChartColors;
  axes: PlotAxes | undefined;
  padding?: Padding | undefined;
  legend: { name: string; color: string }[];
  draw(place: Place): Layers;
}

const EDGE = 12;
const TITLE = 24;
const LEGEND_ROW = 18;
/** Legend entries beyond this many are counted. */
const MOST_LEGEND = 24;

export function figureOf(parts: FigureParts): Figure {
  const { width, height, title, description, colors, axes } = parts;
  const legend = legendShapes(parts, EDGE + TITLE);
  const top = EDGE + TITLE + legend.height + (axes === undefined ? 0 : (parts.padding?.top ?? 8));
  const area =
    axes === undefined ? { left: EDGE, right: width - EDGE, top, bottom: height - EDGE } : axesArea(parts, axes, top);
  const place = axes === undefined ? { ...area, ...noRulers } : placeOf(area, axes.x, axes.y);
  const heading: Shape[] = [
    { kind: "text", x: EDGE, y: EDGE + 8, text: title, color: colors.foreground, strong: true, size: 13 },
  ];
  if (parts.note !== "")
    heading.push({
      kind: "text",
      x: EDGE + textWidth(title, 14) + 8,
      y: EDGE + 8,
      text: parts.note,
      color: colors.secondary,
    });
  const back = [...heading, ...legend.shapes, ...(axes === undefined ? [] : axesShapes(axes, place, colors))];
  return { width, height, title, description, colors, area, back, layers: parts.draw(place) };
}

const noRulers = {
  x: { px: (v: number) => v, value: (v: number) => v },
  y: { px: (v: number) => v, value: (v: number) => v },
};

function axesArea({ width, height, padding }: FigureParts, axes: PlotAxes, top: number): Area {
  const labels = axes.y.ticks.map((tick) => textWidth(tickLabel(tick, axes.y)));
  const left = EDGE + Math.max(0, ...labels) + 8 + (axes.yName === undefined ? 0 : 18);
  const bottom = height - EDGE - 18 - (axes.xName === undefined ? 0 : 16);
  return { left, right: width - EDGE - (padding?.right ?? 12), top, bottom };
}

/** Grid, axis lines and labels, as Chart.js lays them out on screen. */
export function axesShapes(axes: PlotAxes, place: Place, colors: ChartColors): Shape[] {
  const { x, y, grid } = axes;
  const { left, right, top, bottom } = place;
  const shapes: Shape[] = [];
  const line = (xs: number[], ys: number[], color: string): Shape => ({
    kind: "path",
    xs,
    ys,
    stroke: { color, width: 1 },
  });
  for (const tick of y.ticks) {
    const at = place.y.px(tick);
    if (grid === "horizontal" || grid === "both") shapes.push(line([left, right], [at, at], colors.grid));
    shapes.push({
      kind: "text",
      x: left - 6,
      y: at,
      text: tickLabel(tick, y),
      color: colors.secondary,
      align: "right",
    });
  }
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of x.ticks) {
    const at = place.x.px(tick);
    if (grid === "vertical" || grid === "both") shapes.push(line([at, at], [top, bottom], colors.grid));
    const text = tickLabel(tick, x);
    const half = textWidth(text) / 2;
    if (at - half < free) continue;
    free = at + half + 4;
    shapes.push({ kind: "text", x: at, y: bottom + 12, text, color: colors.secondary, align: "center" });
  }
  if (grid !== "vertical") shapes.push(line([left, right], [bottom, bottom], colors.axis));
  if (grid === "vertical" || grid === "none") shapes.push(line([left, left], [top, bottom], colors.axis));
  const middle = (left + right) / 2;
  if (axes.xName !== undefined)
    shapes.push({
      kind: "text",
      x: middle,
      y: bottom + 28,
      text: axes.xName,
      color: colors.secondary,
      align: "center",
    });
  if (axes.yName !== undefined)
    shapes.push({
      kind: "text",
      x: EDGE + 4,
      y: (top + bottom) / 2,
      text: axes.yName,
      color: colors.secondary,
      align: "center",
      upright: true,
    });
  return shapes;
}

function legendShapes({ legend, width, colors }: FigureParts, top: number): { shapes: Shape[]; height: number } {
  const shapes: Shape[] = [];
  let [x, y] = [EDGE, top + LEGEND_ROW / 2];
  const shown = legend.slice(0, MOST_LEGEND);
  const more = legend.length - shown.length;
  for (const { name, color } of [...shown, ...(more > 0 ? [{ name: `and ${more} more`, color: "" }] : [])]) {
    const text = cutMiddle(name, 32);
    const room = textWidth(text) + 28;
    if (x + room > width - EDGE && x > EDGE) [x, y] = [EDGE, y + LEGEND_ROW];
    if (color !== "") shapes.push({ kind: "circle", x: x + 4, y, radius: 4, fill: color });
    shapes.push({ kind: "text", x: x + 14, y, text, color: colors.foreground });
    x += room;
  }
  return { shapes, height: shapes.length === 0 ? 0 : y + LEGEND_ROW / 2 - top + 4 };
}

export function figureSvg(figure: Figure): string {
  const { colors } = figure;
  return svgOf({ ...figure, font: colors.font, ground: colors.background });
}

/** The figure as PNG, `scale` px for each of its px. */
export async function figurePng(figure: Figure, scale = 2): Promise<Uint8Array> {
  const { width, height, area, back, layers, colors } = figure;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: width * scale, height: height * scale });
  const ctx = canvas.getContext("2d");
  if (ctx === null) throw new Error("This page has no canvas to draw on.");
  ctx.scale(scale, scale);
  ctx.fillStyle = colors.background;
  ctx.fillRect(0, 0, width, height);
  paint(ctx, back, colors.font);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top, area.right - area.left, area.bottom - area.top);
  ctx.clip();
  paint(ctx, layers.series, colors.font);
  ctx.restore();
  paint(ctx, layers.marks, colors.font);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (blob === null) throw new Error("The picture is too large for this page.");
  return new Uint8Array(await blob.arrayBuffer());
}
