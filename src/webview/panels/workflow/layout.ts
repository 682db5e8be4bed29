// Where the steps of a graph stand: in columns from left to right, with few crossings and short lines. No drawing: tested as tables.
import { meanOf, neighboursOf, orderColumns, type Slot } from "./order.ts";

export const NODE_WIDTH = 188;
export const NODE_HEIGHT = 64;
const COLUMN_GAP = 64;
/** A line that passes a column has a lane of this height. */
const LANE = 20;
/** px between two steps of a column: roomy while few stand there. */
const ROOMY = 60;
const DENSE = 24;
const FEW = 4;
const SWEEPS = 6;

export interface GraphShape {
  /** In the order of the file. */
  ids: readonly string[];
  edges: readonly { from: string; to: string }[];
}

/** Left upper corner, px. */
export interface Place {
  x: number;
  y: number;
  column: number;
}

export interface Layout {
  places: ReadonlyMap<string, Place>;
  /** By `edgeKey`: the points that a line goes through, from its step to the one that waits. */
  lines: ReadonlyMap<string, { x: number; y: number }[]>;
  width: number;
  height: number;
}

export function edgeKey({ from, to }: { from: string; to: string }): string {
  return `${from}\n${to}`;
}

export function layoutOf({ ids, edges }: GraphShape): Layout {
  const known = new Set(ids);
  const kept = edges.filter(({ from, to }) => known.has(from) && known.has(to) && from !== to);
  const columnOf = columnsOf(ids, kept);
  // What another version wrote may go round in circles: a line that leads back is not drawn.
  const forward = kept.filter(({ from, to }) => (columnOf.get(from) ?? 0) < (columnOf.get(to) ?? 0));
  const { columns, links, lanes } = withLanes(ids, forward, columnOf);
  orderColumns(columns, links);
  const ys = heights(columns, links);
  const places = new Map<string, Place>();
  const xOf = (column: number) => column * (NODE_WIDTH + COLUMN_GAP);
  for (const slot of columns.flat()) {
    if (!slot.isLane) places.set(slot.id, { x: xOf(slot.column), y: ys.get(slot.id) ?? 0, column: slot.column });
  }
  const lines = new Map<string, { x: number; y: number }[]>();
  for (const edge of forward) {
    const [from, to] = [places.get(edge.from), places.get(edge.to)];
    if (from === undefined || to === undefined) continue;
    const between = (lanes.get(edgeKey(edge)) ?? []).flatMap((slot) => {
      const y = (ys.get(slot.id) ?? 0) + LANE / 2;
      return [
        { x: xOf(slot.column), y },
        { x: xOf(slot.column) + NODE_WIDTH, y },
      ];
    });
    lines.set(edgeKey(edge), [
      { x: from.x + NODE_WIDTH, y: from.y + NODE_HEIGHT / 2 },
      ...between,
      { x: to.x, y: to.y + NODE_HEIGHT / 2 },
    ]);
  }
  const bottoms = columns.flat().map((slot) => (ys.get(slot.id) ?? 0) + sizeOf(slot));
  const count = Math.max(0, ...columnOf.values()) + (ids.length > 0 ? 1 : 0);
  return { places, lines, width: Math.max(0, xOf(count) - COLUMN_GAP), height: Math.max(0, ...bottoms) };
}

/** Length of the longest way to each step. */
function columnsOf(ids: readonly string[], edges: GraphShape["edges"]): Map<string, number> {
  const incoming = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) incoming.get(to)?.push(from);
  const columns = new Map<string, number>();
  const open = new Set<string>();
  const columnOf = (id: string): number => {
    const done = columns.get(id);
    if (done !== undefined) return done;
    if (open.has(id)) return -1;
    open.add(id);
    const column = Math.max(-1, ...(incoming.get(id) ?? []).map(columnOf)) + 1;
    open.delete(id);
    columns.set(id, column);
    return column;
  };
  for (const id of ids) columnOf(id);
  return columns;
}

/** The slots of each column, and what is linked from one column to the next. */
function withLanes(ids: readonly string[], edges: GraphShape["edges"], columnOf: ReadonlyMap<string, number>) {
  const columns: Slot[][] = [];
  const put = (slot: Slot): Slot => {
    (columns[slot.column] ??= []).push(slot);
    return slot;
  };
  for (const id of ids) put({ id, column: columnOf.get(id) ?? 0, isLane: false });
  const links: { from: string; to: string }[] = [];
  const lanes = new Map<string, Slot[]>();
  for (const edge of edges) {
    const [first, last] = [columnOf.get(edge.from) ?? 0, columnOf.get(edge.to) ?? 0];
    const passed: Slot[] = [];
    for (let column = first + 1; column < last; column += 1) {
      passed.push(put({ id: `${edgeKey(edge)}\n${column}`, column, isLane: true }));
    }
    lanes.set(edgeKey(edge), passed);
    const way = [edge.from, ...passed.map(({ id }) => id), edge.to];
    for (let i = 1; i < way.length; i += 1) links.push({ from: way[i - 1] ?? "", to: way[i] ?? "" });
  }
  return { columns, links, lanes };
}

function sizeOf(slot: Slot): number {
  return slot.isLane ? LANE : NODE_HEIGHT;
}

/** Upper edges: each slot as near to the middle of what it is linked with as its neighbours let it. */
function heights(columns: Slot[][], links: readonly { from: string; to: string }[]): Map<string, number> {
  const steps = Math.max(0, ...columns.map((column) => column.filter(({ isLane }) => !isLane).length));
  const gap = steps <= FEW ? ROOMY : DENSE;
  const centres = new Map<string, number>();
  const neighbours = neighboursOf(links);
  const place = (column: Slot[], wanted: (slot: Slot, y: number) => number) => {
    const offsets: number[] = [];
    let at = 0;
    for (const [i, slot] of column.entries()) {
      const before = column[i - 1];
      if (before !== undefined) at += sizeOf(before) / 2 + sizeOf(slot) / 2 + gapBetween(before, slot, gap);
      offsets.push(at);
    }
    const free = column.map((slot, i) => wanted(slot, offsets[i] ?? 0) - (offsets[i] ?? 0));
    for (const [i, y] of nondecreasing(free).entries()) centres.set(column[i]?.id ?? "", y + (offsets[i] ?? 0));
  };
  for (const column of columns) place(column, (_slot, y) => y);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const side = forward ? neighbours.left : neighbours.right;
    const last = sweep === SWEEPS - 1;
    for (const column of forward ? columns : columns.toReversed()) {
      place(column, (slot) => {
        const both = [...(neighbours.left.get(slot.id) ?? []), ...(neighbours.right.get(slot.id) ?? [])];
        return meanOf(last ? both : side.get(slot.id), centres) ?? centres.get(slot.id) ?? 0;
      });
    }
  }
  const tops = columns.flat().map((slot) => [slot.id, (centres.get(slot.id) ?? 0) - sizeOf(slot) / 2] as const);
  const least = Math.min(...tops.map(([, top]) => top));
  return new Map(tops.map(([id, top]) => [id, Math.round(top - least)]));
}

function gapBetween(one: Slot, other: Slot, gap: number): number {
  return one.isLane || other.isLane ? Math.min(gap, DENSE) : gap;
}

/** The nearest values (least squares) of which none is smaller than the one before it. */
export function nondecreasing(wanted: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  for (const value of wanted) {
    let block = { sum: value, count: 1 };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      if (before.sum / before.count <= block.sum / block.count) break;
      block = { sum: block.sum + before.sum, count: block.count + before.count };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
}
