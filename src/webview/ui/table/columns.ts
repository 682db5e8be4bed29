import {
  columnPinningFeature,
  columnSizingFeature,
  constructTable,
  rowSortingFeature,
  tableFeatures,
} from "@tanstack/table-core";
import { storeReactivityBindings } from "@tanstack/table-core/store-reactivity-bindings";

// The columns of a grid: sizes, the pinned one, and sorting. Rows are windowed by the panel, so the table core holds none.

export interface GridColumn {
  id: string;
  header: string;
  /** Caption above the header, shared by neighbours with the same one. */
  caption?: string;
  /** Default width in px. */
  width: number;
  alignRight: boolean;
  sortable: boolean;
  /** The first click sorts this way. */
  sortsDescendingFirst?: boolean;
  /** A hairline stands left of it. */
  startsGroup?: boolean;
  /** Hover text of the header. */
  title?: string;
  /** It stays while the others scroll sideways; the first column always does. */
  pinned?: boolean;
  /** It goes with its neighbour: it is not moved or hidden by itself. */
  fixed?: boolean;
}

export interface SortColumn {
  id: string;
  desc: boolean;
}

export interface ColumnLayout {
  /** The first column, and those that are pinned beside it. */
  pinned: GridColumn[];
  pinnedWidths: number[];
  pinnedWidth: number;
  center: GridColumn[];
  widths: number[];
  starts: number[];
  totalWidth: number;
}

export const MIN_WIDTH = 48;
export const MAX_WIDTH = 600;

const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnSizingFeature,
  columnPinningFeature,
  rowSortingFeature,
});

/** Where every column stands; the first is pinned. */
export function layoutColumns(columns: GridColumn[], sizes: Record<string, number>): ColumnLayout {
  if (columns.length === 0) throw new RangeError("A grid needs a column.");
  const pinned = pinnedOf(columns);
  const table = tableOf(columns, sizes, []);
  const leaves = table.getCenterLeafColumns();
  return {
    pinned,
    pinnedWidths: table.getStartLeafColumns().map((column) => column.getSize()),
    pinnedWidth: table.getStartTotalSize(),
    center: columns.slice(pinned.length),
    widths: leaves.map((column) => column.getSize()),
    starts: leaves.map((column) => column.getStart("center")),
    totalWidth: table.getTotalSize(),
  };
}

/** Pinned columns stand first. */
function pinnedOf(columns: GridColumn[]): GridColumn[] {
  const end = columns.findIndex((column, i) => i > 0 && column.pinned !== true);
  return end < 0 ? columns : columns.slice(0, end);
}

/** The sorting after a click on a header: the other way round, then none; with `several`, beside the others. */
export function toggledSort(columns: GridColumn[], sort: SortColumn[], id: string, several: boolean): SortColumn[] {
  let next = sort;
  const table = tableOf(columns, {}, sort, (changed) => {
    next = changed;
  });
  table.getColumn(id)?.toggleSorting(undefined, several);
  return next;
}

function tableOf(
  columns: GridColumn[],
  columnSizing: Record<string, number>,
  sorting: SortColumn[],
  onSorting?: (sorting: SortColumn[]) => void,
) {
  return constructTable({
    features,
    data: [],
    columns: columns.map((column) => ({
      id: column.id,
      accessorFn: () => undefined,
      size: column.width,
      minSize: MIN_WIDTH,
      maxSize: MAX_WIDTH,
      enableSorting: column.sortable,
      sortDescFirst: column.sortsDescendingFirst ?? false,
    })),
    state: { columnSizing, columnPinning: { start: pinnedOf(columns).map(({ id }) => id), end: [] }, sorting },
    onSortingChange: (updater) => onSorting?.(typeof updater === "function" ? updater(sorting) : updater),
  });
}
