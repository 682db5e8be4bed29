import { useEffect, useMemo, useState } from "preact/hooks";
import { ROWS_APART } from "../../../protocol/artifacts.ts";
import { formatBytes } from "../format.ts";
import { parseCsv, separatorOf } from "./csv.ts";
import { PagedTable } from "./pagedTable.tsx";
import { RowReader } from "./rowReader.ts";
import { TextViewer } from "./text.tsx";
import { Told, type ViewerProps } from "./viewer.tsx";

interface Head {
  columns: string[];
  sample: string[][];
}

/** A CSV of any size as a table, its first row as the columns' names. */
export function CsvViewer(props: ViewerProps) {
  const { reader, version, place, keep, fail } = props;
  const rows = useMemo(() => {
    let separator: string | undefined;
    return new RowReader(reader, true, (text, block) => {
      if (block === 0 || separator === undefined) separator = separatorOf(reader.name, text.split("\n", 1)[0] ?? "");
      return parseCsv(text, separator);
    });
  }, [reader]);
  const [head, setHead] = useState<Head | undefined>(undefined);
  useEffect(() => {
    rows.start();
  }, [version]);
  useEffect(() => () => rows.stop(), [rows]);
  const known = rows.known.value;
  const failure = rows.failure.value;
  const begun = known.rows > 0;
  useEffect(() => {
    if (failure !== undefined) fail(failure);
  }, [failure]);
  useEffect(() => {
    if (!begun) return undefined;
    let current = true;
    rows.block(0).then(([columns = [], ...sample]) => current && setHead({ columns, sample }), fail);
    return () => {
      current = false;
    };
  }, [begun, known.stamp]);
  const read = useMemo(
    () => async (n: number) => {
      // The first block tells the separator, which may be another one in a file that was written anew.
      await rows.block(0);
      // The first row of the file is no row of the table: each block takes one of the next.
      const [block, next] = await Promise.all([rows.block(n), rows.block(n + 1)]);
      return [...block.slice(1), ...next.slice(0, block.length === ROWS_APART ? 1 : 0)];
    },
    [rows],
  );
  if (known.binary) return <TextViewer {...props} />;
  if (known.complete && !begun) return <Told text={`${reader.name} is empty.`} />;
  if (head === undefined) return null;
  return (
    <PagedTable
      {...{ read, place, keep }}
      name={reader.name}
      columns={head.columns}
      sample={head.sample}
      rows={known.rows - 1}
      complete={known.complete}
      blockSize={ROWS_APART}
      version={`${known.stamp} ${known.complete}`}
      fail={fail}
      note={<span class="dim num">{formatBytes(known.size)}</span>}
    />
  );
}
