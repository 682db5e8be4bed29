import { moved as movedCell } from "../../ui/table/navigation.ts";
import type { Row, Section } from "./differences.ts";

// The lines of the table below its header, and how the keyboard moves among them.

export type Line = { kind: "section"; section: Section; folded: boolean } | { kind: "row"; row: Row };

export function linesOf(sections: readonly Section[], folded: readonly string[]): Line[] {
  return sections.flatMap((section): Line[] => {
    const closed = folded.includes(section.name);
    const rows = closed ? [] : section.rows.map((row): Line => ({ kind: "row", row }));
    return [{ kind: "section", section, folded: closed }, ...rows];
  });
}

/** A cell: line -1 is the header, column 0 the key. */
export interface Place {
  line: number;
  column: number;
}

/** Where a key leads; undefined: it does not move. */
export function moved(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  at: Place,
  { lines, columns, page }: { lines: number; columns: number; page: number },
): Place | undefined {
  const extent = { rows: lines, columns, page, top: -1 };
  const to = movedCell({ row: at.line, column: at.column }, key, ctrlKey || metaKey, extent);
  return to === undefined ? undefined : { line: to.row, column: to.column };
}
