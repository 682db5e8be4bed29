import type { RunStatus } from "../../../src/mlflow/entities.ts";
import { NUMBER_ATTRIBUTES, type RunColumns, type RunField } from "../../../src/protocol/runs.ts";
import { type RunPage, toPage } from "../../../src/webview/panels/experiment/page.ts";

/** A run as the tests write it down. */
export interface TestRun {
  id: string;
  /** Absent: its place in the list. */
  ordinal?: number;
  status?: RunStatus;
  params?: Record<string, string>;
  metrics?: Record<string, number>;
}

/** The window of `runs` as the table reads it. */
export function windowOf(runs: TestRun[], query: { offset: number; limit: number; fields: RunField[] }): RunPage {
  return toPage(columnsOf(runs, query), query.fields);
}

/** The window of `runs` that `query` asks for, as a store answers it. */
export function columnsOf(runs: TestRun[], query: { offset: number; limit: number; fields: RunField[] }): RunColumns {
  const rows = runs.slice(query.offset, query.offset + query.limit);
  const column = (key: string) => ({
    kind: "number" as const,
    values: Float64Array.from(rows, ({ metrics }) => metrics?.[key] ?? 0),
    logged: Uint8Array.from(rows, ({ metrics }) => (metrics?.[key] === undefined ? 0 : 1)),
  });
  return {
    total: runs.length,
    runs: runs.length,
    experiment_ids: rows.map(() => "1"),
    depths: new Uint8Array(rows.length),
    children: new Uint32Array(rows.length),
    children_running: new Uint32Array(rows.length),
    context: new Uint8Array(rows.length),
    pinned: new Uint8Array(rows.length),
    groups: [],
    running: runs.filter(({ status }) => status === "RUNNING").length,
    run_ids: rows.map(({ id }) => id),
    run_names: rows.map(({ id }) => `run ${id}`),
    statuses: rows.map(({ status }) => status ?? "FINISHED"),
    lifecycle_stages: rows.map(() => "active"),
    parent_run_ids: rows.map(() => null),
    ordinals: Float64Array.from(rows, ({ ordinal }, i) => ordinal ?? query.offset + i),
    start_times: Float64Array.from(rows, () => 1000),
    end_times: Float64Array.from(rows, () => 2000),
    columns: query.fields.map((field) => {
      if (field.kind === "metric") return column(field.key);
      if (field.kind === "attribute" && NUMBER_ATTRIBUTES.includes(field.key)) return column(field.key);
      if (field.kind === "attribute") return { kind: "text", texts: rows.map(() => null) };
      if (field.kind !== "param") throw new Error("Test runs have params and metrics only.");
      return { kind: "text", texts: rows.map(({ params }) => params?.[field.key] ?? null) };
    }),
  };
}

/** Runs `0`, `1`, … with one metric. */
export function manyRuns(count: number): TestRun[] {
  return Array.from({ length: count }, (_, i) => ({ id: String(i), ordinal: i, metrics: { loss: i } }));
}
