import { cutMiddle, formatMetric, formatValue, isOutside, type MetricFormat, metricFormat } from "../format.ts";
import { type Grid, gridOf, ringsAbove, type Sample } from "./contour.ts";
import { type Drawing, type DrawingLook, nearestTo } from "./drawing.ts";
import { type ChartColors, runColor, withAlpha } from "./palette.ts";
import { type Place, rulerOf } from "./place.ts";
import { axisName, cellText } from "./scatterDrawing.ts";
import type { Shape } from "./shapes.ts";
import { axisFor, cutAxis } from "./ticks.ts";
import { axisOf, spanOf, type ValueColumn, type ValueTable } from "./values.ts";

export interface Contour {
  table: ValueTable;
  x: ValueColumn;
  y: ValueColumn;
  z: ValueColumn;
  drawn: ReadonlySet<string>;
}

/** Cells of the grid on each side. */
const CELLS = 48;
/** Fewest runs with all three values that make level lines. */
export const FEWEST_SAMPLES = 4;
/** Room for the labelled scale in px. */
const SCALE_ROOM = 68;
const SWATCH = 14;

interface Surface {
  samples: (Sample & { row: number })[];
  grid: Grid | undefined;
  /** From worst to best. */
  levels: number[];
  rings: number[][][];
}

const surfaces = new WeakMap<Float64Array, { x: ValueColumn; y: ValueColumn; surface: Surface }>();

/** Level lines of z over x and y, found once for the same columns. */
export function surfaceOf({ table, x, y, z }: Pick<Contour, "table" | "x" | "y" | "z">): Surface {
  const known = surfaces.get(z.values);
  if (known !== undefined && known.x === x && known.y === y) return known.surface;
  const [toX, toY] = [rulerOf(axisOf(x), 0, 1), rulerOf(axisOf(y), 0, 1)];
  const samples = table.run_ids.flatMap((_, row) => {
    const sample = {
      x: toX.px(x.values[row] ?? Number.NaN),
      y: toY.px(y.values[row] ?? Number.NaN),
      z: z.values[row] ?? Number.NaN,
      row,
    };
    return isOutside(sample.x) || isOutside(sample.y) || isOutside(sample.z) ? [] : [sample];
  });
  const surface: Surface = { samples, grid: undefined, levels: [], rings: [] };
  if (samples.length >= FEWEST_SAMPLES) {
    const grid = gridOf(samples, CELLS, CELLS);
    const lower = z.better === "lower";
    const [min, max] = spanOf(grid.values);
    const ticks = max > min ? axisFor(min, max).ticks : [];
    const halves = ticks.slice(1).map((tick, i) => (tick + (ticks[i] ?? tick)) / 2);
    const levels = [...ticks, ...halves]
      .filter((level) => level > min && level < max)
      .sort((a, b) => (lower ? b - a : a - b));
    const toward = lower ? { ...grid, values: grid.values.map((value) => -value) } : grid;
    Object.assign(surface, { grid, levels, rings: levels.map((level) => ringsAbove(toward, lower ? -level : level)) });
  }
  surfaces.set(z.values, { x, y, surface });
  return surface;
}

