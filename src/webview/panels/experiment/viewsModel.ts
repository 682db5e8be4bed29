import { computed, type ReadonlySignal, signal } from "@preact/signals";
import type { ExperimentHost, KeptTables, SavedTable } from "../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import { DEFAULT_TABLE, readTable, type TableArrangement } from "./savedView.ts";

/** Filters that are remembered. */
const FILTERS = 20;

interface Parts {
  host: Pick<Remote<ExperimentHost>, "keptTables" | "keepFilters" | "saveTable" | "removeTable">;
  table: ReadonlySignal<TableArrangement>;
  apply(table: TableArrangement): void;
  failed(error: unknown): void;
}

/** The views that have a name, and the filters of before: what the workspace keeps of the table. */
export function viewsModel({ host, table, apply, failed }: Parts) {
  const kept = signal<KeptTables>({ filters: [], tables: [] });
  let known = false;
  const read = async () => {
    kept.value = await host.keptTables({});
    known = true;
  };
  const written = computed(() => JSON.stringify(viewOf(table.value)));
  const current = computed(() =>
    kept.value.tables.find((one) => JSON.stringify(viewOf(readTable(one.table))) === written.value),
  );
  return {
    kept,
    /** The view that the table is in; undefined: another, or none. */
    current,
    isDefault: computed(() => written.value === JSON.stringify(viewOf(DEFAULT_TABLE))),
    /** Reads them, if that did not succeed before. */
    start: () => {
      if (!known) read().catch(failed);
    },
    remember: (filter: string) => {
      if (filter === "" || kept.peek().filters[0] === filter) return;
      const filters = [filter, ...kept.peek().filters.filter((other) => other !== filter)].slice(0, FILTERS);
      kept.value = { ...kept.peek(), filters };
      host.keepFilters({ filters }).catch(failed);
    },
    open: (view: SavedTable | undefined) => apply(view === undefined ? DEFAULT_TABLE : readTable(view.table)),
    save: async (shared: boolean, name?: string) => {
      await host.saveTable({ table: viewOf(table.peek()), shared, ...(name === undefined ? {} : { name }) });
      await read();
    },
    remove: async ({ name, shared = false }: SavedTable) => {
      await host.removeTable({ name, shared });
      await read();
    },
  };
}

/** Which runs are unfolded is no matter of a view. */
function viewOf({ foldedGroups: _groups, unfolded: _unfolded, folded: _folded, ...view }: TableArrangement): object {
  return Object.fromEntries(Object.entries(view).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
