// How a panel reads files of any size: in pieces, and by rows whose places are known.

/** A piece of an artifact. */
export interface ArtifactPiece {
  /** Fewer than asked for at the end of the file. */
  bytes: Uint8Array;
  /** Bytes of the whole file. */
  size: number;
  /** ms since the epoch; absent where the place does not tell. Another one means that the file was written again. */
  modified?: number;
}

export interface ArtifactPieceQuery {
  path: string;
  offset: number;
  /** At most 1 MiB. */
  length: number;
}

/** Bytes of one answer: more would hold up the editor (PLATFORM.md). */
export const LONGEST_PIECE = 1 << 20;

/** The place of every such row is told. */
export const ROWS_APART = 128;

/** Where reading of a file's rows has come to. */
export interface RowMark {
  offset: number;
  /** Rows that begin before `offset`. */
  rows: number;
  /** A quoted field of a CSV file goes on at `offset`. */
  quoted: boolean;
}

export interface RowIndexQuery {
  path: string;
  /** Line ends between quotes end no row. */
  csv: boolean;
  /** Absent: the beginning. */
  from?: RowMark;
}

/** A part of a file's rows; the next part is asked for with `next`. */
export interface RowIndex {
  /** Offsets of the rows 0, 128, 256… that begin in this part. */
  starts: Float64Array;
  /** Rows known so far, from the beginning. */
  rows: number;
  size: number;
  modified?: number;
  /** The file holds what no text has. */
  binary: boolean;
  /** Absent: the file is read to its end. */
  next?: RowMark;
}
