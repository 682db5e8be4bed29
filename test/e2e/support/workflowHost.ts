import type { WorkflowHost, WorkflowOverview } from "../../../src/protocol/panels/workflow.ts";
import { readStepLog } from "../../../src/extension/workflows/readStepLog.ts";
import { readWorkflow } from "../../../src/extension/workflows/readWorkflow.ts";
import type { Store } from "../../../src/store/store.ts";

/** The host of a Workflow panel without an editor: it reads a real store, and notes what would happen in the editor. */
export function workflowHost(
  store: Store,
  run_id: string,
  more: Partial<WorkflowOverview> = {},
): { host: WorkflowHost; asked: unknown[][] } {
  const asked: unknown[][] = [];
  const note = (name: string) => async (query: unknown) => void asked.push([name, query]);
  const host: WorkflowHost = {
    async overview() {
      const { overview } = await readWorkflow({ name: "mlflow.db", remote: store }, run_id);
      const can = overview.status === "RUNNING" ? (["stop"] as const) : (["resume", "repeat"] as const);
      return { ...overview, can: [...can, "openFile", "write", "debug"], ...more };
    },
    stepLog: (query) => readStepLog(store, query.run_id),
    ...{ openLog: note("openLog"), openRun: note("openRun"), openEntryPoint: note("openEntryPoint") },
    ...{ openFile: note("openFile"), openWorkflowFile: note("openWorkflowFile"), openRuns: note("openRuns") },
    ...{ show: note("show"), stop: note("stop"), resume: note("resume"), repeat: note("repeat") },
    ...{ debug: note("debug"), markFailed: note("markFailed"), copy: note("copy"), showLog: note("showLog") },
  };
  return { host, asked };
}
