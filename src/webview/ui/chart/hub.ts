import type { ReadonlySignal, Signal } from "@preact/signals";

/** A place on x that all charts with the same x show. */
export interface Crosshair {
  x: number;
  /** What x is: only charts of the same show it. */
  axis: string;
  /** The chart under the pointer or with the focus: only that one has a tooltip. */
  source: string;
}

/** What all charts of a panel share. */
export interface ChartHub {
  hovered: Signal<string | undefined>;
  crosshair: Signal<Crosshair | undefined>;
  smoothing: ReadonlySignal<number>;
}
