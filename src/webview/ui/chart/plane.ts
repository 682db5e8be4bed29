import { Chart, type ChartOptions, DatasetController, LinearScale, PointElement } from "chart.js";
import type { ChartColors } from "./palette.ts";
import { type Place, placeOf, type PlotAxes } from "./place.ts";
import { LABEL_SIZE, type Layers, paint } from "./shapes.ts";
import { type Axis, tickLabel } from "./ticks.ts";

declare module "chart.js" {
  interface ChartTypeRegistry {
    drawing: ChartTypeRegistry["scatter"];
  }
}

/** A dataset without elements: it is drawn by shapes of ours, so that a line of 10,000 points is no 10,000 objects. */
class DrawingController extends DatasetController {
  static id = "drawing";
  static defaults = { datasetElementType: false, dataElementType: "point" };

  override update(): void {
    // There are no elements to lay out.
  }

  override draw(): void {
    drawn.get(this.chart)?.();
  }
}

const drawn = new WeakMap<Chart, () => void>();
Chart.register(DrawingController, LinearScale, PointElement);

export type DrawShapes = (place: Place) => Layers;

/** Px around the plot and its labels. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

const PADDING: Padding = { top: 8, right: 12, bottom: 0, left: 0 };

const NO_AXIS: Axis = { min: 0, max: 1, ticks: [], decimals: 0 };

/** A canvas with axes (Chart.js) and our shapes on it. Nothing moves by itself. */
export class Plane {
  readonly #chart: Chart<"drawing">;
  #axes: PlotAxes | undefined;
  #colors: ChartColors;
  #draw: DrawShapes;
  #place: Place;
  #padding: Padding;
  #shown = false;

  constructor(canvas: HTMLCanvasElement, colors: ChartColors, padding = PADDING) {
    this.#colors = colors;
    this.#padding = padding;
    this.#draw = () => ({ series: [], marks: [] });
    this.#place = placeOf({ left: 0, right: 1, top: 0, bottom: 1 }, NO_AXIS, NO_AXIS);
    this.#chart = new Chart<"drawing">(canvas, {
      type: "drawing",
      data: { datasets: [{ data: [], clip: false }] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding },
        scales: { x: { type: "linear", display: false }, y: { type: "linear", display: false } },
      },
    });
    drawn.set(this.#chart, () => this.#paint());
  }

  /** Draws; axes are laid out again only where they or the colours changed. `axes` undefined: the whole canvas is the plot. */
  show(axes: PlotAxes | undefined, colors: ChartColors, draw: DrawShapes, padding = PADDING): void {
    const drawnBefore = this.#shown && colors === this.#colors;
    const same = drawnBefore && sameAxes(axes, this.#axes) && samePadding(padding, this.#padding);
    this.#shown = true;
    this.#padding = padding;
    this.#axes = axes;
    this.#colors = colors;
    this.#draw = draw;
    if (same) {
      this.#chart.draw();
      return;
    }
    this.#chart.options.layout = { padding };
    this.#chart.options.scales = {
      x: scaleOf(
        axes?.x,
        axes?.xName,
        colors,
        axes !== undefined && axes.grid !== "horizontal" && axes.grid !== "none",
      ),
      y: scaleOf(axes?.y, axes?.yName, colors, axes !== undefined && axes.grid !== "vertical" && axes.grid !== "none"),
    };
    if (axes !== undefined) {
      const y = this.#chart.options.scales["y"];
      const x = this.#chart.options.scales["x"];
      if (x?.border !== undefined) x.border.display = axes.grid !== "vertical";
      if (y?.border !== undefined) y.border.display = axes.grid === "vertical" || axes.grid === "none";
    }
    this.#chart.update("none");
  }

  get place(): Place {
    return this.#place;
  }

  get axes(): PlotAxes | undefined {
    return this.#axes;
  }

  get size(): { width: number; height: number } {
    return { width: this.#chart.width, height: this.#chart.height };
  }

  #paint(): void {
    const { ctx, chartArea, width, height } = this.#chart;
    const { left, right, top, bottom } = chartArea;
    const area =
      this.#axes === undefined ? { left: 0, top: 0, right: width, bottom: height } : { left, right, top, bottom };
    this.#place = placeOf(area, this.#axes?.x ?? NO_AXIS, this.#axes?.y ?? NO_AXIS);
    const { series, marks } = this.#draw(this.#place);
    ctx.save();
    ctx.beginPath();
    // At whole px: a clip through the middle of them is slow.
    const [x, y] = [Math.floor(area.left) - 1, Math.floor(area.top) - 1];
    ctx.rect(x, y, Math.ceil(area.right) + 1 - x, Math.ceil(area.bottom) + 1 - y);
    ctx.clip();
    paint(ctx, series, this.#colors.font);
    ctx.restore();
    ctx.save();
    paint(ctx, marks, this.#colors.font);
    ctx.restore();
  }

  dispose(): void {
    this.#chart.destroy();
  }
}

function sameAxes(a: PlotAxes | undefined, b: PlotAxes | undefined): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    b !== undefined &&
    a.x === b.x &&
    a.y === b.y &&
    a.xName === b.xName &&
    a.yName === b.yName &&
    a.grid === b.grid
  );
}

function samePadding(a: Padding, b: Padding): boolean {
  return a.top === b.top && a.right === b.right && a.bottom === b.bottom && a.left === b.left;
}

type ScaleChoice = NonNullable<NonNullable<ChartOptions<"drawing">["scales"]>[string]>;

/** Chart.js lays out an axis of even spacing; what a logarithmic one shows are the powers. */
function scaleOf(axis: Axis | undefined, name: string | undefined, colors: ChartColors, grid: boolean): ScaleChoice {
  const font = { family: colors.font, size: LABEL_SIZE };
  const even = (value: number) => (axis?.kind === "log" ? Math.log10(value) : value);
  return {
    type: "linear",
    display: axis !== undefined,
    min: axis === undefined ? 0 : even(axis.min),
    max: axis === undefined ? 1 : even(axis.max),
    afterBuildTicks: (scale) => {
      scale.ticks = (axis?.ticks ?? []).map((value) => ({ value: even(value) }));
    },
    title: { display: name !== undefined, text: name ?? "", color: colors.secondary, font, padding: 2 },
    grid: { display: grid, color: colors.grid, drawTicks: false },
    border: { display: true, color: colors.axis },
    ticks: {
      color: colors.secondary,
      font,
      padding: 6,
      maxRotation: 0,
      autoSkip: axis?.kind !== "names",
      callback: (_value, index) => (axis === undefined ? "" : tickLabel(axis.ticks[index] ?? Number.NaN, axis)),
    },
  };
}
