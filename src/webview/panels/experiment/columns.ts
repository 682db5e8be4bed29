import type { KeyFacts, RunKeys, RunOrder } from "../../../protocol/runs.ts";
import { NUMBER_ATTRIBUTES } from "../../../protocol/runs.ts";
import { byMeaning, directionOf } from "../../ui/metrics.ts";
import type { GridColumn, SortColumn } from "../../ui/table/columns.ts";
import { fieldOf, type IdParts, partsOf } from "../../ui/chart/fields.ts";
import { deltaId, headerOf } from "./fields.ts";

// Which columns the runs table has, and what the store is asked to sort by.

/** Without a choice of the person's, at most this many. */
const MOST_PARAMS = 6;
const MOST_METRICS = 12;

export const NAME_ID = "attributes.run_name";
const AGE_ID = "attributes.start_time";
const DURATION_ID = "attributes.duration";

/** Params that vary come first, system metrics last; a curve of what is most telling. */
export function initialColumns({ params, metrics, stepped }: RunKeys): string[] {
  const varying = params.filter(({ varies }) => varies);
  // Params that are equal everywhere say nothing beside some that differ.
  const some = params.length <= MOST_PARAMS || varying.length === 0 ? params : varying;
  const named = metrics.map(({ key }) => key);
  const meant = byMeaning(named, new Set(stepped));
  const own = meant.filter((key) => !key.startsWith("system/"));
  const shown = (own.length > 0 ? own : meant).slice(0, MOST_METRICS);
  const curve = shown.find((key) => stepped.includes(key));
  return [
    ...[AGE_ID, DURATION_ID],
    ...some.slice(0, MOST_PARAMS).map(({ key }) => `params.${key}`),
    ...shown.map((key) => `metrics.${key}`),
    ...(curve === undefined ? [] : [`curve.metrics.${curve}`]),
  ];
}

const CHARACTER = 7;
/** Px that a scroll bar takes. */
const SCROLL_BAR = 12;

function widthOf(texts: string[], least: number): number {
  const longest = Math.max(...texts.map((text) => text.length));
  return Math.min(180, Math.max(least, Math.ceil(longest * CHARACTER * 1.1) + 18));
}

const NAME_COLUMN: GridColumn = { id: NAME_ID, header: "Run", width: 264, alignRight: false, sortable: true };

/** From this age in ms on, an age is told as a date, which is wider. */
export const DATED = 8 * 7 * 24 * 3_600_000;

export interface ColumnFacts {
  /** Ids in their order. */
  chosen: string[];
  facts: ReadonlyMap<string, KeyFacts>;
  /** Of all params: how many there are, how many vary. */
  params: { all: number; vary: number };
  pinned: ReadonlySet<string>;
  /** There is a run that others are compared with. */
  baseline: boolean;
  /** Some ages are told as dates. */
  dated: boolean;
  /** Px there are, when the narrow layout is in force: name, sorted column, its difference or the age. */
  narrow: number | undefined;
  sort: SortColumn[];
}

/** All columns of the table, the name first, then the pinned ones. */
export function gridColumns(facts: ColumnFacts): GridColumn[] {
  const { chosen, pinned, narrow } = facts;
  const columns = chosen.flatMap((id) => columnOf(id, facts) ?? []);
  if (narrow !== undefined) return narrowColumns(columns, facts, narrow);
  const isPinned = ({ id }: GridColumn) => pinned.has(id);
  const first = columns.filter(isPinned).map((column) => ({ ...column, pinned: true }));
  const rest = columns.filter((column) => !isPinned(column));
  const edged = rest.map((column, i) => ({ ...column, startsGroup: column.caption !== rest[i - 1]?.caption }));
  return [NAME_COLUMN, ...first, ...withDeltas(edged, facts)];
}

function narrowColumns(columns: GridColumn[], facts: ColumnFacts, narrow: number): GridColumn[] {
  const values = columns.filter(({ id }) => /^((min|max|best|step:-?\d+)\.)?(metrics|params)\./.test(id));
  const metric = values.find(({ id }) => id.includes("metrics."));
  const sorted = columns.find(({ id }) => id === facts.sort[0]?.id) ?? metric ?? values[0];
  const age = columns.find(({ id }) => id === AGE_ID);
  const deltas = sorted === undefined ? [] : withDeltas([sorted], facts);
  const rest = deltas.length > 1 ? deltas : [...deltas, ...(age === undefined || age === sorted ? [] : [age])];
  const taken = rest.reduce((sum, { width }) => sum + width, SCROLL_BAR);
  return [{ ...NAME_COLUMN, width: Math.max(160, narrow - taken) }, ...rest];
}

function withDeltas(columns: GridColumn[], { baseline }: ColumnFacts): GridColumn[] {
  if (!baseline) return columns;
  return columns.flatMap((column) => {
    const { room, of } = partsOf(column.id) ?? {};
    if (room !== "metrics" || of === "curve") return [column];
    return [column, deltaColumn(column)];
  });
}

function deltaColumn({ id, header, caption }: GridColumn): GridColumn {
  const title = `${header}: difference from the baseline`;
  const column = { id: deltaId(id), header: "Δ", title, width: 88, alignRight: true, sortable: false, fixed: true };
  return caption === undefined ? column : { ...column, caption };
}

function columnOf(id: string, { facts, params, dated }: ColumnFacts): GridColumn | undefined {
  const parts = partsOf(id);
  if (parts === undefined) return undefined;
  const header = headerOf(id);
  const { room, key } = parts;
  const known = facts.get(`${room}.${key}`);
  const base = { id, header, sortable: isSortable(parts) };
  switch (room) {
    case "attributes": {
      const right = NUMBER_ATTRIBUTES.some((one) => one === key);
      const width = { [AGE_ID]: dated ? 104 : 72, [DURATION_ID]: 88 }[id] ?? (right ? 104 : widthOf([header], 96));
      return { ...base, width, alignRight: right };
    }
    case "params": {
      const caption = params.vary > 0 ? `Params · ${params.vary} of ${params.all} vary` : "Params";
      const width = widthOf([header, ...(known?.values ?? [])], 64);
      return { ...base, caption, width, alignRight: known?.range !== undefined };
    }
    case "tags":
      return { ...base, caption: "Tags", width: widthOf([header, ...(known?.values ?? [])], 80), alignRight: false };
    case "metrics": {
      if (parts.of === "curve") return { ...base, caption: "Metrics", width: 120, alignRight: false };
      const higher = directionOf(key) === "higher";
      const title = `${header} (${higher ? "higher" : "lower"} is better)`;
      const width = widthOf([header], 120);
      return { ...base, caption: "Metrics", title, width, alignRight: true, sortsDescendingFirst: higher };
    }
    case "datasets":
    case "models":
      return { ...base, width: 140, alignRight: false };
    default:
      return room satisfies never;
  }
}

function isSortable({ room, of }: IdParts): boolean {
  return room !== "datasets" && room !== "models" && of !== "curve" && of !== "delta";
}

/** What the store is asked to sort by. Age rises as the start time falls. */
export function orderOf(sort: SortColumn[]): RunOrder[] {
  return sort.flatMap(({ id, desc }): RunOrder[] => {
    const field = fieldOf(id);
    return field === undefined ? [] : [{ field, ascending: id === AGE_ID ? desc : !desc }];
  });
}
