import type { RunHost, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { pageVisible } from "../../ui/visible.ts";
import { openPage } from "../../ui/port.ts";
import { saveArrangement } from "../../ui/saveArrangement.ts";
import { showPage } from "../../ui/showPage.ts";
import "../../ui/theme.css";
import "../../ui/controls.css";
import "../../ui/facts.css";
import "../../ui/chart/chart.css";
import "../../ui/viewers/viewers.css";
import "./run.css";
import { runModel } from "./model.ts";
import { readRunArrangement, type RunArrangement } from "./savedView.ts";
import { RunPanel } from "./view.tsx";

const page = openPage<RunSubject, RunArrangement>(readRunArrangement);
const host = connect<RunHost>(page.port, page.channel).remote;
const model = runModel(host, page.subject, page.view, { now: Date.now, visible: pageVisible });
serve<RunView>(page.port, model.told, "view");
saveArrangement(
  page,
  model.arrangement,
  (next, before) => next.scroll !== before.scroll || next.place !== before.place || next.smoothing !== before.smoothing,
);
model.start();
loadControls();
showPage(<RunPanel model={model} host={host} />);
