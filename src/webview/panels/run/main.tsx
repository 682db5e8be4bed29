import { effect } from "@preact/signals";
import { render } from "preact";
import type { RunHost, RunSubject, RunView } from "../../../protocol/panels/run.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { later } from "../../ui/later.ts";
import { openPage } from "../../ui/port.ts";
import "../../ui/theme.css";
import "../../ui/chart/chart.css";
import "./run.css";
import { runModel } from "./model.ts";
import { readRunArrangement, type RunArrangement } from "./savedView.ts";
import { RunPanel } from "./view.tsx";

const page = openPage<RunSubject, RunArrangement>(readRunArrangement);
const host = connect<RunHost>(page.port, "host").remote;
const model = runModel(host, page.subject.run_id, page.view, Date.now);
serve<RunView>(page.port, model.told, "view");
const save = later(150, () => page.save(model.arrangement.peek()));
effect(() => {
  model.arrangement.value;
  save();
});
model.start();
const root = document.createElement("div");
root.id = "root";
document.body.append(root);
render(<RunPanel model={model} host={host} />, root);
