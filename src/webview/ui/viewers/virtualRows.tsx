import type { ComponentChildren, HTMLAttributes, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  /** Rows in all. */
  count: number;
  /** Px. */
  rowHeight: number;
  /** Draws row `i`. */
  row: (i: number) => ComponentChildren;
  /** Stands above the rows and scrolls sideways with them. */
  head?: ComponentChildren;
  /** Told which rows are on screen. */
  onShown?: (first: number, last: number) => void;
  /** Row that is at the top at first. */
  first?: number;
  onScroll?: (firstRow: number, left: number) => void;
  /** Rows that come at the end are shown while the end was. */
  follow?: boolean;
  class?: string;
  /** Px; absent: as wide as the room. */
  width?: number;
  root?: RefObject<HTMLDivElement | null>;
  attributes?: HTMLAttributes<HTMLDivElement>;
}

/** No browser lays out what is higher (px): beyond it, the scroll bar's way stands for more rows than it has px. */
const HIGHEST = 8_000_000;
const SPARE = 8;

/** Rows of one height of which only those on screen are drawn, however many there are. */
export function VirtualRows(props: Props) {
  const { count, rowHeight, row, head, onShown, first = 0, onScroll, follow = false, width, attributes } = props;
  const own = useRef<HTMLDivElement>(null);
  const root = props.root ?? own;
  const [place, setPlace] = useState({ top: 0, height: 400 });
  const atEnd = useRef(false);
  const placed = useRef(false);
  const full = count * rowHeight;
  const high = Math.min(full, HIGHEST);
  // One px of the scroll bar's way in px of rows.
  const stretch = high > place.height ? (full - place.height) / (high - place.height) : 1;
  const top = Math.min(Math.max(0, full - place.height), place.top * stretch);
  const from = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const to = Math.min(count, Math.ceil((top + place.height) / rowHeight) + SPARE);

  const look = () => {
    const box = root.current;
    if (box === null) return;
    atEnd.current = box.scrollTop + box.clientHeight >= box.scrollHeight - 2;
    setPlace({ top: box.scrollTop, height: box.clientHeight });
  };
  useEffect(() => {
    const box = root.current;
    if (box === null) return undefined;
    const observer = new ResizeObserver(look);
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const box = root.current;
    if (box === null || count === 0) return;
    if (!placed.current && box.clientHeight > 0) {
      placed.current = true;
      if (first > 0) box.scrollTop = (first * rowHeight) / stretch;
    } else if (follow && atEnd.current) box.scrollTop = box.scrollHeight;
    look();
  }, [count]);
  useEffect(() => {
    onShown?.(from, Math.max(from, to - 1));
  }, [from, to, count]);
  const onScrolled = (event: Event & { currentTarget: HTMLElement }) => {
    look();
    onScroll?.(Math.floor((event.currentTarget.scrollTop * stretch) / rowHeight), event.currentTarget.scrollLeft);
  };
  // Beyond the highest box, the rows on screen are drawn where the screen is.
  const offset = place.top + (from * rowHeight - top);
  return (
    <div class={`virtualRows ${props.class ?? ""}`} ref={root} onScroll={onScrolled} tabIndex={0} {...attributes}>
      {head}
      <div class="virtualBody" style={{ height: `${high}px`, ...(width === undefined ? {} : { width: `${width}px` }) }}>
        <div class="virtualSlice" style={{ transform: `translateY(${Math.max(0, offset)}px)` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => row(from + i))}
        </div>
      </div>
    </div>
  );
}
