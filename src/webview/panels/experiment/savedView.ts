import type { SortColumn } from "../../ui/table/columns.ts";
import { type ChartsArrangement, NO_CHARTS, readCharts } from "./charts/specs.ts";

/** What the person arranged; a few KB at most. */
export interface ExperimentArrangement extends TableArrangement {
  /** Share of the height that the table has. */
  sash: number;
  /** Absent: by the width of the panel. */
  beside?: boolean;
  /** What the narrow layout shows. */
  part: PanelPart;
  scroll: { top: number; left: number };
  focus: TableFocus;
  chartScroll: number;
  /** Runs whose dot was clicked: drawn or not, whatever their place in the table. */
  drawn: Record<string, boolean>;
  checked: string[];
  smoothing: number;
  chartFilter: string;
  charts: ChartsArrangement;
}

/** The cell of the table that the keyboard is on. */
export interface TableFocus {
  /** Of its row; empty: the row of a group, or the header. */
  run_id: string;
  /** Where that stood; -1 is the header. */
  row: number;
  /** Id of the column. */
  column: string;
}

/** What a saved view keeps: which rows and columns. */
export interface TableArrangement {
  filter: string;
  sort: SortColumn[];
  /** Ids of the chosen columns in their order; absent = the panel chooses. */
  columns?: string[];
  pinnedColumns: string[];
  onlyVarying: boolean;
  /** Column widths in px that were dragged. */
  sizes: Record<string, number>;
  /** Ids of the columns by whose values runs are grouped. */
  groupBy: string[];
  /** Ids of groups whose runs are not listed. */
  foldedGroups: string[];
  /** Children stand below their parents. */
  nested: boolean;
  unfolded: string[];
  folded: string[];
  pinned: string[];
  hidden: string[];
  starred: string[];
  /** Deleted runs are listed too. */
  deleted: boolean;
}

export const PANEL_PARTS = ["both", "table", "charts"] as const;
export type PanelPart = (typeof PANEL_PARTS)[number];

export const DEFAULT_TABLE: TableArrangement = {
  filter: "",
  sort: [],
  pinnedColumns: [],
  onlyVarying: false,
  sizes: {},
  groupBy: [],
  foldedGroups: [],
  nested: true,
  unfolded: [],
  folded: [],
  pinned: [],
  hidden: [],
  starred: [],
  deleted: false,
};

export const DEFAULT_ARRANGEMENT: ExperimentArrangement = {
  ...DEFAULT_TABLE,
  sash: 0.52,
  part: "both",
  scroll: { top: 0, left: 0 },
  focus: { run_id: "", row: 0, column: "" },
  chartScroll: 0,
  drawn: {},
  checked: [],
  smoothing: 0,
  chartFilter: "",
  charts: NO_CHARTS,
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readArrangement(saved: unknown): ExperimentArrangement {
  const read = {
    ...DEFAULT_ARRANGEMENT,
    ...ofKinds<ExperimentArrangement>(saved, { ...DEFAULT_ARRANGEMENT, beside: true }),
  };
  const view = { ...read, charts: readCharts(read.charts), focus: readFocus(read.focus) };
  return PANEL_PARTS.includes(view.part) ? view : { ...view, part: "both" };
}

function readFocus({ run_id, row, column }: Partial<TableFocus>): TableFocus {
  const isPlace = typeof run_id === "string" && Number.isInteger(row) && typeof column === "string";
  return isPlace ? { run_id, row: Math.max(-1, row ?? 0), column } : DEFAULT_ARRANGEMENT.focus;
}

/** The border: a saved view, which may come from a file that anyone wrote. */
export function readTable(saved: unknown): TableArrangement {
  return { ...DEFAULT_TABLE, ...ofKinds<TableArrangement>(saved, DEFAULT_TABLE) };
}

function ofKinds<T extends object>(saved: unknown, usual: T): Partial<T> {
  if (typeof saved !== "object" || saved === null) return {};
  const wanted = { columns: [], ...usual };
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const like: unknown = Reflect.get(wanted, key);
    if (like === undefined || typeof value !== typeof like || Array.isArray(value) !== Array.isArray(like))
      return false;
    return !Array.isArray(value) || key === "sort" ? key !== "sort" || value.every(isSort) : value.every(isText);
  });
  return Object.fromEntries(kinds) as Partial<T>;
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isSort(value: unknown): boolean {
  return typeof value === "object" && value !== null && "id" in value && "desc" in value;
}
