export const SECTIONS = ["overview", "metrics", "artifacts", "children"] as const;
export type Section = (typeof SECTIONS)[number];

/** What the person arranged in the Run panel. */
export interface RunArrangement {
  section: Section;
  /** Folders of the artifact tree that are unfolded. */
  unfolded: string[];
  smoothing: number;
  /** Scroll position of each section in px. */
  scroll: Record<string, number>;
}

export const DEFAULT_RUN_ARRANGEMENT: RunArrangement = { section: "overview", unfolded: [], smoothing: 0, scroll: {} };

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readRunArrangement(saved: unknown): RunArrangement {
  if (typeof saved !== "object" || saved === null) return DEFAULT_RUN_ARRANGEMENT;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(DEFAULT_RUN_ARRANGEMENT, key);
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  const view = { ...DEFAULT_RUN_ARRANGEMENT, ...(Object.fromEntries(kinds) as Partial<RunArrangement>) };
  return SECTIONS.includes(view.section) ? view : { ...view, section: "overview" };
}
