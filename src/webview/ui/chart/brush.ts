import type { ValueColumn, ValueTable } from "./values.ts";
import type { Range } from "./zoom.ts";

/** Ranges that choose runs, by the id of their column; a range of names is of their places. */
export type Brush = Readonly<Record<string, Range>>;

/** Which rows lie in every range; a row without a value lies in none. A column that is not there chooses nothing. */
export function rowsInside({ run_ids, columns }: ValueTable, brush: Brush): boolean[] {
  const ranges = columns.flatMap((column) => {
    const range = brush[column.id];
    return range === undefined ? [] : [{ values: column.values, range }];
  });
  return run_ids.map((_, row) =>
    ranges.every(({ values, range }) => {
      const value = values[row] ?? Number.NaN;
      return value >= range[0] && value <= range[1];
    }),
  );
}

/** The names that a range of a `names` column holds. */
export function namesInside({ names = [] }: ValueColumn, [from, to]: Range): string[] {
  return names.filter((_, place) => place >= from && place <= to);
}

export function without(brush: Brush, id: string): Brush {
  return Object.fromEntries(Object.entries(brush).filter(([key]) => key !== id));
}
