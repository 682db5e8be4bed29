import { elementScroll, observeElementRect, type VirtualItem, Virtualizer } from "@tanstack/virtual-core";
import type { VirtualizerOptions } from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

// TanStack's virtualizer as a hook: which rows or columns of a scroll area are drawn.

type ElementVirtualizer = Virtualizer<HTMLElement, HTMLElement>;

/** How far an area is scrolled, in px. */
export interface Place {
  top: number;
  left: number;
}

/** Tells everyone where an area is scrolled to. The place is read once an event: a second read after a change would lay the page out again. */
export class ScrollPlace {
  readonly #listeners = new Set<(place: Place) => void>();

  subscribe(listener: (place: Place) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  read(area: HTMLElement): Place {
    const place = { top: area.scrollTop, left: area.scrollLeft };
    for (const listener of this.#listeners) listener(place);
    return place;
  }
}

export interface VirtualProps {
  count: number;
  size: (index: number) => number;
  /** Changes whenever `size` would answer otherwise. */
  sizes: unknown;
  area: () => HTMLElement | null;
  place: ScrollPlace;
  horizontal?: boolean;
  overscan: number;
  /** Px at the near edge that something pinned covers. */
  covered: number;
}

export interface Virtual {
  items: VirtualItem[];
  total: number;
  scrollTo(index: number): void;
}

export function useVirtual(props: VirtualProps): Virtual {
  const [, redraw] = useReducer<number, void>((n) => n + 1, 0);
  const side = props.horizontal === true ? "left" : "top";
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: props.count,
    estimateSize: props.size,
    getScrollElement: props.area,
    horizontal: props.horizontal ?? false,
    overscan: props.overscan,
    scrollPaddingEnd: props.covered,
    scrollToFn: elementScroll,
    observeElementRect,
    // Nothing here is measured while it scrolls, so the virtualizer need not know whether it does.
    observeElementOffset: (_, moved) => props.place.subscribe((place) => moved(place[side], false)),
    onChange: () => redraw(),
  };
  const [virtualizer] = useState<ElementVirtualizer>(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    virtualizer.measure();
  }, [props.sizes]);
  return {
    items: virtualizer.getVirtualItems(),
    total: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
  };
}
