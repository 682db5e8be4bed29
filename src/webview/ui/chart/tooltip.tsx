import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Dot } from "../controls.tsx";
import { formatCount, formatMetric, metricFormat } from "../format.ts";
import type { ChartHub } from "./frame.tsx";
import type { LineChart } from "./lineChart.ts";
import { type ChartLine, readingsAt } from "./lines.ts";

interface Props {
  metricKey: string;
  lines: ReadonlySignal<ChartLine[]>;
  hub: ChartHub;
  chart: RefObject<LineChart | undefined>;
}

const MOST = 8;

/** The values at the crosshair: raw, best first. It stands beside the crosshair, on the half that the pointed line is not in. */
export function Tooltip({ metricKey, lines, hub, chart }: Props) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current !== null && chart.current !== null && chart.current !== undefined)
      placeBeside(box.current, Number(box.current.dataset["x"]), chart.current.area);
  });
  const crosshair = hub.crosshair.value;
  const drawn = chart.current;
  if (crosshair?.source !== metricKey || drawn === null || drawn === undefined) return null;
  const hovered = hub.hovered.value;
  const { readings, more } = readingsAt(metricKey, lines.value, crosshair.step, drawn.reach(12), MOST, hovered);
  if (readings.length === 0) return null;
  const format = metricFormat(readings.map(({ value }) => value));
  const { x, points } = drawn.pointsAt(crosshair.step, drawn.reach(12));
  const { top, bottom } = drawn.area;
  const pointed = points.find(({ run_id }) => run_id === hovered)?.y ?? bottom;
  const above = pointed > (top + bottom) / 2;
  const height = above ? { top: `${top}px` } : { bottom: `calc(100% - ${bottom}px)` };
  return (
    <div class="popup tooltip" role="status" ref={box} data-x={x} style={height}>
      <div class="dim">step {formatCount(crosshair.step)}</div>
      {readings.map(({ run_id, name, ordinal, value }) => (
        <div key={run_id} class={`reading ${run_id === hovered ? "strong" : ""}`}>
          <Dot ordinal={ordinal} size={8} />
          <span class="cut">{name}</span>
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
function placeBeside(box: HTMLElement, x: number, area: { left: number; right: number }): void {
  const width = box.offsetWidth;
  const origin = box.offsetParent?.getBoundingClientRect().left ?? 0;
  const toRight = x + GAP;
  const toLeft = x - GAP - width;
  const inChart = toRight + width <= area.right ? toRight : toLeft >= area.left ? toLeft : undefined;
  const inPage = origin + toRight + width <= globalThis.innerWidth ? toRight : Math.max(toLeft, -origin);
  box.style.left = `${inChart ?? inPage}px`;
}
