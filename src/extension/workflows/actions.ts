import { existsSync } from "node:fs";
import { isOpen, type Run } from "../../mlflow/entities.ts";
import type { WorkflowAction } from "../../protocol/panels/workflow.ts";
import { runnerStateOf } from "../../projects/workflow/control.ts";
import type { WorkflowState } from "../../projects/workflow/state.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { sourceOf } from "../tracking/source.ts";

/** Who works on a run that is RUNNING: `alive` on this machine, `gone`, or somebody of whom nothing is known. */
export type OpenRunner = "alive" | "gone" | "unknown" | "none";

/** `none`: the run is over. */
export async function runnerOfOpen(
  run: Run,
  state: WorkflowState | undefined,
  { isOurs, isStuck }: { isOurs: () => Promise<boolean>; isStuck: () => boolean },
): Promise<OpenRunner> {
  if (!isOpen(run.info) || run.info.lifecycle_stage === "deleted") return "none";
  // Asked in any case: what is asked about is followed, and told when its process is gone.
  const stuck = isStuck();
  if (state !== undefined) {
    const runner = runnerStateOf(state.runner);
    if (runner !== "elsewhere") return runner;
  } else if (await isOurs()) return "alive";
  return stuck ? "gone" : "unknown";
}

/** What can be done with a workflow here. */
export function actionsOf(
  store: StoreHandle,
  run: Run,
  state: WorkflowState | undefined,
  runner: OpenRunner,
): WorkflowAction[] {
  const writable = !store.status.read_only && run.info.lifecycle_stage === "active";
  const { path, isProject } = sourceOf(store, run);
  const isHere = state === undefined ? path !== undefined && existsSync(path) : existsSync(state.file);
  const isOver = runner === "none" || runner === "gone";
  const actions: [WorkflowAction, boolean][] = [
    ["write", writable],
    ["stop", runner === "alive"],
    ["resume", writable && isHere && isOver && state !== undefined],
    ["repeat", isHere && isOver && (state !== undefined || isProject)],
    ["openFile", isHere],
    ["debug", isHere],
  ];
  return actions.flatMap(([action, possible]) => (possible ? [action] : []));
}
