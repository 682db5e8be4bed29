import { useMemo } from "preact/hooks";
import { PagedTable } from "./pagedTable.tsx";

interface Props {
  columns: string[];
  rows: string[][];
  name: string;
  place: number;
  keep: (place: number) => void;
}

const BLOCK = 128;

/** A table that is in memory already. */
export function DataTable({ columns, rows, name, place, keep }: Props) {
  const read = useMemo(() => async (n: number) => rows.slice(n * BLOCK, (n + 1) * BLOCK), [rows]);
  return (
    <PagedTable
      {...{ columns, name, place, keep, read }}
      rows={rows.length}
      complete
      blockSize={BLOCK}
      version={rows}
      sample={rows.slice(0, BLOCK)}
    />
  );
}
