import { signal, useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { IconButton, Slider, TextField } from "../../ui/controls.tsx";
import { BarChartView } from "../../ui/chart/barChartView.tsx";
import { ChartFrame, type ChartHub } from "../../ui/chart/frame.tsx";
import { LineChartView } from "../../ui/chart/lineChartView.tsx";
import { countOf, formatCount } from "../../ui/format.ts";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import type { ExperimentModel } from "./model.ts";

/** The chart bar and one chart a metric; in the narrow layout one at a time. */
export function Charts({ model }: { model: ExperimentModel }) {
  const hub = useMemo<ChartHub>(
    () => ({ hovered: model.hovered, crosshair: model.crosshair, smoothing: model.smoothing }),
    [model],
  );
  const at = useMemo(() => signal(0), []);
  const { all, matching } = model.chartKeys.value;
  const known = model.keys.value !== undefined;
  const noneDrawn = matching.length > 0 && model.rows.total.value !== undefined && model.drawn.value.length === 0;
  const narrow = pageWidth.value < NARROW;
  const one = narrow ? Math.min(at.value, Math.max(0, matching.length - 1)) : undefined;
  const step = (by: number) => {
    at.value = ((one ?? 0) + by + matching.length) % Math.max(1, matching.length);
  };
  return (
    <>
      <ChartBar model={model} all={all.length} matching={matching.length} />
      {known && all.length === 0 ? (
        <p class="noCharts dim">No metric is logged yet. Each one gets a chart here.</p>
      ) : null}
      {all.length > 0 && matching.length === 0 ? <p class="noCharts dim">No metric matches this expression.</p> : null}
      {noneDrawn ? <p class="noCharts dim">No run is drawn. A click on its dot in the table draws it.</p> : null}
      <ChartGrid
        model={model}
        hub={hub}
        keys={noneDrawn ? [] : one === undefined ? matching : matching.slice(one, one + 1)}
        actions={
          one === undefined || matching.length < 2 ? undefined : (
            <>
              <IconButton icon="arrow-left" label="Previous chart" onClick={() => step(-1)} />
              <IconButton icon="arrow-right" label="Next chart" onClick={() => step(1)} />
            </>
          )
        }
      />
      {one !== undefined && matching.length > 1 ? <Pager at={one} count={matching.length} /> : null}
    </>
  );
}

/** More charts than this have no dot each. */
const MOST_DOTS = 12;

function Pager({ at, count }: { at: number; count: number }) {
  const dots = count > MOST_DOTS ? [] : Array.from({ length: count }, (_, i) => i);
  return (
    <div class="pager dim num">
      {dots.length === 0 ? null : (
        <span class="pagerDots" aria-hidden="true">
          {dots.map((i) => (
            <i key={i} class={i === at ? "at" : ""} />
          ))}
        </span>
      )}
      chart {formatCount(at + 1)} of {formatCount(count)}
    </div>
  );
}

function ChartBar({ model, all, matching }: { model: ExperimentModel; all: number; matching: number }) {
  const runs = countOf(model.drawn.value.length, "run");
  const charts = matching === all ? countOf(all, "chart") : `${formatCount(matching)} of ${countOf(all, "chart")}`;
  return (
    <div class="chartBar">
      <TextField
        class="low chartFilter"
        label="Metrics by regular expression"
        icon="search"
        placeholder="Metrics by regex"
        value={model.chartFilter.value}
        onInput={(text) => {
          model.chartFilter.value = text;
        }}
        onClear={() => {
          model.chartFilter.value = "";
        }}
      />
      <span class="dim num cut">{model.keys.value === undefined ? null : `${charts} · ${runs}`}</span>
      <span class="grow" />
      <label class="smoothing">
        <span class="dim words">Smoothing</span>
        <Slider
          label="Smoothing of all charts"
          min={0}
          max={0.99}
          step={0.01}
          value={model.smoothing.value}
          onInput={(value) => {
            model.smoothing.value = value;
          }}
        />
        <span class="num">{model.smoothing.value.toFixed(2)}</span>
      </label>
    </div>
  );
}

interface ChartGridProps {
  model: ExperimentModel;
  hub: ChartHub;
  keys: string[];
  actions: ComponentChildren;
}

function ChartGrid({ model, hub, keys, actions }: ChartGridProps) {
  const area = useRef<HTMLDivElement>(null);
  const { stepped } = model.chartKeys.value;
  const restored = useRef(false);
  useLayoutEffect(() => {
    if (restored.current || keys.length === 0 || area.current === null) return;
    restored.current = true;
    area.current.scrollTop = model.chartScroll.peek();
  }, [keys.length]);
  return (
    <div
      class={`chartGrid ${keys.length <= 3 ? "few" : ""}`}
      ref={area}
      onScroll={(event) => {
        model.chartScroll.value = event.currentTarget.scrollTop;
      }}
    >
      {keys.map((key) => (
        <MetricChart
          // A metric that gets its second step becomes another chart.
          key={`${key} ${stepped.has(key)}`}
          model={model}
          hub={hub}
          metricKey={key}
          stepped={stepped.has(key)}
          actions={actions}
        />
      ))}
    </div>
  );
}

function MetricChart({
  model,
  hub,
  metricKey,
  stepped,
  actions,
}: {
  model: ExperimentModel;
  hub: ChartHub;
  metricKey: string;
  stepped: boolean;
  actions: ComponentChildren;
}) {
  const lines = useMemo(() => model.linesOf(metricKey), [model, metricKey]);
  const bars = useMemo(() => model.barsOf(metricKey), [model, metricKey]);
  const empty = useComputed(() => model.whyEmpty(metricKey, (stepped ? lines : bars).value.length));
  const smoothing = model.smoothing.value;
  const note = stepped
    ? smoothing > 0 && pageWidth.value < NARROW
      ? `smoothing ${smoothing.toFixed(2)}`
      : null
    : "last value";
  return (
    <ChartFrame
      title={metricKey}
      note={note}
      actions={actions}
      onVisible={(visible) => model.chartSeen(metricKey, visible, stepped)}
    >
      {empty.value === undefined ? null : <p class="emptyChart dim small">{empty.value}</p>}
      {empty.value !== undefined ? null : stepped ? (
        <LineChartView metricKey={metricKey} lines={lines} hub={hub} />
      ) : (
        <BarChartView metricKey={metricKey} bars={bars} hub={hub} />
      )}
    </ChartFrame>
  );
}
