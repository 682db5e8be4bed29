import type { ChartArea, Scale } from "chart.js";
import { isOutside } from "../format.ts";
import { type ChartColors, withAlpha } from "./colors.ts";
import type { ChartLine } from "./lines.ts";

// What a line chart draws over its lines: the dot of a growing line, and triangles where a value cannot be drawn.

export interface PlottedLine extends ChartLine {
  ys: Float64Array;
  color: string;
  dash: number[];
  opacity: number;
  width: number;
  hovered: boolean;
}

/** A dot with a halo at the end of every line that still grows; a bare dot where a line has only one point. */
export function drawEnds(
  ctx: CanvasRenderingContext2D,
  x: Scale | undefined,
  y: Scale | undefined,
  lines: PlottedLine[],
): void {
  if (x === undefined || y === undefined) return;
  for (const { running, line, ys, color, opacity } of lines) {
    const last = ys.findLastIndex((value) => !isOutside(value));
    const value = ys[last];
    const alone = value !== undefined && ys.findIndex((other) => !isOutside(other)) === last;
    if (value === undefined || !(running || alone)) continue;
    const [px, py] = [x.getPixelForValue(line.steps[last] ?? 0), y.getPixelForValue(value)];
    if (running) fillCircle(ctx, px, py, 5.5, withAlpha(color, 0.25 * opacity));
    fillCircle(ctx, px, py, 2.5, withAlpha(color, opacity));
  }
}

/** A dot of the crosshair, ringed in the ground's colour. */
export function drawPoint(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  radius: number,
  color: string,
  ground: string,
): void {
  fillCircle(ctx, x, y, radius + 1.2, ground);
  fillCircle(ctx, x, y, radius, color);
}

function fillCircle(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number, color: string): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
}

/** ▽ NaN at the foot, △ +∞ at the top, ▼ −∞ at the foot, in the run's colour. */
export function drawOutside(
  ctx: CanvasRenderingContext2D,
  area: ChartArea,
  x: Scale | undefined,
  lines: PlottedLine[],
  colors: ChartColors,
): void {
  if (x === undefined) return;
  for (const { line, color, opacity } of lines) {
    line.values.forEach((value, i) => {
      if (!isOutside(value)) return;
      const up = value > 0;
      const px = x.getPixelForValue(line.steps[i] ?? 0);
      const base = up ? area.top + 9 : area.bottom - 9;
      const tip = up ? area.top + 2 : area.bottom - 2;
      ctx.beginPath();
      ctx.moveTo(px - 4, base);
      ctx.lineTo(px + 4, base);
      ctx.lineTo(px, tip);
      ctx.closePath();
      ctx.lineWidth = 1.3;
      ctx.strokeStyle = withAlpha(color, opacity);
      ctx.fillStyle = value < 0 ? ctx.strokeStyle : colors.background;
      ctx.fill();
      ctx.stroke();
    });
  }
}
