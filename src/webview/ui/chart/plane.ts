import { Chart, type ChartOptions, DatasetController, LinearScale, PointElement } from "chart.js";
import { paintSeries } from "./dense.ts";
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
    // The chart's own first drawing comes before its constructor has returned.
    drawn.get(this.chart.canvas)?.(this.chart);
  }
}

const drawn = new WeakMap<HTMLCanvasElement, (chart: Chart) => void>();
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
  readonly #canvas: HTMLCanvasElement;
  #chart: Chart<"drawing"> | undefined;
  #axes: PlotAxes | undefined;
  #colors: ChartColors | undefined;
  #draw: DrawShapes = () => ({ series: [], marks: [] });
  #place: Place = placeOf({ left: 0, right: 1, top: 0, bottom: 1 }, NO_AXIS, NO_AXIS);
  #padding = PADDING;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    drawn.set(canvas, (chart) => this.#paint(chart));
  }

  /** Draws; axes are laid out again only where they or the colours changed. `axes` undefined: the whole canvas is the plot. */
  show(axes: PlotAxes | undefined, colors: ChartColors, draw: DrawShapes, padding = PADDING): void {
    const same = colors === this.#colors && sameAxes(axes, this.#axes) && samePadding(padding, this.#padding);
    this.#padding = padding;
    this.#axes = axes;
    this.#colors = colors;
    this.#draw = draw;
    const chart = this.#chart;
    if (chart === undefined) {
      // With its axes from the first on: laid out once.
      this.#chart = new Chart<"drawing">(this.#canvas, {
        type: "drawing",
        data: { datasets: [{ data: [], clip: false }] },
        options: {
          animation: false,
          responsive: true,
          maintainAspectRatio: false,
          events: [],
          layout: { padding },
          scales: scalesOf(axes, colors),
        },
      });
    } else if (same) chart.draw();
    else {
      chart.options.layout = { padding };
      chart.options.scales = scalesOf(axes, colors);
      chart.update("none");
    }
  }

  get place(): Place {
    return this.#place;
  }

  get axes(): PlotAxes | undefined {
    return this.#axes;
  }

  get size(): { width: number; height: number } {
    return { width: this.#chart?.width ?? 0, height: this.#chart?.height ?? 0 };
  }

  #paint({ ctx, chartArea, width, height }: Chart): void {
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
    const font = this.#colors?.font ?? "";
    paintSeries(ctx, series, font, area);
    ctx.restore();
    ctx.save();
    paint(ctx, marks, font);
    ctx.restore();
  }

  dispose(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
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

function scalesOf(axes: PlotAxes | undefined, colors: ChartColors): Record<"x" | "y", ScaleChoice> {
  const grid = axes?.grid ?? "none";
  const [vertical, horizontal] = [grid !== "horizontal" && grid !== "none", grid !== "vertical" && grid !== "none"];
  const border = { display: true, color: colors.axis };
  return {
    x: {
      ...scaleOf(axes?.x, axes?.xName, colors, axes !== undefined && vertical),
      border: { ...border, display: axes === undefined || grid !== "vertical" },
    },
    y: {
      ...scaleOf(axes?.y, axes?.yName, colors, axes !== undefined && horizontal),
      border: { ...border, display: axes === undefined || grid === "vertical" || grid === "none" },
    },
  };
}

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
