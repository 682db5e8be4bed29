// Where the grid's focus goes. Row -1 is the header.

export interface Cell {
  row: number;
  column: number;
}

export interface Extent {
  rows: number;
  columns: number;
  /** Rows that fit, for Page Up and Page Down. */
  page: number;
  /** Where Ctrl Home and Page Up end: 0, the first row, unless it is said to be -1, the header. */
  top?: number;
}

/** The cell that a key leads to from `cell`; undefined when the key does not move. */
export function moved(cell: Cell, key: string, ctrl: boolean, extent: Extent): Cell | undefined {
  const top = extent.top ?? 0;
  const last = { row: extent.rows - 1, column: extent.columns - 1 };
  const to = (row: number, column: number): Cell => ({
    row: Math.min(last.row, Math.max(-1, row)),
    column: Math.min(last.column, Math.max(0, column)),
  });
  switch (key) {
    case "ArrowUp":
      return to(cell.row - 1, cell.column);
    case "ArrowDown":
      return to(cell.row + 1, cell.column);
    case "ArrowLeft":
      return to(cell.row, cell.column - 1);
    case "ArrowRight":
      return to(cell.row, cell.column + 1);
    case "Home":
      return to(ctrl ? top : cell.row, 0);
    case "End":
      return to(ctrl ? last.row : cell.row, last.column);
    case "PageUp":
      return to(Math.max(top, cell.row - extent.page), cell.column);
    case "PageDown":
      return to(cell.row + extent.page, cell.column);
    default:
      return undefined;
  }
}
