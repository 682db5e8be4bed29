import type { ReadonlySignal } from "@preact/signals";
import type { RefObject } from "preact";
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
  const crosshair = hub.crosshair.value;
  const drawn = chart.current;
  if (crosshair?.source !== metricKey || drawn === null || drawn === undefined) return null;
  const hovered = hub.hovered.value;
  const { readings, more } = readingsAt(metricKey, lines.value, crosshair.step, drawn.reach(12), MOST, hovered);
  if (readings.length === 0) return null;
  const format = metricFormat(readings.map(({ value }) => value));
  const { x, points } = drawn.pointsAt(crosshair.step, drawn.reach(12));
  const { left, right, top, bottom } = drawn.area;
  const pointed = points.find(({ run_id }) => run_id === hovered)?.y ?? bottom;
  const onRight = x < (left + right) / 2;
  const above = pointed > (top + bottom) / 2;
  const side = onRight ? { left: `${x + 12}px` } : { right: `calc(100% - ${x - 12}px)` };
  const height = above ? { top: `${top}px` } : { bottom: `calc(100% - ${bottom}px)` };
  return (
    <div class="popup tooltip" role="status" style={{ ...side, ...height }}>
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
