// Texts behind `|` and `>`, for plainYaml.ts.
import type { ScalarNode } from "./yamlTree.ts";

const HEADER = /([|>])([+-]?)(?: +(?:#[^\r\n]*)?)?\r?\n/y;

/** The block text whose mark stands at `start`, below a key that is indented by `indent`; undefined where it is unusual. */
export function blockText(text: string, start: number, indent: number): { node: ScalarNode; end: number } | undefined {
  HEADER.lastIndex = start;
  const header = HEADER.exec(text);
  if (header === null) return undefined;
  const [, mark, chomping] = header;
  const lines: string[] = [];
  let inner: number | undefined;
  let at = HEADER.lastIndex;
  let end = at;
  let isOpen = false;
  while (at < text.length) {
    const lineEnd = text.indexOf("\n", at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(at, lineEnd < 0 ? next : lineEnd).replace(/\r$/, "");
    let width = 0;
    while (line[width] === " ") width += 1;
    if (width === line.length) {
      // Spaces behind the indentation would be text, and in front of it a mistake.
      if (width > (inner ?? 0)) return undefined;
      lines.push("");
    } else {
      if (width <= indent) break;
      inner ??= width;
      // Lines that are indented further are not folded.
      if (width < inner || (mark === ">" && width > inner)) return undefined;
      lines.push(line.slice(inner));
      end = next;
      isOpen = lineEnd < 0;
    }
    at = next;
  }
  if (inner === undefined || chomping === "+") return undefined;
  while (lines.at(-1) === "") lines.pop();
  const body = mark === "|" ? lines.join("\n") : folded(lines);
  const value = chomping === "-" || isOpen ? body : `${body}\n`;
  const range = { start, end };
  const scalar = { kind: "str" as const, text: value, source: text.slice(start, end), range };
  return { node: { kind: "scalar", scalar, style: mark === "|" ? "literal" : "folded", range }, end: at };
}

/** Each line end is a space, each empty line a line end; those in front of the first line stay. */
function folded(lines: readonly string[]): string {
  let value = "";
  let breaks = 0;
  let isFirst = true;
  for (const line of lines) {
    if (line === "") {
      breaks += 1;
      continue;
    }
    value += "\n".repeat(breaks) + (breaks === 0 && !isFirst ? " " : "") + line;
    breaks = 0;
    isFirst = false;
  }
  return value;
}
