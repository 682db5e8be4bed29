import type { RunRowsQuery } from "../../protocol/runs.ts";
import { type Arrangement, Rows } from "./arrangement.ts";
import { sortByKey } from "./radixSort.ts";
import type { RunSource } from "./runSource.ts";

/** Runs and what is said of them by slot. */
interface Listed {
  runs: Uint32Array;
  matches: Uint8Array;
  isHidden: Uint8Array;
  pinned: readonly number[];
  isPinned: Uint8Array;
}

const NONE = -1;

/**
 * Children below their parents. A parent that does not match comes as a `context` row where its first descendant would stand. A run
 * that is among its own ancestors stands at the top, so that none is lost.
 */
export function nestRuns(
  source: RunSource,
  listed: Listed,
  query: Pick<RunRowsQuery, "unfolded" | "folded">,
): Omit<Arrangement, "groups" | "runs" | "running"> {
  const parents = parentSlots(source, listed);
  const { slots, context } = withAncestors(source, listed, parents);
  cutCircles(slots, parents);
  const { heads, next, children, running } = families(source, slots, parents);
  const unfolded = new Set(query.unfolded);
  const folded = new Set(query.folded);
  const isOpen = (slot: number) => {
    const id = source.ids[slot] ?? "";
    return context[slot] === 1 ? !folded.has(id) : unfolded.has(id);
  };
  const rows = new Rows(slots.length);
  /** What comes after the children of each level that is open. */
  const resume: number[] = [];
  let slot = heads[source.ids.length] ?? NONE;
  for (;;) {
    while (slot === NONE) {
      const after = resume.pop();
      if (after === undefined) return rows.done();
      slot = after;
    }
    const kids = children[slot] ?? 0;
    rows.add(slot, resume.length, kids, running[slot], context[slot], listed.isPinned[slot]);
    if (kids > 0 && isOpen(slot)) {
      resume.push(next[slot] ?? NONE);
      slot = heads[slot] ?? NONE;
    } else slot = next[slot] ?? NONE;
  }
}

/** By slot the parent's, or NONE; pinned runs have left their parents. */
function parentSlots(source: RunSource, { isHidden, isPinned }: Listed): Int32Array {
  const column = source.parents();
  const byCode = Int32Array.from(column.texts, (run_id) => {
    const slot = source.slotOf(run_id);
    return slot !== undefined && isHidden[slot] !== 1 && source.inView(slot) ? slot : NONE;
  });
  const parents = new Int32Array(source.ids.length).fill(NONE);
  for (let slot = 0; slot < parents.length; slot++) {
    const parent = byCode[column.codes[slot] ?? NONE] ?? NONE;
    if (parent !== slot && isPinned[slot] !== 1) parents[slot] = parent;
  }
  return parents;
}

/** The runs and those of their ancestors that do not match, in the order in which they would stand at the top. */
function withAncestors(
  source: RunSource,
  { runs, matches, pinned, isPinned }: Listed,
  parents: Int32Array,
): { slots: Uint32Array; context: Uint8Array } {
  const places = new Uint32Array(source.ids.length);
  const context = new Uint8Array(source.ids.length);
  const slots: number[] = [];
  for (const [place, slot] of pinned.entries()) places[slot] = place;
  for (const [index, slot] of runs.entries()) {
    const place = pinned.length + index;
    if (isPinned[slot] !== 1) places[slot] = place;
    slots.push(slot);
    for (let up = parents[slot] ?? NONE; up !== NONE; up = parents[up] ?? NONE) {
      if (matches[up] === 1 || context[up] === 1) break;
      context[up] = 1;
      places[up] = place;
      slots.push(up);
    }
  }
  return { slots: sortByKey(Uint32Array.from(slots), places), context };
}

function cutCircles(slots: Uint32Array, parents: Int32Array): void {
  const SEEN = 2 ** 32 - 1;
  const stamps = new Uint32Array(parents.length);
  for (const [index, slot] of slots.entries()) {
    const stamp = index + 1;
    let at = slot;
    while (at !== NONE && stamps[at] === 0) {
      stamps[at] = stamp;
      const parent = parents[at] ?? NONE;
      if (parent !== NONE && stamps[parent] === stamp) {
        parents[at] = NONE;
        break;
      }
      at = parent;
    }
    for (at = slot; at !== NONE && stamps[at] === stamp; at = parents[at] ?? NONE) stamps[at] = SEEN;
  }
}

/** First child and next sibling of each slot, in the order of `slots`; those at the top hang at the end of `heads`. */
function families(source: RunSource, slots: Uint32Array, parents: Int32Array) {
  const size = source.ids.length;
  const heads = new Int32Array(size + 1).fill(NONE);
  const next = new Int32Array(size).fill(NONE);
  const children = new Uint32Array(size);
  const running = new Uint32Array(size);
  for (let i = slots.length - 1; i >= 0; i--) {
    const slot = slots[i] ?? 0;
    const parent = parents[slot] ?? NONE;
    const above = parent === NONE ? size : parent;
    next[slot] = heads[above] ?? NONE;
    heads[above] = slot;
    if (parent === NONE) continue;
    children[parent] = (children[parent] ?? 0) + 1;
    running[parent] = (running[parent] ?? 0) + (source.running[slot] ?? 0);
  }
  return { heads, next, children, running };
}
