import { checkValue } from "./checkValue.ts";
import { dateForm, wholeDate } from "./dates.ts";
import type { Json } from "./json.ts";
import type { ColumnSpec } from "./types.ts";
import { nameOfColumn } from "./words.ts";

/** Rows of values; without names the columns have places only. */
export interface Table {
  columns?: string[];
  rows: Json[][];
}

/** What is wrong, and where: rows are counted from 0. */
export interface InputProblem {
  row?: number;
  column?: string;
  text: string;
}

export interface CheckedTable {
  /** As it is to be sent: columns in the order of the signature, without those that no row has. */
  table: Table;
  problems: InputProblem[];
  /** What MLflow does not say, or says in its log only. */
  notes: string[];
}

const MOST_PROBLEMS = 100;

/** Checks a whole table against the columns of a signature, and converts it. */
export function checkTable(specs: readonly ColumnSpec[], { columns, rows }: Table): CheckedTable {
  const problems: InputProblem[] = [];
  const notes: string[] = [];
  const isNamed = specs[0]?.name !== undefined;
  const width = columns?.length ?? Math.max(0, ...rows.map((row) => row.length));
  const uneven = rows.findIndex((row) => row.length !== width);
  if (uneven >= 0) {
    const text = `Row ${uneven + 1} has ${rows[uneven]?.length ?? 0} values for ${width} columns.`;
    return { table: { rows: [] }, problems: [{ row: uneven, text }], notes };
  }
  if (columns === undefined && isNamed) {
    const text = `The rows have no column names; the model knows ${named(specs.map(({ name = "" }) => name))}.`;
    return { table: { rows: [] }, problems: [{ text }], notes };
  }
  const places = specs.map(({ name }, i) => (isNamed ? (columns?.indexOf(name ?? "") ?? -1) : i < width ? i : -1));
  const extra = isNamed
    ? (columns?.filter((name) => !specs.some((spec) => spec.name === name)) ?? [])
    : Array.from(
        { length: Math.max(0, width - specs.length) },
        (_, i) => columns?.[specs.length + i] ?? String(specs.length + i),
      );
  if (extra.length > 0)
    notes.push(`The model does not know ${named(extra)}, which ${extra.length === 1 ? "is" : "are"} left out.`);
  const kept: { name: string; values: Json[] }[] = [];
  for (const [i, spec] of specs.entries()) {
    const name = nameOfColumn(spec, i);
    const at = places[i] ?? -1;
    if (at < 0) {
      if (spec.required) problems.push({ column: name, text: missingText(name, isNamed, specs.length, width) });
      continue;
    }
    const values = rows.map((row) => row[at] ?? null);
    if (!spec.required && values.every((value) => value === null)) continue;
    const checked = checkColumn(values, spec, name);
    problems.push(...checked.problems);
    kept.push({ name, values: checked.values });
  }
  return {
    table: {
      ...(isNamed ? { columns: kept.map(({ name }) => name) } : {}),
      rows: rows.map((_, row) => kept.map(({ values }) => values[row] ?? null)),
    },
    problems: problems.slice(0, MOST_PROBLEMS),
    notes,
  };
}

function missingText(name: string, isNamed: boolean, wanted: number, width: number): string {
  if (isNamed) return `${name} is missing; the model needs it.`;
  return `The model takes ${wanted} columns, and the rows have ${width}.`;
}

function checkColumn(values: Json[], spec: ColumnSpec, name: string): { values: Json[]; problems: InputProblem[] } {
  const problems: InputProblem[] = [];
  const { value: type, required } = spec;
  const done = values.map((value, row) => {
    if (value === null && !required && isWithoutNothing(type.type)) {
      problems.push({ row, column: name, text: `${name} takes a value in every row, or in none.` });
      return null;
    }
    const checked = checkValue(value, type, { name, required, nested: false });
    if ("value" in checked) return checked.value ?? nothingOf(type.type);
    problems.push({ row, column: name, text: checked.problem });
    return null;
  });
  return { values: type.type === "datetime" && problems.length === 0 ? evenDates(done) : done, problems };
}

/** Among numbers nothing is NaN to pandas; said so, it is the same in every form of a request. */
function nothingOf(type: string): Json {
  return type === "double" || type === "float" ? Number.NaN : null;
}

/** pandas has no "nothing" among these: it refuses a column with some, or makes false of it. */
function isWithoutNothing(type: string): boolean {
  return ["boolean", "integer", "long", "binary"].includes(type);
}

/** pandas reads all dates of a column in the form of the first. */
function evenDates(values: Json[]): Json[] {
  const forms = new Set(values.flatMap((value) => (typeof value === "string" ? [dateForm(value)] : [])));
  return forms.size < 2 ? values : values.map((value) => (typeof value === "string" ? wholeDate(value) : value));
}

function named(names: string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
