import { RUN_TAG, type Run } from "../../mlflow/entities.ts";
import { filterByIds, filterByParent, textValue } from "../../mlflow/filter/write.ts";
import type { RunColumns } from "../../protocol/runs.ts";
import { hasGraph, SWEEP_OWNER_TAG } from "../../protocol/tags.ts";
import { WORKFLOW_TAG } from "../../projects/workflow/state.ts";
import type { StoreMethods } from "../../store/store.ts";

// Which runs of a store have a graph. No vscode: tested over real stores.

/** A run that owns steps. */
export interface Owner {
  run_id: string;
  run_name: string;
  start_time?: number;
  /** Of a chain: the runs it started, as far as was looked. */
  steps?: number;
}

interface OwnersStore {
  remote: Pick<StoreMethods, "searchExperiments" | "runColumns">;
}

/** Runs that are offered. */
const OFFERED = 100;
/** Runs of entry points that are looked at for chains. */
const LOOKED_AT = 500;

/** Runs of workflows and of scripts that started several entry points, newest first. */
export async function ownersIn(store: OwnersStore): Promise<Owner[]> {
  const experiment_ids = await experimentsOf(store);
  if (experiment_ids.length === 0) return [];
  const found = (filter: string, limit: number) =>
    store.remote.runColumns({ experiment_ids, filter, offset: 0, limit, fields: [] });
  const [workflows, started, sweeps] = await Promise.all([
    found(`tags.\`${WORKFLOW_TAG.file}\` LIKE '%'`, OFFERED),
    found(`tags.\`${RUN_TAG.projectEntryPoint}\` LIKE '%'`, LOOKED_AT),
    // The runs of a sweep do not come from each other.
    found(`tags.\`${SWEEP_OWNER_TAG}\` LIKE '%'`, LOOKED_AT),
  ]);
  const steps = new Map<string, number>();
  for (const parent of started.parent_run_ids) if (parent !== null) steps.set(parent, (steps.get(parent) ?? 0) + 1);
  for (const run_id of [...workflows.run_ids, ...sweeps.run_ids]) steps.delete(run_id);
  const chains = [...steps].filter(([, count]) => count > 1).slice(0, OFFERED);
  const parents = chains.length === 0 ? [] : ownersOf(await found(filterByIds(chains.map(([id]) => id)), OFFERED));
  return [
    ...ownersOf(workflows),
    ...parents.map((owner) => ({ ...owner, steps: steps.get(owner.run_id) ?? 0 })),
  ].toSorted((a, b) => (b.start_time ?? 0) - (a.start_time ?? 0));
}

/** The latest run of a workflow file; undefined when it was never run. */
export async function latestOf(store: OwnersStore, file: string): Promise<string | undefined> {
  const experiment_ids = await experimentsOf(store);
  const path = textValue(file);
  if (experiment_ids.length === 0 || path === undefined) return undefined;
  const filter = `tags.\`${WORKFLOW_TAG.file}\` = ${path}`;
  const { run_ids } = await store.remote.runColumns({ experiment_ids, filter, offset: 0, limit: 1, fields: [] });
  return run_ids[0];
}

/** Whether a run has a graph: what its row of the tree is told by its store, for one run. */
export async function readHasGraph(remote: Pick<StoreMethods, "runColumns">, { info, data }: Run): Promise<boolean> {
  if (hasGraph(data.tags, 0)) return true;
  if (isSweep({ data })) return false;
  const filter = `${filterByParent(info.run_id)} AND tags.\`${RUN_TAG.projectEntryPoint}\` LIKE '%'`;
  const query = { experiment_ids: [info.experiment_id], filter, offset: 0, limit: 1, fields: [] };
  return hasGraph(data.tags, (await remote.runColumns(query)).runs);
}

/** The runs of a sweep do not come from each other. */
export function isSweep({ data }: Pick<Run, "data">): boolean {
  return data.tags.some(({ key }) => key === SWEEP_OWNER_TAG);
}

async function experimentsOf({ remote }: OwnersStore): Promise<string[]> {
  return (await remote.searchExperiments({ max_results: 1000 })).items.map(({ experiment_id }) => experiment_id);
}

function ownersOf({ run_ids, run_names, start_times }: RunColumns): Owner[] {
  return run_ids.map((run_id, i) => {
    const start_time = start_times[i] ?? Number.NaN;
    return { run_id, run_name: run_names[i] ?? "", ...(Number.isNaN(start_time) ? {} : { start_time }) };
  });
}
