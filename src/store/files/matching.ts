import type { Comparator, Condition, FilterTree } from "../../mlflow/filter/tree.ts";

// Comparisons as MLflow's file stores make them (mlflow 3.17 `SearchUtils`).

export type Test<T> = (item: T) => boolean;

/** A filter as one test, by the tests of its conditions. */
export function treeTest<T>(tree: FilterTree, testOf: (condition: Condition) => Test<T>): Test<T> {
  if (tree.kind === "condition") return testOf(tree);
  const terms = tree.terms.map((term) => treeTest(term, testOf));
  if (terms.length === 0) return () => true;
  return tree.kind === "and" ? (item) => terms.every((test) => test(item)) : (item) => terms.some((test) => test(item));
}

/** Compares what an item has (undefined: it has none) with a condition's value. */
export function valueTest({
  comparator,
  value,
}: Pick<Condition, "comparator" | "value">): Test<string | number | undefined> {
  const compared = comparison(comparator, value);
  if (comparator === "IS NULL") return (left) => left === undefined;
  if (comparator === "IS NOT NULL") return (left) => left !== undefined;
  return (left) => left !== undefined && compared(left);
}

function comparison(comparator: Comparator, value: Condition["value"]): Test<string | number> {
  switch (comparator) {
    case "=":
      return (left) => left === value;
    case "!=":
      return (left) => left !== value;
    case "<":
      return (left) => compareValues(left, value) < 0;
    case "<=":
      return (left) => compareValues(left, value) <= 0;
    case ">":
      return (left) => compareValues(left, value) > 0;
    case ">=":
      return (left) => compareValues(left, value) >= 0;
    case "LIKE":
    case "ILIKE": {
      const pattern = likePattern(String(value), comparator === "ILIKE");
      return (left) => pattern(String(left));
    }
    case "IN":
      return (left) => Array.isArray(value) && value.includes(String(left));
    case "NOT IN":
      return (left) => !(Array.isArray(value) && value.includes(String(left)));
    case "IS NULL":
    case "IS NOT NULL":
      return () => false;
    default:
      return comparator satisfies never;
  }
}

/** NaN when the two cannot be compared, or one of them is NaN. */
function compareValues(left: string | number, right: Condition["value"]): number {
  if (typeof left === "number" && typeof right === "number") {
    if (left === right) return 0;
    return Number.isNaN(left) || Number.isNaN(right) ? Number.NaN : left - right > 0 || left > right ? 1 : -1;
  }
  return typeof left === "string" && typeof right === "string" ? compareTexts(left, right) : Number.NaN;
}

/** By code points, as Python and SQLite compare. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    const [aHigh, bHigh] = [isSurrogate(a), isSurrogate(b)];
    // A surrogate is half of a character beyond all others.
    if (aHigh !== bHigh) return aHigh ? 1 : -1;
    return a < b ? -1 : 1;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/**
 * `%` stands for anything within a line; the end of the text may be a line's end (Python's `$`). The parts between are looked
 * for one after the other: as one expression, `%a%a%a%b` would take time by a power of the text.
 */
export function likePattern(pattern: string, ignoreCase: boolean): (text: string) => boolean {
  const parts = pattern.split("%").map(likePart);
  const last = parts.pop() ?? "";
  const end = pattern.endsWith("%") ? "" : `${last}\\n?$`;
  const sources = parts.length === 0 ? [`^${end}`] : [`^${parts[0]}`, ...parts.slice(1), end];
  const expressions = sources
    .filter((source) => source !== "")
    .map((source) => new RegExp(source, ignoreCase ? "giu" : "gu"));
  return (text) => {
    let at = 0;
    for (const expression of expressions) {
      expression.lastIndex = at;
      const found = expression.exec(text);
      if (found === null || text.slice(at, found.index).includes("\n")) return false;
      at = found.index + found[0].length;
    }
    return true;
  };
}

function likePart(part: string): string {
  return part.replace(/[_\\^$.*+?()[\]{}|/]/g, (sign) => (sign === "_" ? "[^\\n]" : `\\${sign}`));
}

/** What one clause sorts by: a number, a text, NaN, or undefined where an item has none. */
export interface SortKey<T> {
  ascending: boolean;
  of(item: T): string | number | undefined;
}

/** Sorts by several keys; an item without a value comes last, NaN just before it, whichever way the rest goes. */
export function sorted<T>(items: readonly T[], keys: readonly SortKey<T>[]): T[] {
  const rows = items.map((item) => ({ item, values: keys.map((key) => key.of(item)) }));
  rows.sort((a, b) => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareForSort(a.values[i], b.values[i], keys[i]?.ascending !== false);
      if (order !== 0) return order;
    }
    return 0;
  });
  return rows.map(({ item }) => item);
}

function compareForSort(a: string | number | undefined, b: string | number | undefined, ascending: boolean): number {
  const ranks = rankOf(a) - rankOf(b);
  if (ranks !== 0 || rankOf(a) > 0) return ranks;
  const order =
    typeof a === "number" && typeof b === "number" ? Number(a > b) - Number(a < b) : compareTexts(String(a), String(b));
  return ascending ? order : -order;
}

function rankOf(value: string | number | undefined): number {
  if (value === undefined) return 2;
  return typeof value === "number" && Number.isNaN(value) ? 1 : 0;
}
