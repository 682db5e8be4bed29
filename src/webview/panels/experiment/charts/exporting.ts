import type { ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import { type DrawnChart, exportedFigure, exportLook, exportName } from "../../../ui/chart/exported.ts";
import { type Figure, figurePng, figureSvg } from "../../../ui/chart/figure.ts";
import { styledLines } from "../../../ui/chart/lineShapes.ts";
import { runColor } from "../../../ui/chart/palette.ts";
import { csvOf } from "../../../ui/csv.ts";
import type { ExperimentModel } from "../model.ts";
import { xKind } from "./lines.ts";
import { type ChartSpec, titleOf } from "./specs.ts";
import { tableRows } from "./tableRows.ts";

export type ExportFormat = "png" | "svg" | "csv";

interface Job {
  spec: ChartSpec;
  model: ExperimentModel;
  host: Remote<ExperimentHost>;
  drawn: DrawnChart;
  note: string;
}

/** Asks where to save the chart and saves it there. */
export async function exportChart(job: Job, format: ExportFormat): Promise<void> {
  const name = exportName(titleOf(job.spec), format);
  await job.host.saveFile({ name, content: await contentOf(job, format) });
}

async function contentOf(job: Job, format: ExportFormat): Promise<string | Uint8Array> {
  switch (format) {
    case "png":
      return figurePng(figureFor(job));
    case "svg":
      return figureSvg(figureFor(job));
    case "csv":
      return csvFor(job);
    default:
      return format satisfies never;
  }
}

function figureFor({ spec, model, drawn, note }: Job): Figure {
  return exportedFigure(drawn, { title: titleOf(spec), note, legend: legendOf(spec, model, drawn) });
}

function legendOf(spec: ChartSpec, model: ExperimentModel, drawn: DrawnChart): { name: string; color: string }[] {
  const look = exportLook();
  if (drawn.kind === "lines")
    return styledLines(drawn.chart.plot, look).map(({ plot: { of }, color }) => ({
      name: of.part === undefined ? of.name : `${of.name} · ${of.part.key}`,
      color,
    }));
  // Bars bear their names.
  if (spec.kind === "bar" || spec.kind === "difference") return [];
  return model.charts.facts.peek().map(({ name, ordinal }) => ({ name, color: runColor(ordinal, look.colors) }));
}

/** Points of one answer for a file: all there are, as far as memory goes. */
const ALL_POINTS = 1_000_000;

/** Lines are written with all their points, of the zoomed part where one is zoomed; everything else as it is drawn. */
async function csvFor({ spec, model, host }: Job): Promise<string> {
  const { charts } = model;
  if (!charts.data.isLines(spec) || spec.kind === "difference") {
    const { header, rows } = tableRows(spec, charts);
    return csvOf(header, rows);
  }
  const x = charts.xOf(spec.id);
  const kind = xKind(x);
  const zoom = charts.zoomOf(spec.id).peek().x;
  const names = new Map(charts.facts.peek().map(({ run_id, name }) => [run_id, name]));
  const rows: (string | number)[][] = [];
  for (const metric_key of spec.metrics) {
    const { lines } = await host.metricSeries({
      metric_key,
      run_ids: [...names.keys()],
      points: ALL_POINTS,
      ...(kind === "time" || kind === "relative" ? { axis: kind } : {}),
      ...(zoom === undefined || kind === "metric" ? {} : { range: { from: zoom[0], to: zoom[1] } }),
    });
    for (const { run_id, steps, timestamps, values } of lines)
      values.forEach((value, i) =>
        rows.push([run_id, names.get(run_id) ?? "", metric_key, steps[i] ?? 0, timestamps[i] ?? 0, value]),
      );
  }
  return csvOf(["run_id", "run_name", "metric", "step", "timestamp", "value"], rows);
}
