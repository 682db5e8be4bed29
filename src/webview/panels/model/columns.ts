import type { VersionOrder, VersionOrderKey } from "../../../protocol/versions.ts";
import type { GridColumn, SortColumn } from "../../ui/table/columns.ts";
import { toggledSort } from "../../ui/table/columns.ts";

// The columns of the versions table.

export const VERSION = "version_number";
const LEAST_RUN = 96;

export interface ColumnFacts {
  /** Absent: no version has one. */
  metric: string | undefined;
  /** There is a champion with this metric. */
  hasChampion: boolean;
  /** Some version on screen is not ready. */
  hasStatus: boolean;
  /** Px of the panel. */
  width: number;
}

/** Px of the panel below which columns are as narrow as they can be, some are left out, and only what says most stays. */
const ROOMY = 760;
const NARROW = 560;
const NARROWEST = 380;

/** The run's column takes the room that the others leave. */
export function versionColumns({ metric, hasChampion, hasStatus, width }: ColumnFacts): GridColumn[] {
  const column = (id: string, header: string, px: number, more: Partial<GridColumn> = {}): GridColumn => {
    return { id, header, width: px, alignRight: false, sortable: true, fixed: true, ...more };
  };
  const right = { alignRight: true };
  const newest = { sortsDescendingFirst: true };
  const narrow = width < NARROW;
  const narrowest = width < NARROWEST;
  const roomy = width >= ROOMY;
  const others = [
    column("alias", "Alias", narrowest ? width - 2 * 76 : roomy ? 136 : narrow ? 92 : 104),
    ...(narrow ? [] : [column("stage", "Stage", roomy ? 104 : 92)]),
    ...(hasStatus && !narrowest ? [column("status", "Status", 92, { sortable: false })] : []),
  ];
  const last = [
    ...(metric === undefined ? [] : [column("metric", metric, roomy ? 104 : narrow ? 76 : 84, right)]),
    ...(metric !== undefined && hasChampion && !narrowest
      ? [column("delta", "Δ", roomy ? 92 : 76, { ...right, sortable: false, title: "Difference from the champion" })]
      : []),
    ...(narrowest ? [] : [column("creation_timestamp", "Age", roomy ? 72 : 52, { ...right, ...newest })]),
  ];
  const version = column(VERSION, "Version", narrow ? 76 : 112, newest);
  const taken = [version, ...others, ...last].reduce((sum, one) => sum + one.width, 0);
  const left = Math.floor(width - taken);
  const run =
    narrowest || (narrow && left < LEAST_RUN) ? [] : [column("run_name", "Source run", Math.max(LEAST_RUN, left))];
  return [version, ...others, ...run, ...last];
}

export function sortOf({ by, ascending }: VersionOrder): SortColumn[] {
  return [{ id: by, desc: !ascending }];
}

/** The order after a click on a header; newest first where none is left. */
export function nextOrder(columns: GridColumn[], order: VersionOrder, id: VersionOrderKey): VersionOrder {
  const [next] = toggledSort(columns, sortOf(order), id, false);
  return next === undefined || next.id !== id ? { by: VERSION, ascending: false } : { by: id, ascending: !next.desc };
}
