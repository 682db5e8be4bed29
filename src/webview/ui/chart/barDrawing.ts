import { cutMiddle, formatMetric, isOutside, type MetricFormat, metricFormat } from "../format.ts";
import type { Drawing, DrawingLook } from "./drawing.ts";
import { runColor, withAlpha } from "./palette.ts";
import type { Place } from "./place.ts";
import { LABEL_SIZE, type Shape, textWidth } from "./shapes.ts";
import { axisFor, namesAxis } from "./ticks.ts";

export interface Bar {
  run_id: string;
  name: string;
  ordinal: number;
  value: number;
  /** Of a group: deviation, drawn as a whisker. */
  deviation?: number;
  /** What differences are taken from. */
  baseline?: boolean;
}

export interface Bars {
  bars: Bar[];
  /** Values are differences: signed, and drawn to both sides. */
  signed?: boolean;
}

/** Px that a bar with its name needs at least, and what stands above and below all bars. */
const BAR_PITCH = 16;
const AROUND = 36;
const THICKEST = 20;

/** Least height of a chart of so many bars in px: every name can be read. */
export function leastHeight(bars: number): number {
  return bars * BAR_PITCH + AROUND;
}

/** Share of the chart's width that names may take. */
const NAMES = 0.36;

/** Horizontal bars in the order of the table, each with its run's name on the left and its value at the end. */
export function barDrawing({ bars, signed = false }: Bars, { hovered, colors, width }: DrawingLook): Drawing {
  const finite = bars.map(({ value }) => value).filter((value) => !isOutside(value));
  const x = axisFor(Math.min(0, ...finite), Math.max(0, ...finite));
  const longest = Math.max(6, Math.floor((width * NAMES) / (LABEL_SIZE * 0.58)));
  const names = bars.map(({ name }) => cutMiddle(name, longest));
  const format = metricFormat(bars.map(({ value }) => value));
  const texts = bars.map((bar) => (bar.baseline === true ? "baseline" : valueText(bar.value, format, signed)));
  const room = Math.max(...texts.map((text) => textWidth(text)), 24) + 10;
  const someHovered = hovered !== undefined && bars.some(({ run_id }) => run_id === hovered);
  const rest = someHovered ? Math.max(0.55, colors.faded) : 1;
  const middle = (place: Place, i: number) => place.y.px(bars.length - 1 - i);
  return {
    axes: { x, y: namesAxis(names.toReversed()), grid: "vertical" },
    padding: { top: 8, right: room, bottom: 0, left: 0 },
    draw(place) {
      const pitch = (place.bottom - place.top) / Math.max(1, bars.length);
      const thick = Math.min(THICKEST, pitch * 0.72);
      const zero = place.x.px(0);
      const series: Shape[] = [];
      const marks: Shape[] = [];
      bars.forEach((bar, i) => {
        const { value, ordinal, run_id, deviation = 0 } = bar;
        const y = middle(place, i);
        const end = isOutside(value) ? zero : place.x.px(value);
        const fill = withAlpha(runColor(ordinal, colors), run_id === hovered ? 1 : rest);
        if (!isOutside(value))
          series.push({
            kind: "rect",
            x: Math.min(zero, end),
            y: y - thick / 2,
            width: Math.abs(end - zero),
            height: thick,
            fill,
          });
        let reach = end;
        if (deviation > 0) {
          const [from, to] = [place.x.px(value - deviation), place.x.px(value + deviation)];
          const stroke = { color: colors.foreground, width: 1 };
          series.push({ kind: "path", xs: [from, to], ys: [y, y], stroke });
          reach = Math.max(end, to);
        }
        marks.push({
          kind: "text",
          x: Math.max(zero, Math.min(reach, place.right)) + 6,
          y,
          text: texts[i] ?? "",
          color: colors.foreground,
          strong: run_id === hovered,
        });
      });
      if (signed) {
        const stroke = { color: colors.axis, width: 1 };
        marks.push({ kind: "path", xs: [zero, zero], ys: [place.top, place.bottom], stroke });
      }
      return { series, marks };
    },
    runAt(place, _px, py) {
      const share = (py - place.top) / (place.bottom - place.top);
      return bars[Math.floor(share * bars.length)]?.run_id;
    },
    tip: () => undefined,
  };
}

function valueText(value: number, format: MetricFormat, signed: boolean): string {
  const text = formatMetric(value, format);
  if (!signed || Number.isNaN(value)) return text;
  if (value === 0) return "0";
  return value > 0 ? `+${text}` : text;
}
