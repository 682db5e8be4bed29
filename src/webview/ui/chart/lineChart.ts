import { Chart, type ChartDataset, LinearScale, LineController, LineElement, PointElement } from "chart.js";
import type { Point } from "./decimate.ts";
import { decimate } from "./decimate.ts";
import { type ChartColors, runColor, withAlpha } from "./colors.ts";
import { type ChartLine, dashesOf, extentOf, nearestIndex } from "./lines.ts";
import { drawEnds, drawOutside, type PlottedLine } from "./marks.ts";
import { smooth } from "./smoothing.ts";
import { type Axis, steadyAxis, tickLabel } from "./ticks.ts";

Chart.register(LineController, LineElement, PointElement, LinearScale);

export interface LinePicture {
  lines: ChartLine[];
  /** 0 to 0.99. */
  smoothing: number;
  hovered: string | undefined;
  colors: ChartColors;
}

/** A line chart by step. It draws what it is given; nothing moves by itself. */
export class LineChart {
  readonly #chart: Chart<"line", Point[]>;
  #plotted: PlottedLine[] = [];
  #colors: ChartColors;
  #x: Axis | undefined;
  #y: Axis | undefined;

  constructor(canvas: HTMLCanvasElement, picture: LinePicture) {
    this.#colors = picture.colors;
    this.#chart = new Chart<"line", Point[]>(canvas, {
      type: "line",
      data: { datasets: [] },
      options: {
        animation: false,
        parsing: false,
        normalized: true,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 12 } },
        elements: { point: { radius: 0 }, line: { tension: 0, borderJoinStyle: "round", borderCapStyle: "round" } },
      },
      plugins: [
        {
          id: "marks",
          afterDatasetsDraw: (chart) => {
            drawOutside(chart.ctx, chart.chartArea, chart.scales["x"], this.#plotted, this.#colors);
            drawEnds(chart.ctx, chart.scales["x"], chart.scales["y"], this.#plotted);
          },
        },
      ],
    });
    this.show(picture);
  }

  show(picture: LinePicture): void {
    const { lines, smoothing, hovered, colors } = picture;
    this.#colors = colors;
    const someHovered = lines.some(({ run_id }) => run_id === hovered);
    const dashes = dashesOf(lines.map(({ ordinal }) => ordinal));
    this.#plotted = lines.map((line, i) => {
      const isHovered = line.run_id === hovered;
      const dash = dashes[i];
      const ownColor = runColor(line.ordinal, colors);
      return {
        ...line,
        ys: smooth(line.line.values, smoothing),
        color: dash === undefined && !isHovered ? withAlpha(colors.axis, 0.7) : ownColor,
        dash: dash ?? [],
        opacity: someHovered && !isHovered ? colors.faded : 1,
        width: isHovered ? 2.5 : 1.5,
        hovered: isHovered,
      };
    });
    this.#scale(colors);
    // The hovered line lies on top.
    this.#plotted.sort((a, b) => Number(a.hovered) - Number(b.hovered));
    this.#chart.data.datasets = this.#plotted.flatMap((line) => this.#datasets(line, smoothing, lines.length === 1));
    this.#chart.update("none");
  }

  #datasets(plotted: PlottedLine, smoothing: number, single: boolean): ChartDataset<"line", Point[]>[] {
    const columns = Math.max(200, this.#chart.width);
    const base = { borderDash: plotted.dash, spanGaps: false };
    const line: ChartDataset<"line", Point[]> = {
      ...base,
      data: decimate(plotted.line.steps, plotted.ys, columns),
      borderColor: withAlpha(plotted.color, plotted.opacity),
      borderWidth: plotted.width,
      order: 0,
    };
    if (smoothing === 0 || !(plotted.hovered || single)) return [line];
    const raw: ChartDataset<"line", Point[]> = {
      ...base,
      data: decimate(plotted.line.steps, plotted.line.values, columns),
      borderColor: withAlpha(plotted.color, 0.28),
      borderWidth: 1,
      order: 1,
    };
    return [line, raw];
  }

  #scale(colors: ChartColors): void {
    const extent = extentOf(this.#plotted.map(({ line, ys }) => ({ xs: line.steps, ys })));
    if (extent !== undefined) {
      this.#x = steadyAxis(this.#x, extent.minX, extent.maxX, true);
      this.#y = steadyAxis(this.#y, extent.minY, extent.maxY);
    }
    const x = this.#x ?? { min: 0, max: 1, ticks: [], decimals: 0 };
    const y = this.#y ?? { min: 0, max: 1, ticks: [], decimals: 0 };
    const font = { family: colors.font, size: 11 };
    this.#chart.options.scales = {
      x: {
        type: "linear",
        min: x.min,
        max: x.max,
        afterBuildTicks: (scale) => {
          scale.ticks = x.ticks.map((value) => ({ value }));
        },
        grid: { display: false },
        border: { color: colors.axis },
        ticks: {
          color: colors.secondary,
          font,
          maxRotation: 0,
          autoSkip: true,
          callback: (value) => tickLabel(Number(value), x),
        },
      },
      y: {
        type: "linear",
        min: y.min,
        max: y.max,
        afterBuildTicks: (scale) => {
          scale.ticks = y.ticks.map((value) => ({ value }));
        },
        grid: { color: colors.grid, drawTicks: false },
        border: { display: false },
        ticks: {
          color: colors.secondary,
          font,
          padding: 6,
          autoSkip: false,
          callback: (value) => tickLabel(Number(value), y),
        },
      },
    };
  }

  /** Px of the plot area within the canvas. */
  get area(): { left: number; right: number; top: number; bottom: number } {
    const { left, right, top, bottom } = this.#chart.chartArea;
    return { left, right, top, bottom };
  }

  stepAt(px: number): number | undefined {
    return this.#chart.scales["x"]?.getValueForPixel(px);
  }

  /** Steps that a distance of `px` covers. */
  reach(px: number): number {
    const { left, right } = this.#chart.chartArea;
    return this.#x === undefined ? 0 : ((this.#x.max - this.#x.min) * px) / Math.max(1, right - left);
  }

  /** Where `step` stands, and each line's point nearest to it within `reach` steps. */
  pointsAt(
    step: number,
    reach: number,
  ): { x: number; points: { y: number; color: string; hovered: boolean; run_id: string }[] } {
    const xScale = this.#chart.scales["x"];
    const yScale = this.#chart.scales["y"];
    if (xScale === undefined || yScale === undefined) return { x: 0, points: [] };
    const points = this.#plotted.flatMap(({ line, ys, color, hovered, run_id }) => {
      const i = nearestIndex(line.steps, step);
      const y = ys[i];
      if (y === undefined || Number.isNaN(y) || Math.abs((line.steps[i] ?? 0) - step) > reach) return [];
      return [{ y: yScale.getPixelForValue(y), color, hovered, run_id }];
    });
    return { x: xScale.getPixelForValue(step), points };
  }

  /** The run whose line passes nearest to a place on the canvas, within 12 px. */
  runAt(px: number, py: number): string | undefined {
    const step = this.stepAt(px);
    if (step === undefined) return undefined;
    const { points } = this.pointsAt(step, this.reach(12));
    const nearest = points.toSorted((a, b) => Math.abs(a.y - py) - Math.abs(b.y - py))[0];
    return nearest !== undefined && Math.abs(nearest.y - py) <= 12 ? nearest.run_id : undefined;
  }

  dispose(): void {
    this.#chart.destroy();
  }
}