/** Two params (or any two columns), with a metric as level lines under a dot for each run; strongest = best. */
export function contourDrawing(contour: Contour, { hovered, colors, zoom }: DrawingLook): Drawing {
  const { table, x, y, z, drawn } = contour;
  const surface = surfaceOf(contour);
  const [fullX, fullY] = [axisOf(x), axisOf(y)];
  const [toX, toY] = [rulerOf(fullX, 0, 1), rulerOf(fullY, 0, 1)];
  const format = metricFormat(surface.levels);
  const at = (place: Place) => (sample: Sample) => ({
    x: place.x.px(toX.value(sample.x)),
    y: place.y.px(toY.value(sample.y)),
  });
  return {
    axes: {
      x: zoom.x === undefined ? fullX : cutAxis(fullX, ...zoom.x),
      y: zoom.y === undefined ? fullY : cutAxis(fullY, ...zoom.y),
      xName: axisName(x),
      yName: axisName(y),
      grid: "none",
    },
    all: { x: [fullX.min, fullX.max], y: [fullY.min, fullY.max] },
    padding: { top: 8, right: SCALE_ROOM + 12, bottom: 0, left: 0 },
    draw(place) {
      const series: Shape[] = [];
      const step = 1 / Math.max(1, surface.rings.length + 1);
      surface.rings.forEach((rings, i) => {
        const placed = rings.map((ring) =>
          ringInPx(
            ring,
            (px) => place.x.px(toX.value(px)),
            (py) => place.y.px(toY.value(py)),
          ),
        );
        const stroke = { color: withAlpha(colors.background, 0.55), width: 1 };
        series.push({ kind: "rings", rings: placed, fill: withAlpha(colors.accent, layer(i, step)), stroke });
      });
      for (const sample of surface.samples) {
        const run_id = table.run_ids[sample.row] ?? "";
        if (drawn.has(run_id) || run_id === hovered) continue;
        series.push({ kind: "circle", ...at(place)(sample), radius: 2, fill: withAlpha(colors.foreground, 0.55) });
      }
      for (const sample of surface.samples) {
        const run_id = table.run_ids[sample.row] ?? "";
        if (!drawn.has(run_id) && run_id !== hovered) continue;
        const stroke = { color: colors.background, width: 1.5 };
        const fill = runColor(table.ordinals[sample.row] ?? 0, colors);
        series.push({ kind: "circle", ...at(place)(sample), radius: run_id === hovered ? 6 : 4.5, fill, stroke });
      }
      return { series, marks: scaleShapes(place, z, surface, format, colors, step) };
    },
    runAt(place, px, py) {
      const sample = nearestTo(surface.samples, at(place), px, py, 12);
      return sample === undefined ? undefined : table.run_ids[sample.row];
    },
    tip(place, run_id) {
      const sample = surface.samples.find(({ row }) => table.run_ids[row] === run_id);
      if (sample === undefined) return undefined;
      const { row } = sample;
      const rows = [
        { label: x.name, value: cellText(x, row) },
        { label: y.name, value: cellText(y, row) },
        { label: z.name, value: formatValue(sample.z) },
      ];
      return {
        ...at(place)(sample),
        title: cutMiddle(table.run_names[row] ?? run_id, 40),
        ordinal: table.ordinals[row] ?? 0,
        rows,
      };
    },
  };
}

/** Opacity that layer `i`, laid on those below it, adds to come to evenly rising ones. */
function layer(i: number, step: number): number {
  const [below, wanted] = [i * step * 0.85, (i + 1) * step * 0.85];
  return (wanted - below) / (1 - below);
}

function ringInPx(ring: number[], x: (share: number) => number, y: (share: number) => number): Float64Array {
  return Float64Array.from(ring, (value, i) => (i % 2 === 0 ? x : y)(value / (CELLS - 1)));
}

/** The scale at the right: the metric's name, best at the top, a label for each level. */
function scaleShapes(
  place: Place,
  z: ValueColumn,
  { levels }: Surface,
  format: MetricFormat,
  colors: ChartColors,
  step: number,
): Shape[] {
  const left = place.right + 16;
  const shapes: Shape[] = [
    { kind: "text", x: left, y: place.top + 6, text: cutMiddle(z.name, 11), color: colors.foreground },
  ];
  const height = Math.min(22, (place.bottom - place.top - 24) / Math.max(1, levels.length));
  levels.toReversed().forEach((level, i) => {
    const y = place.top + 20 + i * height;
    const opacity = (levels.length - i) * step * 0.85;
    shapes.push({ kind: "rect", x: left, y, width: SWATCH, height, fill: withAlpha(colors.accent, opacity) });
    shapes.push({
      kind: "text",
      x: left + SWATCH + 6,
      y: y + height,
      text: formatMetric(level, format),
      color: colors.secondary,
    });
  });
  return shapes;
}
