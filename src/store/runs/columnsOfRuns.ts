import type { Run } from "../../mlflow/entities.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import {
  type AttributeKey,
  type FieldColumn,
  type KeyFacts,
  MOST_ROWS,
  type RunColumns,
  type RunColumnsQuery,
  type RunField,
  type RunKeys,
  type RunValues,
  type RunValuesQuery,
} from "../../protocol/runs.ts";

// Answers for panels made of runs that were read whole, in the order asked for.

export function columnsOfRuns(
  found: readonly Run[],
  ordinals: ReadonlyMap<string, number>,
  { offset, limit, fields }: RunColumnsQuery,
): RunColumns {
  const rows = found.slice(offset, offset + Math.min(limit, MOST_ROWS));
  return {
    total: found.length,
    runs: found.length,
    running: found.filter(({ info }) => info.status === "RUNNING").length,
    run_ids: rows.map(({ info }) => info.run_id),
    run_names: rows.map(({ info }) => info.run_name),
    statuses: rows.map(({ info }) => info.status),
    lifecycle_stages: rows.map(({ info }) => info.lifecycle_stage),
    experiment_ids: rows.map(({ info }) => info.experiment_id),
    parent_run_ids: rows.map(({ data }) => valueOf(data.tags, RUN_TAG.parentRunId) ?? null),
    ordinals: Float64Array.from(rows, ({ info }) => ordinals.get(info.run_id) ?? 0),
    start_times: Float64Array.from(rows, ({ info }) => info.start_time ?? Number.NaN),
    end_times: Float64Array.from(rows, ({ info }) => info.end_time ?? Number.NaN),
    ...plainRows(rows.length),
    columns: fields.map((field) => columnOf(rows, field)),
  };
}

/** Rows that are all runs at the top. */
export function plainRows(
  count: number,
): Pick<RunColumns, "depths" | "children" | "children_running" | "context" | "pinned" | "groups"> {
  return {
    depths: new Uint8Array(count),
    children: new Uint32Array(count),
    children_running: new Uint32Array(count),
    context: new Uint8Array(count),
    pinned: new Uint8Array(count),
    groups: [],
  };
}

export function valuesOfRuns(
  found: readonly Run[],
  ordinals: ReadonlyMap<string, number>,
  query: RunValuesQuery,
): RunValues {
  const rows = found.slice(0, query.limit);
  return {
    runs: found.length,
    run_ids: rows.map(({ info }) => info.run_id),
    run_names: rows.map(({ info }) => info.run_name),
    statuses: rows.map(({ info }) => info.status),
    ordinals: Float64Array.from(rows, ({ info }) => ordinals.get(info.run_id) ?? 0),
    group_of: new Uint32Array(0),
    groups: [],
    columns: query.fields.map((field) => columnOf(rows, field)),
  };
}

export function columnOf(rows: readonly Run[], field: RunField): FieldColumn {
  switch (field.kind) {
    case "param":
      return { kind: "text", texts: rows.map(({ data }) => valueOf(data.params, field.key) ?? null) };
    case "tag":
      return { kind: "text", texts: rows.map(({ data }) => valueOf(data.tags, field.key) ?? null) };
    case "metric":
      return numberColumn(rows, ({ data }) => data.metrics.find(({ key }) => key === field.key)?.value);
    case "attribute":
      return attributeColumn(rows, field.key);
    case "datasets":
      return {
        kind: "datasets",
        cells: rows.map(({ inputs }) =>
          inputs.dataset_inputs.map(({ dataset: { name, digest } }) => ({ name, digest })),
        ),
      };
    case "models":
      return {
        kind: "models",
        cells: rows.map(({ outputs }) => outputs.model_outputs.map(({ model_id }) => ({ name: model_id, model_id }))),
      };
    default:
      return field satisfies never;
  }
}

function attributeColumn(rows: readonly Run[], key: AttributeKey): FieldColumn {
  switch (key) {
    case "start_time":
    case "end_time":
      return numberColumn(rows, ({ info }) => info[key]);
    case "duration":
      return numberColumn(rows, ({ info: { start_time, end_time } }) =>
        start_time === undefined || end_time === undefined ? undefined : end_time - start_time,
      );
    case "source":
      return { kind: "text", texts: rows.map(({ data }) => valueOf(data.tags, "mlflow.source.name") ?? null) };
    case "version":
      return { kind: "text", texts: rows.map(({ data }) => valueOf(data.tags, "mlflow.source.git.commit") ?? null) };
    case "experiment":
      return { kind: "text", texts: rows.map(({ info }) => info.experiment_id) };
    default:
      return { kind: "text", texts: rows.map(({ info }) => info[key]) };
  }
}

function numberColumn(rows: readonly Run[], of: (run: Run) => number | undefined): FieldColumn {
  const column = {
    kind: "number" as const,
    values: new Float64Array(rows.length),
    logged: new Uint8Array(rows.length),
  };
  for (const [at, run] of rows.entries()) {
    const value = of(run);
    if (value === undefined) continue;
    column.values[at] = value;
    column.logged[at] = 1;
  }
  return column;
}

export function keysOfRuns(runs: readonly Run[], stepped: string[]): RunKeys {
  const params = new Map<string, KeyFacts>();
  const metrics = new Map<string, KeyFacts>();
  const tags = new Map<string, KeyFacts>();
  for (const { data } of runs) {
    for (const { key } of data.params) count(params, key);
    for (const { key } of data.metrics) count(metrics, key);
    for (const { key } of data.tags) count(tags, key);
  }
  const datasets = new Set(runs.flatMap(({ inputs }) => inputs.dataset_inputs.map(({ dataset }) => dataset.name)));
  return {
    runs: runs.length,
    params: byKey(params),
    metrics: byKey(metrics),
    tags: byKey(tags),
    datasets: [...datasets].sort(),
    stepped,
  };
}

function count(facts: Map<string, KeyFacts>, key: string): void {
  const known = facts.get(key);
  if (known === undefined) facts.set(key, { key, runs: 1, varies: false });
  else known.runs += 1;
}

function byKey(facts: Map<string, KeyFacts>): KeyFacts[] {
  return [...facts.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function valueOf(pairs: readonly { key: string; value: string }[], key: string): string | undefined {
  return pairs.find((pair) => pair.key === key)?.value;
}
