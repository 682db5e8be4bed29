import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type GridColumn, layoutColumns, type SortColumn } from "./columns.ts";
import { GridHeader } from "./header.tsx";
import { type Cell, moved } from "./navigation.ts";
import { type FocusBefore, type GridActions, type RowSource, STICKY } from "./parts.ts";
import { cellId, GridRow, PinnedCells, StickyRow } from "./row.tsx";
import { ScrollPlace, useVirtual } from "./virtual.ts";

/** Height of a row in px. */
export const ROW = 22;
const HEADER = 44;
/** Of a grid whose columns have no captions. */
const LOW_HEADER = 24;
/** Rows that are drawn above and below those on screen. */
const OVERSCAN = 4;

interface GridProps {
  label: string;
  columns: GridColumn[];
  sizes: Record<string, number>;
  sort: SortColumn[];
  rowCount: number;
  /** Changes when rows were loaded or changed. */
  version: number;
  source: RowSource;
  actions: GridActions;
  headerCheck: ComponentChildren;
  /** Its columns have no captions. */
  low?: boolean;
  /** One row is chosen, none are checked. */
  single?: boolean;
  /** Rows can have others below them. */
  tree: boolean;
  /** A row that stays below the header while it is not among those on screen: where it stands, if that is known. */
  sticky?: { row: number | undefined } | undefined;
  /** Which rows, in which order: the grid goes back to the first one when it changes. */
  rowsOf: string;
  /** Where to scroll to once the rows are there. */
  initialScroll: { top: number; left: number };
  initialFocus?: FocusBefore | undefined;
}

