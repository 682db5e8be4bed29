import { countOf, formatCount, formatMetric, isOutside, metricFormat } from "../format.ts";
import { bestOf, directionOf } from "../metrics.ts";
import type { Box } from "./boxDrawing.ts";
import { type ChartLine, xsOf } from "./lines.ts";
import { tickLabel } from "./ticks.ts";
import type { ValueColumn, ValueTable } from "./values.ts";

// Charts in words, for those who do not see them.

/** How many lines, how far they go, which run is best now. */
export function describeLines(metricKey: string, lines: ChartLine[]): string {
  const ends = lines.flatMap((line) => {
    const last = line.line.values.findLastIndex((value) => !isOutside(value));
    const value = line.line.values[last];
    return value === undefined ? [] : [{ line, value, x: xsOf(line)[last] ?? 0 }];
  });
  if (ends.length === 0) return `${metricKey}: no points.`;
  const direction = directionOf(metricKey);
  const values = ends.map(({ value }) => value);
  const best = bestOf(values, direction);
  const format = metricFormat(values);
  const leader = ends.find(({ value }) => value === best);
  const broken = lines.filter(({ line }) => line.values.some(isOutside)).length;
  return [
    `${metricKey} of ${countOf(new Set(lines.map(({ run_id }) => run_id)).size, "run")}.`,
    leader === undefined || best === undefined
      ? ""
      : `Last values ${formatMetric(Math.min(...values), format)} to ${formatMetric(Math.max(...values), format)}; best is ${leader.line.name} with ${formatMetric(best, format)}.`,
    broken === 0 ? "" : `${countOf(broken, "line")} with NaN or infinite values.`,
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Bars, points and boxes: what is best and how far they reach. */
export function describeValues(what: string, metricKey: string, rows: { name: string; value: number }[]): string {
  const values = rows.map(({ value }) => value).filter((value) => !isOutside(value));
  if (values.length === 0) return `${what}: no values.`;
  const format = metricFormat(values);
  const best = bestOf(values, directionOf(metricKey));
  const leader = rows.find(({ value }) => value === best);
  const range = `${formatMetric(Math.min(...values), format)} to ${formatMetric(Math.max(...values), format)}`;
  const leading =
    leader === undefined || best === undefined ? "" : ` Best is ${leader.name} with ${formatMetric(best, format)}.`;
  return `${what} of ${countOf(rows.length, "run")}, ${range}.${leading}`;
}

/** Boxes: each median. */
export function describeBoxes(metricKey: string, boxes: Box[]): string {
  if (boxes.length === 0) return `${metricKey}: no values.`;
  const format = metricFormat(boxes.map(({ statistics }) => statistics.median));
  const told = boxes.slice(0, 12).map(({ name, statistics: { median, count } }) => {
    return `${name}: median ${formatMetric(median, format)} of ${countOf(count, "run")}`;
  });
  return `${metricKey}. ${told.join("; ")}.`;
}

/** A contour: where the best of the measured runs lies. */
export function describeSurface(
  z: string,
  x: string,
  y: string,
  table: ValueTable,
  column: ValueColumn | undefined,
): string {
  const values = column?.values ?? new Float64Array();
  const best = bestOf(values, column?.better ?? directionOf(z));
  const row = best === undefined ? -1 : values.indexOf(best);
  if (best === undefined || row < 0) return `${z} over ${x} and ${y}: no values.`;
  const at = [x, y].map((name) => {
    const found = table.columns.find((other) => other.name === name);
    const value = found?.values[row] ?? Number.NaN;
    return `${name} ${found?.names?.[value] ?? formatMetric(value, metricFormat([value]))}`;
  });
  const name = table.run_names[row] ?? "";
  return `${z} over ${x} and ${y}; best is ${name} with ${formatMetric(best, metricFormat([best]))} at ${at.join(" and ")}.`;
}

/** A place on an axis in words. */
export function placeName(axis: string, x: number): string {
  if (axis === "time") return tickLabel(x, { min: x, max: x + 1000, ticks: [x, x + 1000], decimals: 0, kind: "time" });
  if (axis === "relative")
    return tickLabel(x, { min: 0, max: x, ticks: [0, Math.max(1000, x)], decimals: 0, kind: "duration" });
  if (axis === "step") return `step ${Number.isInteger(x) ? formatCount(x) : new Intl.NumberFormat().format(x)}`;
  return `${axis.replace(/^metric:/, "")} ${formatMetric(x, metricFormat([x]))}`;
}
