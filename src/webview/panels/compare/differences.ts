import type { Comparison, NumberRow, TextRow } from "../../../protocol/panels/compare.ts";
import { formatCount, formatMetric, isOutside, metricFormat, type MetricFormat } from "../../ui/format.ts";
import { bestOf, byMeaning, directionOf } from "../../ui/metrics.ts";

// What differs between runs: the rows of the table, as they are shown, copied and exported.

export const SECTIONS = ["params", "metrics", "source", "tags"] as const;
export type SectionName = (typeof SECTIONS)[number];

export const SECTION_WORDS: Record<SectionName, string> = {
  params: "Params",
  metrics: "Metrics",
  source: "Source and environment",
  tags: "Tags",
};

export interface Delta {
  text: string;
  /** Absent: equal, or no number. */
  better?: boolean;
}

export interface Cell {
  /** null = not logged. */
  text: string | null;
  /** As it was logged, all digits. */
  stored: string | number | null;
  /** Equal to the baseline's, and not the baseline itself. */
  same: boolean;
  best: boolean;
  /** NaN or infinite. */
  outside: boolean;
  delta?: Delta;
}

export interface Row {
  section: SectionName;
  key: string;
  differs: boolean;
  /** In the order of the columns; made when they are first asked for, for most rows are not on screen. */
  readonly cells: Cell[];
}

export interface Section {
  name: SectionName;
  /** Such as "Params · 4 of 11 differ". */
  title: string;
  /** Those that are shown. */
  rows: Row[];
  total: number;
  differing: number;
}

type Rows = Pick<Comparison, "params" | "metrics" | "source" | "tags">;

/** How the table stands: `order` has the places of the runs in its columns, that of the baseline first. */
export interface TableFacts extends Rows {
  order: readonly number[];
  environment: readonly TextRow[];
  differencesOnly: boolean;
  stepped: ReadonlySet<string>;
}

/** The table's sections; one that has nothing is left out. */
export function sectionsOf(facts: TableFacts): Section[] {
  const { params, metrics, source, tags, environment, order, differencesOnly } = facts;
  const sorted = byMeaning(
    metrics.map(({ key }) => key),
    facts.stepped,
  );
  const byKey = new Map(metrics.map((row) => [row.key, row]));
  const all: Record<SectionName, Row[]> = {
    params: params.map((row) => textRow("params", row, order)),
    metrics: sorted.flatMap((key) => byKey.get(key) ?? []).map((row) => metricRow(row, order)),
    source: [...source, ...environment].map((row) => textRow("source", row, order)),
    tags: tags.map((row) => textRow("tags", row, order)),
  };
  return SECTIONS.flatMap((name) => {
    const rows = all[name];
    if (rows.length === 0) return [];
    const differing = rows.filter(({ differs }) => differs).length;
    const title = `${SECTION_WORDS[name]} · ${differText(differing, rows.length)}`;
    return [
      {
        name,
        title,
        rows: differencesOnly ? rows.filter(({ differs }) => differs) : rows,
        total: rows.length,
        differing,
      },
    ];
  });
}

/** `4 of 11 differ`, `1 of 3 differs`. */
export function differText(differing: number, total: number): string {
  return `${formatCount(differing)} of ${formatCount(total)} ${differing === 1 ? "differs" : "differ"}`;
}

/** A row whose cells are made once, when they are asked for. */
function rowOf(facts: Omit<Row, "cells">, make: () => Cell[]): Row {
  let made: Cell[] | undefined;
  return {
    ...facts,
    get cells() {
      made ??= make();
      return made;
    },
  };
}

function textRow(section: SectionName, { key, texts }: TextRow, order: readonly number[]): Row {
  const first = texts[order[0] ?? 0] ?? null;
  const differs = order.some((place) => (texts[place] ?? null) !== first);
  return rowOf({ section, key, differs }, () =>
    order.map((place, i) => {
      const text = texts[place] ?? null;
      const same = i > 0 && text === first;
      return { text: text === null ? null : shown(key, text), stored: text, same, best: false, outside: false };
    }),
  );
}

/** A commit is told by its first digits. */
function shown(key: string, text: string): string {
  return key === "git commit" ? text.slice(0, 7) : text;
}

function metricRow({ key, values, logged }: NumberRow, order: readonly number[]): Row {
  const own = order.map((place) => (logged[place] === 1 ? (values[place] ?? Number.NaN) : undefined));
  const [base] = own;
  const differs = own.some((value) => !Object.is(value, base));
  return rowOf({ section: "metrics", key, differs }, () => metricCells(key, own));
}

function metricCells(key: string, own: readonly (number | undefined)[]): Cell[] {
  const known = own.filter((value) => value !== undefined);
  const format = metricFormat(known);
  const [base] = own;
  const direction = directionOf(key);
  const finite = known.filter((value) => !isOutside(value));
  const best = new Set(finite).size > 1 ? bestOf(finite, direction) : undefined;
  return own.map((value, i) => {
    const same = i > 0 && Object.is(value, base);
    if (value === undefined) return { text: null, stored: null, same, best: false, outside: false };
    const delta = i === 0 || base === undefined ? undefined : deltaOf(value, base, format, direction === "lower");
    return {
      text: formatMetric(value, format),
      stored: value,
      same,
      best: value === best,
      outside: isOutside(value),
      ...(delta === undefined ? {} : { delta }),
    };
  });
}

/** Signed, with one decimal fewer than the column unless that rounds to nothing; undefined where one of both is no number. */
export function deltaOf(value: number, base: number, format: MetricFormat, lower: boolean): Delta | undefined {
  if (isOutside(value) || isOutside(base)) return undefined;
  const difference = value - base;
  if (difference === 0) return { text: "0" };
  const size = sizeText(Math.abs(difference), format);
  return { text: `${difference < 0 ? "\u2212" : "+"}${size}`, better: lower ? difference < 0 : difference > 0 };
}

function sizeText(size: number, format: MetricFormat): string {
  if (format.kind === "exponent") return formatMetric(size, format);
  const fewer = Math.max(Math.min(1, format.decimals), format.decimals - 1);
  for (const decimals of [fewer, format.decimals]) {
    const text = size.toFixed(decimals);
    if (Number(text) > 0) return text;
  }
  return size.toExponential(0).replace("e-", "e\u2212");
}
