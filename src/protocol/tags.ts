// Tags that people did not set. They are facts of a run, or machinery, and not shown among its tags.

/** Keys of Flowdeck's own tags begin so: by them a run tells how it was started, and what a workflow or sweep has done. */
const FLOWDECK = "flowdeck.";

/** On the run of a workflow: absolute path of its file. */
export const WORKFLOW_FILE_TAG = "flowdeck.workflow.file";
/** On the run of a sweep. */
export const SWEEP_OWNER_TAG = "flowdeck.sweep";

/**
 * Whether a run has a graph: it is a workflow, or `entryPoints` of its children, of which there are more than one, were
 * started as such. The runs of a sweep do not come from each other.
 */
export function hasGraph(tags: readonly { key: string }[], entryPoints: number): boolean {
  if (tags.some(({ key }) => key === WORKFLOW_FILE_TAG)) return true;
  return entryPoints > 1 && !tags.some(({ key }) => key === SWEEP_OWNER_TAG);
}

/** Whether a person set it. */
export function isOwnTag(key: string): boolean {
  return !key.startsWith("mlflow.") && !isMachinery(key);
}

/** Whether it says nothing to a person, wherever it is shown. */
export function isMachinery(key: string): boolean {
  return key.startsWith(FLOWDECK);
}
