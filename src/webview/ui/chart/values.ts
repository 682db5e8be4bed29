import { isOutside } from "../format.ts";
import { type Axis, axisFor, clockAxis, logAxis, namesAxis } from "./ticks.ts";

// Columns of values by run, as scatter plots, boxes, contours and parallel coordinates take them.

export interface ValueColumn {
  /** Tells columns apart, such as `params.eta`. */
  id: string;
  /** Shown, such as `eta`. */
  name: string;
  /** Under the name, such as `param`. */
  note: string;
  /** `names`: values are places in `names`. */
  kind: "number" | "names" | "time" | "duration";
  /** NaN = no value (or a NaN). */
  values: Float64Array;
  names?: string[];
  /** As they were logged, of params and tags. */
  texts?: (string | null)[];
  /** Drawn on a logarithmic axis. */
  log: boolean;
  /** Of a metric: which way is better. */
  better?: "lower" | "higher";
}

/** Values of some runs, column by column. */
export interface ValueTable {
  run_ids: string[];
  run_names: string[];
  ordinals: ArrayLike<number>;
  columns: ValueColumn[];
}

/** Names beyond this many are too many to tell apart on an axis; the rest share the last place. */
const MOST_NAMES = 24;
export const OTHERS = "others";

/** A column of texts: numbers where all are, else their different values in order. */
export function textColumn(texts: (string | null)[]): Pick<ValueColumn, "kind" | "values" | "names" | "texts"> {
  const logged = texts.filter((text) => text !== null && text.trim() !== "");
  const numbers =
    logged.length > 0 && logged.every((text) => !Number.isNaN(Number(text)) || /^[+-]?(nan|inf)/i.test(text ?? ""));
  if (numbers)
    return {
      kind: "number",
      texts,
      values: Float64Array.from(texts, (text) => (text === null || text.trim() === "" ? Number.NaN : Number(text))),
    };
  const counts = new Map<string, number>();
  for (const text of logged) if (text !== null) counts.set(text, (counts.get(text) ?? 0) + 1);
  const frequent = [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
  const kept = frequent.slice(0, frequent.length > MOST_NAMES ? MOST_NAMES - 1 : MOST_NAMES);
  const names = kept.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  if (frequent.length > kept.length) names.push(OTHERS);
  const places = new Map(names.map((name, i) => [name, i]));
  const last = names.length - 1;
  const values = Float64Array.from(texts, (text) =>
    text === null || text.trim() === "" ? Number.NaN : (places.get(text) ?? last),
  );
  return { kind: "names", values, names, texts };
}

/** True where values above 0 span so much that an even axis would squeeze most of them into one end. */
export function wantsLog(values: Float64Array): boolean {
  const [min, max] = spanOf(values);
  if (!(min > 0) || max / min < 50) return false;
  const sorted = values.filter((value) => !isOutside(value)).sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? min;
  return median < min + (max - min) * 0.35;
}

/** Smallest and largest that can be drawn; NaN when there is none. */
export function spanOf(values: Float64Array): [number, number] {
  let [min, max] = [Number.NaN, Number.NaN];
  for (const value of values) {
    if (isOutside(value)) continue;
    if (!(min <= value)) min = value;
    if (!(max >= value)) max = value;
  }
  return [min, max];
}

/** The axis that holds a column; of a logarithmic one, what is above 0. */
export function axisOf(column: ValueColumn): Axis {
  if (column.kind === "names") return namesAxis(column.names ?? []);
  const values = column.log ? column.values.filter((value) => value > 0) : column.values;
  const [min, max] = spanOf(values);
  if (Number.isNaN(min)) return axisFor(0, 1);
  if (column.kind === "time" || column.kind === "duration")
    return clockAxis(min, max > min ? max : min + 1000, column.kind);
  if (column.log) return logAxis(min, Math.max(max, min * 1.01));
  return axisFor(
    min,
    max,
    column.values.every((value) => isOutside(value) || Number.isInteger(value)),
  );
}
