import type { AnswerCell, AnswerTable } from "../../../mlflow/signature/answer.ts";
import type { ServerAnswer } from "../../../protocol/panels/predict.ts";
import { countOf, formatCount, formatMetric, metricFormat } from "../../ui/format.ts";

/** A column of the table of answers. */
export interface AnswerColumn {
  title: string;
  /** Which server's; undefined: the difference of both. */
  of: 0 | 1 | undefined;
  isNumber: boolean;
  cells: AnswerCell[];
  /** Shares of a bar, 0 to 1; empty where there are none. */
  bars: (number | undefined)[];
  texts: string[];
}

export interface AnswerGrid {
  columns: AnswerColumn[];
  rows: number;
  /** What the answers have that is not in the table, in words; undefined: nothing. */
  leftOut: string | undefined;
}

/** Characters of a cell that are drawn: an image or an embedding is one value, too. Copy gives all. */
const LONGEST = 500;
const LETTERS = ["A", "B"] as const;
/** Columns that are drawn, those of both answers and of their differences together. */
const MOST_COLUMNS = 100;

/** Answers side by side: each column of the first beside the second's, and their difference. */
export function answerGrid(answers: readonly ServerAnswer[]): AnswerGrid {
  const tables = answers.map(({ table }) => table);
  const names = [...new Set(tables.flatMap((table) => table?.columns ?? []))];
  const rows = Math.max(0, ...tables.map((table) => table?.rows.length ?? 0));
  const isPair = answers.length > 1;
  const drawn = names.slice(0, isPair ? Math.floor(MOST_COLUMNS / 3) : MOST_COLUMNS);
  const columns = drawn.flatMap((name) => {
    const pair = tables.map((table) => columnOf(table, name, rows));
    const numbers = pair.flatMap((cells) => cells?.filter((cell) => typeof cell === "number") ?? []);
    const isNumber = pair.every(
      (cells) => cells === undefined || cells.every((cell) => cell === null || isNumeric(cell)),
    );
    const format = metricFormat(numbers);
    const text = (cell: AnswerCell) => {
      if (typeof cell === "number" && isNumber) return formatMetric(cell, format);
      const whole = String(cell ?? "");
      return whole.length > LONGEST ? `${whole.slice(0, LONGEST)}…` : whole;
    };
    const bar = barOf(numbers);
    const shown = pair.flatMap((cells, of): AnswerColumn[] =>
      cells === undefined
        ? []
        : [
            {
              title: isPair ? `${LETTERS[of] ?? ""}: ${name}` : name,
              of: of === 0 ? 0 : 1,
              ...{ isNumber, cells, texts: cells.map(text) },
              bars: isNumber ? cells.map((cell) => (typeof cell === "number" ? bar(cell) : undefined)) : [],
            },
          ],
    );
    const [a, b] = pair;
    return a === undefined || b === undefined ? shown : [...shown, difference(a, b, isNumber, format)];
  });
  const totals = tables.map((table) => ({
    columns: (table?.columns.length ?? 0) + (table?.moreColumns ?? 0),
    rows: table?.total ?? 0,
  }));
  const whole = {
    columns: Math.max(names.length, ...totals.map((total) => total.columns)),
    rows: Math.max(0, ...totals.map((total) => total.rows)),
  };
  return { columns, rows, leftOut: leftOutOf(drawn.length, rows, whole) };
}

/** `100 of 3,000 columns`. */
function leftOutOf(columns: number, rows: number, whole: { columns: number; rows: number }): string | undefined {
  const parts = [
    ...(columns < whole.columns ? [`${formatCount(columns)} of ${countOf(whole.columns, "column")}`] : []),
    ...(rows < whole.rows ? [`${formatCount(rows)} of ${countOf(whole.rows, "row")}`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(" and ");
}

function isNumeric(cell: AnswerCell): boolean {
  return typeof cell === "number" || cell === "NaN" || cell === "Infinity" || cell === "-Infinity";
}

function columnOf(table: AnswerTable | undefined, name: string, rows: number): AnswerCell[] | undefined {
  const at = table?.columns.indexOf(name) ?? -1;
  if (table === undefined || at < 0) return undefined;
  return Array.from({ length: rows }, (_, row) => table.rows[row]?.[at] ?? null);
}

/** Scaled to the range of both; the least still shows a little. */
function barOf(numbers: number[]): (value: number) => number {
  const least = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = numbers.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const low = least - (most - least) * 0.5;
  return (value) => (most === least ? 0.5 : (value - low) / (most - low));
}

function difference(
  a: AnswerCell[],
  b: AnswerCell[],
  isNumber: boolean,
  format: ReturnType<typeof metricFormat>,
): AnswerColumn {
  const cells = a.map((cell, row): AnswerCell => {
    const other = b[row] ?? null;
    if (typeof cell === "number" && typeof other === "number") return other - cell;
    return cell === other ? "same" : "differs";
  });
  const texts = cells.map((cell) => {
    if (typeof cell !== "number") return String(cell);
    if (cell === 0) return "0";
    const text = formatMetric(Math.abs(cell), format);
    return `${cell > 0 ? "+" : "−"}${text}`;
  });
  return { title: isNumber ? "B − A" : "B, A", of: undefined, isNumber, cells, texts, bars: [] };
}

/** Row whose answers differ most; undefined where none do. */
export function largestDifference(grid: AnswerGrid): number | undefined {
  const differences = grid.columns.find(({ of }) => of === undefined)?.cells ?? [];
  let best: number | undefined;
  let most = 0;
  for (const [row, cell] of differences.entries()) {
    const size = typeof cell === "number" ? Math.abs(cell) : 0;
    if (size > most) [best, most] = [row, size];
  }
  return best;
}
