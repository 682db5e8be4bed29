import type { ComponentChildren } from "preact";
import type { GridColumn } from "./columns.ts";

/** Row of the copy that stays below the header. */
export const STICKY = -2;

/** Where the grid gets its rows from; one object for the grid's whole life. It may read signals. */
export interface RowSource {
  /** What stands in the pinned column. */
  name(row: number): ComponentChildren;
  /** What stands in a cell of `width` px. Many are drawn at once: plain elements, no components. */
  cell(row: number, column: GridColumn, width: number): ComponentChildren;
  className(row: number): string;
  checked(row: number): boolean;
  /** Where rows can have others below them: how deep it stands, and whether those are shown. */
  level(row: number): { depth: number; expanded: boolean | undefined };
  hover(row: number | undefined): void;
}

/** What the person does in the grid; `row` counts from the first of all rows. */
export interface GridActions {
  open(row: number): void;
  check(row: number, upTo?: number): void;
  /** Any other key; false when it means nothing. */
  key(event: KeyboardEvent, row: number, column: GridColumn, index: number): boolean;
  /** The list of what can be done with a row, or with a column (row -1). */
  menu(row: number, column: GridColumn, at: { x: number; y: number }): void;
  /** The column goes to where `to` stands. */
  move(column: GridColumn, to: GridColumn): void;
  copy(row: number, column: GridColumn): void;
  sort(column: GridColumn, several: boolean): void;
  resize(column: GridColumn, width: number): void;
  viewport(first: number, last: number): void;
  /** The columns that are drawn beside the pinned ones, counted without those. */
  columnsDrawn(first: number, last: number): void;
  scrolled(top: number, left: number): void;
  /** The person went to a cell; row -1 is the header. */
  focused(row: number, column: GridColumn): void;
}

/** The cell that had the focus when the panel was seen last. */
export interface FocusBefore {
  row: number;
  /** Id of its column. */
  column: string;
  /** Where its row stands now; undefined while that is not known. */
  find(): number | undefined;
}
