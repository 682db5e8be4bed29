import { RUN_TAG } from "../../mlflow/entities.ts";
import type { AttributeKey, RunField } from "../../protocol/runs.ts";
import { datasetsText, modelsText } from "../runs/cellsOfRun.ts";
import { historyField, type HistoryValues } from "../runs/historyValues.ts";
import { ABSENT, type Cell, NumberColumn, TextColumn } from "../runs/runColumn.ts";
import type { Database } from "./database.ts";
import { linkCells } from "./linkCells.ts";
import type { RunTable } from "./runTable.ts";

type Column = NumberColumn | TextColumn;

/**
 * The columns that fields of panels are sorted and grouped by: those of the table, and what is made of them until it changes. Throws
 * Unsupported.
 */
export function fieldColumns(db: Database, histories: HistoryValues) {
  let made = new Map<string, Column>();
  let madeFor = -1;
  const links = linkCells(db);

  const keep = (name: string, make: () => Column): Column => {
    const known = made.get(name) ?? make();
    made.set(name, known);
    return known;
  };

  return (table: RunTable, field: RunField, generation: number): Column => {
    if (generation !== madeFor) made = new Map();
    madeFor = generation;
    switch (field.kind) {
      case "param":
        return table.texts({ table: "params", key: field.key });
      case "tag":
        return table.texts({ table: "tags", key: field.key });
      case "metric": {
        const past = historyField(field);
        if (past === undefined) return table.numbers({ table: "latest_metrics", key: field.key });
        // Not kept: new points change it without a sign.
        return ofIds(table, new NumberColumn(table.stages.length, true), histories.values(past));
      }
      case "attribute":
        return attribute(table, field.key);
      case "datasets":
        return keep("datasets", () => {
          const cells = links.datasets();
          return ofIds(table, new TextColumn(table.stages.length, true), (id) => datasetsText(cells.get(id) ?? []));
        });
      case "models":
        return keep("models", () => {
          const cells = links.models();
          return ofIds(table, new TextColumn(table.stages.length, true), (id) => modelsText(cells.get(id) ?? []));
        });
      default:
        return field satisfies never;
    }
  };

  function attribute(table: RunTable, key: AttributeKey): Column {
    const { size, stages } = table;
    switch (key) {
      case "source":
        return table.texts({ table: "tags", key: RUN_TAG.sourceName });
      case "version":
        return table.texts({ table: "tags", key: RUN_TAG.gitCommit });
      case "lifecycle_stage":
        return keep(key, () => {
          const column = new TextColumn(stages.length);
          for (let slot = 0; slot < size; slot++) column.set(slot, stages[slot] === 2 ? "deleted" : "active");
          return column;
        });
      case "experiment":
        return keep(key, () => {
          const names = links.experimentNames();
          const column = new TextColumn(stages.length, true);
          for (let slot = 0; slot < size; slot++) {
            const id = String(table.experiments[slot]);
            column.set(slot, names.get(id) ?? id);
          }
          return column;
        });
      case "duration":
        return keep(key, () => {
          const ends = table.attribute("end_time");
          return ends instanceof NumberColumn ? durations(table, ends) : ends;
        });
      case "run_name":
        return keep(key, () => {
          const names = table.texts({ attribute: "name" });
          return namesOf(table, names);
        });
      default:
        return table.attribute(key);
    }
  }

  /** Runs of mlflow <= 1.29 have their name only in the tag. */
  function namesOf(table: RunTable, names: TextColumn): TextColumn {
    let whole = true;
    for (let slot = 0; slot < table.size && whole; slot++) whole = Boolean(names.textAt(slot));
    if (whole) return names;
    const tags = table.texts({ table: "tags", key: RUN_TAG.runName });
    const column = new TextColumn(table.stages.length, true);
    for (let slot = 0; slot < table.size; slot++) column.set(slot, names.textAt(slot) || (tags.textAt(slot) ?? ""));
    return column;
  }
}

function durations(table: RunTable, ends: NumberColumn): NumberColumn {
  const column = new NumberColumn(table.stages.length, true);
  const { startTimes, size } = table;
  for (let slot = 0; slot < size; slot++) {
    if (ends.kinds[slot] === ABSENT || startTimes.kinds[slot] === ABSENT) continue;
    column.set(slot, (ends.values[slot] ?? 0) - (startTimes.values[slot] ?? 0));
  }
  return column;
}

function ofIds<C extends Column>(table: RunTable, column: C, of: (run_id: string) => Cell): C {
  for (const [slot, id] of table.ids.entries()) {
    const value = of(id);
    column.set(slot, typeof value === "number" && Number.isNaN(value) ? null : value);
  }
  return column;
}
