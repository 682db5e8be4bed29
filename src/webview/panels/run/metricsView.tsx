import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Metric } from "../../../mlflow/entities.ts";
import { Slider } from "../../ui/controls.tsx";
import { ChartFrame, type ChartHub } from "../../ui/chart/frame.tsx";
import { LineChartView } from "../../ui/chart/lineChartView.tsx";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { formatCount, formatMetric, formatValue, isOutside, metricFormat } from "../../ui/format.ts";
import { Block } from "./factsView.tsx";
import type { RunModel } from "./model.ts";

/** Every metric with its curve, last and best value. */
export function MetricsTable({ model }: { model: RunModel }) {
  const metrics = model.metrics.value;
  if (metrics.length === 0) return null;
  return (
    <Block title="Metrics" count={metrics.length}>
      <table class="compact metrics">
        <thead>
          <tr class="dim">
            <th scope="col">
              <span class="hidden">Metric</span>
            </th>
            <th scope="col">
              <span class="hidden">Curve</span>
            </th>
            <th scope="col">last</th>
            <th scope="col">best</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map((metric) => (
            <MetricRow key={metric.key} model={model} metric={metric} />
          ))}
        </tbody>
      </table>
    </Block>
  );
}

function MetricRow({ model, metric }: { model: RunModel; metric: Metric }) {
  const row = useRef<HTMLTableRowElement>(null);
  const { key, value } = metric;
  useEffect(() => {
    if (row.current === null) return undefined;
    const observer = new IntersectionObserver((entries) => {
      if (entries.at(-1)?.isIntersecting === true) model.series.want(key, true);
    });
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [key]);
  const line = model.series.of(key).value.get(model.run_id);
  const best = model.bestValue(key);
  const format = metricFormat(best === undefined ? [value] : [value, best]);
  const ordinal = model.overview.value?.ordinal ?? 0;
  return (
    <tr ref={row}>
      <th scope="row" class="dim" title={key}>
        {key}
      </th>
      <td class="curve">
        {line === undefined ? null : (
          <Sparkline line={line} ordinal={ordinal} width={64} height={16} running={model.running.value} />
        )}
      </td>
      <td class={`num ${isOutside(value) ? "warnText" : ""}`} title={String(value)}>
        {formatMetric(value, format)}
      </td>
      <td class="num strong" title={best === undefined ? undefined : String(best)}>
        {best === undefined ? "" : formatMetric(best, format)}
      </td>
    </tr>
  );
}

/** Line charts of the run's metrics, growing while it runs; `most` keeps the overview to a few. */
export function LiveCharts({ model, most = Number.POSITIVE_INFINITY }: { model: RunModel; most?: number }) {
  const hub = useMemo<ChartHub>(
    () => ({ hovered: model.hovered, crosshair: model.crosshair, smoothing: model.smoothing }),
    [model],
  );
  const keys = model.charted.value;
  if (keys.length === 0) return null;
  const shown = keys.slice(0, most);
  return (
    <section class="live" aria-label="Charts">
      <div class="liveBar">
        <span class="strong">{model.running.value ? "Live" : "Charts"}</span>
        {shown.length < keys.length ? (
          <span class="dim num cut">
            {formatCount(shown.length)} of {formatCount(keys.length)}
          </span>
        ) : null}
        <span class="grow" />
        <label class="row">
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
      <div class="liveGrid">
        {shown.map((key) => (
          <RunChart key={key} model={model} hub={hub} metricKey={key} />
        ))}
      </div>
    </section>
  );
}

function RunChart({ model, hub, metricKey }: { model: RunModel; hub: ChartHub; metricKey: string }) {
  const lines = useMemo(() => model.linesOf(metricKey), [model, metricKey]);
  const last = model.metrics.value.find(({ key }) => key === metricKey)?.value;
  return (
    <ChartFrame
      title={metricKey}
      note={last === undefined ? null : formatValue(last)}
      onVisible={(visible) => visible && model.series.want(metricKey, true)}
    >
      {lines.value.length === 0 ? null : <LineChartView metricKey={metricKey} lines={lines} hub={hub} />}
    </ChartFrame>
  );
}
