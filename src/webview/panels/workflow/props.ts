import type { WorkflowHost, WorkflowOverview } from "../../../protocol/panels/workflow.ts";
import type { Remote } from "../../../protocol/rpc.ts";
import type { WorkflowModel } from "./model.ts";

/** What every part of the Workflow panel is given. */
export interface Props {
  model: WorkflowModel;
  host: Remote<WorkflowHost>;
}

export type SeenProps = Props & { overview: WorkflowOverview };
