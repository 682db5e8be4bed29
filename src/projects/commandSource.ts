// Where each character of a command's value stands in the file: folding, escapes and indentation lie between the two.
import type { TextRange } from "./document.ts";
import type { ScalarNode } from "./yamlTree.ts";

/** Maps offsets of a scalar's value to offsets of the file. */
export interface SourceMap {
  /** Offset in the file of the character at `index` of the value; the end of the source for an index behind it. */
  offsetAt(index: number): number;
  /** The range of `value.slice(start, end)`. */
  rangeOf(start: number, end: number): TextRange;
}

/** Aligns the value of `node` with its source: the visible characters of both are the same, in the same order. */
export function sourceMap(node: ScalarNode): SourceMap {
  const value = node.scalar.text;
  const { source } = node.scalar;
  const body = bodyStart(node);
  if (value !== "" && source.startsWith(value, body)) return unchanged(node.range.start + body, value.length, node);
  const starts = new Int32Array(value.length);
  const ends = new Int32Array(value.length);
  let at = body;
  for (let index = 0; index < value.length; index += 1) {
    const piece = pieceAt(source, at, value.charAt(index), node);
    starts[index] = node.range.start + piece.start;
    ends[index] = node.range.start + piece.end;
    at = piece.end;
  }
  const end = node.range.end;
  return {
    offsetAt: (index) => starts[index] ?? ends.at(-1) ?? end,
    rangeOf: (start, stop) => ({
      start: starts[start] ?? ends.at(-1) ?? end,
      end: stop > start ? (ends[stop - 1] ?? end) : (starts[start] ?? end),
    }),
  };
}

/** Of a value that stands in its source as it is. */
function unchanged(first: number, length: number, { range }: ScalarNode): SourceMap {
  const offsetAt = (index: number): number => first + Math.min(index, length);
  return {
    offsetAt,
    rangeOf: (start, stop) => ({
      start: offsetAt(start),
      end: stop > start ? (stop > length ? range.end : offsetAt(stop)) : start < length ? offsetAt(start) : range.end,
    }),
  };
}

function bodyStart(node: ScalarNode): number {
  if (node.style === "single" || node.style === "double") return 1;
  if (node.style === "plain") return 0;
  // A block text begins on the line behind its `|` or `>`.
  const lineEnd = node.scalar.source.indexOf("\n");
  return lineEnd < 0 ? node.scalar.source.length : lineEnd + 1;
}

interface Piece {
  start: number;
  end: number;
}

const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|[\s\S])/y;

/** The source piece that made `character`, at or behind `from`. */
function pieceAt(source: string, from: number, character: string, node: ScalarNode): Piece {
  let at = from;
  if (node.style === "double") {
    at = behindLineContinuations(source, at);
    if (source[at] === "\\") {
      ESCAPE.lastIndex = at;
      return { start: at, end: at + (ESCAPE.exec(source)?.[0].length ?? 1) };
    }
  }
  if (node.style === "single" && character === "'" && source.startsWith("''", at)) return { start: at, end: at + 2 };
  if (/\s/.test(character)) {
    const blank = /\s/.test(source.charAt(at));
    return { start: at, end: blank ? at + 1 : at };
  }
  while (at < source.length && source[at] !== character && /\s/.test(source.charAt(at))) at += 1;
  if (node.style === "double" && source[at] === "\\") return pieceAt(source, at, character, node);
  if (node.style === "single" && character === "'") return { start: at, end: at + 2 };
  return { start: at, end: Math.min(at + 1, source.length) };
}

/** A backslash at a line's end between double quotes makes nothing. */
function behindLineContinuations(source: string, from: number): number {
  let at = from;
  for (;;) {
    const match = /^\\\r?\n[ \t]*/.exec(source.slice(at, at + 1000));
    if (match === null) return at;
    at += match[0].length;
  }
}
