import { type Brush, namesInside, rowsInside } from "./brush.ts";
import { valueText } from "./scatterDrawing.ts";
import { OTHERS, type ValueColumn, type ValueTable } from "./values.ts";
import type { Range } from "./zoom.ts";
import { filterByIds, quotedKey } from "../../../mlflow/filter/write.ts";

// What was brushed, as words and as MLflow's filter.

/** More values than this are not listed in a filter: the runs are named instead. */
const MOST_VALUES = 50;

/** `val_rmse 0.545 to 0.600`, or the names. */
export function rangeText(column: ValueColumn, range: Range): string {
  if (column.kind === "names") {
    const names = namesInside(column, range);
    return `${column.name} ${names.length === 0 ? "nothing" : names.length > 3 ? `${names.length} values` : names.join(", ")}`;
  }
  return `${column.name} ${valueText(column, range[0])} to ${valueText(column, range[1])}`;
}

export interface BrushSource {
  table: ValueTable;
  brush: Brush;
  /** A column as it was logged. */
  texts(id: string): (string | null)[] | undefined;
  /** The store knows OR. */
  mayOr: boolean;
}

/**
 * The search that finds the brushed runs. Metrics and times are compared; params and tags, which MLflow knows as text, are listed by
 * value; whatever cannot be asked so is asked by the runs' ids.
 */
export function brushFilter({ table, brush, texts, mayOr }: BrushSource): string {
  const inside = rowsInside(table, brush);
  const parts = table.columns.flatMap((column): (string | undefined)[] => {
    const range = brush[column.id];
    return range === undefined ? [] : [partOf(column, range, inside, texts(column.id), mayOr)];
  });
  if (parts.length > 0 && parts.every((part) => part !== undefined)) return parts.join(" AND ");
  return filterByIds(table.run_ids.filter((_, row) => inside[row] === true));
}

function partOf(
  column: ValueColumn,
  [from, to]: Range,
  inside: boolean[],
  texts: (string | null)[] | undefined,
  mayOr: boolean,
): string | undefined {
  const dot = column.id.indexOf(".");
  const [room, key] = [column.id.slice(0, dot), column.id.slice(dot + 1)];
  if (room === "metrics") {
    const name = `metrics.${quotedKey(key)}`;
    return `${name} >= ${number(from)} AND ${name} <= ${number(to)}`;
  }
  if (column.id === "attributes.start_time")
    return `attributes.start_time >= ${Math.floor(from)} AND attributes.start_time <= ${Math.ceil(to)}`;
  if ((room !== "params" && room !== "tags") || texts === undefined) return undefined;
  if (column.kind === "names" && namesInside(column, [from, to]).includes(OTHERS)) return undefined;
  // Rows that another axis leaves out may have more values; those that all axes leave in are what is wanted.
  const wanted = [...new Set(texts.filter((text, row) => text !== null && inside[row] === true))];
  const awkward = wanted.some((text) => text === null || text.includes("'"));
  if (wanted.length === 0 || wanted.length > MOST_VALUES || awkward) return undefined;
  if (wanted.length > 1 && !mayOr) return undefined;
  const equal = wanted.map((text) => `${room}.${quotedKey(key)} = '${text}'`);
  return equal.length === 1 ? equal[0] : `(${equal.join(" OR ")})`;
}

/** Both searches at once. */
export function bothFilters(first: string, second: string): string {
  if (first === "") return second;
  return /\bOR\b/i.test(first) ? `(${first}) AND ${second}` : `${first} AND ${second}`;
}

/** Digits enough to tell a px, and no exponent, which MLflow's grammar does not know everywhere. */
function number(value: number): string {
  const text = String(Number(value.toPrecision(6)));
  return /e/i.test(text) ? value.toFixed(12).replace(/\.?0+$/, "") : text;
}
