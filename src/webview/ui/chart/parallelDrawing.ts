import { cutMiddle } from "../format.ts";
import { type Brush, rowsInside } from "./brush.ts";
import type { Drawing, DrawingLook } from "./drawing.ts";
import { runColor, withAlpha } from "./palette.ts";
import { type Place, type Ruler, rulerOf } from "./place.ts";
import { cellText } from "./scatterDrawing.ts";
import { LABEL_SIZE, type Shape, textWidth } from "./shapes.ts";
import { type Axis, tickLabel } from "./ticks.ts";
import { axisOf, type ValueColumn, type ValueTable } from "./values.ts";

export interface Parallel {
  table: ValueTable;
  drawn: ReadonlySet<string>;
  brush: Brush;
  /** Axis that has the keyboard. */
  active?: number | undefined;
}

/** Room above for two lines of words, and below. */
const TOP = 44;
const BOTTOM = 12;
/** Half the width of a brush in px. */
export const BRUSH = 7;

export interface AxisPlace {
  column: ValueColumn;
  axis: Axis;
  ruler: Ruler;
  x: number;
}

/** Where the axes stand: evenly, with room for the labels of the outer ones. */
export function axisPlaces(
  { columns }: ValueTable,
  { left, right, top, bottom }: Pick<Place, "left" | "right" | "top" | "bottom">,
): AxisPlace[] {
  const axes = columns.map((column) => axisOf(column));
  const labels = (axis: Axis | undefined) =>
    axis === undefined
      ? 0
      : Math.max(0, ...axis.ticks.map((tick) => textWidth(cutMiddle(tickLabel(tick, axis), NAME))));
  const half = (column: ValueColumn | undefined) =>
    column === undefined ? 0 : Math.max(textWidth(cutMiddle(column.name, NAME), 12), textWidth(noteOf(column))) / 2;
  const from = left + Math.max(labels(axes[0]) + 14, half(columns[0]) + 6);
  const to = right - Math.max(labels(axes.at(-1)) + 14, half(columns.at(-1)) + 6);
  return columns.map((column, i) => {
    const axis = axes[i] ?? axisOf(column);
    const x = columns.length === 1 ? (from + to) / 2 : from + ((to - from) * i) / (columns.length - 1);
    return { column, axis, ruler: rulerOf(axis, bottom - BOTTOM, top + TOP), x };
  });
}

/** Letters of an axis' name or label. */
const NAME = 18;

/** One line a run through its value on every axis; drawn runs in their colour, the others grey. */
export function parallelDrawing(parallel: Parallel, { hovered, colors }: DrawingLook): Drawing {
  const { table, drawn, brush } = parallel;
  const inside = rowsInside(table, brush);
  const brushed = Object.keys(brush).length > 0;
  const lineOf = (places: AxisPlace[], row: number) => ({
    xs: places.map(({ x }) => x),
    ys: places.map(({ column, ruler }) => ruler.px(column.values[row] ?? Number.NaN)),
  });
  return {
    axes: undefined,
    draw(place) {
      const places = axisPlaces(table, place);
      const series: Shape[] = [];
      const context = table.run_ids.flatMap((run_id, row) => (drawn.has(run_id) ? [] : [row]));
      const usual = Math.max(0.05, Math.min(0.26, 30 / Math.max(1, context.length)));
      const out = context.filter((row) => inside[row] !== true);
      series.push(...bundles(places, out, lineOf, withAlpha(colors.foreground, 0.045)));
      const kept = context.filter((row) => inside[row] === true);
      series.push(...bundles(places, kept, lineOf, withAlpha(colors.foreground, brushed ? usual * 1.4 : usual)));
      table.run_ids.forEach((run_id, row) => {
        const isHovered = run_id === hovered;
        if (!drawn.has(run_id) && !isHovered) return;
        const faded = hovered !== undefined && !isHovered ? colors.faded : 1;
        const opacity = inside[row] === true || isHovered ? faded : 0.3 * faded;
        const stroke = {
          color: withAlpha(runColor(table.ordinals[row] ?? 0, colors), opacity),
          width: isHovered ? 2.5 : 2,
          dash: inside[row] === true ? [] : [5, 4],
        };
        series.push({ kind: "path", ...lineOf(places, row), stroke });
      });
      return { series, marks: places.flatMap((each, i) => axisShapes(each, i, places, parallel, colors)) };
    },
    runAt(place, px, py) {
      const places = axisPlaces(table, place);
      const right = places.findIndex(({ x }) => x >= px);
      const [a, b] = [places[right - 1], places[right]];
      if (a === undefined || b === undefined) return undefined;
      const share = (px - a.x) / (b.x - a.x || 1);
      let nearest: string | undefined;
      let least = 10;
      table.run_ids.forEach((run_id, row) => {
        if (brushed && inside[row] !== true) return;
        const [from, to] = [
          a.ruler.px(a.column.values[row] ?? Number.NaN),
          b.ruler.px(b.column.values[row] ?? Number.NaN),
        ];
        // A drawn run is what is pointed at where several pass.
        const distance = Math.abs(from + (to - from) * share - py) - (drawn.has(run_id) ? 3 : 0);
        if (distance < least) {
          least = distance;
          nearest = run_id;
        }
      });
      return nearest;
    },
    tip(place, run_id) {
      const row = table.run_ids.indexOf(run_id);
      if (row < 0) return undefined;
      const places = axisPlaces(table, place);
      const rows = places.map(({ column }) => ({ label: column.name, value: cellText(column, row) }));
      const middle = places[Math.floor(places.length / 2)];
      const at = { x: middle?.x ?? 0, y: place.top + TOP + 8 };
      return { ...at, title: cutMiddle(table.run_names[row] ?? run_id, 40), ordinal: table.ordinals[row] ?? 0, rows };
    },
  };
}

