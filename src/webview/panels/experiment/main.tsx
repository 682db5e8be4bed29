import { computed } from "@preact/signals";
import type { ExperimentHost, ExperimentSubject, ExperimentView } from "../../../protocol/panels/experiment.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { NARROW, pageWidth } from "../../ui/narrow.ts";
import { pageVisible } from "../../ui/visible.ts";
import { openPage } from "../../ui/port.ts";
import { showPage } from "../../ui/showPage.ts";
import { later } from "../../ui/later.ts";
import "../../ui/theme.css";
import "../../ui/controls.css";
import "../../ui/table/grid.css";
import "../../ui/chart/chart.css";
import "./experiment.css";
import "./charts/charts.css";
import { actOnChart } from "./charts/actions.ts";
import { experimentModel } from "./model.ts";
import { tableActions } from "./tableActions.ts";
import { type ExperimentArrangement, readArrangement } from "./savedView.ts";
import { ExperimentPanel } from "./view.tsx";

const page = openPage<ExperimentSubject, ExperimentArrangement>(readArrangement);
const host = connect<ExperimentHost>(page.port, page.channel).remote;
const model = experimentModel(host, page.view, {
  now: Date.now,
  visible: pageVisible,
  narrow: computed(() => (pageWidth.value < NARROW ? pageWidth.value : undefined)),
  // A server, or Databricks, knows AND only.
  mayOr: !/^(https?:|databricks)/.test(page.subject.uri),
});
const act = tableActions(model, host);
const told: ExperimentView = {
  ...model.told,
  retry: async () => model.retry(),
  showChart: async (chart) => model.charts.showParam(chart),
  act: async ({ action }) => act(action, -1),
  actOnChart: async ({ action }) => actOnChart(action, model, host),
};
serve<ExperimentView>(page.port, told, "view");
const save = later(150, () => page.save(model.arrangement.peek()));
model.arrangement.subscribe(save);
model.start();
showPage(<ExperimentPanel model={model} host={host} />);
