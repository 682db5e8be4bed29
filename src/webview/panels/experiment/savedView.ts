import type { SortColumn } from "../../ui/table/columns.ts";
import { type ChartsArrangement, NO_CHARTS, readCharts } from "./charts/specs.ts";

/** What the person arranged; a few KB at most. */
export interface ExperimentArrangement {
  filter: string;
  sort: SortColumn[];
  /** Chosen columns; absent = the panel chooses. */
  columns?: ChosenColumns;
  /** Column widths in px that were dragged. */
  sizes: Record<string, number>;
  /** Share of the height that the table has. */
  sash: number;
  /** Absent: by the width of the panel. */
  beside?: boolean;
  /** What the narrow layout shows. */
  part: PanelPart;
  scroll: { top: number; left: number };
  chartScroll: number;
  /** Runs whose dot was clicked: drawn or not, whatever their place in the table. */
  drawn: Record<string, boolean>;
  checked: string[];
  smoothing: number;
  chartFilter: string;
  charts: ChartsArrangement;
}

export const PANEL_PARTS = ["both", "table", "charts"] as const;
export type PanelPart = (typeof PANEL_PARTS)[number];

export interface ChosenColumns {
  params: string[];
  metrics: string[];
}

export const DEFAULT_ARRANGEMENT: ExperimentArrangement = {
  filter: "",
  sort: [],
  sizes: {},
  sash: 0.52,
  part: "both",
  scroll: { top: 0, left: 0 },
  chartScroll: 0,
  drawn: {},
  checked: [],
  smoothing: 0,
  chartFilter: "",
  charts: NO_CHARTS,
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readArrangement(saved: unknown): ExperimentArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get({ ...DEFAULT_ARRANGEMENT, columns: {}, beside: true }, key);
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  const read = { ...DEFAULT_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<ExperimentArrangement>) };
  const view = { ...read, charts: readCharts(read.charts) };
  return PANEL_PARTS.includes(view.part) ? view : { ...view, part: "both" };
}
