import type { FieldColumn, RunField, RunValues } from "../../../protocol/runs.ts";
import { textColumn, type ValueColumn, type ValueTable, wantsLog } from "./values.ts";
import { directionOf } from "../metrics.ts";
import { ATTRIBUTES, fieldName, fieldOf } from "./fields.ts";

/** A store's values as charts take them; `logs` overrides where an axis is logarithmic. */
export function valueTable(values: RunValues, ids: string[], logs: Record<string, boolean> = {}): ValueTable {
  const known = ids.flatMap((id) => {
    const field = fieldOf(id);
    return field === undefined ? [] : [{ id, field }];
  });
  return {
    run_ids: values.run_ids,
    run_names: values.run_names,
    ordinals: values.ordinals,
    columns: known.flatMap(({ id, field }, i) => {
      const column = values.columns[i];
      return column === undefined ? [] : [columnOf(id, field, column, logs[id])];
    }),
  };
}

function columnOf(id: string, field: RunField, column: FieldColumn, log: boolean | undefined): ValueColumn {
  const named = { id, name: fieldName(id), note: field.kind };
  if (column.kind === "number") {
    const values = column.values.map((value, i) => (column.logged[i] === 1 ? value : Number.NaN));
    const attribute = field.kind === "attribute" ? ATTRIBUTES.find(({ key }) => key === field.key) : undefined;
    const kind = attribute?.kind === "duration" || attribute?.kind === "time" ? attribute.kind : "number";
    const better = field.kind === "metric" ? { better: directionOf(field.key) } : {};
    return { ...named, kind, values, log: kind === "number" && (log ?? false), ...better };
  }
  const texts = column.kind === "text" ? column.texts : values(column).map(() => null);
  const read = textColumn(texts);
  return { ...named, ...read, log: read.kind === "number" && (log ?? wantsLog(read.values)) };
}

function values(column: Exclude<FieldColumn, { kind: "text" | "number" }>): unknown[] {
  return column.cells;
}
