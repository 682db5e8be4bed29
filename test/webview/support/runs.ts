import type { RunStatus } from "../../../src/mlflow/entities.ts";
import type { RunColumns, RunColumnsQuery } from "../../../src/protocol/runs.ts";

/** A run as the tests write it down. */
export interface TestRun {
  id: string;
  /** Absent: its place in the list. */
  ordinal?: number;
  status?: RunStatus;
  params?: Record<string, string>;
  metrics?: Record<string, number>;
}

/** The window of `runs` that `query` asks for, as a store answers it. */
export function windowOf(
  runs: TestRun[],
  query: Pick<RunColumnsQuery, "offset" | "limit" | "params" | "metrics">,
): RunColumns {
  const rows = runs.slice(query.offset, query.offset + query.limit);
  const column = (key: string) => ({
    values: Float64Array.from(rows, ({ metrics }) => metrics?.[key] ?? 0),
    logged: Uint8Array.from(rows, ({ metrics }) => (metrics?.[key] === undefined ? 0 : 1)),
  });
  return {
    total: runs.length,
    running: runs.filter(({ status }) => status === "RUNNING").length,
    run_ids: rows.map(({ id }) => id),
    run_names: rows.map(({ id }) => `run ${id}`),
    statuses: rows.map(({ status }) => status ?? "FINISHED"),
    lifecycle_stages: rows.map(() => "active"),
    parent_run_ids: rows.map(() => null),
    ordinals: Float64Array.from(rows, ({ ordinal }, i) => ordinal ?? query.offset + i),
    start_times: Float64Array.from(rows, () => 1000),
    end_times: Float64Array.from(rows, () => 2000),
    params: Object.fromEntries(query.params.map((key) => [key, rows.map(({ params }) => params?.[key] ?? null)])),
    metrics: Object.fromEntries(query.metrics.map((key) => [key, column(key)])),
  };
}

/** Runs `0`, `1`, … with one metric. */
export function manyRuns(count: number): TestRun[] {
  return Array.from({ length: count }, (_, i) => ({ id: String(i), ordinal: i, metrics: { loss: i } }));
}
