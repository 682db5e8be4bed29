import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren, RefObject } from "preact";
import { useId, useRef } from "preact/hooks";
import type { ChartHub } from "./hub.ts";
import type { Place } from "./place.ts";
import { draggedRange, isIn, isZoomed, panned, type Range, within, type Zoom, zoomedAt } from "./zoom.ts";

/** What a plot asks of the chart that is drawn in it. */
export interface Painted {
  readonly place: Place;
  /** The run at a place on the canvas. */
  runAt(px: number, py: number): string | undefined;
}

/** How a chart is zoomed; without it, it is not. */
export interface Zooming {
  zoom: Signal<Zoom>;
  /** Range of everything there is. */
  all(): { x: Range; y: Range };
  /** A drag takes both ranges, not only that of x. */
  both?: boolean;
}

/** What a kind of chart does by itself with the pointer and the keys. */
export interface OwnGestures {
  /** Takes the pointer: the answer is told where it moves to. */
  down(px: number, py: number): ((px: number, py: number) => void) | undefined;
  /** True when the key was for it. */
  key(event: KeyboardEvent): boolean;
  doubleClick(px: number, py: number): void;
}

interface PlotProps {
  /** Accessible name: what the chart is and which keys it knows. */
  label: string;
  /** What it shows, in a sentence or two, for those who do not see it. */
  description: string;
  hub: ChartHub;
  painted: RefObject<Painted | undefined>;
  /** Runs in the order in which up and down go through them. */
  runs(): string[];
  zooming?: Zooming | undefined;
  /** Alt and a drag choose runs. */
  onBrush?: ((range: { x: Range; y: Range }) => void) | undefined;
  /** The pointer is in the plot area at this px of x; undefined = it left. */
  onPoint?: ((px: number | undefined, py: number) => void) | undefined;
  /** Left and right; `by` points. */
  onStep?: ((by: number) => void) | undefined;
  own?: OwnGestures | undefined;
  children: ComponentChildren;
}

interface Drag {
  kind: "zoom" | "pan" | "brush";
  fromX: number;
  fromY: number;
  both: boolean;
  /** Where it began, for panning. */
  start: Zoom;
}

const FACTOR = 0.6;

