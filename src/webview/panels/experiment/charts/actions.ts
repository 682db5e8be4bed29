import type { ChartAction, ExperimentHost } from "../../../../protocol/panels/experiment.ts";
import type { Remote } from "../../../../protocol/rpc.ts";
import type { ExperimentModel } from "../model.ts";
import type { DrawnChart } from "../../../ui/chart/exported.ts";
import { exportChart, type ExportFormat } from "./exporting.ts";
import { noteOf } from "./notes.ts";
import type { ChartSpec } from "./specs.ts";

/** Charts as they are on screen, by id. */
export const drawnCharts = new Map<string, DrawnChart>();

/** What a command asks for, done with the chart that has, or last had, the focus; the first one where none had. */
export function actOnChart(action: ChartAction, model: ExperimentModel, host: Remote<ExperimentHost>): void {
  const { charts } = model;
  if (action === "add") return charts.addChart();
  if (action === "restore") return charts.change({ removed: [] });
  if (action === "clearBrush") {
    charts.brush.value = {};
    return;
  }
  const spec = charts.specOf(charts.full.peek() ?? charts.current.peek() ?? "") ?? charts.inOrder.peek()[0];
  if (spec !== undefined) act(action, spec, model, host);
  else model.problem.value = new Error("There is no chart here. Add one, then choose it again.");
}

function act(
  action: Exclude<ChartAction, "add" | "restore" | "clearBrush">,
  spec: ChartSpec,
  model: ExperimentModel,
  host: Remote<ExperimentHost>,
): void {
  const { charts } = model;
  const own = charts.ownOf(spec.id).peek();
  switch (action) {
    case "edit":
      charts.editing.value = { spec, fresh: false };
      return;
    case "remove":
      return charts.remove(spec.id);
    case "fullSize":
      charts.full.value = charts.full.peek() === spec.id ? undefined : spec.id;
      return;
    case "resetZoom":
      charts.zoomOf(spec.id).value = {};
      return;
    case "logX":
    case "logY":
    case "clip":
      return charts.set(spec.id, { [action]: !(own[action] ?? false) });
    case "before":
    case "after":
      return charts.moveBy(spec.id, action === "before" ? -1 : 1);
    case "table":
      charts.tabled.value = spec.id;
      return;
    case "png":
    case "svg":
    case "csv":
      return save(action, spec, model, host);
    default:
      action satisfies never;
  }
}

function save(format: ExportFormat, spec: ChartSpec, model: ExperimentModel, host: Remote<ExperimentHost>): void {
  const drawn = drawnCharts.get(spec.id);
  if (drawn === undefined) {
    model.problem.value = new Error("This chart is not drawn yet. Scroll to it, then export it again.");
    return;
  }
  const note = noteOf(spec, model.charts, { outside: 0, unshown: 0 }, true);
  model.attempt(exportChart({ spec, model, host, drawn, note }, format));
}
