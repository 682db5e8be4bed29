import { cutMiddle, formatValue } from "../format.ts";
import { type Drawing, type DrawingLook, nearestTo } from "./drawing.ts";
import { runColor, withAlpha } from "./palette.ts";
import type { Place } from "./place.ts";
import type { Shape } from "./shapes.ts";
import { type Axis, cutAxis, tickLabel } from "./ticks.ts";
import { axisOf, type ValueColumn, type ValueTable } from "./values.ts";
import type { Range } from "./zoom.ts";

export interface Scatter {
  table: ValueTable;
  x: ValueColumn;
  y: ValueColumn;
  /** Runs in their own colour; the others are grey. */
  drawn: ReadonlySet<string>;
  /** Ranges that choose runs. */
  brush?: { x?: Range | undefined; y?: Range | undefined } | undefined;
}

interface Point {
  run_id: string;
  row: number;
  name: string;
  ordinal: number;
  x: number;
  y: number;
}

/** One dot for each run that has both values; drawn runs in their colour on top. */
export function scatterDrawing({ table, x, y, drawn, brush }: Scatter, look: DrawingLook): Drawing {
  const { hovered, colors, zoom } = look;
  const [fullX, fullY] = [axisOf(x), axisOf(y)];
  const axes = {
    x: zoom.x === undefined ? fullX : cutAxis(fullX, ...zoom.x),
    y: zoom.y === undefined ? fullY : cutAxis(fullY, ...zoom.y),
    xName: axisName(x),
    yName: axisName(y),
    grid: "both" as const,
  };
  const points = pointsOf(table, x, y);
  const px = (place: Place) => (point: Point) => ({ x: place.x.px(point.x), y: place.y.px(point.y) });
  return {
    axes,
    all: { x: [fullX.min, fullX.max], y: [fullY.min, fullY.max] },
    draw(place) {
      const at = px(place);
      const some = hovered !== undefined;
      const behind: Shape[] = [];
      const front: Shape[] = [];
      for (const point of points) {
        const inBrush = isInside(point, brush);
        const isHovered = point.run_id === hovered;
        if (drawn.has(point.run_id) || isHovered) {
          const opacity = isHovered ? 1 : (some ? Math.max(0.55, colors.faded) : 1) * (inBrush ? 1 : 0.3);
          const fill = withAlpha(runColor(point.ordinal, colors), opacity);
          const ring = { color: colors.background, width: 1 };
          front.push({ kind: "circle", ...at(point), radius: isHovered ? 6 : 4.5, fill, stroke: ring });
        } else {
          behind.push({
            kind: "circle",
            ...at(point),
            radius: 2.5,
            fill: withAlpha(colors.foreground, inBrush ? 0.38 : 0.1),
          });
        }
      }
      return { series: [...brushShapes(place, brush, colors.accent), ...behind, ...front], marks: [] };
    },
    runAt: (place, x0, y0) => nearestTo(points, px(place), x0, y0, 12)?.run_id,
    tip(place, run_id) {
      const point = points.find((other) => other.run_id === run_id);
      if (point === undefined) return undefined;
      const rows = [
        { label: x.name, value: cellText(x, point.row) },
        { label: y.name, value: cellText(y, point.row) },
      ];
      return { ...px(place)(point), title: cutMiddle(point.name, 40), ordinal: point.ordinal, rows };
    },
  };
}

export function axisName({ name, log }: ValueColumn): string {
  return log ? `${name} (log)` : name;
}

/** A column's value as an axis or a tooltip says it. */
export function valueText(column: ValueColumn, value: number, axis: Axis = axisOf(column)): string {
  return column.kind === "number" ? formatValue(value) : tickLabel(value, axis);
}

/** A run's value in a column: as it was logged where it is a param or tag. */
export function cellText(column: ValueColumn, row: number): string {
  const value = column.values[row] ?? Number.NaN;
  const text = column.texts?.[row];
  if (text !== undefined && text !== null) return cutMiddle(text, 32);
  return Number.isNaN(value) ? "not logged" : valueText(column, value);
}

function pointsOf({ run_ids, run_names, ordinals }: ValueTable, x: ValueColumn, y: ValueColumn): Point[] {
  return run_ids.flatMap((run_id, i) => {
    const point = { x: x.values[i] ?? Number.NaN, y: y.values[i] ?? Number.NaN };
    if (Number.isNaN(point.x) || Number.isNaN(point.y) || (x.log && point.x <= 0) || (y.log && point.y <= 0)) return [];
    return [{ run_id, row: i, name: run_names[i] ?? run_id, ordinal: ordinals[i] ?? 0, ...point }];
  });
}

function isInside({ x, y }: { x: number; y: number }, brush: Scatter["brush"]): boolean {
  const holds = (range: Range | undefined, value: number) =>
    range === undefined || (value >= range[0] && value <= range[1]);
  return holds(brush?.x, x) && holds(brush?.y, y);
}

/** The brushed rectangle: the accent at 30 %, 1 px edge. */
export function brushShapes(place: Place, brush: Scatter["brush"], accent: string): Shape[] {
  if (brush?.x === undefined && brush?.y === undefined) return [];
  const [left, right] =
    brush.x === undefined ? [place.left, place.right] : [place.x.px(brush.x[0]), place.x.px(brush.x[1])];
  const [bottom, top] =
    brush.y === undefined ? [place.bottom, place.top] : [place.y.px(brush.y[0]), place.y.px(brush.y[1])];
  const rect = { x: left, y: top, width: right - left, height: bottom - top };
  return [{ kind: "rect", ...rect, fill: withAlpha(accent, 0.3), stroke: { color: accent, width: 1 } }];
}
