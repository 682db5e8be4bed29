import type { ChartColors } from "./palette.ts";
import type { Place, PlotAxes } from "./place.ts";
import type { Layers } from "./shapes.ts";
import type { Zoom } from "./zoom.ts";

/** What a drawing is made from besides its data. */
export interface DrawingLook {
  hovered: string | undefined;
  colors: ChartColors;
  zoom: Zoom;
  /** Width of the room in px, as far as it is known. */
  width: number;
}

/** A few words beside a place of a chart. */
export interface Tip {
  /** Px on the canvas. */
  x: number;
  y: number;
  title: string;
  ordinal?: number;
  rows: { label: string; value: string }[];
}

/** A chart of values as pure functions of its room: canvas, SVG and tests all take it. */
export interface Drawing {
  /** Undefined: it fills its whole room and draws its own axes. */
  axes: PlotAxes | undefined;
  draw(place: Place): Layers;
  /** The run at a place on the canvas. */
  runAt(place: Place, px: number, py: number): string | undefined;
  /** What is said of a hovered run; undefined: nothing. */
  tip(place: Place, run_id: string): Tip | undefined;
  /** Range of all data; absent: it cannot be zoomed. */
  all?: { x: [number, number]; y: [number, number] };
  /** Room beside the plot in px, for what stands there. */
  padding?: { top: number; right: number; bottom: number; left: number };
}

/** Of things with a place, the nearest within `reach` px. */
export function nearestTo<T>(
  things: readonly T[],
  at: (thing: T) => { x: number; y: number },
  px: number,
  py: number,
  reach: number,
): T | undefined {
  let nearest: T | undefined;
  let least = reach * reach;
  for (const thing of things) {
    const { x, y } = at(thing);
    const distance = (x - px) ** 2 + (y - py) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = thing;
    }
  }
  return nearest;
}
