// Metadata that MLflow 3.17 keeps in columns of `trace_info`, and gives back as metadata.
import { dumpsPlain, floatText } from "../../mlflow/pythonJson.ts";
import { TRACE_METADATA } from "../../mlflow/traces.ts";
import { checkLength } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Sql } from "./filterToSql.ts";
import { invalid } from "../validation.ts";

/** Columns of token counts; each is named as its key in the metadata's JSON. */
export const TOKEN_COLUMNS = [
  "input_tokens",
  "output_tokens",
  "total_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens",
  "cache_creation_input_tokens_above_1hr",
] as const;
/** Columns of costs in US dollars. */
export const COST_COLUMNS = ["input_cost", "output_cost", "total_cost"] as const;

export type ColumnValues = Record<(typeof TOKEN_COLUMNS)[number] | (typeof COST_COLUMNS)[number], number | null> & {
  session_id: string | null;
};

const IN_COLUMNS: readonly string[] = [TRACE_METADATA.session, TRACE_METADATA.tokenUsage, TRACE_METADATA.cost];

/** Splits metadata into what becomes columns (only those that were sent) and the rest. */
export function splitMetadata(metadata: Record<string, string>): {
  columns: Map<string, SqlValue>;
  rest: [string, string][];
} {
  const columns = new Map<string, SqlValue>();
  const session = metadata[TRACE_METADATA.session];
  if (session !== undefined) {
    checkLength("Session ID", 250, session);
    columns.set("session_id", session);
  }
  for (const [column, value] of numberColumns(metadata[TRACE_METADATA.tokenUsage], metadata[TRACE_METADATA.cost])) {
    columns.set(column, value);
  }
  const rest = Object.entries(metadata).filter(([key]) => !IN_COLUMNS.includes(key));
  return { columns, rest: rest.toSorted(([a], [b]) => (a < b ? -1 : 1)) };
}

/** The columns that the metadata of token usage and cost, both JSON, become. */
export function numberColumns(tokens: string | undefined, costs: string | undefined): Map<string, SqlValue> {
  const columns = new Map<string, SqlValue>();
  addNumbers(columns, tokens, TOKEN_COLUMNS, tokenCount);
  addNumbers(columns, costs, COST_COLUMNS, cost);
  return columns;
}

/** The metadata that columns stand for. */
export function columnMetadata(row: ColumnValues): [string, string][] {
  const metadata: [string, string][] = [];
  if (row.session_id !== null) metadata.push([TRACE_METADATA.session, row.session_id]);
  const tokens = present(row, TOKEN_COLUMNS);
  if (tokens.length > 0) metadata.push([TRACE_METADATA.tokenUsage, dumpsPlain(Object.fromEntries(tokens))]);
  const costs = present(row, COST_COLUMNS);
  if (costs.length > 0) metadata.push([TRACE_METADATA.cost, costText(costs)]);
  return metadata;
}

/** A condition on metadata that is kept in numbers: sameness with the very text MLflow makes of them, or presence. */
export function numbersCondition(key: string, comparator: string, value: string): Sql {
  const tokens = key === TRACE_METADATA.tokenUsage;
  const columns: readonly string[] = tokens ? TOKEN_COLUMNS : COST_COLUMNS;
  const exists = `(${columns.map((column) => `t.${column} IS NOT NULL`).join(" OR ")})`;
  if (comparator === "IS NULL") return { sql: `NOT ${exists}`, values: [] };
  if (comparator === "IS NOT NULL") return { sql: exists, values: [] };
  if (comparator !== "=" && comparator !== "!=") {
    throw invalid(
      `Comparator '${comparator}' is not supported for reserved metadata '${key}'. Only '=', '!=', 'IS NULL', and 'IS NOT NULL' are supported.`,
    );
  }
  const found = new Map<string, SqlValue>();
  addNumbers(found, value, tokens ? TOKEN_COLUMNS : COST_COLUMNS, tokens ? tokenCount : cost);
  const numbers = [...found].flatMap(([column, number]): [string, number][] =>
    typeof number === "number" ? [[column, number]] : [],
  );
  const text = tokens ? dumpsPlain(Object.fromEntries(numbers)) : costText(numbers);
  const terms = columns.map((column) => (found.has(column) ? `t.${column} IS ?` : `t.${column} IS NULL`));
  const same: Sql =
    numbers.length > 0 && text === value
      ? { sql: `(${terms.join(" AND ")})`, values: numbers.map(([, number]) => number) }
      : { sql: "0", values: [] };
  return comparator === "=" ? same : { sql: `(${exists} AND NOT ${same.sql})`, values: same.values };
}

export function isNumbersKey(key: string): boolean {
  return key === TRACE_METADATA.tokenUsage || key === TRACE_METADATA.cost;
}

function present<C extends keyof ColumnValues>(row: ColumnValues, columns: readonly C[]): [string, number][] {
  return columns.flatMap((column): [string, number][] => {
    const value = row[column];
    return typeof value === "number" ? [[column, value]] : [];
  });
}

function costText(costs: [string, number][]): string {
  return `{${costs.map(([key, value]) => `"${key}": ${floatText(value)}`).join(", ")}}`;
}

function addNumbers(
  columns: Map<string, SqlValue>,
  text: string | undefined,
  keys: readonly string[],
  convert: (value: unknown) => number | null,
): void {
  const values = parseObject(text);
  for (const key of keys) if (values.has(key)) columns.set(key, convert(values.get(key)));
}

function parseObject(text: string | undefined): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "null");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return new Map(Object.entries(value));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return new Map();
}

function tokenCount(value: unknown): number | null {
  const number = cost(value);
  return number !== null && Number.isSafeInteger(number) ? number : null;
}

function cost(value: unknown): number | null {
  if (typeof value === "string" && value.trim() === "") return null;
  if (typeof value !== "number" && typeof value !== "string") return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
