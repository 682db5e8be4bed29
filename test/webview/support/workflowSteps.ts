import type { WorkflowOverview, WorkflowStep } from "../../../src/protocol/panels/workflow.ts";

/** A step that waits, but for what is given. */
export function step(id: string, more: Partial<WorkflowStep> = {}): WorkflowStep {
  return {
    ...{ id, name: id, entry_point: id, status: "waiting", tries: [], needs: [], params: [], metrics: [] },
    ...more,
  };
}

/** A workflow of these steps that goes on. */
export function workflow(steps: WorkflowStep[], more: Partial<WorkflowOverview> = {}): WorkflowOverview {
  return {
    ...{ kind: "workflow", run_id: "w", experiment_id: "1", name: "Train", status: "RUNNING", started_at: 0 },
    ...{ store_name: "mlflow.db", edges: [], runs: [], can: [], steps },
    ...more,
  };
}
