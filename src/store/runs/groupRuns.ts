import type { RunField, RunOrder } from "../../protocol/runs.ts";
import type { ArrangedGroup } from "./arrangement.ts";
import { NumberColumn, type TextColumn } from "./runColumn.ts";
import type { RunSource } from "./runSource.ts";
import { spreadOf } from "./spread.ts";

/**
 * The groups of runs that have the same values. They stand in the order of their first runs, or of their means where the runs are
 * sorted by numbers.
 */
export function groupRuns(
  source: RunSource,
  runs: Uint32Array,
  fields: readonly RunField[],
  order: RunOrder | undefined,
): ArrangedGroup[] {
  const parts = fields.map((field) => valueCodes(source.column(field), source.ids.length));
  const groupOf = new Map<number, number>();
  let codes = new Uint32Array(source.ids.length);
  // Two fields at a time, so that one number tells them apart.
  for (const part of parts) {
    groupOf.clear();
    const width = part.values.length;
    const joined = new Uint32Array(codes.length);
    for (const slot of runs) {
      const key = (codes[slot] ?? 0) * width + (part.codes[slot] ?? 0);
      let group = groupOf.get(key);
      if (group === undefined) groupOf.set(key, (group = groupOf.size));
      joined[slot] = group;
    }
    codes = joined;
  }
  const groups = membersOf(runs, codes, groupOf.size).map((members): ArrangedGroup => {
    const first = members[0] ?? 0;
    const values = parts.map((part) => part.values[part.codes[first] ?? 0] ?? null);
    return { id: JSON.stringify(values), values, members, running: 0, folded: false };
  });
  return inOrderOfMeans(source, groups, order, fields);
}

function membersOf(runs: Uint32Array, codes: Uint32Array, count: number): Uint32Array[] {
  const sizes = new Uint32Array(count);
  for (const slot of runs) sizes[codes[slot] ?? 0] = (sizes[codes[slot] ?? 0] ?? 0) + 1;
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  sizes.fill(0);
  for (const slot of runs) {
    const group = codes[slot] ?? 0;
    const at = sizes[group] ?? 0;
    const list = members[group];
    if (list) list[at] = slot;
    sizes[group] = at + 1;
  }
  return members;
}

/** By slot a number for its value, and the values; null = none. */
function valueCodes(column: NumberColumn | TextColumn, size: number) {
  const codes = new Uint32Array(size);
  if (!(column instanceof NumberColumn)) {
    for (let slot = 0; slot < size; slot++) codes[slot] = Math.max(0, (column.codes[slot] ?? -1) + 1);
    return { codes, values: [null, ...column.texts] };
  }
  const values: (string | null)[] = [null];
  const known = new Map<number, number>();
  for (let slot = 0; slot < size; slot++) {
    const value = column.valueAt(slot);
    if (value === undefined) continue;
    let code = known.get(value);
    if (code === undefined) {
      known.set(value, (code = values.length));
      values.push(String(value));
    }
    codes[slot] = code;
  }
  return { codes, values };
}

function inOrderOfMeans(
  source: RunSource,
  groups: ArrangedGroup[],
  order: RunOrder | undefined,
  fields: readonly RunField[],
): ArrangedGroup[] {
  if (order === undefined || fields.some((field) => JSON.stringify(field) === JSON.stringify(order.field)))
    return groups;
  const column = source.column(order.field);
  if (!(column instanceof NumberColumn)) return groups;
  const direction = order.ascending ? 1 : -1;
  const rows = groups.map((group) => ({ group, mean: spreadOf(column, group.members).mean }));
  rows.sort((a, b) => {
    const missing = Number(Number.isNaN(a.mean)) - Number(Number.isNaN(b.mean));
    return missing !== 0 ? missing : Number.isNaN(a.mean) ? 0 : (a.mean - b.mean) * direction;
  });
  return rows.map(({ group }) => group);
}
