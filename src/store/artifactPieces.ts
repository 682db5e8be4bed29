import { open } from "node:fs/promises";
import type { ArtifactPiece, RowIndex, RowIndexQuery, RowMark } from "../protocol/artifacts.ts";
import { LONGEST_PIECE } from "../protocol/artifacts.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { indexPiece, isBinary, withoutEmptyLast } from "./rowIndex.ts";
import { invalid } from "./validation.ts";

/** Reads `length` bytes at `offset` of one file. */
export type ReadPiece = (offset: number, length: number) => Promise<ArtifactPiece>;

/** Bytes of rows that are looked for in one answer: some 20 ms. */
const PART = 8 << 20;

/** A piece of a file of this machine; `path` is what the person calls it. */
export async function readLocalPiece(
  file: string,
  path: string,
  offset: number,
  length: number,
): Promise<ArtifactPiece> {
  const handle = await open(file).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") throw vanished(path);
    throw new MlflowError("PERMISSION_DENIED", `The artifact ${path} cannot be read.`, { cause: error });
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw invalid(`The artifact ${path} is a folder, not a file.`);
    const buffer = new Uint8Array(Math.max(0, Math.min(length, stats.size - offset)));
    let got = 0;
    while (got < buffer.length) {
      const { bytesRead } = await handle.read(buffer, got, buffer.length - got, offset + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    return { bytes: buffer.slice(0, got), size: stats.size, modified: Math.floor(stats.mtimeMs) };
  } finally {
    await handle.close();
  }
}

export function vanished(path: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", `The artifact ${path} is not there any more.`);
}

/** Throws INVALID_PARAMETER_VALUE for a piece that cannot be. */
export function checkPiece(offset: number, length: number): void {
  const fits = Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0;
  if (!fits || length > LONGEST_PIECE) throw invalid(`A piece has at most ${LONGEST_PIECE} bytes.`);
}

/** The rows of the next part of a file. */
export async function indexRows(read: ReadPiece, { csv, from }: RowIndexQuery): Promise<RowIndex> {
  let mark: RowMark = from ?? { offset: 0, rows: 0, quoted: false };
  const starts: number[] = [];
  const end = mark.offset + PART;
  let binary = false;
  for (;;) {
    const { bytes, size, modified } = await read(mark.offset, LONGEST_PIECE);
    if (mark.offset === 0) binary = isBinary(bytes);
    const indexed = indexPiece(bytes, mark, csv);
    for (const start of indexed.starts) starts.push(start);
    mark = indexed.mark;
    const told = { size, binary, ...(modified === undefined ? {} : { modified }) };
    if (bytes.length === 0 || mark.offset >= size) {
      const last = bytes.at(-1) ?? (mark.offset > 0 ? (await read(mark.offset - 1, 1)).bytes[0] : undefined);
      const rows = withoutEmptyLast(starts, mark.rows, last);
      return { starts: Float64Array.from(starts), rows, ...told };
    }
    if (mark.offset >= end) return { starts: Float64Array.from(starts), rows: mark.rows, next: mark, ...told };
  }
}
