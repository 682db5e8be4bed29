import { type ReadonlySignal, useComputed } from "@preact/signals";
import { type Bar, barDrawing, leastHeight } from "./barDrawing.ts";
import { DrawingView } from "./drawingView.tsx";
import type { DrawingChart } from "./drawingChart.ts";
import type { ChartHub } from "./hub.ts";
import { describeValues } from "./summaries.ts";

interface Props {
  metricKey: string;
  bars: ReadonlySignal<Bar[]>;
  hub: ChartHub;
  /** Bars are differences to a baseline. */
  signed?: boolean;
  onChart?: (chart: DrawingChart) => void;
}

export function BarChartView({ metricKey, bars, hub, signed = false, onChart }: Props) {
  const run_ids = useComputed(() => bars.value.map(({ run_id }) => run_id));
  const what = signed ? `Differences of ${metricKey}` : `Last values of ${metricKey}`;
  const description = useComputed(() => describeValues(what, metricKey, bars.value));
  return (
    <>
      <div style={{ height: `${leastHeight(bars.value.length)}px` }} />
      <DrawingView
        label={`${what}, bars. Up and down choose a run, M opens the menu.`}
        description={description}
        hub={hub}
        run_ids={run_ids}
        draw={(look) => barDrawing({ bars: bars.value, signed }, look)}
        {...(onChart === undefined ? {} : { onChart })}
      />
    </>
  );
}
