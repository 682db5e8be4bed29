import type { ComponentChildren } from "preact";
import type { GridColumn } from "./columns.ts";

/** Where the grid gets its rows from; one object for the grid's whole life. It may read signals. */
export interface RowSource {
  /** What stands in the pinned column. */
  name(row: number): ComponentChildren;
  /** What stands in a cell of `width` px. Many are drawn at once: plain elements, no components. */
  cell(row: number, column: GridColumn, width: number): ComponentChildren;
  className(row: number): string;
  checked(row: number): boolean;
  hover(row: number | undefined): void;
}

/** What the person does in the grid; `row` counts from the first of all rows. */
export interface GridActions {
  open(row: number): void;
  check(row: number, upTo?: number): void;
  draw(row: number): void;
  copy(row: number, column: GridColumn): void;
  sort(column: GridColumn, several: boolean): void;
  resize(column: GridColumn, width: number): void;
  viewport(first: number, last: number): void;
  scrolled(top: number, left: number): void;
}
