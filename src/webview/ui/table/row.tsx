import type { ColumnLayout } from "./columns.ts";
import type { GridActions, RowSource } from "./parts.ts";
import type { Cell } from "./navigation.ts";

interface RowProps {
  row: number;
  top: number;
  layout: ColumnLayout;
  firstColumn: number;
  lastColumn: number;
  /** Column with the focus, -1 when it is in another row. */
  focusColumn: number;
  version: number;
  source: RowSource;
  actions: GridActions;
  onFocus: (cell: Cell) => void;
}

/** One row. What changes by hovering stays out here, so that the cells below are left alone. */
export function GridRow(props: RowProps) {
  const { row, top, layout, source, actions, focusColumn } = props;
  const focused = focusColumn >= 0 ? "focused" : "";
  return (
    <div
      class={`gridRow ${focused} ${source.className(row)}`}
      role="row"
      aria-rowindex={row + 2}
      aria-selected={source.checked(row)}
      style={{ transform: `translateY(${top}px)`, width: `${layout.totalWidth}px` }}
      onMouseEnter={() => source.hover(row)}
      onDblClick={() => actions.open(row)}
    >
      <RowCells {...props} />
    </div>
  );
}

function RowCells({ row, layout, firstColumn, lastColumn, focusColumn, source, onFocus }: RowProps) {
  const cellProps = (index: number) => ({
    id: `cell-${row}-${index}`,
    role: "gridcell" as const,
    "aria-colindex": index + 1,
    onMouseDown: () => onFocus({ row, column: index }),
  });
  const focus = (index: number) => (index === focusColumn ? "focus" : "");
  return (
    <>
      <div class={`gridCell pinned ${focus(0)}`} style={{ width: `${layout.pinnedWidth}px` }} {...cellProps(0)}>
        {source.name(row)}
      </div>
      <div class="gridGap" style={{ width: `${layout.starts[firstColumn] ?? 0}px` }} />
      {layout.center.slice(firstColumn, lastColumn + 1).map((column, i) => {
        const index = firstColumn + i;
        const side = `${column.alignRight ? "right" : ""} ${column.startsGroup ? "edge" : ""}`;
        return (
          <div
            key={column.id}
            class={`gridCell ${side} ${focus(index + 1)}`}
            style={{ width: `${layout.widths[index] ?? 0}px` }}
            {...cellProps(index + 1)}
          >
            {source.cell(row, column)}
          </div>
        );
      })}
    </>
  );
}
