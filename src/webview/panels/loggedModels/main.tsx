import { render } from "preact";
import type { LoggedModelsHost, LoggedModelsSubject, LoggedModelsView } from "../../../protocol/panels/loggedModels.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { later } from "../../ui/later.ts";
import { openPage } from "../../ui/port.ts";
import { pageVisible } from "../../ui/visible.ts";
import "../../ui/theme.css";
import "../../ui/controls.css";
import "../../ui/facts.css";
import "./loggedModels.css";
import { loggedModelsModel } from "./model.ts";
import { type LoggedModelsArrangement, readLoggedModelsArrangement } from "./savedView.ts";
import { LoggedModelsPanel } from "./view.tsx";

const page = openPage<LoggedModelsSubject, LoggedModelsArrangement>(readLoggedModelsArrangement);
const host = connect<LoggedModelsHost>(page.port, page.channel).remote;
const model = loggedModelsModel(host, page.subject, page.view, { now: Date.now, visible: pageVisible });
serve<LoggedModelsView>(page.port, model.view, "view");
const save = () => page.save(model.arrangement.peek());
const saveLater = later(150, save);
let before = model.arrangement.peek();
model.arrangement.subscribe((next) => {
  const { listScroll, detailsScroll } = next;
  const moved = listScroll !== before.listScroll || detailsScroll !== before.detailsScroll;
  before = next;
  // What was chosen may be followed at once by another tab, which ends this page.
  if (moved) saveLater();
  else save();
});
model.start();
loadControls();
const root = document.createElement("div");
root.id = "root";
document.body.append(root);
render(<LoggedModelsPanel model={model} host={host} />, root);
