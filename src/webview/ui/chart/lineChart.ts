import { isOutside } from "../format.ts";
import { type LinePlot, type LineSettings, plotLines } from "./linePlot.ts";
import { lineShapes, styledLines } from "./lineShapes.ts";
import { type ChartLine, nearestOf } from "./lines.ts";
import type { ChartColors } from "./palette.ts";
import type { Place, PlotAxes } from "./place.ts";
import { Plane } from "./plane.ts";

export interface LinePicture extends LineSettings {
  lines: ChartLine[];
  hovered: string | undefined;
  colors: ChartColors;
  /** Name under the x axis; absent for steps. */
  xName?: string | undefined;
}

/** A line's point at the crosshair. */
export interface PointAt {
  run_id: string;
  /** Px on the canvas. */
  y: number;
  color: string;
  hovered: boolean;
}

/** A line chart on a canvas. It draws what it is given; nothing moves by itself. */
export class LineChart {
  readonly #plane: Plane;
  #picture: LinePicture;
  #plot: LinePlot;

  constructor(canvas: HTMLCanvasElement, picture: LinePicture) {
    this.#plane = new Plane(canvas);
    this.#picture = picture;
    this.#plot = plotLines(picture.lines, picture, undefined);
    this.#draw();
  }

  show(picture: LinePicture): void {
    const before = this.#picture;
    this.#picture = picture;
    // Hovering changes no line.
    const same =
      before.lines === picture.lines &&
      before.smoothing === picture.smoothing &&
      before.x === picture.x &&
      before.logX === picture.logX &&
      before.logY === picture.logY &&
      before.clip === picture.clip &&
      before.zoom === picture.zoom;
    // Only data that grows keeps its axes; what the person changed is fitted anew.
    const settled = before.x === picture.x && before.zoom === picture.zoom && before.logY === picture.logY;
    if (!same) this.#plot = plotLines(picture.lines, picture, settled ? this.#plot : undefined);
    this.#draw();
  }

  #draw(): void {
    const { colors, hovered, smoothing } = this.#picture;
    const look = { colors, hovered, smoothed: smoothing > 0 };
    this.#plane.show(this.axes, colors, (place) => lineShapes(this.#plot, look, place));
  }

  get axes(): PlotAxes {
    return { x: this.#plot.x, y: this.#plot.y, xName: this.#picture.xName, grid: "horizontal" };
  }

  /** What is drawn, for export. */
  get plot(): LinePlot {
    return this.#plot;
  }

  get place(): Place {
    return this.#plane.place;
  }

  get size(): { width: number; height: number } {
    return this.#plane.size;
  }

  /** Where `x` stands, and each line's point nearest to it within `reach` px. */
  pointsAt(x: number, reach: number): { x: number; points: PointAt[] } {
    const { place } = this.#plane;
    const at = place.x.px(x);
    const points = styledLines(this.#plot, { ...this.#picture, smoothed: false }).flatMap(
      ({ plot: { of, xs, ys }, color, hovered }) => {
        const i = nearestOf(xs, x);
        const y = ys[i];
        if (y === undefined || isOutside(y) || Math.abs(place.x.px(xs[i] ?? Number.NaN) - at) > reach) return [];
        return [{ y: place.y.px(y), color, hovered, run_id: of.run_id }];
      },
    );
    return { x: at, points };
  }

  /** How far `px` reach in values of x, around `x`. */
  reach(px: number, x: number): number {
    const ruler = this.#plane.place.x;
    const at = ruler.px(x);
    return Math.abs(ruler.value(at + px) - ruler.value(at - px)) / 2;
  }

  /** The run whose line passes nearest to a place on the canvas, within 12 px. */
  runAt(px: number, py: number): string | undefined {
    const { points } = this.pointsAt(this.place.x.value(px), 12);
    let nearest: PointAt | undefined;
    for (const point of points)
      if (nearest === undefined || Math.abs(point.y - py) < Math.abs(nearest.y - py)) nearest = point;
    return nearest !== undefined && Math.abs(nearest.y - py) <= 12 ? nearest.run_id : undefined;
  }

  dispose(): void {
    this.#plane.dispose();
  }
}
