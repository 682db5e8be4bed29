import type { LoggedMetric, LoggedModelRow } from "../../../protocol/panels/loggedModels.ts";
import { bestOf, directionOf } from "../../ui/metrics.ts";
import { type MetricFormat, metricFormat } from "../../ui/format.ts";

// Which metrics the list has columns for, and what stands in them.

export interface MetricColumn {
  key: string;
  format: MetricFormat;
  best: number | undefined;
}

/** More are among the details. */
const MOST = 4;

/** The metrics that most models have, at most four. */
export function metricColumns(rows: readonly LoggedModelRow[]): MetricColumn[] {
  const counts = new Map<string, number>();
  for (const { metrics } of rows) {
    for (const key of new Set(metrics.map((metric) => metric.key))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const keys = [...counts].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, MOST);
  return keys.map(([key]) => {
    const values = rows.flatMap((row) => shownMetric(row, key)?.value ?? []);
    return { key, format: metricFormat(values), best: bestOf(Float64Array.from(values), directionOf(key)) };
  });
}

/** The value of a metric in the list: the one of no dataset, else what the run that logged the model told, else the first. */
export function shownMetric({ metrics, run }: LoggedModelRow, key: string): LoggedMetric | undefined {
  const of = metrics.filter((metric) => metric.key === key);
  return (
    of.find(({ dataset_name }) => dataset_name === undefined) ??
    of.find(({ run_id }) => run_id === run?.run_id) ??
    of[0]
  );
}

/** `rmse 0.5 on wine (a1b2c3d4)`: a line for each dataset. */
export function metricTitle({ metrics }: LoggedModelRow, key: string): string {
  return metrics
    .filter((metric) => metric.key === key)
    .map(({ value, dataset_name, dataset_digest = "" }) =>
      dataset_name === undefined
        ? `${key} ${value}`
        : `${key} ${value} on ${dataset_name} (${dataset_digest.slice(0, 8)})`,
    )
    .join("\n");
}
