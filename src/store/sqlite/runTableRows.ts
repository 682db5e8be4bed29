import type { FieldColumn, RunRowsQuery } from "../../protocol/runs.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition } from "../../mlflow/filter/tree.ts";
import { historyField, HistoryValues } from "../runs/historyValues.ts";
import { memorySource } from "../runs/memorySource.ts";
import { rowMethods, type RunRows } from "../runs/readRows.ts";
import { NumberColumn, type TextColumn } from "../runs/runColumn.ts";
import type { RunSource } from "../runs/runSource.ts";
import { trimOldest } from "../trim.ts";
import { experimentNumber } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { stagesOf } from "./experiments.ts";
import { runCondition, runWhere } from "./filterToSql.ts";
import { historyReader } from "./historyColumns.ts";
import { rowReader } from "./rowCells.ts";
import { RUN_COLUMNS, runAssembler, type RunRow } from "./runRows.ts";
import { namesRuns, type RunSearch } from "./runSearch.ts";
import type { RunTable } from "./runTable.ts";
import { fieldColumns } from "./fieldColumns.ts";
import { type Test, testOf } from "./runTableFilter.ts";

/** Bytes of columns that are kept while panels are open. */
const MOST_BYTES = 96 * 1024 * 1024;
/** The cells of more runs than this are taken from a column of all. */
const MOST_BY_ID = 1_000;
/** Searches whose runs are kept until something changes. */
const MOST_SOURCES = 6;

