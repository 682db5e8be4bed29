import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { useLayoutEffect, useReducer, useState } from "preact/hooks";

// TanStack's virtualizer as a hook: which rows or columns of a scroll area are drawn.

type ElementVirtualizer = Virtualizer<HTMLElement, HTMLElement>;

export interface VirtualProps {
  count: number;
  size: (index: number) => number;
  /** Changes whenever `size` would answer otherwise. */
  sizes: unknown;
  area: () => HTMLElement | null;
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
  const options: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: props.count,
    estimateSize: props.size,
    getScrollElement: props.area,
    horizontal: props.horizontal ?? false,
    overscan: props.overscan,
    scrollPaddingEnd: props.covered,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
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
