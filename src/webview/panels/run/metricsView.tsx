import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Metric } from "../../../mlflow/entities.ts";
import { IconButton, LinkButton, TextField } from "../../ui/controls.tsx";
import { ChartFrame, type ChartHub } from "../../ui/chart/frame.tsx";
import { LineChartView } from "../../ui/chart/lineChartView.tsx";
import { USUAL_LINES } from "../../ui/chart/linePlot.ts";
import { SmoothingSlider } from "../../ui/chart/smoothingSlider.tsx";
import { Sparkline } from "../../ui/chart/sparkline.tsx";
import { formatCount, formatMetric, formatValue, isOutside, metricFormat } from "../../ui/format.ts";
import { Block } from "../../ui/facts.tsx";
import type { RunModel } from "./model.ts";

/** Rows and charts that are there at once; more when asked for. */
const ROWS = 200;
const FEW_ROWS = 50;
const CHARTS = 60;

const isSystem = (key: string) => key.startsWith("system/");

/** Every metric with its curve, last and best value; `wide` with the least, the greatest and the baseline's too. */
export function MetricsTable({ model, wide = false }: { model: RunModel; wide?: boolean }) {
  const all = useSignal(false);
  const own = model.metrics.value.filter(({ key }) => !isSystem(key));
  const search = wide ? (model.search.value["metrics"] ?? "") : "";
  if (own.length === 0) return null;
  const wanted = search.trim().toLowerCase();
  const found = own.filter(({ key }) => key.toLowerCase().includes(wanted));
  const most = wide ? ROWS : FEW_ROWS;
  const shown = all.value ? found : found.slice(0, most);
  const { baseline } = model;
  const headers = ["last", "best", ...(wide ? ["min", "max"] : []), ...(wide && baseline.value ? ["baseline"] : [])];
  return (
    <Block title="Metrics" count={own.length}>
      {wide && own.length > 10 ? (
        <TextField
          label="Search metrics"
          icon="search"
          placeholder="Search metrics"
          class="low searchMetrics"
          filter
          value={search}
          onInput={(text) => {
            model.search.value = { ...model.search.peek(), metrics: text };
          }}
          onClear={() => {
            model.search.value = { ...model.search.peek(), metrics: "" };
          }}
        />
      ) : null}
      <table class={`compact metrics ${wide ? "wide" : ""}`}>
        <thead>
          <tr class="dim">
            <th scope="col">
              <span class="hidden">Metric</span>
            </th>
            <th scope="col">
              <span class="hidden">Curve</span>
            </th>
            {headers.map((header) => (
              <th key={header} scope="col">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((metric) => (
            <MetricRow key={metric.key} model={model} metric={metric} wide={wide} />
          ))}
        </tbody>
      </table>
      {shown.length < found.length ? (
        <LinkButton
          onClick={() => {
            if (wide) all.value = true;
            else model.section.value = "metrics";
          }}
        >
          {formatCount(found.length - shown.length)} more
        </LinkButton>
      ) : null}
    </Block>
  );
}

function MetricRow({ model, metric, wide }: { model: RunModel; metric: Metric; wide: boolean }) {
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
  const found = model.extremesOf(key);
  const before = wide ? model.baseline.value?.metrics.find((one) => one.key === key)?.value : undefined;
  const values = [value, ...(found === undefined ? [] : [found.best, found.min, found.max])];
  const format = metricFormat(before === undefined || before === null ? values : [...values, before]);
  const ordinal = model.overview.value?.ordinal ?? 0;
  const cell = (name: string, number: number | null | undefined, extra = "") => (
    <td key={name} class={`num ${extra}`} title={number === undefined ? undefined : String(number)}>
      {number === undefined ? "" : formatMetric(number ?? Number.NaN, format)}
    </td>
  );
  return (
    <tr ref={row}>
      <th scope="row" class="dim" title={key}>
        {key}
      </th>
      <td class="curve">
        {line === undefined ? null : (
          <Sparkline line={line} ordinal={ordinal} width={wide ? 120 : 64} height={16} running={model.running.value} />
        )}
      </td>
      {cell("last", value, isOutside(value) ? "warnText" : "")}
      {cell("best", found?.best, "strong")}
      {wide ? [cell("min", found?.min), cell("max", found?.max)] : null}
      {wide && model.baseline.value !== undefined ? cell("baseline", before, "dim") : null}
    </tr>
  );
}

interface ChartsProps {
  model: RunModel;
  /** The overview has a few of all; the system's have a section of their own. */
  which: "overview" | "metrics" | "system";
  most?: number;
}

/** Line charts of the run's metrics, growing while it runs; `most` keeps the overview to a few. */
export function LiveCharts({ model, which, most }: ChartsProps) {
  const count = useSignal(most ?? CHARTS);
  const hub = useMemo<ChartHub>(
    () => ({ hovered: model.hovered, crosshair: model.crosshair, smoothing: model.smoothing }),
    [model],
  );
  const search = which === "metrics" ? (model.search.value["metrics"] ?? "").trim().toLowerCase() : "";
  const keys = model.charted.value.filter(
    (key) => (which === "overview" || isSystem(key) === (which === "system")) && key.toLowerCase().includes(search),
  );
  if (keys.length === 0) return null;
  const shown = keys.slice(0, count.value);
  const axis = model.axis.value;
  return (
    <section class="live" aria-label="Charts">
      <div class="liveBar">
        <h2 class="strong">{model.running.value ? "Live" : "Charts"}</h2>
        {shown.length < keys.length ? (
          <LinkButton
            class="num"
            title={which === "overview" ? "Show all charts" : "Show more charts"}
            onClick={() => {
              if (which === "overview") model.section.value = "metrics";
              else count.value += CHARTS;
            }}
          >
            {formatCount(shown.length)} of {formatCount(keys.length)}
          </LinkButton>
        ) : null}
        <span class="dim num cut">{model.baseline.value === undefined ? "" : "dashed: baseline"}</span>
        <span class="grow" />
        <SmoothingSlider class="row" smoothing={model.smoothing} />
        <IconButton
          icon={axis === "step" ? "list-ordered" : "watch"}
          label={axis === "step" ? "x: step; show the time instead" : "x: time; show the step instead"}
          text={axis === "step" ? "x: step" : "x: time"}
          onClick={() => {
            model.axis.value = axis === "step" ? "relative" : "step";
          }}
        />
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
  const settings = useComputed(() => ({ ...USUAL_LINES, smoothing: model.smoothing.value, x: model.axis.value }));
  const last = model.metrics.value.find(({ key }) => key === metricKey)?.value;
  const axis = model.axis.value === "step" ? { key: "step" } : { key: "relative", name: "time" };
  return (
    <ChartFrame
      title={metricKey}
      note={last === undefined ? null : formatValue(last)}
      onVisible={(visible) => visible && model.series.want(metricKey, true)}
    >
      {lines.value.length === 0 ? null : <LineChartView {...{ metricKey, lines, hub, settings, axis }} />}
    </ChartFrame>
  );
}
