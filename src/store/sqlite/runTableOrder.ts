import type { OrderBy } from "../../mlflow/filter/tree.ts";
import { type RunColumn, Unsupported } from "../runs/runColumn.ts";
import { trimOldest } from "../trim.ts";
import type { RunTable } from "./runTable.ts";

/** Orders that are kept. */
const MOST_ORDERS = 6;

export interface SortKey {
  column: RunColumn;
  direction: 1 | -1;
}

type Compare = (a: number, b: number) => number;

interface Kept {
  slots: Uint32Array;
  /** What was sorted by: a column that was let go and read again may know more than it did. */
  columns: RunColumn[];
  /** Slots that changed since. */
  stale: Set<number>;
}

/** The orders in which all runs were listed lately; a changed run is moved, the others keep their places. */
export class RunOrders {
  readonly #table: RunTable;
  readonly #kept = new Map<string, Kept>();
  /** Newest first, then by id: what decides where nothing else does. */
  #natural: Kept | undefined;
  #places = new Uint32Array(0);

  constructor(table: RunTable) {
    this.#table = table;
  }

  /** Tells what `RunTable.update` told. */
  changed(slots: "everything" | number[]): void {
    if (slots === "everything") return this.clear();
    for (const slot of this.#table.restarted) this.#natural?.stale.add(slot);
    for (const { stale } of this.#kept.values()) for (const slot of slots) stale.add(slot);
  }

  clear(): void {
    this.#kept.clear();
    this.#natural = undefined;
    this.#places = new Uint32Array(0);
  }

  /** All slots in order. Throws Unsupported. */
  inOrder(orders: OrderBy[]): Uint32Array {
    return this.inOrderOf(
      JSON.stringify(orders),
      orders.map((order) => ({ column: columnOf(this.#table, order), direction: order.ascending ? 1 : -1 })),
    );
  }

  /** The same by any columns; `name` tells them apart from others. */
  inOrderOf(name: string, keys: readonly SortKey[]): Uint32Array {
    const natural = this.#inNaturalOrder();
    if (keys.length === 0) return natural;
    const columns = keys.map(({ column }) => column);
    const before = this.#kept.get(name);
    const known = before?.columns.every((column, i) => column === columns[i]) ? before : undefined;
    // From the last key to the first, each time keeping the order of equals.
    const sorted = () => keys.reduceRight((slots, { column, direction }) => column.sort(slots, direction), natural);
    const places = this.#places;
    const compare: Compare = (a, b) => {
      for (const { column, direction } of keys) {
        const difference = column.compare(a, b, direction);
        if (difference !== 0) return difference;
      }
      return (places[a] ?? 0) - (places[b] ?? 0);
    };
    const slots = (known && moved(known, this.#table.size, compare)) ?? sorted();
    this.#kept.delete(name);
    this.#kept.set(name, { slots, columns, stale: new Set() });
    trimOldest(this.#kept, MOST_ORDERS);
    return slots;
  }

  #inNaturalOrder(): Uint32Array {
    const { ids, startTimes, size } = this.#table;
    if (this.#natural && this.#natural.stale.size === 0) return this.#natural.slots;
    const compareIds: Compare = (a, b) => {
      const idA = ids[a] ?? "";
      const idB = ids[b] ?? "";
      return idA < idB ? -1 : idA > idB ? 1 : 0;
    };
    const compare: Compare = (a, b) => startTimes.compare(a, b, -1) || compareIds(a, b);
    const slots =
      (this.#natural && moved(this.#natural, size, compare)) ??
      sortTies(startTimes.sort(firstSlots(size), -1), (a, b) => startTimes.compare(a, b, -1), compareIds);
    this.#natural = { slots, columns: [startTimes], stale: new Set() };
    if (this.#places.length < size) this.#places = new Uint32Array(Math.ceil(size * 1.1) + 256);
    for (let place = 0; place < size; place++) this.#places[slots[place] ?? 0] = place;
    return slots;
  }
}

function firstSlots(size: number): Uint32Array {
  const slots = new Uint32Array(size);
  for (let slot = 0; slot < size; slot++) slots[slot] = slot;
  return slots;
}

/** Sorts each stretch of slots that are equal by `first` by `second`. */
function sortTies(slots: Uint32Array, first: Compare, second: Compare): Uint32Array {
  let from = 0;
  for (let to = 1; to <= slots.length; to++) {
    if (to < slots.length && first(slots[from] ?? 0, slots[to] ?? 0) === 0) continue;
    if (to - from > 1) slots.subarray(from, to).sort(second);
    from = to;
  }
  return slots;
}

function columnOf(table: RunTable, { entity, key }: OrderBy): RunColumn {
  switch (entity) {
    case "metric":
      return table.numbers({ table: "latest_metrics", key });
    case "tag":
      return table.texts({ table: "tags", key });
    case "parameter":
      return table.texts({ table: "params", key });
    case "attribute":
      return table.attribute(key);
    case "dataset":
      throw new Unsupported();
    default:
      return entity satisfies never;
  }
}

/** The order with the stale slots taken out and put in again where they belong; undefined when these are too many. */
function moved({ slots, stale }: Kept, size: number, compare: Compare): Uint32Array | undefined {
  if (stale.size === 0) return slots;
  if (stale.size > size / 8) return undefined;
  const moves = new Uint8Array(size);
  for (const slot of stale) moves[slot] = 1;
  const stay = slots.filter((slot) => moves[slot] !== 1);
  const move = Uint32Array.from(stale).sort(compare);
  const result = new Uint32Array(stay.length + move.length);
  let from = 0;
  let at = 0;
  for (const slot of move) {
    const to = placeOf(stay, slot, from, compare);
    result.set(stay.subarray(from, to), at);
    at += to - from;
    result[at++] = slot;
    from = to;
  }
  result.set(stay.subarray(from), at);
  return result;
}

/** Where `slot` belongs among `slots`, not before `from`. */
function placeOf(slots: Uint32Array, slot: number, from: number, compare: Compare): number {
  let low = from;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(slots[middle] ?? 0, slot) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
