import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { countOf } from "../format.ts";
import { chartColors } from "./colors.ts";
import { Crosshairs } from "./crosshair.tsx";
import type { ChartHub } from "./hub.ts";
import { LineChart } from "./lineChart.ts";
import { type LineSettings, USUAL_LINES } from "./linePlot.ts";
import { type ChartLine, stepFrom } from "./lines.ts";
import { Plot } from "./plot.tsx";
import { describeLines } from "./summaries.ts";
import { Tooltip } from "./tooltip.tsx";
import type { Zoom } from "./zoom.ts";

/** What a line chart found while drawing, for its note. */
export interface LineFacts {
  /** Points beyond the axis because outliers are ignored. */
  outside: number;
  /** Points that a logarithmic axis cannot show. */
  unshown: number;
}

interface Props {
  metricKey: string;
  /** Tells charts of one panel apart; absent: the metric's key. */
  id?: string;
  lines: ReadonlySignal<ChartLine[]>;
  hub: ChartHub;
  /** Absent: by step, with the panel's smoothing. */
  settings?: ReadonlySignal<Omit<LineSettings, "zoom">>;
  /** What x is, for the shared crosshair, and its name under the axis. */
  axis?: { key: string; name?: string };
  /** Kept by whoever asks the store for what is zoomed; absent: by the chart itself. */
  zoom?: Signal<Zoom>;
  facts?: Signal<LineFacts>;
  /** The chart as it is drawn, for export. */
  onChart?: (chart: LineChart) => void;
}

export function LineChartView(props: Props) {
  const { metricKey, lines, hub, facts } = props;
  const id = props.id ?? metricKey;
  const axis = props.axis ?? { key: "step" };
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<LineChart | undefined>(undefined);
  const ownZoom = useSignal<Zoom>({});
  const zoom = props.zoom ?? ownZoom;
  /** Rises with each drawing: what lies over the canvas follows. */
  const drawn = useSignal(0);
  // Hovering a run that this chart does not have leaves it alone.
  const hovered = useComputed(() => lines.value.find(({ run_id }) => run_id === hub.hovered.value)?.run_id);
  const description = useComputed(() => describeLines(metricKey, lines.value));

  useEffect(() => () => chart.current?.dispose(), []);
  useSignalEffect(() => {
    const settings = props.settings?.value ?? { ...USUAL_LINES, smoothing: hub.smoothing.value };
    const picture = {
      ...settings,
      lines: lines.value,
      zoom: zoom.value,
      hovered: hovered.value,
      colors: chartColors.value,
      xName: axis.name,
    };
    if (canvas.current === null) return;
    if (chart.current === undefined) {
      chart.current = new LineChart(canvas.current, picture);
      props.onChart?.(chart.current);
    } else chart.current.show(picture);
    drawn.value = drawn.peek() + 1;
    const { outside, unshown } = chart.current.plot;
    if (facts !== undefined && (facts.peek().outside !== outside || facts.peek().unshown !== unshown))
      facts.value = { outside, unshown };
  });

  const pointAt = (x: number | undefined) => {
    const was = hub.crosshair.peek();
    if (x === was?.x && id === was?.source && axis.key === was.axis) return;
    hub.crosshair.value = x === undefined ? undefined : { x, axis: axis.key, source: id };
  };
  const range = () => {
    const { x } = chart.current?.plot ?? {};
    return x === undefined ? undefined : ([x.min, x.max] as const);
  };
  const zooming = { zoom, all: () => chart.current?.plot.all ?? { x: [0, 1] as const, y: [0, 1] as const } };
  return (
    <Plot
      label={`${metricKey} by ${axis.name ?? "step"}, ${countOf(lines.value.length, "line")}. Left and right read points, up and down choose a run, plus and minus zoom, M opens the menu.`}
      description={description.value}
      hub={hub}
      painted={chart}
      runs={() => [...new Set(lines.peek().map(({ run_id }) => run_id))]}
      zooming={zooming}
      onPoint={(px) => {
        const x = px === undefined ? undefined : chart.current?.place.x.value(px);
        pointAt(x === undefined ? undefined : stepFrom(lines.peek(), x, 0, range()));
      }}
      onStep={(by) => {
        const at = hub.crosshair.peek();
        pointAt(stepFrom(lines.peek(), at?.axis === axis.key ? at.x : undefined, by, range()));
      }}
    >
      <canvas ref={canvas} role="img" aria-label={description.value} />
      <Crosshairs chart={chart} axis={axis.key} hub={hub} hovered={hovered} drawn={drawn} />
      <Tooltip metricKey={metricKey} id={id} axis={axis.key} lines={lines} hub={hub} chart={chart} />
    </Plot>
  );
}
