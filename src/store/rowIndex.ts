import { ROWS_APART, type RowMark } from "../protocol/artifacts.ts";

const LINE_FEED = 10;
const QUOTE = 34;

/** Where rows begin in one piece of a file, and where reading stands after it. */
export interface IndexedPiece {
  /** Offsets in the file of the rows whose number is a multiple of `ROWS_APART`. */
  starts: number[];
  mark: RowMark;
}

/** Finds the rows that begin in `piece`, which lies at `from.offset`. In CSV a line end between quotes ends no row (RFC 4180). */
export function indexPiece(piece: Uint8Array, from: RowMark, csv: boolean): IndexedPiece {
  const starts: number[] = [];
  let { rows, quoted } = from;
  const begin = (offset: number): void => {
    if (rows % ROWS_APART === 0) starts.push(offset);
    rows += 1;
  };
  if (from.offset === 0 && piece.length > 0) begin(0);
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  if (!csv) {
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) begin(from.offset + at + 1);
  } else {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === LINE_FEED && !quoted) begin(from.offset + at + 1);
    }
  }
  return { starts, mark: { offset: from.offset + bytes.length, rows, quoted } };
}

/** What follows the last line end is a row only when there is something: the last of them begins at the end of the file. */
export function withoutEmptyLast(starts: number[], rows: number, lastByte: number | undefined): number {
  if (lastByte !== LINE_FEED || rows === 0) return rows;
  if ((rows - 1) % ROWS_APART === 0) starts.pop();
  return rows - 1;
}

/** Bytes looked at to tell a text from what is none. */
export const LOOKED_AT = 8192;

/** A zero byte stands in no text that is UTF-8. */
export function isBinary(beginning: Uint8Array): boolean {
  return beginning.subarray(0, LOOKED_AT).includes(0);
}
