import type { ComparedKey } from "../../../protocol/panels/compare.ts";

export const TABS = ["scatter", "contour", "box", "overlay", "artifacts"] as const;
export type Tab = (typeof TABS)[number];

export const TAB_WORDS: Record<Tab, string> = {
  scatter: "Scatter",
  contour: "Contour",
  box: "Box",
  overlay: "Overlay",
  artifacts: "Artifacts",
};

/** What the narrow layout shows. */
export const PARTS = ["table", "parallel", "side"] as const;
export type Part = (typeof PARTS)[number];

export const IMAGE_MODES = ["slider", "overlay", "difference"] as const;
export type ImageMode = (typeof IMAGE_MODES)[number];

/** What the person arranged in the Compare panel. */
export interface CompareArrangement {
  differencesOnly: boolean;
  /** Absent: the first run. */
  baseline?: ComparedKey;
  /** Names of sections whose rows are hidden. */
  folded: string[];
  /** The other runs of the experiments are drawn in grey. */
  others: boolean;
  /** Ids of fields; empty: the panel chooses. */
  axes: string[];
  brush: Record<string, readonly [number, number]>;
  tab: Tab;
  part: Part;
  /** Ids of the fields of each chart, in the order of its lists; absent: the panel chooses. */
  fields: Record<string, string[]>;
  smoothing: number;
  /** Share of the height that the parallel coordinates have, and of the width that the table has. */
  sash: number;
  beside: number;
  scroll: { top: number; left: number };
  /** File that is shown of two runs, and the run that stands at the right. */
  file: string;
  other?: ComparedKey;
  imageMode: ImageMode;
}

export const DEFAULT_COMPARE_ARRANGEMENT: CompareArrangement = {
  differencesOnly: true,
  folded: [],
  others: true,
  axes: [],
  brush: {},
  tab: "contour",
  part: "table",
  fields: {},
  smoothing: 0,
  sash: 0.42,
  beside: 0.66,
  scroll: { top: 0, left: 0 },
  file: "",
  imageMode: "slider",
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readCompareArrangement(saved: unknown): CompareArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_COMPARE_ARRANGEMENT;
  const like = { ...DEFAULT_COMPARE_ARRANGEMENT, baseline: {}, other: {} };
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(like, key);
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  const view = { ...DEFAULT_COMPARE_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<CompareArrangement>) };
  return {
    ...view,
    tab: TABS.includes(view.tab) ? view.tab : "contour",
    part: PARTS.includes(view.part) ? view.part : "table",
    imageMode: IMAGE_MODES.includes(view.imageMode) ? view.imageMode : "slider",
  };
}
