import type { NumberFieldColumn } from "../../../protocol/runs.ts";
import { countOf, formatMetric, type MetricFormat } from "../../ui/format.ts";

// What a group's numbers come to.

const PLUS_MINUS = "\u00b1";

function fewer(format: MetricFormat): MetricFormat {
  return format.kind === "fixed" ? { kind: "fixed", decimals: Math.max(0, format.decimals - 1) } : format;
}

/** Mean and sample deviation of a group, one decimal fewer than the column's; the range and the count for the hover. */
export function groupNumber(
  column: NumberFieldColumn | undefined,
  at: number,
  format: MetricFormat,
): { text: string; title: string } {
  const mean = column?.values[at] ?? Number.NaN;
  const deviation = column?.spread?.deviations[at] ?? Number.NaN;
  const text = formatMetric(mean, fewer(format));
  const spread = column?.spread;
  const title =
    spread === undefined
      ? String(mean)
      : `mean ${mean}, min ${spread.min[at]}, max ${spread.max[at]}, ${countOf(spread.count[at] ?? 0, "run")}`;
  return {
    text: Number.isNaN(deviation) ? text : `${text} ${PLUS_MINUS} ${formatMetric(deviation, fewer(format))}`,
    title,
  };
}
