import type { ComponentChildren } from "preact";
import { Icon } from "../controls.tsx";
import { type ColumnLayout, type GridColumn, MAX_WIDTH, MIN_WIDTH, type SortColumn } from "./columns.ts";
import type { GridActions } from "./parts.ts";

/** Kind of what is dragged: the id of a column. */
const DRAGGED = "application/x-flowdeck-column";

interface HeaderProps {
  layout: ColumnLayout;
  range: { first: number; last: number };
  sort: SortColumn[];
  focusColumn: number;
  check: ComponentChildren;
  /** Without captions. */
  low: boolean;
  actions: GridActions;
  /** Stands below the headers, over the rows. */
  children?: ComponentChildren;
}

/** Captions and column headers; they stay while the rows scroll. */
export function GridHeader({ layout, range, sort, focusColumn, check, low, actions, children }: HeaderProps) {
  const head = (column: GridColumn, index: number, width: number, first?: ComponentChildren) => {
    const at = sort.findIndex(({ id }) => id === column.id);
    const desc = at >= 0 ? sort[at]?.desc : undefined;
    const ariaSort = desc === undefined ? "none" : desc ? "descending" : "ascending";
    const side = `${column.alignRight ? "right" : ""} ${column.startsGroup ? "edge" : ""}`;
    return (
      <div
        key={column.id}
        id={`cell--1-${index}`}
        role="columnheader"
        aria-colindex={index + 1}
        aria-sort={ariaSort}
        data-column={column.id}
        title={column.title ?? column.header}
        draggable={index > 0 && column.fixed !== true}
        onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, column.id)}
        onDragOver={(event) => {
          if (index > 0 && event.dataTransfer?.types.includes(DRAGGED) === true) event.preventDefault();
        }}
        onDrop={(event) => {
          const id = event.dataTransfer?.getData(DRAGGED);
          const dragged = [...layout.pinned, ...layout.center].find((one) => one.id === id);
          if (dragged !== undefined && dragged.id !== column.id) actions.move(dragged, column);
        }}
        class={`headCell ${side} ${index === focusColumn ? "focus" : ""} ${column.sortable ? "sortable" : ""}`}
        style={{ width: `${width}px` }}
        onClick={(event) => column.sortable && actions.sort(column, event.shiftKey)}
      >
        {first}
        {desc === undefined ? null : <Icon name={desc ? "arrow-down" : "arrow-up"} />}
        {desc !== undefined && sort.length > 1 ? <span class="small">{at + 1}</span> : null}
        <span class={`cut ${desc === undefined ? "" : "sorted"}`}>{column.header}</span>
        <ResizeHandle column={column} width={width} actions={actions} />
      </div>
    );
  };
  const gap = layout.starts[range.first] ?? 0;
  return (
    <div class={`gridHead ${low ? "low" : ""}`} role="rowgroup" style={{ width: `${layout.totalWidth}px` }}>
      {low ? null : (
        <div class="captions" aria-hidden="true">
          <div class="caption pinned" style={{ width: `${layout.pinnedWidth}px` }} />
          {captionsOf(layout).map(({ text, width, edge }) => (
            <div class={`caption ${edge ? "edge" : ""}`} style={{ width: `${width}px` }}>
              <span style={{ left: `${layout.pinnedWidth + 8}px` }}>{text}</span>
            </div>
          ))}
        </div>
      )}
      <div class="heads" role="row" aria-rowindex={1}>
        <div class="pinnedHeads" style={{ width: `${layout.pinnedWidth}px` }}>
          {layout.pinned.map((column, i) => head(column, i, layout.pinnedWidths[i] ?? 0, i === 0 ? check : undefined))}
        </div>
        <div class="gridGap" style={{ width: `${gap}px` }} />
        {layout.center
          .slice(range.first, range.last + 1)
          .map((column, i) =>
            head(column, range.first + i + layout.pinned.length, layout.widths[range.first + i] ?? 0),
          )}
      </div>
      {children}
    </div>
  );
}

/** Neighbouring columns with one caption, and how wide they are together. */
function captionsOf(layout: ColumnLayout): { text: string; width: number; edge: boolean }[] {
  const captions: { text: string; width: number; edge: boolean }[] = [];
  layout.center.forEach((column, i) => {
    const text = column.caption ?? "";
    const width = layout.widths[i] ?? 0;
    const before = captions.at(-1);
    if (before !== undefined && before.text === text) before.width += width;
    else captions.push({ text, width, edge: column.startsGroup ?? false });
  });
  return captions;
}

function ResizeHandle({ column, width, actions }: { column: GridColumn; width: number; actions: GridActions }) {
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget;
    const startX = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent) => {
      actions.resize(column, Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width + move.clientX - startX)));
    };
    const onUp = () => handle.removeEventListener("pointermove", onMove);
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onUp, { once: true });
  };
  const onDblClick = (event: MouseEvent & { currentTarget: HTMLElement }) => {
    event.stopPropagation();
    actions.resize(column, fittingWidth(event.currentTarget, column.id));
  };
  return (
    <span
      class="resize"
      onPointerDown={onPointerDown}
      onDblClick={onDblClick}
      onClick={(event) => event.stopPropagation()}
    />
  );
}

/** The width that the header and the rows on screen need. */
function fittingWidth(handle: HTMLElement, id: string): number {
  const head = handle.parentElement;
  const grid = handle.closest(".grid");
  if (head === null || grid === null) return MIN_WIDTH;
  const index = head.getAttribute("aria-colindex");
  let widest = 0;
  for (const cell of [head, ...grid.querySelectorAll(`[role="gridcell"][aria-colindex="${index}"]`)]) {
    const content = document.createRange();
    content.selectNodeContents(cell);
    const clipped = cell.querySelector(".cut");
    const hidden = clipped === null ? 0 : clipped.scrollWidth - clipped.clientWidth;
    widest = Math.max(widest, content.getBoundingClientRect().width + hidden);
  }
  return Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, Math.ceil(widest) + (id === "name" ? 24 : 18)));
}
