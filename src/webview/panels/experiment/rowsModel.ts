import { batch, computed, type ReadonlySignal, signal } from "@preact/signals";
import type { RunRowsQuery } from "../../../protocol/runs.ts";
import { fieldOf } from "../../ui/chart/fields.ts";
import type { TableArrangement } from "./savedView.ts";

// Which rows there are: groups, children below parents, pinned, hidden and starred runs.

export type RowsModel = ReturnType<typeof rowsModel>;

export function rowsModel(saved: TableArrangement, baseline: ReadonlySignal<string | undefined>) {
  const groupBy = signal(saved.groupBy);
  const foldedGroups = signal(saved.foldedGroups);
  const nested = signal(saved.nested);
  const unfolded = signal(saved.unfolded);
  const folded = signal(saved.folded);
  const pinned = signal(saved.pinned);
  const hidden = signal(saved.hidden);
  const starred = signal<ReadonlySet<string>>(new Set(saved.starred));
  const deleted = signal(saved.deleted);

  const groupFields = computed(() => groupBy.value.flatMap((id) => fieldOf(id) ?? []));
  /** All but filter and order. */
  const query = computed(
    (): Omit<RunRowsQuery, "experiment_ids"> => ({
      ...(deleted.value ? { run_view_type: "ALL" } : {}),
      ...(groupFields.value.length > 0
        ? { group_by: groupFields.value, folded_groups: foldedGroups.value }
        : nested.value
          ? { nested: true, unfolded: unfolded.value, folded: folded.value }
          : {}),
      ...(hidden.value.length > 0 ? { hidden: hidden.value } : {}),
      ...(pinned.value.length > 0 ? { pinned: pinned.value } : {}),
    }),
  );
  const toggled = (list: readonly string[], id: string) =>
    list.includes(id) ? list.filter((other) => other !== id) : [...list, id];

  return {
    ...{ groupBy, foldedGroups, nested, unfolded, folded, pinned, hidden, starred, deleted, baseline, query },
    isGrouped: computed(() => groupFields.value.length > 0),
    groupByColumns: (ids: string[]) => {
      batch(() => {
        groupBy.value = ids;
        foldedGroups.value = [];
      });
    },
    foldGroup: (id: string) => {
      foldedGroups.value = toggled(foldedGroups.peek(), id);
    },
    /** Shows the children of a run, or no longer. A row that is there for its children begins unfolded. */
    foldRun: (run_id: string, context: boolean) => {
      if (context) folded.value = toggled(folded.peek(), run_id);
      else unfolded.value = toggled(unfolded.peek(), run_id);
    },
    isUnfolded: (run_id: string, context: boolean) =>
      context ? !folded.value.includes(run_id) : unfolded.value.includes(run_id),
    togglePinned: (ids: string[]) => {
      const now = pinned.peek();
      const every = ids.every((id) => now.includes(id));
      pinned.value = every ? now.filter((id) => !ids.includes(id)) : [...new Set([...now, ...ids])];
    },
    hide: (ids: string[]) => {
      hidden.value = [...new Set([...hidden.peek(), ...ids])];
    },
    showAll: () => {
      hidden.value = [];
    },
    toggleStarred: (ids: string[]) => {
      const next = new Set(starred.peek());
      const every = ids.every((id) => next.has(id));
      for (const id of ids) {
        if (every) next.delete(id);
        else next.add(id);
      }
      starred.value = next;
    },
    apply: (table: TableArrangement) => {
      groupBy.value = table.groupBy;
      foldedGroups.value = table.foldedGroups;
      nested.value = table.nested;
      unfolded.value = table.unfolded;
      folded.value = table.folded;
      pinned.value = table.pinned;
      hidden.value = table.hidden;
      starred.value = new Set(table.starred);
      deleted.value = table.deleted;
    },
    kept: computed(() => ({
      groupBy: groupBy.value,
      foldedGroups: foldedGroups.value,
      nested: nested.value,
      unfolded: unfolded.value,
      folded: folded.value,
      pinned: pinned.value,
      hidden: hidden.value,
      starred: [...starred.value],
      deleted: deleted.value,
    })),
  };
}
