import { fieldOf, idOf } from "../../ui/chart/fields.ts";
import { numbersOf } from "./page.ts";
import type { RowPlace } from "./runsWindow.ts";

/** The column that holds what the column `id` shows. */
export function storedId(id: string): string {
  const field = fieldOf(id);
  return field === undefined ? id : idOf(field);
}

/** Undefined when the run never logged it. */
export function numberAt({ columns, at }: RowPlace, id: string): number | undefined {
  const column = numbersOf(columns, id);
  return column?.logged[at] === 1 ? column.values[at] : undefined;
}

/** The stored value of a row in the column `id`, all digits: times in ISO 8601, durations in ms; empty where nothing is stored. */
export function cellText(place: RowPlace, id: string): string {
  const { columns, at } = place;
  const times = { "attributes.start_time": columns.start_times, "attributes.end_time": columns.end_times }[id];
  if (times !== undefined) {
    const time = times[at] ?? Number.NaN;
    return Number.isNaN(time) ? "" : new Date(time).toISOString();
  }
  if (id === "attributes.run_name") return columns.run_names[at] ?? "";
  const column = columns.byId.get(storedId(id));
  switch (column?.kind) {
    case undefined:
      return "";
    case "text":
      return column.texts[at] ?? "";
    case "number":
      return column.logged[at] === 1 ? String(column.values[at]) : "";
    case "datasets":
      return (column.cells[at] ?? []).map(({ name, digest }) => `${name} (${digest})`).join(", ");
    case "models":
      return (column.cells[at] ?? [])
        .map(({ name, version }) => (version === undefined ? name : `${name} ${version}`))
        .join(", ");
    default:
      return column satisfies never;
  }
}