/** The room of a chart's canvas: pointer, wheel and keys, the same for every kind. */
export function Plot(props: PlotProps) {
  const { hub, painted, zooming } = props;
  const root = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag | undefined>(undefined);
  const ownDrag = useRef<((px: number, py: number) => void) | undefined>(undefined);
  const box = useSignal<{ left: number; top: number; width: number; height: number } | undefined>(undefined);
  const describedBy = useId();

  const setZoom = (next: Zoom) => {
    if (zooming === undefined) return;
    const all = zooming.all();
    const x = next.x === undefined ? undefined : within(next.x, all.x);
    zooming.zoom.value = { x, y: next.y };
  };
  const zoomBy = (factor: number, atX: number | undefined, atY?: number) => {
    const place = painted.current?.place;
    if (zooming === undefined || place === undefined) return;
    const before = zooming.zoom.peek();
    const middle = atX ?? (place.left + place.right) / 2;
    const x = zoomedAt(place.x, place.left, place.right, middle, factor);
    const y =
      zooming.both === true && atY !== undefined
        ? zoomedAt(place.y, place.bottom, place.top, atY, factor)
        : zooming.both === true
          ? zoomedAt(place.y, place.bottom, place.top, (place.top + place.bottom) / 2, factor)
          : before.y;
    const all = zooming.all();
    setZoom({ x, y: y === undefined || zooming.both !== true ? y : within(y, all.y) });
  };
  const panBy = (share: number) => {
    const place = painted.current?.place;
    if (zooming === undefined || place === undefined || !isZoomed(zooming.zoom.peek())) return;
    const kept = zooming.zoom.peek();
    if (kept.x === undefined) return;
    const all = zooming.all();
    const moved = panned(place.x, place.left, place.right, share);
    const length = kept.x[1] - kept.x[0];
    const from = Math.min(Math.max(moved[0], all.x[0]), all.x[1] - length);
    zooming.zoom.value = { ...kept, x: [from, from + length] };
  };
  const reset = () => {
    if (zooming !== undefined && isZoomed(zooming.zoom.peek())) zooming.zoom.value = {};
  };

  const leave = () => {
    props.onPoint?.(undefined, 0);
    hub.hovered.value = undefined;
  };
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const place = painted.current?.place;
    if (place === undefined || event.button !== 0) return;
    const [px, py] = positionIn(event);
    ownDrag.current = props.own?.down(px, py);
    if (ownDrag.current !== undefined) {
      event.currentTarget.setPointerCapture(event.pointerId);
      return;
    }
    const inside = isIn(place, px, py);
    const brushes = event.altKey && props.onBrush !== undefined && inside;
    const belowAxis = py > place.bottom && px >= place.left && px <= place.right;
    if (!brushes && (zooming === undefined || !(inside || belowAxis))) return;
    const kind = brushes ? "brush" : belowAxis ? "pan" : "zoom";
    const both = kind === "brush" || event.shiftKey || zooming?.both === true;
    drag.current = { kind, fromX: px, fromY: py, both, start: zooming?.zoom.peek() ?? {} };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const chart = painted.current;
    if (chart === null || chart === undefined) return;
    const [px, py] = positionIn(event);
    const { place } = chart;
    if (ownDrag.current !== undefined) {
      ownDrag.current(px, py);
      return;
    }
    const dragged = drag.current;
    if (dragged?.kind === "pan") {
      panTo(dragged, px, place);
      return;
    }
    if (dragged !== undefined) {
      if (box.peek() === undefined) leave();
      const clampX = Math.min(place.right, Math.max(place.left, px));
      const clampY = Math.min(place.bottom, Math.max(place.top, py));
      const top = dragged.both ? Math.min(dragged.fromY, clampY) : place.top;
      const bottom = dragged.both ? Math.max(dragged.fromY, clampY) : place.bottom;
      const left = Math.min(dragged.fromX, clampX);
      box.value = { left, top, width: Math.abs(clampX - dragged.fromX), height: bottom - top };
      return;
    }
    if (!isIn(place, px, py)) {
      leave();
      return;
    }
    props.onPoint?.(px, py);
    hub.hovered.value = chart.runAt(px, py);
  };
  const panTo = (dragged: Drag, px: number, place: Place) => {
    const { x, y } = dragged.start;
    if (x === undefined || zooming === undefined) return;
    const all = zooming.all();
    const by = ((dragged.fromX - px) / (place.right - place.left)) * (x[1] - x[0]);
    const from = Math.min(Math.max(x[0] + by, all.x[0]), all.x[1] - (x[1] - x[0]));
    zooming.zoom.value = { x: [from, from + x[1] - x[0]], y };
  };
  const onPointerUp = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const dragged = drag.current;
    const place = painted.current?.place;
    drag.current = undefined;
    ownDrag.current = undefined;
    box.value = undefined;
    if (dragged === undefined || place === undefined || dragged.kind === "pan") return;
    const [px, py] = positionIn(event);
    const x = draggedRange(place.x, dragged.fromX, px, [place.left, place.right]);
    const y = draggedRange(place.y, dragged.fromY, py, [place.top, place.bottom]);
    if (dragged.kind === "brush") {
      if (x !== undefined && y !== undefined) props.onBrush?.({ x, y });
      return;
    }
    if (x === undefined || (dragged.both && y === undefined)) return;
    setZoom({ x, y: dragged.both ? y : dragged.start.y });
  };
  const onWheel = (event: WheelEvent & { currentTarget: HTMLElement }) => {
    if (zooming === undefined) return;
    const [px, py] = positionIn(event);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      zoomBy(Math.exp(Math.max(-100, Math.min(100, event.deltaY)) * 0.004), px, py);
    } else if (event.deltaX !== 0 || event.shiftKey) {
      if (zooming.zoom.peek().x === undefined) return;
      event.preventDefault();
      panBy((event.deltaX === 0 ? event.deltaY : event.deltaX) / 600);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (props.own?.key(event) === true) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const upDown = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (sideways !== undefined && event.shiftKey) panBy(sideways * 0.2);
    else if (sideways !== undefined && props.onStep !== undefined) props.onStep(sideways);
    else if (upDown !== undefined) {
      const ids = props.runs();
      if (ids.length > 0)
        hub.hovered.value = ids[(ids.indexOf(hub.hovered.value ?? "") + upDown + ids.length) % ids.length];
    } else if (event.key === "+" || event.key === "=") zoomBy(FACTOR, crosshairPx());
    else if (event.key === "-") zoomBy(1 / FACTOR, crosshairPx());
    else if (event.key === "0") reset();
    else if (event.key === "Escape" && (hub.hovered.value ?? hub.crosshair.value) !== undefined) leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const crosshairPx = () => {
    const at = hub.crosshair.peek();
    const place = painted.current?.place;
    if (at === undefined || place === undefined || props.onStep === undefined) return undefined;
    const px = place.x.px(at.x);
    return px >= place.left && px <= place.right ? px : undefined;
  };
  return (
    <div
      class="plot"
      ref={root}
      tabIndex={0}
      role="application"
      aria-roledescription="chart"
      aria-label={props.label}
      aria-describedby={describedBy}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        drag.current = undefined;
        ownDrag.current = undefined;
        box.value = undefined;
      }}
      onPointerLeave={() => {
        if (drag.current === undefined) leave();
      }}
      onDblClick={(event) => {
        reset();
        props.own?.doubleClick(...positionIn(event));
      }}
      onWheel={onWheel}
      onBlur={leave}
      onKeyDown={onKeyDown}
    >
      <p class="hidden" id={describedBy}>
        {props.description}
      </p>
      {props.children}
      {box.value === undefined ? null : (
        <div class="selection" style={Object.fromEntries(Object.entries(box.value).map(([k, v]) => [k, `${v}px`]))} />
      )}
    </div>
  );
}

/** Px within the plot, whichever of its parts the event came from. */
function positionIn(event: MouseEvent & { currentTarget: HTMLElement }): [number, number] {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return [event.clientX - left, event.clientY - top];
}
