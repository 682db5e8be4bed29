import type { Drawing, Tip } from "./drawing.ts";
import type { ChartColors } from "./palette.ts";
import type { Place } from "./place.ts";
import { Plane } from "./plane.ts";

/** A drawing on a canvas. */
export class DrawingChart {
  readonly #plane: Plane;
  #drawing: Drawing;

  constructor(canvas: HTMLCanvasElement, drawing: Drawing, colors: ChartColors) {
    this.#drawing = drawing;
    this.#plane = new Plane(canvas);
    this.show(drawing, colors);
  }

  show(drawing: Drawing, colors: ChartColors): void {
    this.#drawing = drawing;
    this.#plane.show(drawing.axes, colors, (place) => drawing.draw(place), drawing.padding);
  }

  get drawing(): Drawing {
    return this.#drawing;
  }

  get place(): Place {
    return this.#plane.place;
  }

  get size(): { width: number; height: number } {
    return this.#plane.size;
  }

  runAt(px: number, py: number): string | undefined {
    return this.#drawing.runAt(this.place, px, py);
  }

  tip(run_id: string): Tip | undefined {
    return this.#drawing.tip(this.place, run_id);
  }

  dispose(): void {
    this.#plane.dispose();
  }
}
