import type { RunInfo } from "../../../mlflow/entities.ts";
import type { RunRowsQuery } from "../../../protocol/runs.ts";
import type { StoreHandle } from "../../stores/stores.ts";

/**
 * The run before (-1) or after (1) this one in the table of its experiment: in the rows that an open panel shows, else newest
 * first. Undefined at either end.
 */
export async function neighbourOf(
  { remote }: StoreHandle,
  { run_id, experiment_id, lifecycle_stage }: Pick<RunInfo, "run_id" | "experiment_id" | "lifecycle_stage">,
  shown: RunRowsQuery | undefined,
  by: 1 | -1,
): Promise<string | undefined> {
  const usual: RunRowsQuery = {
    experiment_ids: [experiment_id],
    run_view_type: lifecycle_stage === "deleted" ? "ALL" : "ACTIVE_ONLY",
  };
  for (const rows of shown === undefined ? [usual] : [shown, usual]) {
    const { run_ids } = await remote.runIds(rows);
    const at = run_ids.indexOf(run_id);
    // A run that the table's filter hides has neighbours all the same.
    if (at >= 0) return run_ids[at + by];
  }
  return undefined;
}
