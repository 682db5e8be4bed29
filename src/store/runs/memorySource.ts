import { RUN_TAG } from "../../mlflow/entities.ts";
import type { Run } from "../../mlflow/entities.ts";
import type { FieldColumn, RunFacts, RunField, RunOrder } from "../../protocol/runs.ts";
import { type CellValue, cellValue, datasetCells, modelCells } from "./cellsOfRun.ts";
import { type HistoryField, historyField } from "./historyValues.ts";
import { NumberColumn, type RunColumn, TextColumn } from "./runColumn.ts";
import type { RunSource } from "./runSource.ts";

/** Runs that were read whole. */
export interface RunsInMemory {
  /** All runs of the experiments and the stage of life looked at. */
  runs: readonly Run[];
  /** Ids of those that match; undefined = all. */
  matching: ReadonlySet<string> | undefined;
  order: RunOrder[] | undefined;
  /** Places by run id, which fix colours. */
  ordinals: ReadonlyMap<string, number>;
  /** By experiment id. */
  experiments: ReadonlyMap<string, string>;
  history: (field: HistoryField) => (run_id: string) => number | undefined;
}

export function memorySource(memory: RunsInMemory): RunSource {
  const { runs, experiments } = memory;
  const slots = new Map(runs.map(({ info }, slot) => [info.run_id, slot]));
  const columns = new Map<string, NumberColumn | TextColumn>();
  const valueAt = (field: RunField): ((run: Run) => CellValue) => {
    const past = historyField(field);
    if (past === undefined) return (run) => cellValue(run, field, experiments);
    const of = memory.history(past);
    return ({ info }) => of(info.run_id);
  };
  const column = (field: RunField) => {
    const name = JSON.stringify(field);
    const known = columns.get(name) ?? columnOf(runs, field, valueAt(field));
    columns.set(name, known);
    return known;
  };
  return {
    ids: runs.map(({ info }) => info.run_id),
    running: Uint8Array.from(runs, ({ info }) => (info.status === "RUNNING" ? 1 : 0)),
    matching: inOrder(memory, column),
    slotOf: (run_id) => slots.get(run_id),
    inView: () => true,
    column,
    parents: () => textColumn(runs, parentOf),
    facts: (wanted) => factsOf(wanted, memory),
    cells: (field, wanted) => {
      const rows = wanted.flatMap((slot) => runs[slot] ?? []);
      return cellsOf(rows, field, valueAt(field));
    },
  };
}

/** Newest first, then by id, where the order decides nothing. */
function inOrder({ runs, matching, order = [] }: RunsInMemory, column: (field: RunField) => RunColumn): Uint32Array {
  const all = Uint32Array.from(runs, (_, slot) => slot);
  const found = matching === undefined ? all : all.filter((slot) => matching.has(runs[slot]?.info.run_id ?? ""));
  const byId = textColumn(runs, ({ info }) => info.run_id).sort(found, 1);
  const natural = column({ kind: "attribute", key: "start_time" }).sort(byId, -1);
  return order.reduceRight((slots, { field, ascending }) => column(field).sort(slots, ascending ? 1 : -1), natural);
}

function factsOf(slots: readonly number[], { runs, ordinals }: RunsInMemory): RunFacts {
  const rows = slots.flatMap((slot) => runs[slot] ?? []);
  return {
    run_names: rows.map(({ info }) => info.run_name),
    statuses: rows.map(({ info }) => info.status),
    lifecycle_stages: rows.map(({ info }) => info.lifecycle_stage),
    experiment_ids: rows.map(({ info }) => info.experiment_id),
    parent_run_ids: rows.map((run) => parentOf(run) ?? null),
    ordinals: Float64Array.from(rows, ({ info }) => ordinals.get(info.run_id) ?? 0),
    start_times: Float64Array.from(rows, ({ info }) => info.start_time ?? Number.NaN),
    end_times: Float64Array.from(rows, ({ info }) => info.end_time ?? Number.NaN),
  };
}

function cellsOf(rows: readonly Run[], field: RunField, of: (run: Run) => CellValue): FieldColumn {
  if (field.kind === "datasets") return { kind: "datasets", cells: rows.map(datasetCells) };
  if (field.kind === "models") return { kind: "models", cells: rows.map(modelCells) };
  if (isText(field)) {
    const texts = rows.map((run) => {
      const value = of(run);
      return value === undefined ? null : String(value);
    });
    return { kind: "text", texts };
  }
  const values = new Float64Array(rows.length);
  const logged = new Uint8Array(rows.length);
  for (const [at, run] of rows.entries()) {
    const value = of(run);
    if (typeof value !== "number") continue;
    values[at] = value;
    logged[at] = 1;
  }
  return { kind: "number", values, logged };
}

/** Whether the field's column is one of texts. */
export function isText(field: RunField): boolean {
  if (field.kind === "metric") return false;
  if (field.kind !== "attribute") return true;
  return field.key !== "start_time" && field.key !== "end_time" && field.key !== "duration";
}

function columnOf(runs: readonly Run[], field: RunField, of: (run: Run) => CellValue): NumberColumn | TextColumn {
  if (isText(field)) {
    return textColumn(runs, (run) => {
      const value = of(run);
      return value === undefined ? undefined : String(value);
    });
  }
  const column = new NumberColumn(runs.length, true);
  for (const [slot, run] of runs.entries()) {
    const value = of(run);
    if (typeof value === "number") column.set(slot, Number.isNaN(value) ? null : value);
  }
  return column;
}

function textColumn(runs: readonly Run[], of: (run: Run) => string | undefined): TextColumn {
  const column = new TextColumn(runs.length, true);
  for (const [slot, run] of runs.entries()) column.set(slot, of(run));
  return column;
}

function parentOf({ data }: Run): string | undefined {
  return data.tags.find(({ key }) => key === RUN_TAG.parentRunId)?.value;
}

/** A run's place by start among those of its experiments: later runs leave the earlier ones' colours as they are. */
export function ordinalsByAge(runs: readonly Run[]): Map<string, number> {
  const sorted = runs.toSorted(
    ({ info: a }, { info: b }) => (a.start_time ?? 0) - (b.start_time ?? 0) || (a.run_id < b.run_id ? -1 : 1),
  );
  return new Map(sorted.map(({ info }, index) => [info.run_id, index + 1]));
}
