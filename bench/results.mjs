// Keeps RESULTS.md: one table a bench, one row a thing measured, with its latest figure, date and commit.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

const FILE = new URL("RESULTS.md", import.meta.url);

/** Puts a row into the table of `bench`, in place of an older row of the same `what`. Columns are the keys of `cells`. */
export function record(bench, what, cells) {
  const commit = execFileSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" }).trim();
  const machine = `${cpus().length} × ${cpus()[0].model.replaceAll(/\s+/g, " ").trim()}`;
  const row = { what, ...cells, "date, commit": `${new Date().toISOString().slice(0, 10)} ${commit}`, machine };
  console.log(`${what} | ${Object.values(cells).join(" | ")}`);
  writeFileSync(FILE, withRow(readFileSync(FILE, "utf8"), bench, row));
}

/** `text` with the row in the section of `bench`, which is made at the end when there is none. */
export function withRow(text, bench, row) {
  const heading = `## ${bench}\n`;
  const start = text.indexOf(heading);
  if (start < 0) return `${text.trimEnd()}\n\n${heading}\n${printTable([row])}`;
  const next = text.indexOf("\n## ", start);
  const end = next < 0 ? text.length : next + 1;
  const section = text.slice(start, end);
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  const prose = section.split("\n").filter((line) => !line.startsWith("|"));
  const rows = readTable(lines);
  const at = rows.findIndex(({ what }) => what === row.what);
  if (at < 0) rows.push(row);
  else rows[at] = row;
  const whole = `${prose.join("\n").trimEnd()}\n\n${printTable(rows)}`;
  return `${text.slice(0, start)}${whole}${next < 0 ? "" : "\n"}${text.slice(end)}`;
}

function readTable([head, , ...body]) {
  const cells = (line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const names = head === undefined ? [] : cells(head);
  return body.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i], cell])));
}

function printTable(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, names.map(() => "---"), ...rows.map((row) => names.map((name) => row[name] ?? ""))];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
