import { computed, type ReadonlySignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { ColumnLayout } from "./columns.ts";
import type { RowSource } from "./parts.ts";

interface RowProps {
  row: number;
  /** Px from the first row's edge. */
  top: number;
  layout: ColumnLayout;
  /** Column with the focus, -1 when it is in another row. */
  focusColumn: number;
  version: number;
  source: RowSource;
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
      aria-owns={cellId(row, 0)}
      data-row={row}
      style={{ top: `${top}px`, width: `${layout.totalWidth}px` }}
    >
      <RowCells {...props} />
    </div>
  );
}

function RowCells({ row, layout, firstColumn, lastColumn, focusColumn, source }: CellsProps) {
  const before = layout.pinnedWidth + (layout.starts[firstColumn] ?? 0);
  return (
    <>
      {layout.center.slice(firstColumn, lastColumn + 1).map((column, i) => {
        const index = firstColumn + i;
        const width = layout.widths[index] ?? 0;
        const side = `${column.alignRight ? "right" : ""} ${column.startsGroup ? "edge" : ""}`;
        const focused = index + 1 === focusColumn;
        const margin = i === 0 ? { marginLeft: `${before}px` } : {};
        return (
          <div
            key={column.id}
            class={`gridCell ${side} ${focused ? "focus" : ""}`}
            style={{ width: `${width}px`, ...margin }}
            role="gridcell"
            aria-colindex={index + 2}
            {...(focused ? { id: cellId(row, index + 1) } : {})}
          >
            {source.cell(row, column, width)}
          </div>
        );
      })}
    </>
  );
}

/** The pinned cell of a row. All of them lie in one column: a sticky cell in each row would be a layer to paint for each row. */
export function PinnedCell({ row, top, focusColumn, source }: RowProps) {
  const className = useRowClass(`pinnedCell ${focusColumn === 0 ? "focus" : ""}`, row, focusColumn, source);
  return (
    <div
      class={className}
      style={{ top: `${top}px` }}
      role="gridcell"
      aria-colindex={1}
      id={cellId(row, 0)}
      data-row={row}
    >
      {source.name(row)}
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
