// The row of a run or an experiment, read with what it stands in where it was not yet.
import { RUN_TAG } from "../../mlflow/entities.ts";
import { type Looking, PAGE, readExperiments, readRuns } from "./experiments.ts";
import type { ExperimentRow, RunRow, StoreRow, TreeRow } from "./rows.ts";

/** Looks for rows below one store; `read` is told of each list that was read for it. */
export interface RowSearch {
  root: StoreRow;
  look: Looking;
  read(row: TreeRow): void;
}

/** Undefined where a filter hides it, or where it stands further down than is read at once. */
export async function findRunRow(search: RowSearch, run_id: string): Promise<RunRow | undefined> {
  const { root, look } = search;
  const run = await root.store.remote.getRun({ run_id });
  const experiment = await findExperimentRow(search, run.info.experiment_id);
  const parentId = run.data.tags.find((tag) => tag.key === RUN_TAG.parentRunId)?.value;
  const above = parentId === undefined ? undefined : await findRunRow(search, parentId).catch(() => undefined);
  const parent = above ?? experiment;
  if (parent === undefined) return undefined;
  const find = () => parent.runs.rows.find((one) => one.run_id === run_id);
  if (find() === undefined) {
    await readRuns(parent, look);
    search.read(parent);
  }
  return find();
}

export async function findExperimentRow(
  { root, look, read }: RowSearch,
  experiment_id: string,
): Promise<ExperimentRow | undefined> {
  const find = () => root.experiments.rows.find((row) => row.experiment_id === experiment_id);
  if (!root.experiments.loaded) await readExperiments(root, look);
  if (find() === undefined) {
    await readExperiments(root, look, root.experiments.rows.length + PAGE);
    read(root);
  }
  return find();
}
