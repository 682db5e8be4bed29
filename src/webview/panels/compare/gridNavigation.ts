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
  const whole = ctrlKey || metaKey;
  const to = (line: number, column: number): Place => ({
    line: Math.min(lines - 1, Math.max(-1, line)),
    column: Math.min(columns - 1, Math.max(0, column)),
  });
  switch (key) {
    case "ArrowUp":
      return to(at.line - 1, at.column);
    case "ArrowDown":
      return to(at.line + 1, at.column);
    case "ArrowLeft":
      return to(at.line, at.column - 1);
    case "ArrowRight":
      return to(at.line, at.column + 1);
    case "PageUp":
      return to(at.line - page, at.column);
    case "PageDown":
      return to(at.line + page, at.column);
    case "Home":
      return whole ? to(-1, 0) : to(at.line, 0);
    case "End":
      return whole ? to(lines, columns) : to(at.line, columns);
    default:
      return undefined;
  }
}
