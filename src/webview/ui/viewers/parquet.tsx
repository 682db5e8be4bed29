import { useMemo } from "preact/hooks";
import { formatBytes } from "../format.ts";
import { PagedTable } from "./pagedTable.tsx";
import { openParquet } from "./parquetFile.ts";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";

/** Rows that are read at once: a page of a Parquet file is decoded for fewer just as well. */
const BLOCK = 1024;

/** A Parquet file of any size as a table: its foot is read, then the row groups that are looked at. */
export function ParquetViewer({ reader, version, place, keep, fail }: ViewerProps) {
  const file = useWhole(() => openParquet(reader), version, fail);
  const read = useMemo(() => (n: number) => file?.read(n * BLOCK, (n + 1) * BLOCK) ?? Promise.resolve([]), [file]);
  if (file === undefined) return null;
  const { columns, rows, sample, size } = file;
  return (
    <PagedTable
      {...{ columns, rows, sample, read, place, keep }}
      name={reader.name}
      complete
      blockSize={BLOCK}
      version={file}
      fail={fail}
      note={<span class="dim num">{formatBytes(size)}</span>}
    />
  );
}
