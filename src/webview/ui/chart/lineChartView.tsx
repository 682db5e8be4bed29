import { type ReadonlySignal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { chartColors } from "./colors.ts";
import type { ChartHub } from "./frame.tsx";
import { LineChart } from "./lineChart.ts";
import { type ChartLine, stepFrom } from "./lines.ts";
import { drawPoint } from "./marks.ts";
import { Tooltip } from "./tooltip.tsx";

interface Props {
  metricKey: string;
  lines: ReadonlySignal<ChartLine[]>;
  hub: ChartHub;
}

/** Room around the crosshair in px within which a line's point counts as being there. */
const REACH = 12;

export function LineChartView({ metricKey, lines, hub }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const chart = useRef<LineChart | undefined>(undefined);

  // Hovering a run that this chart does not have leaves it alone.
  const hovered = useComputed(() => lines.value.find(({ run_id }) => run_id === hub.hovered.value)?.run_id);

  useEffect(() => () => chart.current?.dispose(), []);
  useSignalEffect(() => {
    const picture = {
      lines: lines.value,
      smoothing: hub.smoothing.value,
      hovered: hovered.value,
      colors: chartColors.value,
    };
    if (canvas.current === null) return;
    if (chart.current === undefined) chart.current = new LineChart(canvas.current, picture);
    else chart.current.show(picture);
  });
  useSignalEffect(() => {
    const crosshair = hub.crosshair.value;
    const { background, axis } = chartColors.value;
    if (overlay.current === null || chart.current === undefined || lines.value.length === 0) return;
    drawCrosshair(overlay.current, chart.current, crosshair?.step, hovered.value, { background, axis });
  });

  const point = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const step = chart.current?.stepAt(event.offsetX);
    const area = chart.current?.area;
    if (step === undefined || area === undefined || event.offsetX < area.left - 4 || event.offsetX > area.right + 4)
      return leave();
    const nearest = stepFrom(lines.value, step, 0);
    hub.crosshair.value = nearest === undefined ? undefined : { step: nearest, source: metricKey };
    hub.hovered.value = chart.current?.runAt(event.offsetX, event.offsetY);
  };
  const leave = () => {
    hub.crosshair.value = undefined;
    hub.hovered.value = undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const to = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by !== undefined) {
      const step = stepFrom(lines.value, hub.crosshair.value?.step, by);
      hub.crosshair.value = step === undefined ? undefined : { step, source: metricKey };
    } else if (to !== undefined) {
      const ids = lines.value.map(({ run_id }) => run_id);
      const at = ids.indexOf(hub.hovered.value ?? "");
      hub.hovered.value = ids[(at + to + ids.length) % ids.length];
    } else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  return (
    <div
      class="plot"
      tabIndex={0}
      role="group"
      aria-label={`${metricKey} by step; left and right arrows read points, up and down choose a run`}
      onPointerMove={point}
      onPointerLeave={leave}
      onBlur={leave}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} />
      <canvas ref={overlay} class="overlay" />
      <Tooltip metricKey={metricKey} lines={lines} hub={hub} chart={chart} />
    </div>
  );
}

function drawCrosshair(
  overlay: HTMLCanvasElement,
  chart: LineChart,
  step: number | undefined,
  hovered: string | undefined,
  colors: { background: string; axis: string },
) {
  const ctx = overlay.getContext("2d");
  if (ctx === null) return;
  const scale = globalThis.devicePixelRatio;
  const { clientWidth, clientHeight } = overlay;
  if (overlay.width !== Math.round(clientWidth * scale) || overlay.height !== Math.round(clientHeight * scale)) {
    overlay.width = Math.round(clientWidth * scale);
    overlay.height = Math.round(clientHeight * scale);
  }
  ctx.setTransform(scale, 0, 0, scale, 0, 0);
  ctx.clearRect(0, 0, clientWidth, clientHeight);
  if (step === undefined) return;
  const { left, right, top, bottom } = chart.area;
  const { x, points } = chart.pointsAt(step, chart.reach(REACH));
  if (x < left - 1 || x > right + 1) return;
  ctx.fillStyle = colors.axis;
  ctx.fillRect(Math.round(x), top, 1, bottom - top);
  for (const point of points) {
    const radius = point.run_id === hovered ? 3.5 : 2.5;
    if (point.y >= top - 4 && point.y <= bottom + 4) drawPoint(ctx, x, point.y, radius, point.color, colors.background);
  }
}
