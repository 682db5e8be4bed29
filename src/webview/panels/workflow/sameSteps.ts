import type { WorkflowStep } from "../../../protocol/panels/workflow.ts";

/** The steps as they were read, each the same object as before where nothing of it changed: only what changed is drawn again. */
export function sameSteps(before: readonly WorkflowStep[], found: readonly WorkflowStep[]): WorkflowStep[] {
  const known = new Map(before.map((step) => [step.id, step]));
  return found.map((step) => {
    const one = known.get(step.id);
    return one !== undefined && JSON.stringify(one) === JSON.stringify(step) ? one : step;
  });
}
