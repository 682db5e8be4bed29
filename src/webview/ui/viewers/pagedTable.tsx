import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { allNumbers, countOf } from "../format.ts";
import { useBlocks } from "./blocks.ts";
import { Told } from "./viewer.tsx";
import { VirtualRows } from "./virtualRows.tsx";

interface Props {
  columns: string[];
  /** Rows known so far. */
  rows: number;
  complete: boolean;
  /** Rows n·size to (n+1)·size, each a text for every column. */
  read: (n: number) => Promise<string[][]>;
  blockSize: number;
  /** Another one: what was read is no longer true. */
  version: unknown;
  /** First rows, from which widths and alignment are taken. */
  sample: string[][];
  name: string;
  place: number;
  keep: (place: number) => void;
  /** Told of rows that cannot be read any more. */
  fail?: (error: unknown) => void;
  /** More about the file, at its foot. */
  note?: ComponentChildren;
}

const ROW_HEIGHT = 22;
/** Px of a character and of a cell's edges. */
const CHARACTER = 7.2;
const EDGES = 17;
const NARROWEST = 48;
const WIDEST = 320;
/** Px of row numbers. */
const NUMBERS = 56;

/** A table of any size: rows and columns that are on screen are drawn, rows are read in blocks. */
export function PagedTable(props: Props) {
  const { columns, rows, complete, read, blockSize, version, sample, name, place, keep, fail, note } = props;
  const blocks = useBlocks(read, blockSize, version, fail);
  const root = useRef<HTMLDivElement>(null);
  const [left, setLeft] = useState(0);
  const widths = columns.map((column, c) => {
    const longest = Math.max(column.length, ...sample.map((row) => row[c]?.length ?? 0));
    return Math.round(Math.min(WIDEST, Math.max(NARROWEST, longest * CHARACTER + EDGES)));
  });
  const numeric = columns.map((_, c) => allNumbers(sample.map((row) => row[c] || null)));
  const starts = widths.reduce<number[]>((all, width) => [...all, (all.at(-1) ?? NUMBERS) + width], [NUMBERS]);
  const total = starts.at(-1) ?? NUMBERS;
  const room = root.current?.clientWidth ?? 1600;
  const shown = columns
    .map((column, c) => ({ column, c, start: starts[c] ?? 0, width: widths[c] ?? 0 }))
    .filter(({ start, width }) => start + width > left - 200 && start < left + room + 200);
  if (complete && columns.length === 0) return <Told text={`${name} has no columns.`} />;
  if (blocks.failure !== undefined) return <Told text={`The rows of ${name} cannot be read: it may be cut off.`} />;
  const cell = (text: string | undefined, c: number, start: number, width: number) => (
    <span
      key={c}
      role="cell"
      aria-colindex={c + 2}
      class={`dataCell cut ${numeric[c] === true ? "num right" : ""}`}
      style={{ left: `${start}px`, width: `${width}px` }}
      title={text !== undefined && text.length * CHARACTER > width - EDGES ? text : undefined}
    >
      {text}
    </span>
  );
  const head = (
    <div class="dataHead" role="row" aria-rowindex={1} style={{ width: `${total}px` }}>
      <span class="dataCell rowNumber" role="columnheader">
        <span class="hidden">Row</span>
      </span>
      {shown.map(({ column, c, start, width }) => (
        <span
          key={c}
          role="columnheader"
          aria-colindex={c + 2}
          class={`dataCell cut ${numeric[c] === true ? "right" : ""}`}
          style={{ left: `${start}px`, width: `${width}px` }}
          title={column}
        >
          {column}
        </span>
      ))}
    </div>
  );
  return (
    <div class="textViewer">
      <VirtualRows
        class="dataRows"
        root={root}
        count={rows}
        rowHeight={ROW_HEIGHT}
        width={total}
        first={place}
        onScroll={(row, scrolled) => {
          keep(row);
          if (scrolled !== left) setLeft(scrolled);
        }}
        onShown={blocks.show}
        head={head}
        attributes={{
          role: "table",
          "aria-label": name,
          "aria-rowcount": complete ? rows + 1 : -1,
          "aria-colcount": columns.length + 1,
        }}
        row={(i) => (
          <div key={i} class="dataRow" role="row" aria-rowindex={i + 2}>
            <span class="dataCell rowNumber num right dim" role="rowheader">
              {i + 1}
            </span>
            {shown.map(({ c, start, width }) => cell(blocks.at(i)?.[c], c, start, width))}
          </div>
        )}
      />
      <div class="viewerBar">
        <span class="dim num cut">
          {countOf(rows, "row")}
          {complete ? "" : " so far"} · {countOf(columns.length, "column")}
        </span>
        <span class="grow" />
        {note}
      </div>
    </div>
  );
}
