import { signal } from "@preact/signals";
import type { ExperimentHost } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { RunRowsQuery } from "../../../protocol/runs.ts";

/** What an action is about. */
export interface Meant {
  /** The run of the row; empty: none. */
  id: string;
  ids: string[];
}

interface Parts {
  host: Pick<Remote<ExperimentHost>, "runIds">;
  saved: string[];
  /** Undefined: not loaded. Empty: the row of a group. */
  idAt(row: number): string | undefined;
  /** All rows of the table. */
  rows(): Omit<RunRowsQuery, "experiment_ids">;
  /** The search that finds the runs of the group in this row; undefined: no group. */
  groupFilter(row: number): string | undefined;
}

export type Selection = ReturnType<typeof selection>;

/** The checked runs: what is acted on. */
export function selection({ host, saved, idAt, rows, groupFilter }: Parts) {
  const checked = signal<ReadonlySet<string>>(new Set(saved));
  const add = (ids: string[]) => {
    checked.value = new Set([...checked.peek(), ...ids]);
  };
  /** Ids of all runs of the table, or of those that `filter` finds, however they are folded. */
  const allIds = async (filter?: string) => {
    const { folded_groups: _groups, nested: _nested, pinned: _pinned, group_by: _by, ...flat } = rows();
    return (await host.runIds({ ...flat, ...(filter === undefined ? {} : { filter }) })).run_ids;
  };
  return {
    checked,
    add,
    allIds,
    groupFilter,
    /** One row: checked or no longer; several: checked too. */
    check: (from: number, to = from) => {
      const next = new Set(checked.peek());
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      for (let row = first; row <= last; row++) {
        const id = idAt(row);
        if (id === undefined || id === "") continue;
        if (from === to && next.has(id)) next.delete(id);
        else next.add(id);
      }
      checked.value = next;
    },
    /** The runs of a group: checked, or no longer where all of them are. */
    checkGroup: async (row: number, filter = groupFilter(row)) => {
      if (filter === undefined) return;
      const ids = await allIds(filter);
      const next = new Set(checked.peek());
      const every = ids.every((id) => next.has(id));
      for (const id of ids) {
        if (every) next.delete(id);
        else next.add(id);
      }
      checked.value = next;
    },
    /** Deleted runs are checked no longer. */
    drop: (ids: string[]) => {
      const gone = new Set(ids);
      checked.value = new Set([...checked.peek()].filter((id) => !gone.has(id)));
    },
    checkAll: async () => add(await allIds()),
    clear: () => {
      checked.value = new Set();
    },
  };
}
