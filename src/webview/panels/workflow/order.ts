// In which order the steps of a column stand, so that few lines cross (the barycentre method of Sugiyama's layered drawings).

const SWEEPS = 8;

/** What stands in a column: a step, or the lane of a line that passes. */
export interface Slot {
  id: string;
  column: number;
  isLane: boolean;
}

interface Link {
  from: string;
  to: string;
}

/** Orders the slots of each column in place. The order they came in decides where nothing else does. */
export function orderColumns(columns: Slot[][], links: readonly Link[]): void {
  const { left, right } = neighboursOf(links);
  const rank = new Map<string, number>();
  const number = (column: readonly Slot[]) => {
    for (const [i, { id }] of column.entries()) rank.set(id, i);
  };
  columns.forEach(number);
  let best = columns.map((column) => [...column]);
  let fewest = crossings(columns, links);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : columns.toReversed()) {
      const side = forward ? left : right;
      const wanted = new Map(column.map(({ id }, i) => [id, meanOf(side.get(id), rank) ?? i]));
      column.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
      number(column);
    }
    const now = crossings(columns, links);
    if (now >= fewest) continue;
    fewest = now;
    best = columns.map((column) => [...column]);
  }
  for (const [i, column] of best.entries()) columns[i]?.splice(0, column.length, ...column);
}

/** What each slot is linked with on its left and on its right. */
export function neighboursOf(links: readonly Link[]): Record<"left" | "right", Map<string, string[]>> {
  const left = new Map<string, string[]>();
  const right = new Map<string, string[]>();
  for (const { from, to } of links) {
    left.set(to, [...(left.get(to) ?? []), from]);
    right.set(from, [...(right.get(from) ?? []), to]);
  }
  return { left, right };
}

/** The mean of numbers by id; undefined without ids. */
export function meanOf(ids: readonly string[] | undefined, rank: ReadonlyMap<string, number>): number | undefined {
  if (ids === undefined || ids.length === 0) return undefined;
  return ids.reduce((sum, id) => sum + (rank.get(id) ?? 0), 0) / ids.length;
}

/** How often two lines cross. */
export function crossings(columns: readonly (readonly Slot[])[], links: readonly Link[]): number {
  const at = new Map<string, { column: number; row: number }>();
  for (const [column, slots] of columns.entries())
    for (const [row, { id }] of slots.entries()) at.set(id, { column, row });
  const byColumn = new Map<number, { from: number; to: number }[]>();
  for (const { from, to } of links) {
    const [a, b] = [at.get(from), at.get(to)];
    if (a === undefined || b === undefined) continue;
    const list = byColumn.get(a.column) ?? [];
    list.push({ from: a.row, to: b.row });
    byColumn.set(a.column, list);
  }
  let count = 0;
  for (const list of byColumn.values())
    count += inversions(list.toSorted((a, b) => a.from - b.from || a.to - b.to).map(({ to }) => to));
  return count;
}

/** Pairs that stand in the wrong order, by merging. */
function inversions(values: number[]): number {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const [a, b] = [values.slice(0, middle), values.slice(middle)];
  let count = inversions(a) + inversions(b);
  a.sort((x, y) => x - y);
  b.sort((x, y) => x - y);
  let j = 0;
  for (const value of a) {
    while (j < b.length && (b[j] ?? 0) < value) j += 1;
    count += j;
  }
  return count;
}
