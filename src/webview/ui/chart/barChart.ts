import { BarController, BarElement, CategoryScale, Chart, LinearScale } from "chart.js";
import { cutMiddle, formatMetric, isOutside, metricFormat } from "../format.ts";
import { type ChartColors, runColor, withAlpha } from "./colors.ts";
import { axisFor, tickLabel } from "./ticks.ts";

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

export interface Bar {
  run_id: string;
  name: string;
  ordinal: number;
  value: number;
}

export interface BarPicture {
  bars: Bar[];
  hovered: string | undefined;
  colors: ChartColors;
}

/** Px that a bar with its name needs at least, and what stands above and below all bars. */
const BAR_PITCH = 16;
const AROUND = 36;

/** Least height of a chart of so many bars in px: every name can be read. */
export function leastHeight(bars: number): number {
  return bars * BAR_PITCH + AROUND;
}

/** Share of the chart's width that names may take, and the usual width of a letter in px. */
const NAMES = 0.36;
const LETTER = 6.4;

/** Horizontal bars, each with its run's name on the left and its value at the end. */
export class BarChart {
  readonly #chart: Chart<"bar", number[], string>;
  #picture: BarPicture;

  constructor(canvas: HTMLCanvasElement, picture: BarPicture) {
    this.#picture = picture;
    this.#chart = new Chart<"bar", number[], string>(canvas, {
      type: "bar",
      data: { labels: [], datasets: [] },
      options: {
        indexAxis: "y",
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 56 } },
      },
      plugins: [{ id: "values", afterDatasetsDraw: (chart) => drawValues(chart, this.#picture) }],
    });
    this.show(picture);
  }

  show(picture: BarPicture): void {
    this.#picture = picture;
    const { bars, hovered, colors } = picture;
    const finite = bars.map(({ value }) => value).filter((value) => !isOutside(value));
    const axis = axisFor(Math.min(0, ...finite), Math.max(0, ...finite));
    const someHovered = bars.some(({ run_id }) => run_id === hovered);
    const rest = someHovered ? Math.max(0.55, colors.faded) : 1;
    const font = { family: colors.font, size: 11 };
    const longest = Math.max(6, Math.floor((this.#chart.width * NAMES) / LETTER));
    this.#chart.data.labels = bars.map(({ name }) => cutMiddle(name, longest));
    this.#chart.data.datasets = [
      {
        data: bars.map(({ value }) => (isOutside(value) ? Number.NaN : value)),
        backgroundColor: bars.map((bar) => withAlpha(runColor(bar.ordinal, colors), bar.run_id === hovered ? 1 : rest)),
        borderRadius: 1,
        maxBarThickness: 20,
        categoryPercentage: 0.9,
      },
    ];
    this.#chart.options.scales = {
      x: {
        min: axis.min,
        max: axis.max,
        afterBuildTicks: (scale) => {
          scale.ticks = axis.ticks.map((value) => ({ value }));
        },
        grid: { color: colors.grid, drawTicks: false },
        border: { display: false },
        ticks: {
          color: colors.secondary,
          font,
          padding: 6,
          maxRotation: 0,
          callback: (value) => tickLabel(Number(value), axis),
        },
      },
      y: {
        grid: { display: false },
        border: { color: colors.axis },
        ticks: { color: colors.secondary, font, autoSkip: false },
      },
    };
    this.#chart.update("none");
  }

  /** The run whose bar is at `py` on the canvas. */
  runAt(py: number): string | undefined {
    const { top, bottom } = this.#chart.chartArea;
    const share = (py - top) / (bottom - top);
    return this.#picture.bars[Math.floor(share * this.#picture.bars.length)]?.run_id;
  }

  dispose(): void {
    this.#chart.destroy();
  }
}

/** Each bar's value at its end; a value that has no length stands at zero. */
function drawValues(chart: Chart, { bars, hovered, colors }: BarPicture): void {
  const { ctx } = chart;
  const format = metricFormat(bars.map(({ value }) => value));
  const elements = chart.getDatasetMeta(0).data;
  const zero = chart.scales["x"]?.getPixelForValue(0) ?? 0;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  bars.forEach(({ run_id, value }, i) => {
    const element = elements[i];
    if (element === undefined) return;
    const end = isOutside(value) ? zero : Math.max(zero, element.x);
    ctx.font = `${run_id === hovered ? "600 " : ""}11px ${colors.font}`;
    ctx.fillStyle = colors.foreground;
    ctx.fillText(formatMetric(value, format), end + 6, element.y);
  });
}
