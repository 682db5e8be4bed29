import {
  type AsyncBuffer,
  cachedAsyncBuffer,
  type Compressors,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from "hyparquet";
import {
  decompressBrotli,
  decompressGzip,
  decompressLz4,
  decompressLz4Raw,
  decompressZstd,
} from "hyparquet-compressors";
import { plainText } from "./plainText.ts";
import type { ArtifactReader } from "./reader.ts";

/** A Parquet file whose foot is read. */
export interface ParquetFile {
  columns: string[];
  rows: number;
  /** Bytes. */
  size: number;
  sample: string[][];
  /** Rows `from` to `to`, as texts. */
  read(from: number, to: number): Promise<string[][]>;
}

const SAMPLE = 64;

/** Snappy is hyparquet's own; the package's is WebAssembly, which the panel's policy refuses. */
const compressors: Compressors = {
  GZIP: decompressGzip,
  BROTLI: decompressBrotli,
  ZSTD: (input) => decompressZstd(input),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

/** @throws one sentence for what is no Parquet file. */
export async function openParquet(reader: ArtifactReader): Promise<ParquetFile> {
  const size = await reader.size();
  const file: AsyncBuffer = cachedAsyncBuffer({
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = await reader.range(start, end);
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  });
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown): never => {
    throw new Error(`${reader.name} is no whole Parquet file; it may be cut off.`, { cause });
  });
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  const rows = Number(metadata.num_rows);
  const read = async (from: number, to: number): Promise<string[][]> => {
    const rowEnd = Math.min(to, rows);
    if (from >= rowEnd) return [];
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart: from, rowEnd });
    return objects.map((object) => columns.map((column) => cellText(object[column])));
  };
  return { columns, rows, size, read, sample: await read(0, SAMPLE) };
}

/** A value as it is written in a cell. */
export function cellText(value: unknown): string {
  const plain = plainText(value);
  if (plain !== undefined) return plain;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "bigint") return Number(inner);
    return ArrayBuffer.isView(inner) && !(inner instanceof DataView) ? [...Object.values(inner)] : inner;
  });
}
