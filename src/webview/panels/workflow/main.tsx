import { render } from "preact";
import type { WorkflowHost, WorkflowSubject, WorkflowView } from "../../../protocol/panels/workflow.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { later } from "../../ui/later.ts";
import { openPage } from "../../ui/port.ts";
import { pageVisible } from "../../ui/visible.ts";
import "../../ui/theme.css";
import "../../ui/controls.css";
import "./workflow.css";
import "./graph.css";
import "./timeline.css";
import { workflowModel } from "./model.ts";
import { readWorkflowArrangement, type WorkflowArrangement } from "./savedView.ts";
import { WorkflowPanel } from "./view.tsx";

const page = openPage<WorkflowSubject, WorkflowArrangement>(readWorkflowArrangement);
const host = connect<WorkflowHost>(page.port, page.channel).remote;
const model = workflowModel(host, page.subject, page.view, { now: Date.now, visible: pageVisible });
serve<WorkflowView>(page.port, model.view, "view");
const save = () => page.save(model.arrangement.peek());
const saveLater = later(150, save);
let before = model.arrangement.peek();
model.arrangement.subscribe((next) => {
  const isMoving = next.x !== before.x || next.y !== before.y || next.zoom !== before.zoom;
  before = next;
  // What was chosen may be followed at once by another tab, which ends this page.
  if (isMoving) saveLater();
  else save();
});
model.start();
loadControls();
const root = document.createElement("div");
root.id = "root";
document.body.append(root);
render(<WorkflowPanel model={model} host={host} />, root);
