import { cutMiddle, formatMetric, isOutside, metricFormat } from "../format.ts";
import { type BoxStatistics, boxStatistics } from "./boxStatistics.ts";
import { type Drawing, type DrawingLook, nearestTo } from "./drawing.ts";
import { runColor, withAlpha } from "./palette.ts";
import type { Place } from "./place.ts";
import { LABEL_SIZE, type Shape } from "./shapes.ts";
import { type Axis, cutAxis, namesAxis } from "./ticks.ts";
import { axisOf, type ValueColumn, type ValueTable } from "./values.ts";

export interface Boxes {
  table: ValueTable;
  /** What is measured. */
  y: ValueColumn;
  /** What makes the boxes; undefined: one box of all runs. */
  by: ValueColumn | undefined;
  drawn: ReadonlySet<string>;
}

export interface Box {
  name: string;
  rows: number[];
  statistics: BoxStatistics;
}

/** More boxes than this cannot be told apart. */
const MOST_BOXES = 30;

/** Runs by their group, in the order of the names or numbers; groups without a finite value are left out. */
export function boxesOf({ table, y, by }: Pick<Boxes, "table" | "y" | "by">): Box[] {
  const groups = new Map<number, number[]>();
  table.run_ids.forEach((_, row) => {
    const group = by === undefined ? 0 : (by.values[row] ?? Number.NaN);
    if (Number.isNaN(group)) return;
    const rows = groups.get(group) ?? [];
    rows.push(row);
    groups.set(group, rows);
  });
  return [...groups]
    .sort(([a], [b]) => a - b)
    .slice(0, MOST_BOXES)
    .flatMap(([group, rows]) => {
      const statistics = boxStatistics(rows.map((row) => y.values[row] ?? Number.NaN));
      const name = by === undefined ? "all runs" : (by.names?.[group] ?? String(group));
      return statistics === undefined ? [] : [{ name, rows, statistics }];
    });
}

/** A box from quartile to quartile with its median, whiskers, and a dot for each drawn run and each outlier. */
export function boxDrawing(boxes: Boxes, { hovered, colors, zoom, width }: DrawingLook): Drawing {
  const { table, y, drawn } = boxes;
  const found = boxesOf(boxes);
  const fullY = axisOf(y);
  const letters = Math.max(4, Math.floor(Math.max(0, width - 60) / Math.max(1, found.length) / (LABEL_SIZE * 0.62)));
  const x: Axis = namesAxis(found.map(({ name }) => cutMiddle(name, letters)));
  const dots = found.flatMap(({ rows, statistics: { whiskers } }, i) =>
    rows.flatMap((row) => {
      const value = y.values[row] ?? Number.NaN;
      const run_id = table.run_ids[row] ?? "";
      const outlier = value < whiskers[0] || value > whiskers[1];
      if (isOutside(value) || !(outlier || drawn.has(run_id) || run_id === hovered)) return [];
      return [{ run_id, row, x: i + spread(row), y: value, outlier }];
    }),
  );
  const at = (place: Place) => (dot: { x: number; y: number }) => ({ x: place.x.px(dot.x), y: place.y.px(dot.y) });
  const format = metricFormat(found.flatMap(({ statistics: s }) => [s.low, s.median, s.high]));
  return {
    axes: {
      x,
      y: zoom.y === undefined ? fullY : cutAxis(fullY, ...zoom.y),
      xName: boxes.by?.name,
      grid: "horizontal",
    },
    draw(place) {
      const pitch = (place.right - place.left) / Math.max(1, found.length);
      const half = Math.min(32, pitch * 0.3);
      const edge = { color: withAlpha(colors.foreground, 0.76), width: 1 };
      const series: Shape[] = found.flatMap(({ statistics: s }, i): Shape[] => {
        const middle = place.x.px(i);
        const [low, median, high] = [place.y.px(s.low), place.y.px(s.median), place.y.px(s.high)];
        const [foot, top] = [place.y.px(s.whiskers[0]), place.y.px(s.whiskers[1])];
        const line = (xs: number[], ys: number[], stroke = edge): Shape => ({ kind: "path", xs, ys, stroke });
        return [
          line([middle, middle, Number.NaN, middle, middle], [foot, low, 0, high, top]),
          line([middle - half / 2, middle + half / 2], [foot, foot]),
          line([middle - half / 2, middle + half / 2], [top, top]),
          {
            kind: "rect",
            x: middle - half,
            y: high,
            width: 2 * half,
            height: low - high,
            fill: withAlpha(colors.foreground, 0.12),
            stroke: edge,
          },
          line([middle - half, middle + half], [median, median], { color: colors.foreground, width: 2 }),
        ];
      });
      for (const dot of dots) {
        const isHovered = dot.run_id === hovered;
        const own = drawn.has(dot.run_id) || isHovered;
        const fill = own ? runColor(table.ordinals[dot.row] ?? 0, colors) : withAlpha(colors.foreground, 0.45);
        const ring = own ? { color: colors.background, width: 1 } : undefined;
        series.push({ kind: "circle", ...at(place)(dot), radius: isHovered ? 5.5 : own ? 4 : 2.5, fill, stroke: ring });
      }
      return { series, marks: [] };
    },
    runAt: (place, px, py) => nearestTo(dots, at(place), px, py, 12)?.run_id,
    tip(place, run_id) {
      const dot = dots.find((other) => other.run_id === run_id);
      if (dot === undefined) return undefined;
      const box = found[Math.round(dot.x)];
      const rows = [{ label: y.name, value: formatMetric(dot.y, format) }];
      if (box !== undefined) {
        rows.push({
          label: `median of ${cutMiddle(box.name, 24)}`,
          value: formatMetric(box.statistics.median, format),
        });
        rows.push({ label: "runs", value: String(box.statistics.count) });
      }
      return {
        ...at(place)(dot),
        title: table.run_names[dot.row] ?? run_id,
        ordinal: table.ordinals[dot.row] ?? 0,
        rows,
      };
    },
  };
}

/** Sideways places of dots, the same for the same run, so that equal values do not hide each other. */
function spread(row: number): number {
  return (((row * 0.618034) % 1) - 0.5) * 0.24;
}
