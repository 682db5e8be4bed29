import { useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../controls.tsx";
import { formatBytes } from "../format.ts";
import { type JsonRow, loggedTable, readJson, rowsOf } from "./jsonTree.ts";
import { DataTable } from "./dataTable.tsx";
import type { ViewerProps } from "./viewer.tsx";
import { useWhole } from "./whole.ts";
import { VirtualRows } from "./virtualRows.tsx";

/** JSON as a tree that is unfolded step by step; what `mlflow.log_table` wrote as a table. */
export function JsonViewer({ reader, version, place, keep, fail }: ViewerProps) {
  const made = useWhole(
    async (signal) => {
      const text = await reader.text(signal);
      const value = readJson(text, reader.name);
      return { value, table: loggedTable(value), size: text.length };
    },
    version,
    fail,
  );
  if (made === undefined) return null;
  if (made.table !== undefined) return <DataTable {...made.table} name={reader.name} place={place} keep={keep} />;
  return <JsonTree {...made} {...{ place, keep }} name={reader.name} />;
}

interface TreeProps {
  value: unknown;
  size: number;
  name: string;
  place: number;
  keep: (place: number) => void;
}

function JsonTree({ value, size, name, place, keep }: TreeProps) {
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set([""]));
  const [focus, setFocus] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => rowsOf(value, unfolded), [value, unfolded]);
  const toggle = (row: JsonRow) => {
    const next = new Set(unfolded);
    if (!next.delete(row.path)) next.add(row.path);
    setUnfolded(next);
  };
  const go = (to: number) => {
    const next = Math.min(rows.length - 1, Math.max(0, to));
    setFocus(next);
    const box = root.current;
    if (box === null) return;
    if (next * 20 < box.scrollTop) box.scrollTop = next * 20;
    if ((next + 1) * 20 > box.scrollTop + box.clientHeight) box.scrollTop = (next + 1) * 20 - box.clientHeight;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[focus];
    if (row === undefined) return;
    if (event.key === "ArrowDown") go(focus + 1);
    else if (event.key === "ArrowUp") go(focus - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(rows.length - 1);
    else if (event.key === "ArrowRight" && row.children > 0 && !row.unfolded) toggle(row);
    else if (event.key === "ArrowLeft" && row.unfolded) toggle(row);
    else if (event.key === "ArrowLeft") go(rows.findLastIndex(({ depth }, i) => i < focus && depth < row.depth));
    else if ((event.key === "Enter" || event.key === " ") && row.children > 0) toggle(row);
    else return;
    event.preventDefault();
  };
  return (
    <div class="textViewer">
      <VirtualRows
        class="codeRows"
        root={root}
        count={rows.length}
        rowHeight={20}
        first={place}
        onScroll={keep}
        attributes={{ role: "tree", "aria-label": name, "aria-activedescendant": `json-${focus}`, onKeyDown }}
        row={(i) => {
          const row = rows[i];
          if (row === undefined) return null;
          return (
            <div
              key={i}
              id={`json-${i}`}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-expanded={row.children > 0 ? row.unfolded : undefined}
              class={`jsonRow ${i === focus ? "focused" : ""}`}
              style={{ paddingLeft: `${8 + row.depth * 14}px` }}
              onClick={() => {
                setFocus(i);
                if (row.children > 0) toggle(row);
              }}
            >
              <span class="twistie">
                {row.children > 0 ? <Icon name={row.unfolded ? "chevron-down" : "chevron-right"} /> : null}
              </span>
              {row.key === undefined ? null : <span class="hl-attr">{row.key}: </span>}
              <span class={row.kind === undefined ? "dim" : `hl-${row.kind}`}>{row.text}</span>
            </div>
          );
        }}
      />
      <div class="viewerBar">
        <span class="dim num">{formatBytes(size)}</span>
      </div>
    </div>
  );
}
