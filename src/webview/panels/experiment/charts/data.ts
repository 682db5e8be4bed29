import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { SeriesLine } from "../../../../protocol/series.ts";
import type { Bar } from "../../../ui/chart/barDrawing.ts";
import { type ChartLine, linesByRun } from "../../../ui/chart/lines.ts";
import { meanLine } from "../../../ui/chart/means.ts";
import { latestReader } from "./latest.ts";
import { type ByRun, RunCache } from "../../../ui/chart/runCache.ts";
import type { ValueTable } from "../../../ui/chart/values.ts";
import type { Range, Zoom } from "../../../ui/chart/zoom.ts";
import type { RunFacts } from "../drawn.ts";
import { differenceBars, differenceLines } from "./differences.ts";
import { keyOf, keyText, linesFor, xKind, xMetric } from "./lines.ts";
import type { ChartsParts } from "./model.ts";
import { fieldOf } from "../../../ui/chart/fields.ts";
import type { ChartSpec, XChoice } from "./specs.ts";
import { ValuesCache } from "../../../ui/chart/valuesCache.ts";
import { valueTable } from "../../../ui/chart/valueTable.ts";
import type { RunValues } from "../../../../protocol/runs.ts";

/** Points a line is asked with: two for each px of a usual chart, fewer where there are so many lines that none is seen by itself. */
function pointsFor(runs: number): number {
  return runs <= 20 ? 800 : runs <= 50 ? 400 : runs <= 200 ? 300 : 200;
}
/** Histories asked for at once: the first lines are drawn while the others are read. */
const AT_ONCE = 50;
/** The same of what is zoomed, where the coarse lines are seen already. */
const DETAILS_AT_ONCE = 200;
/** Runs whose values a chart shows. */
const MOST_RUNS = 10_000;
/** Ms that a range has to stay before its points are read: dragging goes through many. */
const SETTLED = 60;

export interface DataParts extends ChartsParts {
  xOf(id: string): XChoice;
  zoomOf(id: string): Signal<Zoom>;
  meanOf(id: string): boolean;
  group: ReadonlySignal<string>;
  stepped: ReadonlySignal<ReadonlySet<string>>;
}

const NO_TABLE: ValueTable = { run_ids: [], run_names: [], ordinals: [], columns: [] };

/** Groups that runs are in: name and colour of each. */
export interface Grouping {
  of: ReadonlyMap<string, string>;
  names: string[];
}

export type ChartData = ReturnType<typeof chartData>;

