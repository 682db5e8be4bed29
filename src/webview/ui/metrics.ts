import { signal } from "@preact/signals";
import { directionByName } from "../../protocol/metricDirection.ts";
import type { Direction, PageSettings } from "../../protocol/panels/settings.ts";
import {
  type FormatFacts,
  formatFacts,
  formatMetric,
  formatOf,
  isOutside,
  mergedFacts,
  type MetricFormat,
  NO_FACTS,
} from "./format.ts";

// What a metric's name and values say about it: which way is better, which value is best, how a column is scaled.

export type { Direction };

/** What the person has set, by metric key. */
export const directions = signal<PageSettings["directions"]>({});

/** Which way is better: as it was set, else taken from the name; errors and losses are better when lower. */
export function directionOf(metricKey: string): Direction {
  const set = directions.value;
  return (Object.hasOwn(set, metricKey) ? set[metricKey] : undefined) ?? directionByName(metricKey);
}

/** The best of `values`; undefined when none is finite. */
export function bestOf(values: Iterable<number>, direction: Direction): number | undefined {
  let best: number | undefined;
  for (const value of values) {
    if (isOutside(value)) continue;
    if (best === undefined || (direction === "lower" ? value < best : value > best)) best = value;
  }
  return best;
}

/** Range, best value and format of one metric column over the rows that are loaded. */
export interface MetricScale {
  min: number;
  max: number;
  best: number | undefined;
  format: MetricFormat;
}

/** Range and format facts of a part of a column. */
export interface ScalePart {
  min: number;
  max: number;
  facts: FormatFacts;
}

export function scalePart(values: Iterable<number>): ScalePart {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const kept = [...values];
  for (const value of kept) {
    if (isOutside(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max, facts: formatFacts(kept) };
}

export function metricScale(metricKey: string, parts: ScalePart[]): MetricScale {
  const min = Math.min(...parts.map((part) => part.min));
  const max = Math.max(...parts.map((part) => part.max));
  const best = directionOf(metricKey) === "lower" ? min : max;
  const facts = parts.reduce((sum, part) => mergedFacts(sum, part.facts), NO_FACTS);
  return { min, max, best: max > min ? best : undefined, format: formatOf(facts) };
}

/** Characters of the longest value of a column, so that the bars before the numbers stand in line. */
export function longestText({ min, max, format }: MetricScale): number {
  return max >= min ? Math.max(formatMetric(min, format).length, formatMetric(max, format).length) : 0;
}

/** Length of a cell's bar, 0.04 to 1 of its width; undefined when there is nothing to compare with. */
export function barFraction(value: number, scale: MetricScale): number | undefined {
  if (isOutside(value) || !(scale.max > scale.min)) return undefined;
  return Math.max(0.04, (value - scale.min) / (scale.max - scale.min));
}

/** Metrics that have a curve first; among them what is measured on held-out data; system metrics last. */
export function byMeaning(metricKeys: string[], stepped: ReadonlySet<string>): string[] {
  const rank = (key: string) =>
    (key.startsWith("system/") ? 4 : 0) + (stepped.has(key) ? 0 : 2) + (/^(val|test|eval)/i.test(key) ? 0 : 1);
  return metricKeys.toSorted((a, b) => rank(a) - rank(b));
}
