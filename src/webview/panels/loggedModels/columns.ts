import type { LoggedMetric, LoggedModelRow } from "../../../protocol/panels/loggedModels.ts";
import { bestOf, directionOf } from "../../ui/metrics.ts";
import { type MetricFormat, metricFormat } from "../../ui/format.ts";
import type { GridColumn } from "../../ui/table/columns.ts";

// The columns of the list, and what stands in those of metrics.

export interface MetricColumn {
  format: MetricFormat;
  best: number | undefined;
}

/** More are among the details. */
const MOST = 4;
/** Px of the list below which versions and runs are among the details only, and of what its columns have at least. */
const NARROW = 520;
const METRIC = 84;
const AGE = 60;
const LEAST_NAME = 132;

/** The metrics that most models have; few in little room. */
export function shownMetrics(models: ReadonlyMap<string, number>, width: number): string[] {
  const room = width < NARROW ? Math.floor((width - AGE - LEAST_NAME) / METRIC) : MOST;
  const sorted = [...models].toSorted(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return sorted.slice(0, Math.min(MOST, Math.max(1, room))).map(([key]) => key);
}

/** Each column's id is the field that MLflow sorts by; what has none is not sorted. */
export function listColumns(keys: readonly string[], width: number): GridColumn[] {
  const column = (id: string, header: string, px: number, more: Partial<GridColumn> = {}): GridColumn => {
    return { id, header, width: Math.round(px), alignRight: false, sortable: true, fixed: true, ...more };
  };
  const left = width - AGE - keys.length * METRIC;
  const isNarrow = width < NARROW;
  const wide = isNarrow ? 0 : Math.max(96, left * 0.31);
  const unsorted = { sortable: false };
  return [
    column("name", "Name", Math.max(LEAST_NAME, left - 2 * wide)),
    ...(isNarrow ? [] : [column("registered", "Registered", wide, unsorted)]),
    ...keys.map((key) =>
      column(`metrics.${key}`, key, METRIC, {
        alignRight: true,
        title: `${key} (${directionOf(key)} is better)`,
      }),
    ),
    ...(isNarrow ? [] : [column("run", "Source run", wide, unsorted)]),
    column("creation_timestamp", "Age", AGE, { alignRight: true }),
  ];
}

/** How the values of the loaded rows are written, and which is the best one. */
export function metricColumn(rows: readonly LoggedModelRow[], key: string): MetricColumn {
  const values = rows.flatMap((row) => shownMetric(row, key)?.value ?? []);
  return { format: metricFormat(values), best: bestOf(Float64Array.from(values), directionOf(key)) };
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
