import type { WorkflowHost, WorkflowSubject, WorkflowView } from "../../../protocol/panels/workflow.ts";
import { connect, serve } from "../../../protocol/rpc.ts";
import { loadControls } from "../../ui/controls.tsx";
import { openPage } from "../../ui/port.ts";
import { saveArrangement } from "../../ui/saveArrangement.ts";
import { showPage } from "../../ui/showPage.ts";
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
saveArrangement(
  page,
  model.arrangement,
  (next, before) => next.x !== before.x || next.y !== before.y || next.zoom !== before.zoom,
);
model.start();
loadControls();
showPage(<WorkflowPanel model={model} host={host} />);