/** Runs of one stroke; several strokes let crossing lines add up, one for each run would be slow. */
const BUNDLE = 25;
/** From more context runs than this on they are bundled. */
const MANY = 400;

function bundles(
  places: AxisPlace[],
  rows: number[],
  lineOf: (places: AxisPlace[], row: number) => { xs: number[]; ys: number[] },
  color: string,
): Shape[] {
  const size = rows.length > MANY ? BUNDLE : 1;
  const shapes: Shape[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const xs: number[] = [];
    const ys: number[] = [];
    for (const row of rows.slice(from, from + size)) {
      const line = lineOf(places, row);
      xs.push(...line.xs, Number.NaN);
      ys.push(...line.ys, Number.NaN);
    }
    shapes.push({ kind: "path", xs, ys, stroke: { color, width: 1 } });
  }
  return shapes;
}

function axisShapes(
  { column, axis, ruler, x }: AxisPlace,
  index: number,
  places: AxisPlace[],
  { brush, active }: Parallel,
  colors: DrawingLook["colors"],
): Shape[] {
  const last = index === places.length - 1 && index > 0;
  const [bottom, top] = [ruler.px(axis.min), ruler.px(axis.max)];
  const room = places.length > 1 ? ((places[1]?.x ?? 0) - (places[0]?.x ?? 0)) / (LABEL_SIZE * 0.6) - 1 : 40;
  const letters = Math.max(5, Math.min(NAME, Math.floor(room)));
  const isActive = index === active;
  const shapes: Shape[] = [
    {
      kind: "path",
      xs: [x, x],
      ys: [top, bottom],
      stroke: { color: isActive ? colors.accent : colors.axis, width: isActive ? 2 : 1 },
    },
    {
      kind: "text",
      x,
      y: top - 30,
      text: cutMiddle(column.name, letters),
      color: colors.foreground,
      align: "center",
      strong: true,
      size: 12,
    },
    {
      kind: "text",
      x,
      y: top - 14,
      text: cutMiddle(noteOf(column), letters + 6),
      color: colors.secondary,
      align: "center",
    },
  ];
  for (const tick of axis.ticks) {
    const text = cutMiddle(tickLabel(tick, axis), letters);
    const y = ruler.px(tick);
    shapes.push({ kind: "path", xs: [x - 3, x + 3], ys: [y, y], stroke: { color: colors.axis, width: 1 } });
    shapes.push({
      kind: "text",
      x: last ? x + 10 : x - 10,
      y,
      text,
      color: colors.secondary,
      align: last ? "left" : "right",
    });
  }
  const range = brush[column.id];
  if (range === undefined) return shapes;
  const clamp = (value: number) => Math.min(bottom, Math.max(top, ruler.px(value)));
  const [from, to] = [clamp(range[0]), clamp(range[1])];
  const rect = { x: x - BRUSH, y: to, width: 2 * BRUSH, height: from - to };
  shapes.push({
    kind: "rect",
    ...rect,
    fill: withAlpha(colors.accent, 0.3),
    stroke: { color: colors.accent, width: 1 },
  });
  return shapes;
}

function noteOf({ note, log, better }: ValueColumn): string {
  return [note, log ? "log" : "", better === undefined ? "" : `${better} is better`]
    .filter((part) => part !== "")
    .join(" · ");
}
