import { computed, type ReadonlySignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { ColumnLayout } from "./columns.ts";
import { type RowSource, STICKY } from "./parts.ts";

interface RowProps {
  row: number;
  /** Px from the first row's edge. */
  top: number;
  layout: ColumnLayout;
  /** Column with the focus, -1 when it is in another row. */
  focusColumn: number;
  version: number;
  source: RowSource;
  /** Rows can have others below them. */
  tree: boolean;
}

interface CellsProps extends RowProps {
  firstColumn: number;
  lastColumn: number;
}

/** The cell that the focus is in is known by its id. */
export function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

/** One row but for its pinned cell, which stands in a column of its own. What changes by hovering leaves the cells alone. */
export function GridRow(props: CellsProps) {
  const { row, top, layout, source, focusColumn } = props;
  const className = useRowClass("gridRow", row, focusColumn, source);
  return (
    <div
      class={className}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={source.checked(row)}
      aria-owns={layout.pinned.map((_, i) => cellId(row, i)).join(" ")}
      {...levelOf(props)}
      data-row={row}
      style={{ top: `${top}px`, width: `${layout.totalWidth}px` }}
    >
      <RowCells {...props} />
    </div>
  );
}

/** What a screen reader says of a row that has others below it. */
function levelOf({ row, source, tree }: RowProps): { "aria-level"?: number; "aria-expanded"?: boolean } {
  if (!tree) return {};
  const { depth, expanded } = source.level(row);
  return { "aria-level": depth + 1, ...(expanded === undefined ? {} : { "aria-expanded": expanded }) };
}

function RowCells({ row, layout, firstColumn, lastColumn, focusColumn, source }: CellsProps) {
  const before = (row === STICKY ? 0 : layout.pinnedWidth) + (layout.starts[firstColumn] ?? 0);
  return (
    <>
      {layout.center.slice(firstColumn, lastColumn + 1).map((column, i) => {
        const index = firstColumn + i;
        const width = layout.widths[index] ?? 0;
        const side = `${column.alignRight ? "right" : ""} ${column.startsGroup ? "edge" : ""}`;
        const place = index + layout.pinned.length;
        const focused = place === focusColumn;
        const margin = i === 0 ? { marginLeft: `${before}px` } : {};
        return (
          <div
            key={column.id}
            class={`gridCell ${side} ${focused ? "focus" : ""}`}
            style={{ width: `${width}px`, ...margin }}
            role="gridcell"
            aria-colindex={place + 1}
            {...(focused ? { id: cellId(row, place) } : {})}
          >
            {source.cell(row, column, width)}
          </div>
        );
      })}
    </>
  );
}

/** The pinned cells of a row. All rows' lie in one column: a sticky cell in each row would be a layer to paint for each row. */
export function PinnedCells({
  row,
  top,
  focusColumn,
  source,
  layout,
  children,
}: RowProps & { children?: ComponentChildren }) {
  const className = useRowClass("pinnedCells", row, focusColumn, source);
  return (
    <div class={className} style={{ top: `${top}px` }} data-row={row} role="presentation">
      {layout.pinned.map((column, i) => {
        const side = `${i === 0 ? "pinnedCell" : "gridCell"} ${column.alignRight ? "right" : ""}`;
        const width = layout.pinnedWidths[i] ?? 0;
        return (
          <div
            key={column.id}
            class={`${side} ${focusColumn === i ? "focus" : ""}`}
            style={{ width: `${width}px` }}
            role="gridcell"
            aria-colindex={i + 1}
            id={cellId(row, i)}
          >
            {i === 0 ? source.name(row) : source.cell(row, column, width)}
          </div>
        );
      })}
      {children}
    </div>
  );
}

/** The row that stays below the header: a copy for the eye alone. */
export function StickyRow(props: CellsProps) {
  const { row, layout, source } = props;
  const className = useRowClass("stickyRow", row, -1, source);
  return (
    <div class={className} aria-hidden="true" style={{ width: `${layout.totalWidth}px` }}>
      <div class="stickyPinned" style={{ width: `${layout.pinnedWidth}px` }}>
        {layout.pinned.map((column, i) => (
          <div
            key={column.id}
            class={i === 0 ? "pinnedCell" : `gridCell ${column.alignRight ? "right" : ""}`}
            style={{ width: `${layout.pinnedWidths[i] ?? 0}px` }}
          >
            {i === 0 ? source.name(row) : source.cell(row, column, layout.pinnedWidths[i] ?? 0)}
          </div>
        ))}
      </div>
      <RowCells {...props} />
    </div>
  );
}

/** Bound to the element, so that hovering another row draws nothing anew. */
function useRowClass(fixed: string, row: number, focusColumn: number, source: RowSource): ReadonlySignal<string> {
  return useMemo(
    () => computed(() => `${fixed} ${focusColumn >= 0 ? "focused" : ""} ${source.className(row)}`),
    [fixed, row, focusColumn, source],
  );
}
