import { type ReadonlySignal, useComputed, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Bar, BarChart, leastHeight } from "./barChart.ts";
import { chartColors } from "./colors.ts";
import type { ChartHub } from "./frame.tsx";

interface Props {
  metricKey: string;
  bars: ReadonlySignal<Bar[]>;
  hub: ChartHub;
}

export function BarChartView({ metricKey, bars, hub }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<BarChart | undefined>(undefined);
  // Hovering a run that this chart does not have leaves it alone.
  const hovered = useComputed(() => bars.value.find(({ run_id }) => run_id === hub.hovered.value)?.run_id);
  useEffect(() => () => chart.current?.dispose(), []);
  useSignalEffect(() => {
    const picture = { bars: bars.value, hovered: hovered.value, colors: chartColors.value };
    if (canvas.current === null) return;
    if (chart.current === undefined) chart.current = new BarChart(canvas.current, picture);
    else chart.current.show(picture);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const ids = bars.value.map(({ run_id }) => run_id);
    hub.hovered.value = ids[(ids.indexOf(hub.hovered.value ?? "") + by + ids.length) % ids.length];
  };
  const leave = () => {
    hub.hovered.value = undefined;
  };
  return (
    <>
      <div style={{ height: `${leastHeight(bars.value.length)}px` }} />
      <div
        class="plot"
        tabIndex={0}
        role="group"
        aria-label={`Last values of ${metricKey}; up and down arrows choose a run`}
        onPointerMove={(event) => {
          hub.hovered.value = chart.current?.runAt(event.offsetY);
        }}
        onPointerLeave={leave}
        onBlur={leave}
        onKeyDown={onKeyDown}
      >
        <canvas ref={canvas} />
      </div>
    </>
  );
}
