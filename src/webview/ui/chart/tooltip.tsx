import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Dot } from "../controls.tsx";
import { formatCount, formatMetric, metricFormat } from "../format.ts";
import { REACH } from "./crosshair.tsx";
import type { ChartHub } from "./hub.ts";
import type { LineChart } from "./lineChart.ts";
import { type ChartLine, readingsAt } from "./lines.ts";
import { placeName } from "./summaries.ts";

interface Props {
  metricKey: string;
  id: string;
  axis: string;
  lines: ReadonlySignal<ChartLine[]>;
  hub: ChartHub;
  chart: RefObject<LineChart | undefined>;
}

const MOST = 8;

/** The values at the crosshair: raw, best first. It stands beside the crosshair, on the half that the pointed line is not in. */
export function Tooltip({ metricKey, id, axis, lines, hub, chart }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null && chart.current !== null && chart.current !== undefined)
      placeBeside(box.current, Number(box.current.dataset["x"]), chart.current.place);
  });
  const crosshair = hub.crosshair.value;
  const drawn = chart.current;
  if (crosshair?.source !== id || drawn === null || drawn === undefined) return null;
  const hovered = hub.hovered.value;
  const reach = drawn.reach(REACH, crosshair.x);
  const { readings, more } = readingsAt(metricKey, lines.value, crosshair.x, reach, MOST, hovered);
  if (readings.length === 0) return null;
  const format = metricFormat(readings.map(({ value }) => value));
  const { x, points } = drawn.pointsAt(crosshair.x, REACH);
  const { top, bottom } = drawn.place;
  const pointed = points.find(({ run_id }) => run_id === hovered)?.y ?? bottom;
  const above = pointed > (top + bottom) / 2;
  const height = above ? { top: `${top}px` } : { bottom: `calc(100% - ${bottom}px)` };
  return (
    <div class="popup tooltip" role="status" ref={box} data-x={x} style={height}>
      <div class="dim">{placeName(axis, crosshair.x)}</div>
      {readings.map(({ run_id, name, ordinal, value, part }) => (
        <div key={`${run_id} ${part?.key}`} class={`reading ${run_id === hovered ? "strong" : ""}`}>
          <Dot ordinal={ordinal} size={8} />
          <span class="cut">{part === undefined ? name : `${name} · ${part.key}`}</span>
          <span class="value">{formatMetric(value, format)}</span>
        </div>
      ))}
      {more > 0 ? <div class="dim">and {formatCount(more)} more</div> : null}
    </div>
  );
}

/** Px between the crosshair and the tooltip. */
const GAP = 12;

/** On the side of the crosshair where it fits into the chart; else over the next chart, but never out of the page. */
export function placeBeside(box: HTMLElement, x: number, area: { left: number; right: number }): void {
  const width = box.offsetWidth;
  const origin = box.offsetParent?.getBoundingClientRect().left ?? 0;
  const toRight = x + GAP;
  const toLeft = x - GAP - width;
  const inChart = toRight + width <= area.right ? toRight : toLeft >= area.left ? toLeft : undefined;
  const inPage = origin + toRight + width <= globalThis.innerWidth ? toRight : Math.max(toLeft, -origin);
  box.style.left = `${inChart ?? inPage}px`;
}
