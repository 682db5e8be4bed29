import { filterByIds } from "../../../mlflow/filter/write.ts";
import { asMlflowError } from "../../../mlflow/errors.ts";
import type { ComparedExperiment, ComparedKey, Comparison, LostRun } from "../../../protocol/panels/compare.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { type ComparedPart, comparedFields, comparisonOf } from "./comparison.ts";

/** What is needed of the window's stores. */
export interface StoreSource {
  get(uri: string): Promise<Pick<StoreHandle, "uri" | "name" | "remote">>;
}

/** Which experiment each run is in, which never changes: read once. */
export type KnownExperiments = Map<string, string>;

/** The runs by their store, in the order of the stores' first runs. */
export function byStore<T extends ComparedKey>(runs: readonly T[]): Map<string, T[]> {
  const stores = new Map<string, T[]>();
  for (const run of runs) stores.set(run.uri, [...(stores.get(run.uri) ?? []), run]);
  return stores;
}

interface StorePart {
  part?: ComparedPart;
  experiments: ComparedExperiment[];
  lost: LostRun[];
}

/** Everything the runs logged. A run that is gone, and a store that cannot be read, take nothing from the others. */
export async function readComparison(
  stores: StoreSource,
  wanted: ComparedKey[],
  known: KnownExperiments,
): Promise<Comparison> {
  const parts = await Promise.all([...byStore(wanted)].map(([uri, runs]) => readStore(stores, uri, runs, known)));
  return {
    ...comparisonOf(
      wanted,
      parts.flatMap(({ part }) => part ?? []),
    ),
    lost: parts.flatMap(({ lost }) => lost),
    experiments: parts.flatMap(({ experiments }) => experiments),
  };
}

async function readStore(
  stores: StoreSource,
  uri: string,
  runs: ComparedKey[],
  known: KnownExperiments,
): Promise<StorePart> {
  try {
    const { name, remote } = await stores.get(uri);
    const lost: LostRun[] = [];
    await Promise.all(
      runs.map(async (run) => {
        const key = `${uri} ${run.run_id}`;
        if (known.has(key)) return;
        const found = await remote.getRun({ run_id: run.run_id }).catch((error: unknown) => {
          if (asMlflowError(error).error_code !== "RESOURCE_DOES_NOT_EXIST") throw error;
        });
        if (found === undefined) lost.push({ ...run, reason: `is no longer in ${name}` });
        else known.set(key, found.info.experiment_id);
      }),
    );
    const experiment_ids = [...new Set(runs.flatMap(({ run_id }) => known.get(`${uri} ${run_id}`) ?? []))];
    if (experiment_ids.length === 0) return { experiments: [], lost };
    const rows = {
      experiment_ids,
      filter: filterByIds(runs.map(({ run_id }) => run_id)),
      run_view_type: "ALL",
    } as const;
    // A database that was removed reads as an empty one.
    const experiments = await readExperiments(remote, uri, name, experiment_ids);
    if (experiments === undefined) {
      for (const { run_id } of runs) known.delete(`${uri} ${run_id}`);
      return { experiments: [], lost: runs.map((run) => ({ ...run, reason: `is no longer in ${name}` })) };
    }
    const keys = await remote.runKeys(rows);
    const fields = comparedFields(keys);
    const columns = await remote.runColumns({ ...rows, offset: 0, limit: runs.length, fields });
    const ids = new Set(columns.run_ids);
    const gone = runs.filter((run) => known.has(`${uri} ${run.run_id}`) && !ids.has(run.run_id));
    for (const run of gone) lost.push({ ...run, reason: `is no longer in ${name}` });
    const names = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment.name]));
    return { part: { uri, store_name: name, experiments: names, keys, columns }, experiments, lost };
  } catch (error) {
    const reason = `cannot be read: ${asMlflowError(error).message}`;
    return { experiments: [], lost: runs.map((run) => ({ ...run, reason })) };
  }
}

/** Undefined when one of them is gone. */
async function readExperiments(
  remote: StoreHandle["remote"],
  uri: string,
  name: string,
  ids: string[],
): Promise<ComparedExperiment[] | undefined> {
  try {
    return await Promise.all(ids.map((experiment_id) => readExperiment(remote, uri, name, experiment_id)));
  } catch (error) {
    if (asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST") return undefined;
    throw error;
  }
}

async function readExperiment(
  remote: StoreHandle["remote"],
  uri: string,
  store_name: string,
  experiment_id: string,
): Promise<ComparedExperiment> {
  const [experiment, rows] = await Promise.all([
    remote.getExperiment({ experiment_id }),
    remote.runColumns({ experiment_ids: [experiment_id], offset: 0, limit: 1, fields: [] }),
  ]);
  return { uri, experiment_id, name: experiment.name, store_name, runs: rows.runs };
}
