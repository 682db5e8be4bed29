import type { RunPage, KeyNames } from "./page.ts";
import type { RunOrder } from "../../../protocol/runs.ts";
import { allNumbers } from "../../ui/format.ts";
import { byMeaning, directionOf } from "../../ui/metrics.ts";
import type { GridColumn, SortColumn } from "../../ui/table/columns.ts";
import type { ChosenColumns } from "./savedView.ts";

// Which columns the runs table has, and what the store is asked to sort by.

/** Without a choice of the person's, at most this many. */
const MOST_PARAMS = 6;
const MOST_METRICS = 12;

/** Params whose logged values differ between the runs that are loaded (a run without it differs too). */
export function varyingParams(keys: KeyNames, pages: RunPage[]): string[] {
  return keys.params.filter((key) => {
    let first: string | null | undefined;
    for (const page of pages) {
      for (const value of page.params[key] ?? []) {
        if (first === undefined) first = value;
        else if (value !== first) return true;
      }
    }
    return false;
  });
}

/** Params that vary come first, system metrics last. */
export function initialColumns(keys: KeyNames, varying: string[]): ChosenColumns {
  const vary = new Set(varying);
  const params = [...varying, ...keys.params.filter((key) => !vary.has(key))].slice(0, MOST_PARAMS);
  const own = byMeaning(keys.metrics, new Set(keys.stepped)).filter((key) => !key.startsWith("system/"));
  const metrics = (own.length > 0 ? own : keys.metrics).slice(0, MOST_METRICS);
  // Params that are equal everywhere say nothing beside some that differ.
  const shown = varying.length > 0 && keys.params.length > MOST_PARAMS ? params.filter((key) => vary.has(key)) : params;
  return { params: keys.params.filter((key) => shown.includes(key)), metrics };
}

const CHARACTER = 7;
/** Px that a scroll bar takes. */
const SCROLL_BAR = 12;

function widthOf(texts: (string | null)[], least: number): number {
  const longest = Math.max(...texts.map((text) => text?.length ?? 0));
  return Math.min(180, Math.max(least, Math.ceil(longest * CHARACTER * 1.1) + 18));
}

export const NAME_COLUMN: GridColumn = {
  id: "attributes.run_name",
  header: "Run",
  width: 264,
  alignRight: false,
  sortable: true,
};

/** From this age in ms on, an age is told as a date, which is wider. */
const DATED = 8 * 7 * 24 * 3_600_000;

const AGE: GridColumn = {
  id: "attributes.start_time",
  header: "Age",
  width: 72,
  alignRight: true,
  sortable: true,
  sortsDescendingFirst: false,
};

const DURATION: GridColumn = { id: "duration", header: "Duration", width: 88, alignRight: true, sortable: false };

export interface ColumnFacts {
  chosen: ChosenColumns;
  keys: KeyNames;
  varying: string[];
  /** The first rows with all their params. */
  sample: RunPage | undefined;
  /** Px there are, when the narrow layout is in force: name, sorted metric, age. */
  narrow: number | undefined;
  sort: SortColumn[];
  /** Ms since the epoch. */
  now: number;
}

/** All columns of the table, the name first. */
export function gridColumns({ chosen, keys, varying, sample, narrow, sort, now }: ColumnFacts): GridColumn[] {
  const vary = varying.length;
  const caption = vary > 0 ? `Params · ${vary} of ${keys.params.length} vary` : "Params";
  const params = chosen.params.map((key, i) => ({
    id: `params.${key}`,
    header: key,
    caption,
    width: widthOf([key, ...(sample?.params[key] ?? [])], 64),
    alignRight: allNumbers(sample?.params[key] ?? []),
    sortable: true,
    startsGroup: i === 0,
  }));
  const metrics = chosen.metrics.map((key, i) => ({
    id: `metrics.${key}`,
    header: key,
    caption: "Metrics",
    width: widthOf([key], 120),
    alignRight: true,
    sortable: true,
    sortsDescendingFirst: directionOf(key) === "higher",
    startsGroup: i === 0,
    title: `${key} (${directionOf(key)} is better)`,
  }));
  const dated = sample?.start_times.some((time) => now - time > DATED) === true;
  const age = dated ? { ...AGE, width: 104 } : AGE;
  if (narrow === undefined) return [NAME_COLUMN, age, DURATION, ...params, ...metrics];
  const sorted = [...params, ...metrics].find(({ id }) => id === sort[0]?.id) ?? metrics[0] ?? params[0];
  const rest = sorted === undefined ? [age, DURATION] : [sorted, age];
  const taken = rest.reduce((sum, { width }) => sum + width, SCROLL_BAR);
  return [{ ...NAME_COLUMN, width: Math.max(160, narrow - taken) }, ...rest];
}

/** What the store is asked to sort by. Age rises as the start time falls. */
export function orderOf(sort: SortColumn[]): RunOrder[] {
  return sort.map(({ id, desc }) => {
    if (id === AGE.id) return { field: { kind: "attribute", key: "start_time" }, ascending: desc };
    const [kind = "", ...rest] = id.split(".");
    const key = rest.join(".");
    if (kind === "attributes") return { field: { kind: "attribute", key: "run_name" }, ascending: !desc };
    return { field: { kind: kind === "params" ? "param" : "metric", key }, ascending: !desc };
  });
}

/** A key in MLflow's filter language: bare when it is a word, else in back quotes, or in double quotes when it holds one. */
export function quoted(key: string): string {
  if (/^[A-Za-z_]\w*$/.test(key)) return key;
  return key.includes("`") ? `"${key}"` : `\`${key}\``;
}
