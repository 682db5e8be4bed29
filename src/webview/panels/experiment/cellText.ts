import type { RowPlace } from "./runsWindow.ts";

/** Undefined when the run never logged the metric. */
export function metricAt({ columns, at }: RowPlace, key: string): number | undefined {
  const column = columns.metrics[key];
  return column?.logged[at] === 1 ? column.values[at] : undefined;
}

/** The stored value of a run in the column `id`, all digits: times in ISO 8601, durations in ms; empty where nothing is stored. */
export function cellText(place: RowPlace, id: string): string {
  const { columns, at } = place;
  if (id.startsWith("metrics.")) return String(metricAt(place, id.slice(8)) ?? "");
  if (id.startsWith("params.")) return columns.params[id.slice(7)]?.[at] ?? "";
  const start = columns.start_times[at] ?? Number.NaN;
  const duration = (columns.end_times[at] ?? Number.NaN) - start;
  if (id === "duration") return Number.isNaN(duration) ? "" : String(duration);
  if (id === "attributes.start_time") return Number.isNaN(start) ? "" : new Date(start).toISOString();
  return columns.run_names[at] ?? "";
}
