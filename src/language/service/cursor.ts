// Where a cursor stands in a file that may be half typed: told by lines and indentation, never by the tree.
import type { TextRange } from "../../projects/document.ts";

export interface Cursor {
  /** Keys from the root to the map (for a key) or to the key whose value is typed. */
  path: string[];
  /** `text`: inside a block text. */
  kind: "key" | "value" | "text";
  /** The word typed so far, up to the cursor. */
  typed: string;
  /** That word with what follows the cursor of it. */
  range: TextRange;
  /** The other keys of the same map. */
  present: string[];
  /** Between `{` and `}`. */
  inBrackets: boolean;
}

const KEY_LINE = /^( *)(?:- +)?("[^"]*"|'[^']*'|[^\s#:'"{[][^:#]*?)\s*:(?:\s+(.*))?$/;
const BLOCK_TEXT = /[|>][0-9+-]*\s*(?:#.*)?$/;

/** The cursor at `offset`; undefined in a comment and where nothing can be said. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const lineEnd = endOfLine(text, offset);
  const after = text.slice(offset, lineEnd);
  const lines = text.split(/\r?\n/);
  const row = text.slice(0, lineStart).split("\n").length - 1;
  const indent = before.trim() === "" ? before.length : indentOf(before);
  const block = blockTextAbove(lines, row, indent, before + after);
  if (block !== undefined) {
    const path = [...parents(lines, block, indentOf(lines[block] ?? "")), keyOf(lines[block] ?? "") ?? ""];
    return { path, kind: "text", typed: before, range: at(offset, before, ""), present: [], inBrackets: false };
  }
  if (/^\s*#/.test(before) || /\s#/.test(before.replace(/"[^"]*"|'[^']*'/g, ""))) return undefined;
  return inBrackets(lines, row, indent, before, after, offset) ?? inBlock(lines, row, indent, before, after, offset);
}

function inBlock(
  lines: readonly string[],
  row: number,
  indent: number,
  before: string,
  after: string,
  offset: number,
): Cursor | undefined {
  const path = parents(lines, row, indent);
  const value = KEY_LINE.exec(`${before}\u0000`);
  if (value !== null) {
    const typed = (value[3] ?? "").replace("\u0000", "");
    const range = at(offset, typed, /^[^#\n]*?(?=\s*(?:#|$))/.exec(after)?.[0] ?? "");
    return { path: [...path, unquoted(value[2] ?? "")], kind: "value", typed, range, present: [], inBrackets: false };
  }
  const typed = /^ *(?:- +)?([^\s:]*)$/.exec(before)?.[1];
  if (typed === undefined) return undefined;
  const range = at(offset, typed, /^[\w-]*/.exec(after)?.[0] ?? "");
  return { path, kind: "key", typed, range, present: siblings(lines, row, indent), inBrackets: false };
}

/** A cursor inside `{…}` that was opened on its own line. */
function inBrackets(
  lines: readonly string[],
  row: number,
  indent: number,
  before: string,
  after: string,
  offset: number,
): Cursor | undefined {
  const head = KEY_LINE.exec(before);
  if (head?.[3] === undefined || !head[3].startsWith("{")) return undefined;
  const path = [...parents(lines, row, indent), unquoted(head[2] ?? "")];
  const maps: string[][] = [];
  let piece = "";
  let quote = "";
  for (const character of head[3]) {
    if (quote !== "") {
      piece += character;
      if (character === quote) quote = "";
    } else if (character === "{") {
      if (maps.length > 0) path.push(unquoted(piece.split(":")[0]?.trim() ?? ""));
      maps.push([]);
      piece = "";
    } else if (character === "}") {
      if (maps.length > 1) path.pop();
      maps.pop();
      piece = "";
    } else if (character === ",") {
      maps.at(-1)?.push(unquoted(piece.split(":")[0]?.trim() ?? ""));
      piece = "";
    } else {
      if (character === '"' || character === "'") quote = character;
      piece += character;
    }
  }
  const open = maps.at(-1);
  if (open === undefined || quote !== "") return undefined;
  const rest = [...after.matchAll(/(?:^|,)\s*([\w-]+)\s*:/g)].map((match) => match[1] ?? "");
  const pair = /^\s*([^:]+?)\s*:\s+(.*)$/.exec(piece);
  const word = /^[\w-]*/.exec(after)?.[0] ?? "";
  if (pair !== null) {
    const typed = pair[2] ?? "";
    const range = at(offset, typed, word);
    return { path: [...path, unquoted(pair[1] ?? "")], kind: "value", typed, range, present: [], inBrackets: true };
  }
  const typed = piece.trimStart();
  if (/[\s:]/.test(typed)) return undefined;
  return { path, kind: "key", typed, range: at(offset, typed, word), present: [...open, ...rest], inBrackets: true };
}

function at(offset: number, typed: string, following: string): TextRange {
  return { start: offset - typed.length, end: offset + following.length };
}

function endOfLine(text: string, offset: number): number {
  const end = text.slice(offset).search(/\r?\n/);
  return end < 0 ? text.length : offset + end;
}

function indentOf(line: string): number {
  return /^ *(?:- +)?/.exec(line)?.[0].length ?? 0;
}

function keyOf(line: string): string | undefined {
  const match = KEY_LINE.exec(line);
  return match === null ? undefined : unquoted(match[2] ?? "");
}

function unquoted(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}

function isBlank(line: string): boolean {
  return /^\s*(?:#|$)/.test(line);
}

/** Keys of the lines above `row` that enclose an indentation. */
function parents(lines: readonly string[], row: number, indent: number): string[] {
  const path: string[] = [];
  let inner = indent;
  for (let index = row - 1; index >= 0 && inner > 0; index -= 1) {
    const line = lines[index] ?? "";
    if (isBlank(line) || indentOf(line) >= inner) continue;
    const key = keyOf(line);
    if (key === undefined) continue;
    path.unshift(key);
    inner = indentOf(line);
  }
  return path;
}

/** Keys at the same indentation below the same parent, but for that of `row`. */
function siblings(lines: readonly string[], row: number, indent: number): string[] {
  const found: string[] = [];
  for (const step of [-1, 1]) {
    for (let index = row + step; index >= 0 && index < lines.length; index += step) {
      const line = lines[index] ?? "";
      if (isBlank(line)) continue;
      if (indentOf(line) < indent) break;
      const key = indentOf(line) === indent ? keyOf(line) : undefined;
      if (key !== undefined) found.push(key);
    }
  }
  return found;
}

/** The row of the `key: |` whose block text the cursor is in. */
function blockTextAbove(lines: readonly string[], row: number, indent: number, line: string): number | undefined {
  const own = line.trim() === "" ? indent : indentOf(line);
  for (let index = row - 1; index >= 0; index -= 1) {
    const above = lines[index] ?? "";
    if (above.trim() === "" || indentOf(above) >= own) continue;
    const key = KEY_LINE.exec(above);
    if (key !== null) return BLOCK_TEXT.test(key[3] ?? "") && /^[|>]/.test(key[3] ?? "") ? index : undefined;
  }
  return undefined;
}
