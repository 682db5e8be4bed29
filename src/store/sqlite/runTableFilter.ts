import type { Condition, FilterTree } from "../../mlflow/filter/tree.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { likePattern, lowerAscii } from "./likePattern.ts";
import { ABSENT, NAN, type NumberColumn, PRESENT, type TextColumn, Unsupported } from "../runs/runColumn.ts";
import type { RunTable } from "./runTable.ts";

/** Whether the run at a slot is found. */
export type Test = (slot: number) => boolean;

/** SQLite refuses very long patterns, and `_` makes them slow. */
const LONGEST_PATTERN = 1_000;
const LONGEST_PATTERN_WITH_ANY = 100;

/**
 * The filter as a test of slots; means the same as `runWhere`. `otherwise` answers conditions that columns cannot; without it they throw
 * Unsupported.
 */
export function testOf(table: RunTable, tree: FilterTree, otherwise?: (condition: Condition) => Test): Test {
  if (tree.kind === "condition") return oneTest(table, tree, otherwise);
  const tests = tree.terms.map((term) => testOf(table, term, otherwise));
  const [first, second] = tests;
  if (first === undefined) return () => true;
  if (second === undefined) return first;
  if (tree.kind === "or") return (slot) => tests.some((test) => test(slot));
  if (tests.length === 2) return (slot) => first(slot) && second(slot);
  return (slot) => tests.every((test) => test(slot));
}

function oneTest(table: RunTable, condition: Condition, otherwise: ((condition: Condition) => Test) | undefined): Test {
  try {
    return conditionTest(table, condition);
  } catch (error) {
    if (otherwise === undefined || !(error instanceof Unsupported)) throw error;
    return otherwise(condition);
  }
}

function conditionTest(table: RunTable, condition: Condition): Test {
  const { entity, key } = condition;
  switch (entity) {
    case "attribute": {
      // Runs of mlflow <= 1.29 have their name only in the tag.
      if (key === "run_name") return textTest(table.texts({ table: "tags", key: RUN_TAG.runName }), condition);
      if (key === "run_id") {
        const named = namedRuns(condition);
        if (named !== undefined) return slotTest(table, named);
      }
      const column = table.attribute(key);
      return "kinds" in column ? numberTest(column, condition) : textTest(column, condition);
    }
    case "tag":
      return textTest(table.texts({ table: "tags", key }), condition);
    case "parameter":
      return textTest(table.texts({ table: "params", key }), condition);
    case "metric":
      return numberTest(table.numbers({ table: "latest_metrics", key }), condition);
    case "dataset":
      throw new Unsupported();
    default:
      return entity satisfies never;
  }
}

/** The ids of which the run has to have one; undefined where the condition names none. */
function namedRuns({ comparator, value }: Condition): readonly string[] | undefined {
  if (comparator === "=") return [textOf(value)];
  return comparator === "IN" && Array.isArray(value) ? value : undefined;
}

/** These runs have their places in the table: no column of all ids is read. */
function slotTest(table: RunTable, run_ids: readonly string[]): Test {
  const wanted = new Uint8Array(table.size);
  for (const run_id of run_ids) {
    const slot = table.slotOf(run_id);
    if (slot !== undefined) wanted[slot] = 1;
  }
  return (slot) => wanted[slot] === 1;
}

/** NaN satisfies nothing but `!=` (mlflow 3.17). */
function numberTest({ values, kinds }: NumberColumn, { comparator, value }: Condition): Test {
  if (typeof value !== "number" || Number.isNaN(value)) throw new Unsupported();
  const present = (slot: number) => kinds[slot] === PRESENT;
  const at = (slot: number) => values[slot] ?? 0;
  switch (comparator) {
    case "=":
      return (slot) => present(slot) && at(slot) === value;
    case "!=":
      return (slot) => kinds[slot] === NAN || ((kinds[slot] ?? ABSENT) === PRESENT && at(slot) !== value);
    case "<":
      return (slot) => present(slot) && at(slot) < value;
    case "<=":
      return (slot) => present(slot) && at(slot) <= value;
    case ">":
      return (slot) => present(slot) && at(slot) > value;
    case ">=":
      return (slot) => present(slot) && at(slot) >= value;
    default:
      throw new Unsupported();
  }
}

function textTest(column: TextColumn, { comparator, value }: Condition): Test {
  const { codes } = column;
  switch (comparator) {
    case "=": {
      const code = column.codeOf(textOf(value));
      return code === undefined ? () => false : (slot) => codes[slot] === code;
    }
    case "!=": {
      const code = column.codeOf(textOf(value));
      return (slot) => (codes[slot] ?? -1) >= 0 && codes[slot] !== code;
    }
    case "LIKE":
      return column.tester(`LIKE ${textOf(value)}`, likePattern(pattern(value)));
    case "ILIKE": {
      const matches = likePattern(lowerAscii(pattern(value)));
      return column.tester(`ILIKE ${textOf(value)}`, (text) => matches(lowerAscii(text)));
    }
    case "IN":
    case "NOT IN": {
      if (!Array.isArray(value)) throw new Unsupported();
      const wanted = new Set(value.map((text) => column.codeOf(text)));
      if (comparator === "IN") return (slot) => (codes[slot] ?? -1) >= 0 && wanted.has(codes[slot]);
      return (slot) => (codes[slot] ?? -1) >= 0 && !wanted.has(codes[slot]);
    }
    case "IS NULL":
      return (slot) => !column.hasRow(slot);
    case "IS NOT NULL":
      return (slot) => column.hasRow(slot);
    default:
      throw new Unsupported();
  }
}

function textOf(value: Condition["value"]): string {
  if (typeof value !== "string" || value.includes("\0")) throw new Unsupported();
  return value;
}

function pattern(value: Condition["value"]): string {
  const text = textOf(value);
  const longest = text.includes("_") ? LONGEST_PATTERN_WITH_ANY : LONGEST_PATTERN;
  if (text.length > longest) throw new Unsupported();
  return text;
}
