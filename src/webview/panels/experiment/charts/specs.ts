import { fieldName } from "../../../ui/chart/fields.ts";

// Which charts there are, in which sections and order: what the panel makes by itself, as the person has changed it.

export const CHART_KINDS = ["line", "bar", "scatter", "parallel", "contour", "box", "difference", "images"] as const;
export type ChartKind = (typeof CHART_KINDS)[number];

export const KIND_NAMES: Record<ChartKind, string> = {
  line: "Line",
  bar: "Bar",
  scatter: "Scatter",
  parallel: "Parallel coordinates",
  contour: "Contour",
  box: "Box",
  difference: "Difference to a baseline",
  images: "Images by step",
};

/** What x is: a step, a time, or `metrics.<key>`. */
export type XChoice = "step" | "time" | "relative" | `metrics.${string}`;

/** How one chart differs from all; absent = as all charts. */
export interface ChartSettings {
  x?: XChoice;
  smoothing?: number;
  logX?: boolean;
  logY?: boolean;
  /** Outliers do not stretch the axis. */
  clip?: boolean;
  /** Of a group: its mean and deviation instead of its runs. */
  mean?: boolean;
  /** Of images: the step that is shown; absent: the last one. */
  step?: number | undefined;
}

export interface ChartSpec {
  id: string;
  kind: ChartKind;
  /** Of lines, bars, differences and boxes. */
  metrics: string[];
  /** Ids of fields: x, y (and z) of a scatter or contour plot, what makes boxes, the axes of parallel coordinates; the key of images. */
  fields: string[];
  title?: string;
  /** Absent: what stands before the "/" of its first metric. */
  section?: string;
}

export interface ChartsArrangement {
  /** Charts that were added, or made of one that the panel had. */
  added: ChartSpec[];
  removed: string[];
  settings: Record<string, ChartSettings>;
  /** Ids in the order in which the person put them; others follow in their own. */
  order: string[];
  folded: string[];
  x: XChoice;
  /** Id of the field whose groups are drawn as means; empty = none. */
  group: string;
  /** First runs of the table that are drawn without being asked for. */
  first: number;
  zooms: Record<string, { x?: readonly [number, number] | undefined; y?: readonly [number, number] | undefined }>;
  brush: Record<string, readonly [number, number]>;
}

/** Runs drawn without being asked for. */
export const FIRST_DRAWN = 10;

export const NO_CHARTS: ChartsArrangement = {
  added: [],
  removed: [],
  settings: {},
  order: [],
  folded: [],
  x: "step",
  group: "",
  first: FIRST_DRAWN,
  zooms: {},
  brush: {},
};

