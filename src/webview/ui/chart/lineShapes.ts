import { isOutside } from "../format.ts";
import { visibleSlice, type LinePlot, type PlotLine } from "./linePlot.ts";
import { dashesOf, isAscending, PART_DASHES } from "./lines.ts";
import { type ChartColors, runColor, withAlpha } from "./palette.ts";
import type { Place, Ruler } from "./place.ts";
import type { Layers, Shape } from "./shapes.ts";

// The shapes of a line chart: bands, faint raw lines, lines, live ends, and triangles where a value cannot be drawn.

export interface LineLook {
  colors: ChartColors;
  /** Run whose lines stand out. */
  hovered: string | undefined;
  /** Lines are smoothed: the raw one shows behind a hovered or single line. */
  smoothed: boolean;
}

interface StyledLine {
  plot: PlotLine;
  color: string;
  dash: number[];
  opacity: number;
  width: number;
  hovered: boolean;
}

const BASELINE_DASHES = [3, 3];

/** Colours and dashes, the hovered line last, so that it lies on top. */
export function styledLines({ lines }: LinePlot, { colors, hovered }: LineLook): StyledLine[] {
  const someHovered = hovered !== undefined && lines.some(({ of }) => of.run_id === hovered);
  const parts = lines.some(({ of }) => (of.part?.index ?? 0) > 0);
  const oneRun = new Set(lines.map(({ of }) => of.run_id)).size === 1;
  const dashes = parts ? [] : dashesOf(lines.map(({ of }) => of.ordinal));
  const styled = lines.map((plot, i): StyledLine => {
    const { of } = plot;
    const isHovered = of.run_id === hovered && !(parts && oneRun);
    const index = of.part?.index ?? 0;
    const dash = parts ? (oneRun ? [] : (PART_DASHES[index % PART_DASHES.length] ?? [])) : dashes[i];
    const own = runColor(parts && oneRun ? of.ordinal + index : of.ordinal, colors);
    // Lines without a colour of their own are background; hairlines also cost half.
    const usual = of.deviations !== undefined ? 2 : dash === undefined ? 1 : 1.5;
    return {
      plot,
      color:
        of.baseline === true ? colors.secondary : dash === undefined && !isHovered ? withAlpha(colors.axis, 0.7) : own,
      dash: of.baseline === true ? BASELINE_DASHES : (dash ?? []),
      opacity: someHovered && !isHovered && !(parts && oneRun) ? colors.faded : 1,
      width: isHovered ? 2.5 : usual,
      hovered: isHovered,
    };
  });
  return styled.sort((a, b) => Number(a.hovered) - Number(b.hovered));
}

export function lineShapes(plot: LinePlot, look: LineLook, place: Place): Layers {
  const series: Shape[] = [];
  const marks: Shape[] = [];
  const styled = styledLines(plot, look);
  for (const line of styled) series.push(...bandOf(line, plot, place));
  for (const line of styled) {
    const { of, xs, ys } = line.plot;
    const stroke = { color: withAlpha(line.color, line.opacity), width: line.width, dash: line.dash };
    if (look.smoothed && (line.hovered || styled.length === 1)) {
      const raw = inPixels(xs, of.line.values, plot, place);
      series.push({ kind: "path", ...raw, stroke: { color: withAlpha(line.color, 0.28), width: 1 } });
    }
    series.push({ kind: "path", ...inPixels(xs, ys, plot, place), stroke });
    series.push(...endsOf(line, place));
    marks.push(...trianglesOf(line, place, look.colors));
  }
  return { series, marks };
}

function bandOf({ plot: { of, xs, ys }, color, opacity }: StyledLine, plot: LinePlot, place: Place): Shape[] {
  const { deviations } = of;
  if (deviations === undefined) return [];
  const upper = inPixels(
    xs,
    ys.map((y, i) => y + (deviations[i] ?? 0)),
    plot,
    place,
  );
  const lower = inPixels(
    xs,
    ys.map((y, i) => y - (deviations[i] ?? 0)),
    plot,
    place,
  );
  const there = (points: { xs: Float64Array; ys: Float64Array }) =>
    Array.from(points.xs, (x, i) => [x, points.ys[i] ?? Number.NaN] as const).filter(([, y]) => !Number.isNaN(y));
  const ring = [...there(upper), ...there(lower).toReversed()];
  if (ring.length < 3) return [];
  return [{ kind: "rings", rings: [ring.flat()], fill: withAlpha(color, 0.15 * opacity) }];
}

/** A dot with a halo at the end of a line that still grows; a bare dot where a line has only one point. */
function endsOf({ plot: { of, xs, ys }, color, opacity }: StyledLine, place: Place): Shape[] {
  const last = ys.findLastIndex((value) => !isOutside(value));
  const value = ys[last];
  const alone = value !== undefined && ys.findIndex((other) => !isOutside(other)) === last;
  if (value === undefined || !(of.running || alone)) return [];
  const at = { x: place.x.px(xs[last] ?? 0), y: place.y.px(value) };
  if (Number.isNaN(at.x) || Number.isNaN(at.y)) return [];
  const halo: Shape[] = of.running
    ? [{ kind: "circle", ...at, radius: 5.5, fill: withAlpha(color, 0.25 * opacity) }]
    : [];
  return [...halo, { kind: "circle", ...at, radius: 2.5, fill: withAlpha(color, opacity) }];
}

