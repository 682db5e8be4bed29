// The runs of a project's entry points, found with few searches however many there are. No vscode: tested with a real store.
import type { Experiment, Run } from "../../mlflow/entities.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { givenValues } from "../../projects/givenValues.ts";
import type { LastRunResult, PastRun } from "../../protocol/language.ts";
import type { Direction } from "../../protocol/panels/settings.ts";
import { bestRun } from "./bestRun.ts";
import { projectFolderOf } from "./projectFolder.ts";

/** The last runs of an entry point's name that are looked at: another project's may have the same name. */
const LOOKED_AT = 100;

/** The last runs of any entry point that are looked at for a file with several. */
const LOOKED_AT_TOGETHER = 500;

/** Entry points that are searched for by name when none of those was theirs. */
const SEARCHED_ALONE = 10;

/** Runs whose values are told. */
const LATEST = 12;

/** What is asked of a store. */
export interface RunSearch {
  searchExperiments(query: { max_results: number }): Promise<{ items: readonly Pick<Experiment, "experiment_id">[] }>;
  searchRuns(query: {
    experiment_ids: string[];
    filter: string;
    order_by: string[];
    max_results: number;
  }): Promise<{ items: readonly Run[] }>;
}

export interface Asked {
  entry_points: readonly string[];
  /** Of the project, and where it really is; the address of one that is not on this machine. */
  folders: readonly string[];
  directionOf(metricKey: string): Direction;
}

/** What is told of the last run of each entry point; null for one that never ran here. */
export async function readPastRuns(
  store: RunSearch,
  { entry_points, folders, directionOf }: Asked,
): Promise<Array<LastRunResult | null>> {
  const experiments = await store.searchExperiments({ max_results: 1000 });
  const experiment_ids = experiments.items.map((experiment) => experiment.experiment_id);
  const search = async (condition: string, max_results: number): Promise<readonly Run[]> => {
    const filter = `tags.\`${RUN_TAG.projectEntryPoint}\` ${condition}`;
    const order_by = ["attributes.start_time DESC"];
    return (await store.searchRuns({ experiment_ids, filter, order_by, max_results })).items;
  };
  const together = entry_points.length > 1 ? await search("LIKE '%'", LOOKED_AT_TOGETHER) : undefined;
  const ofName = Map.groupBy(together ?? [], (run) => tagOf(run, RUN_TAG.projectEntryPoint));
  let left = together === undefined ? 1 : together.length < LOOKED_AT_TOGETHER ? 0 : SEARCHED_ALONE;
  const results: Array<LastRunResult | null> = [];
  for (const name of entry_points) {
    let runs = ofName.get(name) ?? [];
    if (runs.length === 0 && left > 0) {
      left -= 1;
      const found = await search(conditionFor(name), LOOKED_AT);
      runs = found.filter((run) => tagOf(run, RUN_TAG.projectEntryPoint) === name);
    }
    const own = runs.filter((run) => {
      const source = tagOf(run, RUN_TAG.sourceName);
      return folders.includes(projectFolderOf(source) ?? source);
    });
    results.push(lastOf(own.map(pastRunOf), directionOf));
  }
  return results;
}

/** MLflow's filters know no way to write a quote between quotes. */
function conditionFor(name: string): string {
  return name.includes("'") ? `LIKE '${name.replaceAll("'", "_")}'` : `= '${name}'`;
}

function lastOf(runs: readonly PastRun[], directionOf: Asked["directionOf"]): LastRunResult | null {
  const best = bestRun(runs, directionOf);
  const latest = runs
    .filter((one, index) => index < LATEST || one === best)
    .map((one) => (one === best ? { ...one, best: true } : one));
  const [run] = latest;
  if (run === undefined) return null;
  const { run_id, status, start_time, end_time, metric } = run;
  return {
    run_id,
    status,
    start_time,
    ...(end_time === undefined ? {} : { end_time }),
    ...(metric === undefined ? {} : { metric }),
    latest,
  };
}

function pastRunOf({ info, data }: Run): PastRun {
  const [metric] = data.metrics;
  return {
    run_id: info.run_id,
    experiment_id: info.experiment_id,
    run_name: info.run_name ?? info.run_id.slice(0, 8),
    status: info.status,
    start_time: info.start_time ?? 0,
    params: Object.entries(givenValues(data)).map(([key, value]) => ({ key, value })),
    ...(info.end_time === undefined ? {} : { end_time: info.end_time }),
    ...(metric === undefined ? {} : { metric: { key: metric.key, value: metric.value } }),
  };
}

function tagOf(run: Run, key: string): string {
  return run.data.tags.find((tag) => tag.key === key)?.value ?? "";
}
