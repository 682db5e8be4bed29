import type { Comparison } from "../../../protocol/panels/compare.ts";
import { byMeaning } from "../../ui/metrics.ts";

// Which values the charts show without being asked, and which they offer. Ids such as `params.eta`.

export interface FieldChoices {
  /** Params first that differ. */
  params: string[];
  /** Params that are numbers, those that differ first. */
  numbers: string[];
  /** Params of few different words. */
  words: string[];
  /** The metric that tells most first. */
  metrics: string[];
  stepped: string[];
}

const DURATION = "attributes.duration";
/** Axes that are shown without being asked for. */
const AXES = 7;

export function fieldChoices({
  params,
  metrics,
  stepped,
}: Pick<Comparison, "params" | "metrics" | "stepped">): FieldChoices {
  const differs = ({ texts }: { texts: (string | null)[] }) => texts.some((text) => text !== texts[0]);
  // A param that few runs logged would leave the lines of the others broken.
  const missing = ({ texts }: { texts: (string | null)[] }) => texts.filter((text) => text === null).length;
  const sorted = params.toSorted((a, b) => Number(differs(b)) - Number(differs(a)) || missing(a) - missing(b));
  const isNumeric = ({ texts }: { texts: (string | null)[] }) =>
    texts.every((text) => text === null || (text.trim() !== "" && !Number.isNaN(Number(text))));
  const id = ({ key }: { key: string }) => `params.${key}`;
  const own = byMeaning(
    metrics.map(({ key }) => key),
    new Set(stepped),
  );
  return {
    params: sorted.map(id),
    numbers: sorted.filter(isNumeric).map(id),
    words: sorted.filter((row) => !isNumeric(row)).map(id),
    metrics: own.map((key) => `metrics.${key}`),
    stepped: byMeaning(stepped, new Set(stepped)),
  };
}

/** Params, then metrics, then how long it took; the main metric last, as the result of all. */
export function usualAxes({ params, metrics }: FieldChoices): string[] {
  const [main, ...others] = metrics.filter((id) => !id.startsWith("metrics.system/"));
  const causes = params.slice(0, AXES - 3);
  const more = others.slice(0, Math.max(1, AXES - 2 - causes.length));
  return [...causes, ...more, DURATION, ...(main === undefined ? [] : [main])].slice(-AXES);
}

/** Everything that can be an axis. */
export function allAxes({ params, metrics }: FieldChoices): string[] {
  return [...params, ...metrics, DURATION, "attributes.start_time", "attributes.status", "attributes.user_id"];
}

export type ChartName = "scatter" | "contour" | "box" | "overlay";

/** The lists of a chart: what each is for, what it offers, and what it begins with. */
export interface FieldList {
  label: string;
  options: string[];
  value: string;
}

export function fieldLists(chart: ChartName, choices: FieldChoices, chosen: readonly string[] = []): FieldList[] {
  const { params, numbers, words, metrics, stepped } = choices;
  const values = [...params, ...metrics, DURATION];
  const main = metrics[0] ?? "";
  const list = (at: number, label: string, options: string[], usual: string | undefined): FieldList => {
    const wanted = chosen[at];
    const value = wanted !== undefined && options.includes(wanted) ? wanted : (usual ?? options[0] ?? "");
    return { label, options, value };
  };
  switch (chart) {
    case "scatter":
      return [list(0, "x", values, numbers[0] ?? metrics[1]), list(1, "y", values, main)];
    case "contour":
      return [
        list(0, "x", values, numbers[0]),
        list(1, "y", values, numbers[1] ?? metrics[1]),
        list(2, "z", metrics, main),
      ];
    case "box":
      return [
        list(0, "by", [...params, "attributes.user_id", "attributes.status"], words[0] ?? params[0]),
        list(1, "of", metrics, main),
      ];
    case "overlay":
      return [
        list(
          0,
          "metric",
          stepped.map((key) => `metrics.${key}`),
          undefined,
        ),
      ];
    default:
      return chart satisfies never;
  }
}
