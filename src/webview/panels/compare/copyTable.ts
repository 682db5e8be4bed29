import { csvOf } from "../../ui/csv.ts";
import { type Section, SECTION_WORDS } from "./differences.ts";

// The shown table as text for elsewhere: stored values, all digits.

export interface NamedRun {
  run_id: string;
  run_name: string;
}

export function markdownOf(runs: readonly NamedRun[], sections: readonly Section[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(" | ")} |`;
  const head = [line(["", ...runs.map(({ run_name }) => run_name)]), line(["---", ...runs.map(() => "---:")])];
  const rows = sections.flatMap(({ name, rows: own }) => [
    ...(own.length === 0 ? [] : [line([`**${SECTION_WORDS[name]}**`, ...runs.map(() => "")])]),
    ...own.map(({ key, cells }) =>
      line([key, ...cells.map(({ stored, best }) => (best ? `**${textOf(stored)}**` : textOf(stored)))]),
    ),
  ]);
  return `${[...head, ...rows].join("\n")}\n`;
}

function textOf(stored: string | number | null): string {
  if (stored === null) return "not logged";
  return typeof stored === "string" ? stored : numberText(stored);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Math.abs(value) >= Number.MAX_VALUE ? (value > 0 ? "inf" : "-inf") : String(value);
}

/** A line of a table has neither bars nor ends of lines in its cells. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\r\n|\r|\n/g, "<br>");
}

export function comparisonCsv(runs: readonly NamedRun[], sections: readonly Section[]): string {
  const header = ["section", "key", ...runs.map(({ run_name }) => run_name)];
  const ids = ["", "run_id", ...runs.map(({ run_id }) => run_id)];
  const rows = sections.flatMap(({ name, rows: own }) =>
    own.map(({ key, cells }) => [name, key, ...cells.map(({ stored }) => stored)]),
  );
  return csvOf(header, [ids, ...rows]);
}
