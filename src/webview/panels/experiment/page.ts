import type { NumberFieldColumn, RunColumns, RunField, RunKeys } from "../../../protocol/runs.ts";

type RowFacts =
  | ("total" | "running" | "run_ids" | "run_names" | "statuses" | "lifecycle_stages")
  | ("ordinals" | "start_times" | "end_times");

/** A window of rows with its columns by key, as the table reads them. */
export interface RunPage extends Pick<RunColumns, RowFacts> {
  params: Record<string, (string | null)[]>;
  metrics: Record<string, Pick<NumberFieldColumn, "values" | "logged">>;
}

/** Keys that were logged. */
export interface KeyNames {
  params: string[];
  metrics: string[];
  stepped: string[];
}

export function fieldsOf({ params, metrics }: Pick<KeyNames, "params" | "metrics">): RunField[] {
  return [
    ...params.map((key): RunField => ({ kind: "param", key })),
    ...metrics.map((key): RunField => ({ kind: "metric", key })),
  ];
}

/** `fields` are those that were asked for. */
export function toPage(columns: RunColumns, fields: RunField[]): RunPage {
  const page: RunPage = { ...columns, params: {}, metrics: {} };
  for (const [i, field] of fields.entries()) {
    const column = columns.columns[i];
    if (field.kind === "param" && column?.kind === "text") page.params[field.key] = column.texts;
    if (field.kind === "metric" && column?.kind === "number") page.metrics[field.key] = column;
  }
  return page;
}

export function keyNames({ params, metrics, stepped }: RunKeys): KeyNames {
  return { params: params.map(({ key }) => key), metrics: metrics.map(({ key }) => key), stepped };
}