/** The runs table of panels, over the columns that searches keep in memory. */
export function runTableRows(db: Database, search: RunSearch) {
  const histories = new HistoryValues();
  const { noteChanges, readValues } = historyReader(db, histories);
  const cells = rowReader(db, histories);
  const column = fieldColumns(db, histories);
  const sources = new Map<string, { source: RunSource; generation: number }>();
  const generations = new WeakMap<RunSource, number>();
  const assemble = runAssembler(db);

  const fromTable = (query: RunRowsQuery, name: string): RunSource =>
    search.withTable((table, orders) => {
      table.mostBytes = MOST_BYTES;
      const { generation } = search;
      const known = sources.get(name);
      if (known?.generation === generation) return known.source;
      const { experiment_ids, filter, order = [], run_view_type = "ACTIVE_ONLY" } = query;
      const experiments = new Set(experiment_ids.map(experimentNumber));
      const inView = viewTest(table, experiments, run_view_type);
      const tree = parseFilter("runs", filter, { extended: true });
      const test = tree.terms.length === 0 ? undefined : testOf(table, tree, (condition) => sqlTest(table, condition));
      const columnOf = (field: Parameters<typeof column>[1]) => column(table, field, generation);
      const keys = order.map(
        ({ field, ascending }) => ({ column: columnOf(field), direction: ascending ? 1 : -1 }) as const,
      );
      const matching = orders
        .inOrderOf(JSON.stringify(order), keys)
        .filter(test === undefined ? inView : (slot) => inView(slot) && test(slot));
      const source: RunSource = {
        ids: table.ids,
        running: table.running,
        matching,
        slotOf: (run_id) => table.slotOf(run_id),
        inView,
        column: (field) => db.read(() => columnOf(field)),
        parents: () => db.read(() => table.texts({ table: "tags", key: "mlflow.parentRunId" })),
        facts: (slots) => cells.facts(slots.map((slot) => table.ids[slot] ?? "")),
        cells: (field, slots) => {
          if (slots.length > MOST_BY_ID && field.kind !== "datasets" && field.kind !== "models") {
            return cellsOf(
              db.read(() => columnOf(field)),
              slots,
            );
          }
          const run_ids = slots.map((slot) => table.ids[slot] ?? "");
          return cells.cells(field, run_ids);
        },
      };
      sources.delete(name);
      sources.set(name, { source, generation });
      generations.set(source, generation);
      trimOldest(sources, MOST_SOURCES);
      return source;
    });

  /** The runs that satisfy a condition, as SQL finds them. */
  const sqlTest = (table: RunTable, condition: Condition): Test => {
    const { sql, values } = runCondition(condition);
    const wanted = new Uint8Array(table.size);
    const rows = db.prepare<SqlValue[], { run_uuid: string }>(`SELECT r.run_uuid FROM runs r WHERE ${sql}`);
    for (const { run_uuid } of rows.all(...values)) wanted[table.slotOf(run_uuid) ?? table.size] = 1;
    return (slot) => wanted[slot] === 1;
  };

  /** Every run read whole, or only those that match. */
  const fromRuns = (query: RunRowsQuery, onlyMatching: boolean): RunSource =>
    db.read(() => {
      const { experiment_ids, filter, order, run_view_type = "ACTIVE_ONLY" } = query;
      const where = runWhere(filter, true);
      const inView = `r.experiment_id IN (SELECT value FROM json_each(?))
        AND r.lifecycle_stage IN (SELECT value FROM json_each(?))`;
      const viewed = [JSON.stringify(experiment_ids.map(experimentNumber)), stagesOf(run_view_type)];
      const scope = onlyMatching ? `${inView} AND ${where.sql}` : inView;
      const bound = onlyMatching ? [...viewed, ...where.values] : viewed;
      const select = `SELECT ${RUN_COLUMNS}, r.rowid AS ordinal FROM runs r WHERE ${scope}`;
      const rows = db.prepare<SqlValue[], RunRow & { ordinal: number }>(select).all(...bound);
      const found = db
        .prepare<SqlValue[], { run_uuid: string }>(`SELECT r.run_uuid FROM runs r WHERE ${inView} AND ${where.sql}`)
        .all(...viewed, ...where.values);
      return memorySource({
        runs: assemble(rows),
        matching: new Set(found.map(({ run_uuid }) => run_uuid)),
        order,
        ordinals: new Map(rows.map(({ run_uuid, ordinal }) => [run_uuid, ordinal])),
        experiments: cells.experimentNames(),
        history: (field) => histories.values(field),
      });
    });

  const rows: RunRows = {
    source: (query, simply) => {
      if (simply) return fromRuns(query, false);
      // A few runs, where no others stand above them.
      if (query.nested !== true && filterNamesRuns(query.filter)) return fromRuns(query, true);
      const { experiment_ids, filter, order = [], run_view_type, group_by = [] } = query;
      const name = JSON.stringify([experiment_ids, filter, order, run_view_type]);
      // Whether a metric's smallest value has changed, its table does not say.
      const arrangedBy = [...order.map(({ field }) => field), ...group_by];
      if (arrangedBy.some((field) => historyField(field) !== undefined)) sources.delete(name);
      return db.read(() => fromTable(query, name));
    },
    async readHistories(fields, run_ids, _source, signal) {
      noteChanges();
      for (const field of fields) {
        await histories.ensure(
          field,
          run_ids,
          () => 0,
          (_field, missing) => readValues(field, missing, signal),
        );
      }
    },
  };
  return rowMethods(rows, (source) => {
    const generation = generations.get(source);
    return generation === undefined || generation === search.generation;
  });
}

function filterNamesRuns(filter: string | undefined): boolean {
  return filter !== undefined && filter !== "" && namesRuns(parseFilter("runs", filter, { extended: true }));
}

function cellsOf(column: NumberColumn | TextColumn, slots: readonly number[]): FieldColumn {
  if (!(column instanceof NumberColumn)) {
    return { kind: "text", texts: slots.map((slot) => column.textAt(slot) ?? null) };
  }
  const values = Float64Array.from(slots, (slot) => column.valueAt(slot) ?? 0);
  const logged = Uint8Array.from(slots, (slot) => (column.valueAt(slot) === undefined ? 0 : 1));
  return { kind: "number", values, logged };
}

/** Whether a slot is of the experiments and the stage of life looked at. */
function viewTest(table: RunTable, experiments: ReadonlySet<number>, view: RunRowsQuery["run_view_type"]): Test {
  const { experiments: experimentOf, stages } = table;
  const active = view !== "DELETED_ONLY";
  const deleted = view !== "ACTIVE_ONLY";
  const [only] = experiments;
  const one = experiments.size === 1;
  return (slot) => {
    const stage = stages[slot];
    if (!((stage === 1 && active) || (stage === 2 && deleted))) return false;
    const experiment = experimentOf[slot] ?? -1;
    return one ? experiment === only : experiments.has(experiment);
  };
}
