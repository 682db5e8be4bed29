import { render } from "preact";
import type { RunHost, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { later } from "../../ui/later.ts";
import { pageVisible } from "../../ui/visible.ts";
import { openPage } from "../../ui/port.ts";
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
const save = () => page.save(model.arrangement.peek());
const saveLater = later(150, save);
let before = model.arrangement.peek();
model.arrangement.subscribe((next) => {
  const { scroll, place, smoothing } = next;
  const moved = scroll !== before.scroll || place !== before.place || smoothing !== before.smoothing;
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
render(<RunPanel model={model} host={host} />, root);
