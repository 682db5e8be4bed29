import { type ReadonlySignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useRef } from "preact/hooks";
import { chartColors } from "./colors.ts";
import type { ChartHub } from "./hub.ts";
import type { LineChart } from "./lineChart.ts";
import { paint, type Shape } from "./shapes.ts";

interface Props {
  chart: RefObject<LineChart | undefined>;
  axis: string;
  hub: ChartHub;
  hovered: ReadonlySignal<string | undefined>;
  /** Rises when the chart was drawn anew. */
  drawn: ReadonlySignal<number>;
}

/** Room around the crosshair in px within which a line's point counts as being there. */
export const REACH = 12;

/** A line over all charts of the same x, with a dot on each line, on a canvas of its own: moving it draws no chart again. */
export function Crosshairs({ chart, axis, hub, hovered, drawn }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const clean = useRef(true);
  useSignalEffect(() => {
    const at = hub.crosshair.value;
    const colors = chartColors.value;
    const pointed = hovered.value;
    const shown = at !== undefined && at.axis === axis && drawn.value > 0;
    const ctx = shown || !clean.current ? canvas.current?.getContext("2d") : undefined;
    if (ctx === undefined || ctx === null || canvas.current === null) return;
    clear(canvas.current, ctx);
    clean.current = true;
    if (!shown || chart.current === null || chart.current === undefined) return;
    const { place } = chart.current;
    const { x, points } = chart.current.pointsAt(at.x, REACH);
    if (!(x >= place.left - 1 && x <= place.right + 1)) return;
    const shapes: Shape[] = [
      { kind: "rect", x: Math.round(x), y: place.top, width: 1, height: place.bottom - place.top, fill: colors.axis },
    ];
    for (const { y, color, run_id } of points) {
      const radius = run_id === pointed ? 3.5 : 2.5;
      if (!(y >= place.top - 4 && y <= place.bottom + 4)) continue;
      shapes.push({ kind: "circle", x, y, radius: radius + 1.2, fill: colors.background });
      shapes.push({ kind: "circle", x, y, radius, fill: color });
    }
    paint(ctx, shapes, colors.font);
    clean.current = false;
  });
  return <canvas ref={canvas} class="overlay" aria-hidden="true" />;
}

/** Empties the canvas, which is as large as its room and as fine as the screen. */
function clear(canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D): void {
  const scale = globalThis.devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, clientWidth, clientHeight);
}
