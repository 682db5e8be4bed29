import { isObject, printJson, tryJson } from "./json.ts";
import type { Json } from "./json.ts";
import type { Schema } from "./types.ts";

export type AnswerCell = string | number | boolean | null;

export interface AnswerTable {
  columns: string[];
  rows: AnswerCell[][];
  /** There may be more rows than these, of which the raw answer has all. */
  total: number;
  /** Columns that were left out, which the raw answer has; absent: none. */
  moreColumns?: number;
}

/** Rows that a table of an answer holds; the raw answer has all. */
export const MOST_ROWS = 10_000;

/**
 * Reads `{"predictions": …}` as a table: one row for each prediction. Undefined when it is no JSON, or holds no rows. `most`:
 * columns that are wanted, the first ones.
 */
export function readAnswer(
  text: string,
  outputs: Schema | undefined,
  most = Number.POSITIVE_INFINITY,
): AnswerTable | undefined {
  const value = tryJson(text);
  if (value === undefined) return undefined;
  const predictions = isObject(value) && "predictions" in value ? (value["predictions"] ?? null) : value;
  return tableOf(predictions, namesOf(outputs), most);
}

function namesOf(outputs: Schema | undefined): (string | undefined)[] {
  if (outputs === undefined) return [];
  const specs: readonly { name?: string }[] = outputs.kind === "columns" ? outputs.columns : outputs.tensors;
  return specs.map(({ name }) => name);
}

function tableOf(value: Json, names: (string | undefined)[], most: number): AnswerTable {
  if (Array.isArray(value)) return tableOfList(value, names, most);
  if (!isObject(value)) return { columns: [names[0] ?? "prediction"], rows: [[cellOf(value)]], total: 1 };
  const all = Object.entries(value);
  const lists = all.slice(0, most);
  const more = moreOf(all, most);
  const [, first] = lists[0] ?? [];
  // Tensors by name: each a list of as many values.
  if (Array.isArray(first) && all.every(([, list]) => Array.isArray(list) && list.length === first.length)) {
    const rows = first
      .slice(0, MOST_ROWS)
      .map((_, row) => lists.map(([, list]) => cellOf(Array.isArray(list) ? (list[row] ?? null) : null)));
    return { columns: lists.map(([name]) => name), rows, total: first.length, ...more };
  }
  return { columns: lists.map(([name]) => name), rows: [lists.map(([, each]) => cellOf(each))], total: 1, ...more };
}

function moreOf(columns: readonly unknown[], most: number): Pick<AnswerTable, "moreColumns"> {
  return columns.length > most ? { moreColumns: columns.length - most } : {};
}

function tableOfList(list: Json[], names: (string | undefined)[], most: number): AnswerTable {
  const shown = list.slice(0, MOST_ROWS);
  const total = list.length;
  if (shown.length > 0 && shown.every(isObject)) {
    const all = [...new Set(shown.flatMap((row) => Object.keys(row)))];
    const columns = all.slice(0, most);
    const rows = shown.map((row) => columns.map((name) => cellOf(row[name] ?? null)));
    // A Series without a name is a column 0 to pandas.
    const only = columns.length === 1 && columns[0] === "0" ? [names[0] ?? "prediction"] : columns;
    return { columns: only, rows, total, ...moreOf(all, most) };
  }
  const [first] = shown;
  const isMatrix = Array.isArray(first) && shown.every((row) => Array.isArray(row) && row.length === first.length);
  if (isMatrix && first.length > 0 && first.length <= 100) {
    const columns = first.map((_, i) => names[i] ?? (names[0] === undefined ? String(i) : `${names[0]}[${i}]`));
    const rows = shown.map((row) => (Array.isArray(row) ? row.map(cellOf) : []));
    return { columns, rows, total };
  }
  return { columns: [names[0] ?? "prediction"], rows: shown.map((each) => [cellOf(each)]), total };
}

/** Whole numbers that a double cannot hold stay text. */
function cellOf(value: Json): AnswerCell {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  // NaN and infinities cross a port as text.
  if (typeof value === "number") return Number.isFinite(value) ? value : printJson(value);
  return typeof value === "object" && value !== null ? printJson(value) : value;
}