/** The border: what an earlier version saved is taken as far as its parts have the right kind. */
export function readCharts(saved: unknown): ChartsArrangement {
  if (typeof saved !== "object" || saved === null) return NO_CHARTS;
  const kinds = Object.entries(saved).filter(([key, value]) => {
    const usual: unknown = Reflect.get(NO_CHARTS, key);
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  const read = { ...NO_CHARTS, ...(Object.fromEntries(kinds) as Partial<ChartsArrangement>) };
  return { ...read, added: read.added.filter(isSpec) };
}

function isSpec(spec: unknown): spec is ChartSpec {
  if (typeof spec !== "object" || spec === null) return false;
  const { id, kind, metrics, fields } = spec as Partial<ChartSpec>;
  return (
    typeof id === "string" &&
    CHART_KINDS.includes(kind ?? "line") &&
    kind !== undefined &&
    Array.isArray(metrics) &&
    Array.isArray(fields)
  );
}

/** The chart that a metric has without being asked for: lines where it has steps, else bars of last values. */
export function ownChart(metricKey: string, stepped: boolean): ChartSpec {
  return { id: `metrics.${metricKey}`, kind: stepped ? "line" : "bar", metrics: [metricKey], fields: [] };
}

/** All charts in order: added ones first, then one for each metric, but where the person put them. */
export function chartsOf(
  metricKeys: string[],
  stepped: ReadonlySet<string>,
  arrangement: ChartsArrangement,
): ChartSpec[] {
  const removed = new Set(arrangement.removed);
  const own = metricKeys.map((key) => ownChart(key, stepped.has(key))).filter(({ id }) => !removed.has(id));
  return arranged([...arrangement.added, ...own], arrangement.order);
}

function arranged(specs: ChartSpec[], order: string[]): ChartSpec[] {
  const places = new Map(order.map((id, place) => [id, place]));
  const placed = specs
    .filter(({ id }) => places.has(id))
    .sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  if (placed.length === 0) return specs;
  // Those the person never moved keep their places; the moved ones fill the places that moved ones had.
  let next = 0;
  return specs.map((spec) => (places.has(spec.id) ? (placed[next++] ?? spec) : spec));
}

/** The order with `id` at the place of `target`, among the charts shown. */
export function moved(shown: string[], id: string, target: number): string[] {
  const rest = shown.filter((other) => other !== id);
  const at = Math.min(rest.length, Math.max(0, target));
  return [...rest.slice(0, at), id, ...rest.slice(at)];
}

export interface Section {
  /** Empty: charts without a prefix. */
  name: string;
  charts: ChartSpec[];
}

/** Section of charts without one. */
export const MAIN = "";

export function sectionOf(spec: ChartSpec): string {
  if (spec.section !== undefined) return spec.section;
  const [key = ""] = spec.metrics;
  const slash = key.lastIndexOf("/");
  return slash > 0 && (spec.kind === "line" || spec.kind === "bar" || spec.kind === "difference")
    ? key.slice(0, slash)
    : MAIN;
}

/** Charts by section, in the order of each section's first chart; system metrics last. */
export function sectionsOf(specs: ChartSpec[]): Section[] {
  const sections = new Map<string, ChartSpec[]>();
  for (const spec of specs) {
    const name = sectionOf(spec);
    const charts = sections.get(name) ?? [];
    charts.push(spec);
    sections.set(name, charts);
  }
  const rank = (name: string) => (name === MAIN ? 0 : name === "system" || name.startsWith("system/") ? 2 : 1);
  return [...sections].map(([name, charts]) => ({ name, charts })).sort((a, b) => rank(a.name) - rank(b.name));
}

export function titleOf(spec: ChartSpec): string {
  if (spec.title !== undefined && spec.title !== "") return spec.title;
  const names = spec.fields.map(fieldName);
  switch (spec.kind) {
    case "line":
    case "bar":
      return spec.metrics.join(", ");
    case "difference":
      return `${spec.metrics.join(", ")} − baseline`;
    case "scatter":
      return `${names[1] ?? ""} over ${names[0] ?? ""}`;
    case "contour":
      return `${names[2] ?? ""} over ${names[0] ?? ""}, ${names[1] ?? ""}`;
    case "box":
      return `${spec.metrics[0] ?? ""} by ${names[0] ?? "all runs"}`;
    case "parallel":
      return "Parallel coordinates";
    case "images":
      return names[0] ?? "Images";
    default:
      return spec.kind satisfies never;
  }
}

/** Keys that `pattern` matches; a pattern that is not yet a regular expression is taken as it stands. */
export function matcherOf(pattern: string): (text: string) => boolean {
  if (pattern === "") return () => true;
  try {
    const expression = new RegExp(pattern, "i");
    return (text) => expression.test(text);
  } catch {
    return (text) => text.toLowerCase().includes(pattern.toLowerCase());
  }
}

/** Charts that a pattern of metric names finds: by what they show, or by their title. */
export function matchingCharts(specs: ChartSpec[], pattern: string): ChartSpec[] {
  const matches = matcherOf(pattern);
  return pattern === "" ? specs : specs.filter((spec) => [...spec.metrics, titleOf(spec)].some(matches));
}