/** What the charts show, asked of the store only for those on screen. */
export function chartData(parts: DataParts) {
  const { host, facts, failed } = parts;
  const readSeries = async (text: string, run_ids: string[], first: boolean): Promise<ByRun<SeriesLine>> => {
    const { metric_key, x, range } = keyOf(text);
    const kind = xKind(x);
    const x_metric = xMetric(x);
    return linesByRun(
      await host.metricSeries({
        metric_key,
        run_ids,
        points: pointsFor(facts.peek().length),
        ...(kind === "time" || kind === "relative" ? { axis: kind } : {}),
        ...(x_metric === undefined ? {} : { x_metric }),
        ...(first && range === undefined ? { rough: true } : {}),
        ...(range === undefined ? {} : { range: { from: range[0], to: range[1] } }),
      }),
    );
  };
  const series = new RunCache(readSeries, failed, AT_ONCE, ({ rough }) => rough === true);
  const details = new RunCache(readSeries, failed, DETAILS_AT_ONCE);
  /** Last values, which a run has even where no history was kept. */
  const latest = new RunCache(latestReader(host), failed);
  const readValues = async (text: string, abort: AbortSignal): Promise<RunValues> => {
    const { ids, group } = valuesQuestion(text);
    const rows = { filter: parts.filter.peek(), order: parts.order.peek() };
    const fields = ids.flatMap((id) => fieldOf(id) ?? []);
    const by = fieldOf(group);
    return host.runValues(
      { ...rows, limit: MOST_RUNS, fields, ...(by === undefined ? {} : { group_by: [by] }) },
      abort,
    );
  };
  const values = new ValuesCache(readValues, failed);

  const grouping = computed<Grouping | undefined>(() => {
    const field = parts.group.value;
    if (field === "") return undefined;
    const found = values.of(valuesText([], field)).value;
    if (found === undefined) return undefined;
    const names = found.groups.map(({ values: texts }) => texts[0] ?? "not logged");
    return { of: new Map(found.run_ids.map((id, i) => [id, names[found.group_of[i] ?? 0] ?? ""])), names };
  });
  let grouped: string | undefined;
  /** Keeps what is asked for in step with what is drawn. */
  const follow = () => {
    const ids = facts.value.map(({ run_id }) => run_id);
    for (const cache of [series, details, latest]) cache.setRuns(ids);
    const field = parts.group.value;
    if (field === grouped) return;
    if (grouped !== undefined && grouped !== "") values.want(valuesText([], grouped), false);
    if (field !== "") values.want(valuesText([], field), true);
    grouped = field;
  };

  /** The range a chart was zoomed to, once it stays. */
  const ranges = new Map<string, Signal<Range | undefined>>();
  const settled = new Map<string, () => void>();
  const rangeOf = (id: string): Signal<Range | undefined> => {
    const known = ranges.get(id);
    if (known !== undefined) return known;
    const range = signal<Range | undefined>(parts.zoomOf(id).peek().x);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = parts.zoomOf(id).subscribe(({ x }) => {
      clearTimeout(timer);
      if (x === range.peek()) return;
      timer = setTimeout(() => {
        range.value = x;
      }, SETTLED);
    });
    settled.set(id, () => (clearTimeout(timer), end()));
    ranges.set(id, range);
    return range;
  };
  const shownDetail = new Map<string, string>();
  /** Finer points of what is zoomed, where the coarse ones stand for several; the ones before until they are there. */
  const detailOf = (spec: ChartSpec, metric_key: string, coarse: ByRun<SeriesLine>): ByRun<SeriesLine> | undefined => {
    const x = parts.xOf(spec.id);
    const range = rangeOf(spec.id).value;
    const place = `${spec.id} ${metric_key}`;
    const thinned = [...coarse.values()].some((line) => line.total > line.values.length);
    const before = shownDetail.get(place);
    if (range === undefined || xKind(x) === "metric" || !thinned) {
      if (before !== undefined) details.forget(before);
      shownDetail.delete(place);
      return undefined;
    }
    const key = keyText({ metric_key, x, range });
    queueMicrotask(() => details.want(key, true));
    const found = details.of(key).value;
    if (found.size === 0) return before === undefined ? undefined : details.of(before).peek();
    if (before !== undefined && before !== key) details.forget(before);
    shownDetail.set(place, key);
    return found;
  };

  const runLines = (spec: ChartSpec): ChartLine[] => {
    const x = parts.xOf(spec.id);
    return spec.metrics.flatMap((metric_key, index) => {
      const coarse = series.of(keyText({ metric_key, x })).value;
      const part = spec.metrics.length > 1 ? { key: metric_key, index } : undefined;
      return linesFor(facts.value, coarse, detailOf(spec, metric_key, coarse), x, part);
    });
  };
  const linesOf = (spec: ChartSpec): ReadonlySignal<ChartLine[]> => {
    let before: ChartLine[] = [];
    return computed(() => {
      const lines = shownLines(spec);
      // The same lines are the same list: a question that is asked draws nothing, its answer does.
      if (!sameLines(lines, before)) before = lines;
      return before;
    });
  };
  const shownLines = (spec: ChartSpec): ChartLine[] => {
    const lines = runLines(spec);
    if (spec.kind === "difference") return differenceLines(lines, baselineOf(facts.value, parts.baseline.value));
    const groups = grouping.value;
    return groups === undefined || !parts.meanOf(spec.id) ? lines : means(lines, groups);
  };

  /** Bars in the order of the table. */
  const barsOf = (spec: ChartSpec): ReadonlySignal<Bar[]> =>
    computed(() => {
      const [metric_key = ""] = spec.metrics;
      const found = latest.of(metric_key).value;
      const bars = facts.value.flatMap(({ run_id, name, ordinal }): Bar[] => {
        const value = found.get(run_id);
        return value === undefined ? [] : [{ run_id, name, ordinal, value }];
      });
      return spec.kind === "difference" ? differenceBars(bars, baselineOf(facts.value, parts.baseline.value)) : bars;
    });

  /** Fields a chart of values asks for. */
  const fieldsOf = (spec: ChartSpec): string[] =>
    spec.kind === "box" ? [...spec.metrics.slice(0, 1).map((key) => `metrics.${key}`), ...spec.fields] : spec.fields;
  const tables = new WeakMap<RunValues, Map<string, ValueTable>>();
  const tableOf = (spec: ChartSpec, logs: () => Record<string, boolean>): ReadonlySignal<ValueTable> =>
    computed(() => {
      const ids = fieldsOf(spec);
      const found = values.of(valuesText(ids, "")).value;
      if (found === undefined) return NO_TABLE;
      const chosen = logs();
      const key = JSON.stringify([ids, chosen]);
      const known = tables.get(found) ?? new Map<string, ValueTable>();
      tables.set(found, known);
      const table = known.get(key) ?? valueTable(found, ids, chosen);
      known.set(key, table);
      return table;
    });
  /** A column as it was logged, for a filter. */
  const textsOf = (spec: ChartSpec, id: string): (string | null)[] | undefined => {
    const ids = fieldsOf(spec);
    const column = values.of(valuesText(ids, "")).peek()?.columns[ids.indexOf(id)];
    return column?.kind === "text" ? column.texts : undefined;
  };

  const isLines = (spec: ChartSpec) =>
    spec.kind === "line" || (spec.kind === "difference" && spec.metrics.some((key) => parts.stepped.value.has(key)));
  /** A chart came on screen or left it. The answer is undone by calling it. */
  const seen = (spec: ChartSpec): (() => void) => {
    if (spec.kind === "images") return () => undefined;
    if (isLines(spec)) {
      const keys = spec.metrics.map((metric_key) => keyText({ metric_key, x: parts.xOf(spec.id) }));
      for (const key of keys) series.want(key, true);
      return () => {
        for (const key of keys) series.want(key, false);
      };
    }
    if (spec.kind === "bar" || spec.kind === "difference") {
      const keys = spec.metrics;
      for (const key of keys) latest.want(key, true);
      return () => {
        for (const key of keys) latest.want(key, false);
      };
    }
    const text = valuesText(fieldsOf(spec), "");
    values.want(text, true);
    return () => values.want(text, false);
  };

  /** What a chart without anything to draw says; an empty text while it waits for an answer. */
  const whyEmpty = (spec: ChartSpec, count: number): string | undefined => {
    if (count > 0) return undefined;
    const name = spec.metrics.join(", ");
    if (isLines(spec))
      return spec.metrics.every((metric_key) => series.answered(keyText({ metric_key, x: parts.xOf(spec.id) })))
        ? xKind(parts.xOf(spec.id)) === "metric"
          ? `No drawn run logged ${name} at a step at which it logged the metric of the x axis.`
          : `No drawn run logged ${name}.`
        : "";
    if (spec.kind === "bar" || spec.kind === "difference")
      return spec.metrics.every((key) => latest.answered(key)) ? `No drawn run logged ${name}.` : "";
    return values.of(valuesText(fieldsOf(spec), "")).value === undefined ? "" : "No run has all of these values.";
  };

  return {
    follow,
    grouping,
    linesOf,
    barsOf,
    tableOf,
    textsOf,
    fieldsOf,
    isLines,
    seen,
    whyEmpty,
    /** Runs with new points; undefined = any. */
    changed: (run_ids: string[] | undefined) => {
      for (const cache of [series, details, latest]) cache.changed(run_ids);
      values.changed();
    },
    /** Other rows are asked for: values are of other runs. */
    rowsChanged: () => {
      values.changed();
      values.prune();
    },
    dispose: () => {
      for (const end of settled.values()) end();
      values.dispose();
    },
  };
}