/** Triangles of a line nearer to each other than this in px are one. */
const TRIANGLE = 6;

/** ▽ NaN at the foot, △ +∞ at the top, ▼ −∞ at the foot, in the run's colour. */
function trianglesOf({ plot: { of, xs }, color, opacity }: StyledLine, place: Place, colors: ChartColors): Shape[] {
  const shapes: Shape[] = [];
  const drawn = new Set<string>();
  for (const i of outsideOf(of.line.values)) {
    const value = of.line.values[i] ?? Number.NaN;
    const px = place.x.px(xs[i] ?? Number.NaN);
    if (Number.isNaN(px) || px < place.left - 1 || px > place.right + 1) continue;
    const up = value > 0;
    const key = `${up} ${value < 0} ${Math.round(px / TRIANGLE)}`;
    if (drawn.has(key)) continue;
    drawn.add(key);
    const base = up ? place.top + 9 : place.bottom - 9;
    const tip = up ? place.top + 2 : place.bottom - 2;
    const stroke = { color: withAlpha(color, opacity), width: 1.3 };
    const fill = value < 0 ? stroke.color : colors.background;
    shapes.push({ kind: "rings", rings: [[px - 4, base, px + 4, base, px, tip]], stroke, fill });
  }
  return shapes;
}

const outside = new WeakMap<Float64Array, number[]>();

/** Indices of NaN and infinities, looked for once: a chart is drawn often. */
function outsideOf(values: Float64Array): number[] {
  const known = outside.get(values);
  if (known !== undefined) return known;
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (isOutside(values[i] ?? Number.NaN)) found.push(i);
  outside.set(values, found);
  return found;
}

/** Px beyond which a canvas loses its way. */
const FAR = 1e5;

/** The visible points in px; of many, the first, lowest, highest and last of each px column. */
export function inPixels(
  xs: Float64Array,
  ys: ArrayLike<number>,
  { x: { min, max } }: Pick<LinePlot, "x">,
  place: Place,
): { xs: Float64Array; ys: Float64Array } {
  const [from, to] = visibleSlice(xs, [min, max]);
  if (!isAscending(xs)) return everyPoint(xs, ys, from, to, place);
  const few = to - from <= 2 * (place.right - place.left);
  return cutAtSides(few ? everyPoint(xs, ys, from, to, place) : columns(xs, ys, from, to, place), place);
}

/** Ends a line that comes from beyond the sides at them: what is to be cut off while painting costs most. */
function cutAtSides(points: { xs: Float64Array; ys: Float64Array }, { left, right }: Place) {
  const { xs, ys } = points;
  const cut = (end: number, next: number, side: number, beyond: boolean) => {
    const [x, y, toX, toY] = [xs[end] ?? side, ys[end] ?? 0, xs[next] ?? side, ys[next] ?? 0];
    if (!beyond || xs.length < 2) return;
    xs[end] = side;
    ys[end] = y + ((toY - y) * (side - x)) / (toX - x || 1);
  };
  const last = xs.length - 1;
  cut(0, 1, left - 1, (xs[0] ?? left) < left - 1);
  cut(last, last - 1, right + 1, (xs[last] ?? right) > right + 1);
  return points;
}

function pixel(ruler: Ruler, value: number): number {
  if (isOutside(value)) return Number.NaN;
  return Math.min(FAR, Math.max(-FAR, ruler.px(value)));
}

function everyPoint(xs: Float64Array, ys: ArrayLike<number>, from: number, to: number, { x, y }: Place) {
  const found = { xs: new Float64Array(to - from), ys: new Float64Array(to - from) };
  for (let i = from; i < to; i++) {
    found.xs[i - from] = pixel(x, xs[i] ?? Number.NaN);
    found.ys[i - from] = pixel(y, ys[i] ?? Number.NaN);
  }
  return found;
}

function columns(xs: Float64Array, ys: ArrayLike<number>, from: number, to: number, { x, y }: Place) {
  const outX: number[] = [];
  const outY: number[] = [];
  let start = from;
  while (start < to) {
    const column = Math.floor(pixel(x, xs[start] ?? Number.NaN));
    let end = start;
    let [low, high] = [-1, -1];
    let gap = false;
    for (; end < to && (end === start || Math.floor(pixel(x, xs[end] ?? Number.NaN)) === column); end++) {
      const value = ys[end] ?? Number.NaN;
      if (isOutside(value)) gap = true;
      else {
        if (low < 0 || value < (ys[low] ?? 0)) low = end;
        if (high < 0 || value > (ys[high] ?? 0)) high = end;
      }
    }
    const kept = [...new Set([start, low, high, end - 1])].filter((i) => i >= 0).sort((a, b) => a - b);
    for (const i of kept) {
      outX.push(pixel(x, xs[i] ?? Number.NaN));
      outY.push(pixel(y, ys[i] ?? Number.NaN));
    }
    if (gap && low < 0) {
      outX.push(Number.NaN);
      outY.push(Number.NaN);
    }
    start = end;
  }
  return { xs: Float64Array.from(outX), ys: Float64Array.from(outY) };
}
