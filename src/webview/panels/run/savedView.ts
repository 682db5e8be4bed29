export const SECTIONS = ["overview", "metrics", "system", "artifacts", "children", "code"] as const;
export type Section = (typeof SECTIONS)[number];

export const SECTION_WORDS: Record<Section, string> = {
  overview: "Overview",
  metrics: "Metrics",
  system: "System metrics",
  artifacts: "Artifacts",
  children: "Children",
  code: "Code and environment",
};

/** What the person arranged in the Run panel. */
export interface RunArrangement {
  section: Section;
  /** Folders of the artifact tree that are unfolded. */
  unfolded: string[];
  smoothing: number;
  /** What the charts' x is. */
  axis: "step" | "relative";
  /** Scroll position of each section in px. */
  scroll: Record<string, number>;
  /** Artifact that is shown; empty: none. */
  open: string;
  /** Step of the image that is shown; -1: the last one. */
  step: number;
  /** Where the person was in the artifact, as its viewer counts. */
  place: number;
  /** What params, metrics and artifacts are searched for. */
  search: Record<string, string>;
}

export const DEFAULT_RUN_ARRANGEMENT: RunArrangement = {
  section: "overview",
  unfolded: [],
  smoothing: 0,
  axis: "step",
  scroll: {},
  open: "",
  step: -1,
  place: 0,
  search: {},
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readRunArrangement(saved: unknown): RunArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_RUN_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_RUN_ARRANGEMENT, key);
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  const view = { ...DEFAULT_RUN_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<RunArrangement>) };
  return {
    ...view,
    section: SECTIONS.includes(view.section) ? view.section : "overview",
    axis: view.axis === "relative" ? "relative" : "step",
  };
}

/** A section by its name on the tab. */
export function sectionNamed(words: string): Section | undefined {
  return SECTIONS.find((section) => SECTION_WORDS[section] === words);
}
