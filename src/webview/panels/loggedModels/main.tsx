import type { LoggedModelsHost, LoggedModelsSubject, LoggedModelsView } from "../../../protocol/panels/loggedModels.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { openPage } from "../../ui/port.ts";
import { saveArrangement } from "../../ui/saveArrangement.ts";
import { showPage } from "../../ui/showPage.ts";
import { pageVisible } from "../../ui/visible.ts";
import "../../ui/theme.css";
import "../../ui/controls.css";
import "../../ui/facts.css";
import "../../ui/table/grid.css";
import "./loggedModels.css";
import { loggedModelsModel } from "./model.ts";
import { type LoggedModelsArrangement, readLoggedModelsArrangement } from "./savedView.ts";
import { LoggedModelsPanel } from "./view.tsx";

const page = openPage<LoggedModelsSubject, LoggedModelsArrangement>(readLoggedModelsArrangement);
const host = connect<LoggedModelsHost>(page.port, page.channel).remote;
const model = loggedModelsModel(host, page.subject, page.view, { now: Date.now, visible: pageVisible });
serve<LoggedModelsView>(page.port, model.view, "view");
saveArrangement(
  page,
  model.arrangement,
  (next, before) => next.listScroll !== before.listScroll || next.detailsScroll !== before.detailsScroll,
);
model.start();
loadControls();
showPage(<LoggedModelsPanel model={model} host={host} />);
