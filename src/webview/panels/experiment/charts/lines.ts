import type { SeriesLine } from "../../../../protocol/series.ts";
import type { ChartLine } from "../../../ui/chart/lines.ts";
import type { XKind } from "../../../ui/chart/linePlot.ts";
import type { Range } from "../../../ui/chart/zoom.ts";
import type { RunFacts } from "../drawn.ts";
import type { XChoice } from "./specs.ts";

// From histories as the store answers them to lines of a chart.

/** A question for histories; as text it is the key under which the answers are kept. */
export interface SeriesKey {
  metric_key: string;
  x: XChoice;
  /** Only this part, in finer detail. */
  range?: Range | undefined;
}

export function keyText({ metric_key, x, range }: SeriesKey): string {
  return JSON.stringify([metric_key, x, ...(range ?? [])]);
}

/** The border: texts of `keyText` alone come here. */
export function keyOf(text: string): SeriesKey {
  const [metric_key, x, from, to] = JSON.parse(text) as [string, XChoice, number?, number?];
  return { metric_key, x, range: from === undefined || to === undefined ? undefined : [from, to] };
}

export function xKind(x: XChoice): XKind {
  return x === "step" || x === "time" || x === "relative" ? x : "metric";
}

/** The metric that x is; undefined for steps and times. */
export function xMetric(x: XChoice): string | undefined {
  return x.startsWith("metrics.") ? x.slice("metrics.".length) : undefined;
}

const relative = new WeakMap<SeriesLine, Float64Array>();

/** Where a line's points stand on x. */
export function placesOf(line: SeriesLine, x: XChoice): Float64Array {
  const kind = xKind(x);
  switch (kind) {
    case "step":
      return line.steps;
    case "time":
      return line.timestamps;
    case "metric":
      return line.xs ?? line.steps;
    case "relative": {
      const known = relative.get(line);
      if (known !== undefined) return known;
      const found = line.timestamps.map((time) => time - line.began);
      relative.set(line, found);
      return found;
    }
    default:
      return kind satisfies never;
  }
}

const merges = new WeakMap<SeriesLine, { detail: SeriesLine; x: XChoice; line: SeriesLine }>();

/** `coarse` with the finer points of `detail` in the middle; the same line for the same two. */
export function mergedLine(coarse: SeriesLine, detail: SeriesLine | undefined, x: XChoice): SeriesLine {
  if (detail === undefined || detail.values.length === 0) return coarse;
  const known = merges.get(coarse);
  if (known !== undefined && known.detail === detail && known.x === x) return known.line;
  const places = placesOf(detail, x);
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? 0];
  const around = placesOf(coarse, x);
  const before = around.findIndex((at) => at >= first);
  const from = before < 0 ? around.length : before;
  const to = around.findLastIndex((at) => at <= last) + 1;
  const join = (name: "steps" | "timestamps" | "values") => {
    const all = new Float64Array(from + detail[name].length + Math.max(0, coarse[name].length - to));
    all.set(coarse[name].subarray(0, from));
    all.set(detail[name], from);
    all.set(coarse[name].subarray(to), from + detail[name].length);
    return all;
  };
  const line: SeriesLine = {
    ...coarse,
    steps: join("steps"),
    timestamps: join("timestamps"),
    values: join("values"),
    total: 0,
  };
  // How many points of the history one of these stands for is what it is in the part that is looked at.
  line.total = Math.round((line.values.length * detail.total) / detail.values.length);
  merges.set(coarse, { detail, x, line });
  return line;
}

/** The lines of one metric for the drawn runs that logged it. */
export function linesFor(
  facts: RunFacts[],
  found: ReadonlyMap<string, SeriesLine>,
  detail: ReadonlyMap<string, SeriesLine> | undefined,
  x: XChoice,
  part?: { key: string; index: number },
): ChartLine[] {
  return facts.flatMap(({ run_id, name, ordinal, status }) => {
    const coarse = found.get(run_id);
    if (coarse === undefined || coarse.values.length === 0) return [];
    const line = mergedLine(coarse, detail?.get(run_id), x);
    const own = { run_id, name, ordinal, running: status === "RUNNING", line };
    return [{ ...own, ...(x === "step" ? {} : { xs: placesOf(line, x) }), ...(part === undefined ? {} : { part }) }];
  });
}
