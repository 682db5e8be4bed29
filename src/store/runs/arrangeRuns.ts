import type { RunRowsQuery } from "../../protocol/runs.ts";
import { type Arrangement, type ArrangedGroup, plainRows, Rows } from "./arrangement.ts";
import { groupRuns } from "./groupRuns.ts";
import { nestRuns } from "./nestRuns.ts";
import type { RunSource } from "./runSource.ts";

type Wanted = Pick<
  RunRowsQuery,
  "order" | "group_by" | "folded_groups" | "nested" | "unfolded" | "folded" | "hidden" | "pinned"
>;

/** Puts the runs that match into rows: pinned ones first, then in groups, below their parents, or just in order. */
export function arrangeRuns(source: RunSource, query: Wanted): Arrangement {
  const hidden = slotsOf(source, query.hidden);
  const isHidden = marked(source, hidden);
  const runs = hidden.length === 0 ? source.matching : source.matching.filter((slot) => isHidden[slot] !== 1);
  const matches = marked(source, runs);
  const pinned = slotsOf(source, query.pinned).filter((slot) => matches[slot] === 1);
  const isPinned = marked(source, pinned);
  let running = 0;
  for (const slot of runs) running += source.running[slot] ?? 0;
  if (query.group_by !== undefined && query.group_by.length > 0) {
    const groups = groupRuns(source, runs, query.group_by, query.order?.[0]);
    return { ...inGroups(source, groups, pinned, isPinned, query), runs, running };
  }
  if (query.nested === true && hasChildren(source)) {
    return { ...nestRuns(source, { runs, matches, isHidden, pinned, isPinned }, query), groups: [], runs, running };
  }
  if (pinned.length === 0) return { ...plainRows(runs), groups: [], runs, running };
  const rows = new Rows(runs.length);
  for (const slot of pinned) rows.add(slot, 0, 0, 0, 0, 1);
  for (const slot of runs) if (isPinned[slot] !== 1) rows.add(slot, 0);
  return { ...rows.done(), groups: [], runs, running };
}

/** Whether any run is a child of one that is there: of a sweep's thousand runs none may be. */
function hasChildren(source: RunSource): boolean {
  return source.parents().texts.some((run_id) => source.slotOf(run_id) !== undefined);
}

function inGroups(
  source: RunSource,
  groups: ArrangedGroup[],
  pinned: readonly number[],
  isPinned: Uint8Array,
  { folded_groups }: Wanted,
): Omit<Arrangement, "runs" | "running"> {
  const folded = new Set(folded_groups);
  const count = groups.reduce((sum, { members }) => sum + members.length, 0);
  const rows = new Rows(count + groups.length + pinned.length);
  for (const slot of pinned) rows.add(slot, 0, 0, 0, 0, 1);
  for (const [index, group] of groups.entries()) {
    group.folded = folded.has(group.id);
    for (const slot of group.members) group.running += source.running[slot] ?? 0;
    rows.add(-1 - index, 0, group.members.length, group.running);
    if (group.folded) continue;
    for (const slot of group.members) if (isPinned[slot] !== 1) rows.add(slot, 1);
  }
  return { ...rows.done(), groups };
}

function slotsOf(source: RunSource, run_ids: readonly string[] = []): number[] {
  return [...new Set(run_ids)].flatMap((run_id) => source.slotOf(run_id) ?? []);
}

function marked(source: RunSource, slots: Iterable<number>): Uint8Array {
  const marks = new Uint8Array(source.ids.length);
  for (const slot of slots) marks[slot] = 1;
  return marks;
}
