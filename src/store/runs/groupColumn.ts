import type { FieldColumn, NumberFieldColumn, RunField, TextFieldColumn } from "../../protocol/runs.ts";
import type { ArrangedGroup } from "./arrangement.ts";
import { NumberColumn, type TextColumn } from "./runColumn.ts";
import type { RunSource } from "./runSource.ts";
import { spreadOf } from "./spread.ts";

/** A column of rows: of runs their values, of groups what these have in common. */
export function rowColumn(
  source: RunSource,
  field: RunField,
  rows: Int32Array,
  groups: readonly ArrangedGroup[],
): FieldColumn {
  const slots = Array.from(rows).filter((row) => row >= 0);
  const cells = source.cells(field, slots);
  if (slots.length === rows.length) return cells;
  const members = (row: number) => groups[-1 - row]?.members ?? new Uint32Array(0);
  let next = 0;
  const places = Array.from(rows, (row) => (row < 0 ? -1 : next++));
  switch (cells.kind) {
    case "datasets":
      return { kind: "datasets", cells: places.map((place) => cells.cells[place] ?? []) };
    case "models":
      return { kind: "models", cells: places.map((place) => cells.cells[place] ?? []) };
    case "text": {
      const column = source.column(field);
      if (column instanceof NumberColumn) return cells;
      const common = (row: number) => commonText(column, members(row));
      const texts = Array.from(rows, (row, at) => (row < 0 ? common(row) : (cells.texts[places[at] ?? 0] ?? null)));
      return { kind: "text", texts } satisfies TextFieldColumn;
    }
    case "number": {
      const column = source.column(field);
      return column instanceof NumberColumn ? withMeans(cells, column, rows, members) : cells;
    }
    default:
      return cells satisfies never;
  }
}

function withMeans(
  cells: NumberFieldColumn,
  column: NumberColumn,
  rows: Int32Array,
  members: (row: number) => Uint32Array,
): NumberFieldColumn {
  const size = rows.length;
  const values = new Float64Array(size);
  const logged = new Uint8Array(size);
  const spread = {
    deviations: new Float64Array(size).fill(Number.NaN),
    min: new Float64Array(size).fill(Number.NaN),
    max: new Float64Array(size).fill(Number.NaN),
    count: new Uint32Array(size),
  };
  let next = 0;
  for (const [at, row] of rows.entries()) {
    if (row >= 0) {
      values[at] = cells.values[next] ?? 0;
      logged[at] = cells.logged[next++] ?? 0;
      continue;
    }
    const { count, mean, deviation, min, max } = spreadOf(column, members(row));
    if (count === 0) continue;
    values[at] = mean;
    logged[at] = 1;
    spread.deviations[at] = deviation;
    spread.min[at] = min;
    spread.max[at] = max;
    spread.count[at] = count;
  }
  return { kind: "number", values, logged, spread };
}

/** The text that all of them have; null where they differ. */
function commonText({ codes, texts }: TextColumn, slots: Uint32Array): string | null {
  const [first] = slots;
  const code = first === undefined ? -1 : (codes[first] ?? -1);
  return code >= 0 && slots.every((slot) => codes[slot] === code) ? (texts[code] ?? null) : null;
}
