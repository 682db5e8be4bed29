import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Dot } from "../controls.tsx";
import { chartColors } from "./colors.ts";
import type { Drawing, DrawingLook } from "./drawing.ts";
import { DrawingChart } from "./drawingChart.ts";
import type { ChartHub } from "./hub.ts";
import { type OwnGestures, Plot } from "./plot.tsx";
import { placeBeside } from "./tooltip.tsx";
import type { Range, Zoom } from "./zoom.ts";

interface Props {
  /** Accessible name of the chart. */
  label: string;
  description: ReadonlySignal<string>;
  hub: ChartHub;
  /** Runs of the chart in the order of the arrow keys. */
  run_ids: ReadonlySignal<string[]>;
  /** Runs that can be hovered; absent: those of the arrow keys. */
  known?: ReadonlySignal<string[]>;
  /** Undefined while what it needs is not there. */
  draw(look: DrawingLook): Drawing | undefined;
  zoom?: Signal<Zoom>;
  /** Both axes are zoomed by a drag. */
  both?: boolean;
  onBrush?: ((range: { x: Range; y: Range }) => void) | undefined;
  onChart?: (chart: DrawingChart) => void;
  /** Told to screen readers when it changes. */
  said?: string;
  own?: ((chart: DrawingChart | undefined) => OwnGestures) | undefined;
}

/** Bars, points, boxes, contours: whatever is drawn of values rather than of histories. */
export function DrawingView(props: Props) {
  const { hub, run_ids } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<DrawingChart | undefined>(undefined);
  const ownZoom = useSignal<Zoom>({});
  const zoom = props.zoom ?? ownZoom;
  const width = useSignal(0);
  const drawn = useSignal(0);
  // The newest function: what it reads of signals is what draws again.
  const draw = useRef(props.draw);
  draw.current = props.draw;
  const known = useComputed(() => new Set((props.known ?? run_ids).value));
  const hovered = useComputed(() =>
    hub.hovered.value !== undefined && known.value.has(hub.hovered.value) ? hub.hovered.value : undefined,
  );
  useEffect(() => () => chart.current?.dispose(), []);
  useEffect(() => {
    if (canvas.current === null) return undefined;
    const observer = new ResizeObserver(() => {
      width.value = canvas.current?.clientWidth ?? 0;
    });
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);
  useSignalEffect(() => {
    const look = { hovered: hovered.value, colors: chartColors.value, zoom: zoom.value, width: width.value };
    const drawing = draw.current(look);
    if (canvas.current === null || look.width === 0 || drawing === undefined) return;
    if (chart.current === undefined) {
      chart.current = new DrawingChart(canvas.current, drawing, look.colors);
      props.onChart?.(chart.current);
    } else chart.current.show(drawing, look.colors);
    drawn.value = drawn.peek() + 1;
  });
  const zooming = {
    zoom,
    all: () => chart.current?.drawing.all ?? { x: [0, 1] as const, y: [0, 1] as const },
    both: props.both ?? false,
  };
  return (
    <Plot
      label={props.label}
      description={props.description.value}
      hub={hub}
      painted={chart}
      runs={() => run_ids.peek()}
      zooming={props.both === undefined ? undefined : zooming}
      onBrush={props.onBrush}
      own={props.own === undefined ? undefined : ownOf(props.own, chart)}
    >
      <canvas ref={canvas} role="img" aria-label={props.description.value} />
      {props.said === undefined ? null : (
        <span class="hidden" role="status">
          {props.said}
        </span>
      )}
      <PointTip chart={chart} hovered={hovered} drawn={drawn} />
    </Plot>
  );
}

/** The chart is made after the gestures are: they ask for it when they are used. */
function ownOf(
  own: (chart: DrawingChart | undefined) => OwnGestures,
  chart: { current: DrawingChart | undefined },
): OwnGestures {
  return {
    down: (px, py) => own(chart.current).down(px, py),
    key: (event) => own(chart.current).key(event),
    doubleClick: (px, py) => own(chart.current).doubleClick(px, py),
  };
}

interface TipProps {
  chart: { current: DrawingChart | undefined };
  hovered: ReadonlySignal<string | undefined>;
  drawn: ReadonlySignal<number>;
}

/** What the chart says of the hovered run, only while the pointer or the focus is in it. */
function PointTip({ chart, hovered, drawn }: TipProps) {
  const box = useRef<HTMLDivElement>(null);
  const run_id = hovered.value;
  const tip = drawn.value > 0 && run_id !== undefined ? chart.current?.tip(run_id) : undefined;
  useLayoutEffect(() => {
    if (box.current !== null && tip !== undefined && chart.current !== undefined)
      placeBeside(box.current, tip.x, chart.current.place);
  });
  if (tip === undefined) return null;
  return (
    <div class="popup tooltip ownTip" role="status" ref={box} style={{ top: `${Math.max(0, tip.y - 12)}px` }}>
      <div class="reading strong">
        {tip.ordinal === undefined ? null : <Dot ordinal={tip.ordinal} size={8} />}
        <span class="cut">{tip.title}</span>
      </div>
      {tip.rows.map(({ label, value }) => (
        <div class="reading" key={label}>
          <span class="dim cut">{label}</span>
          <span class="value">{value}</span>
        </div>
      ))}
    </div>
  );
}
