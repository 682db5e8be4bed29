import { type ReadonlySignal, type Signal, useComputed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { DrawnChart } from "../../../ui/chart/exported.ts";
import { BarChartView } from "../../../ui/chart/barChartView.tsx";
import { type LineFacts, LineChartView } from "../../../ui/chart/lineChartView.tsx";
import { ParallelView } from "../../../ui/chart/parallelView.tsx";
import type { ValueColumn } from "../../../ui/chart/values.ts";
import { BoxView, ContourView, ScatterView } from "../../../ui/chart/valueViews.tsx";
import type { Zoom } from "../../../ui/chart/zoom.ts";
import type { ExperimentModel } from "../model.ts";
import { xName } from "./bar.tsx";
import { ImageGrid } from "./images.tsx";
import { xKind } from "./lines.ts";
import { logsOf } from "./logs.ts";
import { type ChartSpec, titleOf } from "./specs.ts";

interface Props {
  spec: ChartSpec;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
  facts: Signal<LineFacts>;
  zoom: Signal<Zoom>;
  full: boolean;
  onDrawn: (chart: DrawnChart) => void;
}

/** A chart's picture, of whichever kind. */
export function ChartBody(props: Props) {
  const { spec, model } = props;
  if (spec.kind === "images") return <ImageGrid spec={spec} model={model} host={props.host} />;
  // Another question is another picture.
  const key = JSON.stringify([spec.kind, spec.metrics, spec.fields]);
  if (model.charts.data.isLines(spec)) return <Lines key={key} {...props} />;
  if (spec.kind === "bar" || spec.kind === "difference") return <Bars key={key} {...props} />;
  return <Values key={key} {...props} />;
}

function Empty({ text }: { text: string }) {
  return <p class="emptyChart dim small">{text}</p>;
}

function Lines({ spec, model, facts, zoom, full, onDrawn }: Props) {
  const { charts } = model;
  const lines = useMemo(() => charts.data.linesOf(spec), [charts, spec.id]);
  const settings = useComputed(() => {
    const own = charts.ownOf(spec.id).value;
    return {
      smoothing: own.smoothing ?? charts.smoothing.value,
      x: xKind(charts.xOf(spec.id)),
      logX: own.logX ?? false,
      logY: own.logY ?? false,
      clip: own.clip ?? false,
    };
  });
  const x = charts.xOf(spec.id);
  const empty = useComputed(() => charts.data.whyEmpty(spec, lines.value.length));
  if (empty.value !== undefined) return <Empty text={empty.value} />;
  return (
    <LineChartView
      key={x}
      metricKey={spec.metrics.length === 1 ? (spec.metrics[0] ?? "") : titleOf(spec)}
      id={full ? `full ${spec.id}` : spec.id}
      lines={lines}
      hub={charts.hub}
      settings={settings}
      axis={x === "step" ? { key: x } : { key: x.replace(/^metrics\./, "metric:"), name: xName(x) }}
      zoom={zoom}
      facts={facts}
      onChart={(chart) => onDrawn({ kind: "lines", chart })}
    />
  );
}

function Bars({ spec, model, onDrawn }: Props) {
  const { charts } = model;
  const bars = useMemo(() => charts.data.barsOf(spec), [charts, spec.id]);
  const empty = useComputed(() => charts.data.whyEmpty(spec, bars.value.length));
  if (empty.value !== undefined) return <Empty text={empty.value} />;
  return (
    <BarChartView
      metricKey={spec.metrics[0] ?? ""}
      bars={bars}
      hub={charts.hub}
      signed={spec.kind === "difference"}
      onChart={(chart) => onDrawn({ kind: "drawing", chart })}
    />
  );
}

function Values({ spec, model, zoom, onDrawn }: Props) {
  const { charts } = model;
  const table = useMemo(() => charts.data.tableOf(spec, () => logsOf(spec, charts)), [charts, spec.id]);
  const column = (id: string | undefined): ReadonlySignal<ValueColumn | undefined> =>
    useComputed(() => table.value.columns.find((each) => each.id === id));
  const empty = useComputed(() => charts.data.whyEmpty(spec, table.value.run_ids.length));
  const [first, second, third] = spec.fields;
  const columns = [column(first), column(second), column(third), column(`metrics.${spec.metrics[0] ?? ""}`)] as const;
  const common = {
    hub: charts.hub,
    table,
    drawn: model.drawnIds,
    onChart: (chart: Parameters<NonNullable<Parameters<typeof BoxView>[0]["onChart"]>>[0]) =>
      onDrawn({ kind: "drawing", chart }),
  };
  if (empty.value !== undefined) return <Empty text={empty.value} />;
  switch (spec.kind) {
    case "scatter":
      return (
        <ScatterView
          {...common}
          x={columns[0]}
          y={columns[1]}
          zoom={zoom}
          brush={charts.brush}
          onBrush={({ x, y }) => {
            charts.brush.value = { ...charts.brush.peek(), [first ?? ""]: x, [second ?? ""]: y };
          }}
        />
      );
    case "contour":
      return <ContourView {...common} x={columns[0]} y={columns[1]} z={columns[2]} zoom={zoom} />;
    case "box":
      return <BoxView {...common} y={columns[3]} by={columns[0]} />;
    case "parallel":
      return <ParallelView {...common} brush={charts.brush} />;
    default:
      return null;
  }
}