/** A table of any number of rows and columns, of which only what is seen is in the page. The first column is pinned. */
export function Grid(props: GridProps) {
  const { columns, sizes, rowCount, source, actions } = props;
  const area = useRef<HTMLDivElement>(null);
  const header = props.low === true ? LOW_HEADER : HEADER;
  const { focus, setFocus } = useFocus(props);
  const layout = useMemo(() => layoutColumns(columns, sizes), [columns, sizes]);
  const place = useMemo(() => new ScrollPlace(), []);
  const rows = useVirtual({
    count: rowCount,
    size: () => ROW,
    sizes: ROW,
    area: () => area.current,
    place,
    overscan: OVERSCAN,
    covered: header,
  });
  const center = useVirtual({
    count: layout.center.length,
    size: (i) => layout.widths[i] ?? 0,
    sizes: layout,
    area: () => area.current,
    place,
    horizontal: true,
    overscan: 1,
    covered: layout.pinnedWidth,
  });
  const first = rows.items[0]?.index ?? 0;
  const last = rows.items.at(-1)?.index ?? 0;
  useEffect(() => actions.viewport(first, last), [first, last, rowCount]);
  const columnRange = { first: center.items[0]?.index ?? 0, last: center.items.at(-1)?.index ?? -1 };
  useEffect(() => actions.columnsDrawn(columnRange.first, columnRange.last), [columnRange.first, columnRange.last]);
  useInitialScroll(area, props.initialScroll, rowCount);
  useRewind(area, props.rowsOf);

  const focusCell = (cell: Cell) => {
    setFocus(cell);
    if (cell.row >= 0) rows.scrollTo(cell.row);
    if (cell.column >= layout.pinned.length) center.scrollTo(cell.column - layout.pinned.length);
  };
  /** A column that a key moves keeps the focus. */
  const movedColumn = useRef<string | undefined>(undefined);
  useEffect(() => {
    const at = columns.findIndex(({ id }) => id === movedColumn.current);
    movedColumn.current = undefined;
    if (at >= 0) focusCell({ row: -1, column: at });
  }, [columns]);
  const columnAt = (index: number) => layout.pinned[index] ?? layout.center[index - layout.pinned.length];
  const onKeyDown = (event: KeyboardEvent) => {
    // The key before may have moved nothing.
    movedColumn.current = undefined;
    const column = columnAt(focus.column);
    if (column === undefined || event.target !== area.current) return;
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      event.preventDefault();
      const box = document.querySelector(`#${cellId(focus.row, focus.column)}`)?.getBoundingClientRect();
      return actions.menu(focus.row, column, { x: (box?.left ?? 0) + 16, y: box?.bottom ?? 0 });
    }
    // What a row means by a key comes first: arrows unfold and fold.
    if (actions.key(event, focus.row, column, focus.column)) {
      if (focus.row < 0 && event.altKey) movedColumn.current = column.id;
      return event.preventDefault();
    }
    const page = Math.max(1, Math.floor(((area.current?.clientHeight ?? 0) - header) / ROW) - 1);
    const next = event.altKey
      ? undefined
      : moved(focus, event.key, ctrl, { rows: rowCount, columns: columns.length, page });
    if (next !== undefined) {
      event.preventDefault();
      // The first column is pinned: what lies under it comes out.
      if (event.key === "Home") area.current?.scrollTo({ left: 0 });
      if (event.shiftKey && next.row >= 0 && next.row !== focus.row) actions.check(focus.row, next.row);
      return focusCell(next);
    }
    if (act(event, ctrl, column)) event.preventDefault();
  };
  const act = (event: KeyboardEvent, ctrl: boolean, column: GridColumn): boolean => {
    const { key } = event;
    if (focus.row < 0) {
      const sorts = key === "Enter" || key === " " || (event.altKey && key === "ArrowUp");
      if (sorts && column.sortable) actions.sort(column, event.shiftKey);
      return sorts;
    }
    if (key === "Enter") actions.open(focus.row);
    else if (key === " ") actions.check(focus.row);
    else if (ctrl && key.toLowerCase() === "c") actions.copy(focus.row, column);
    else return false;
    return true;
  };

  const drawn = rows.items.map(({ index, start }) => ({
    row: index,
    top: start,
    layout,
    focusColumn: focus.row === index ? focus.column : -1,
    version: props.version,
    source,
    tree: props.tree,
  }));
  // The focus may be in a row or a column that is scrolled away, or in one that is there no more.
  const isDrawn = ({ row, column }: Cell) => {
    const at = column - layout.pinned.length;
    const isColumn = at < 0 || (at >= columnRange.first && at <= columnRange.last);
    return isColumn && (row < 0 || drawn.some((one) => one.row === row));
  };
  // A row that leaves the screen gives its elements to the one that comes.
  const slots = Math.max(1, rows.items.length);
  const at = props.sticky?.row;
  const seen = at !== undefined && at >= first && at <= last && (first === 0 || at >= first + OVERSCAN);
  const sticks = props.sticky !== undefined && !seen && rowCount > 0;
  return (
    <div
      class="grid"
      ref={area}
      role={props.tree ? "treegrid" : "grid"}
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rowCount + 1}
      aria-colcount={columns.length}
      aria-multiselectable={props.single !== true}
      aria-activedescendant={isDrawn(focus) ? cellId(focus.row, focus.column) : undefined}
      onKeyDown={onKeyDown}
      onScroll={(event) => {
        const { top, left } = place.read(event.currentTarget);
        // Nothing is drawn anew for the line beside the pinned column.
        event.currentTarget.toggleAttribute("data-aside", left > 0);
        actions.scrolled(top, left);
      }}
      onMouseOver={(event) => source.hover(cellOf(event.target)?.row)}
      onMouseLeave={() => source.hover(undefined)}
      onMouseDown={(event) => {
        const cell = cellOf(event.target);
        if (cell === undefined || event.button !== 0) return;
        if (event.shiftKey && cell.row !== focus.row) {
          event.preventDefault();
          area.current?.focus();
          actions.check(focus.row, cell.row);
        } else if (event.ctrlKey || event.metaKey) actions.check(cell.row);
        setFocus(cell);
      }}
      onDblClick={(event) => {
        const cell = cellOf(event.target);
        if (cell !== undefined) actions.open(cell.row);
      }}
      onContextMenu={(event) => {
        const cell = cellOf(event.target) ?? headOf(event.target);
        const column = cell === undefined ? undefined : columnAt(cell.column);
        if (cell === undefined || column === undefined) return;
        event.preventDefault();
        setFocus(cell);
        actions.menu(cell.row, column, { x: event.clientX, y: event.clientY });
      }}
    >
      <GridHeader
        layout={layout}
        range={columnRange}
        sort={props.sort}
        focusColumn={focus.row < 0 ? focus.column : -1}
        check={props.headerCheck}
        low={props.low === true}
        actions={actions}
      >
        {sticks ? (
          <StickyRow
            {...{ row: STICKY, top: 0, layout, focusColumn: -1, version: props.version, source, tree: false }}
            firstColumn={columnRange.first}
            lastColumn={columnRange.last}
          />
        ) : null}
      </GridHeader>
      <div class="gridBody" role="rowgroup" style={{ height: `${rows.total}px`, width: `${layout.totalWidth}px` }}>
        <div class="pinnedColumn" role="presentation" style={{ width: `${layout.pinnedWidth}px` }}>
          {drawn.map((row) => (
            <PinnedCells key={row.row % slots} {...row} />
          ))}
        </div>
        {drawn.map((row) => (
          <GridRow key={row.row % slots} {...row} firstColumn={columnRange.first} lastColumn={columnRange.last} />
        ))}
      </div>
    </div>
  );
}