/** The run that differences are taken from. */
export function baselineOf(facts: RunFacts[], chosen: string | undefined): string | undefined {
  return facts.some(({ run_id }) => run_id === chosen) ? chosen : facts[0]?.run_id;
}

function sameLines(a: ChartLine[], b: ChartLine[]): boolean {
  const same = (one: ChartLine, other: ChartLine | undefined) =>
    one.line === other?.line &&
    one.xs === other.xs &&
    one.run_id === other.run_id &&
    one.name === other.name &&
    one.ordinal === other.ordinal &&
    one.running === other.running &&
    one.part?.index === other.part?.index;
  return a.length === b.length && a.every((line, i) => same(line, b[i]));
}

function means(lines: ChartLine[], { of, names }: Grouping): ChartLine[] {
  const groups = new Map<string, ChartLine[]>();
  for (const line of lines) {
    const key = JSON.stringify([of.get(line.run_id) ?? "not logged", line.part?.index ?? 0]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    const name = of.get(first?.run_id ?? "") ?? "not logged";
    const ordinal = Math.max(0, names.indexOf(name));
    const mean = meanLine({ id: `group ${name}`, name: `${name} · ${members.length}`, ordinal, lines: members });
    if (mean === undefined) return [];
    return [first?.part === undefined ? mean : { ...mean, part: first.part }];
  });
}

function valuesText(ids: string[], group: string): string {
  return JSON.stringify({ ids, group });
}

/** The border: texts of `valuesText` alone come here. */
function valuesQuestion(text: string): { ids: string[]; group: string } {
  return JSON.parse(text) as { ids: string[]; group: string };
}