/** The cell that the keyboard is on: at first where the person was before, wherever that row stands now. */
function useFocus({ initialFocus, columns, rowCount, version, actions }: GridProps) {
  const [focus, put] = useState<Cell>({ row: 0, column: 0 });
  const before = useRef(initialFocus);
  useEffect(() => {
    if (before.current === undefined || rowCount === 0) return;
    const { row, column, find } = before.current;
    const found = row < 0 ? row : find();
    const at = columns.findIndex(({ id }) => id === column);
    put({ row: Math.min(rowCount - 1, found ?? row), column: Math.max(0, at) });
    if (found !== undefined && at >= 0) before.current = undefined;
  }, [columns, rowCount, version]);
  const setFocus = (cell: Cell) => {
    before.current = undefined;
    put(cell);
    const column = columns[cell.column];
    if (column !== undefined) actions.focused(cell.row, column);
  };
  return { focus, setFocus };
}

/** Scrolls once to where the person was, as soon as there are rows to scroll. */
function useInitialScroll(
  area: { current: HTMLElement | null },
  scroll: { top: number; left: number },
  rowCount: number,
) {
  const done = useRef(false);
  useLayoutEffect(() => {
    if (done.current || rowCount === 0 || area.current === null) return;
    done.current = true;
    // At the beginning it is already; to scroll lays the page out once more.
    if (scroll.left > 0 || scroll.top > 0) area.current.scrollTo(scroll.left, scroll.top);
  }, [rowCount]);
}

/** Leads to the first row whenever `rowsOf` changes. */
function useRewind(area: { current: HTMLElement | null }, rowsOf: string) {
  const before = useRef(rowsOf);
  useLayoutEffect(() => {
    if (before.current === rowsOf) return;
    before.current = rowsOf;
    if (area.current !== null) area.current.scrollTop = 0;
  }, [rowsOf]);
}

/** The header that an event happened in. */
function headOf(target: EventTarget | null): Cell | undefined {
  const head = target instanceof Element ? target.closest("[role='columnheader']") : null;
  const column = head?.getAttribute("aria-colindex");
  return column === null || column === undefined ? undefined : { row: -1, column: Number(column) - 1 };
}

/** The cell that an event happened in; undefined in the header and beside the rows. */
function cellOf(target: EventTarget | null): Cell | undefined {
  if (!(target instanceof Element)) return undefined;
  const row = target.closest<HTMLElement>("[data-row]")?.dataset["row"];
  const column = target.closest("[aria-colindex]")?.getAttribute("aria-colindex") ?? "1";
  return row === undefined ? undefined : { row: Number(row), column: Number(column) - 1 };
}
