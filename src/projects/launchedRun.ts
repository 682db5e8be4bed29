import { isOpen, RUN_TAG, tagOf, type Run, type RunStatus } from "../mlflow/entities.ts";
import { asMlflowError } from "../mlflow/errors.ts";
import { textValue } from "../mlflow/filter/write.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import { userName } from "./projectRun.ts";
import type { RunRequest } from "./request.ts";
import { shellQuote } from "./shellQuote.ts";

/** What tells the run that Python's `mlflow run` has created from all others: it gives no id away. */
export interface Launched
  extends Pick<RunRequest, "entry_point" | "experiment_id" | "experiment_name" | "backend" | "parameters"> {
  /** ms since the epoch: before it was started. */
  since: number;
  /** What the run becomes when it was left open; absent: it goes on elsewhere. */
  status?: RunStatus;
  say(line: string): void;
}

export type LaunchStore = Pick<TrackingStore, "getExperimentByName" | "searchRuns" | "updateRun">;

export interface LaunchedRun {
  run_id: string;
  /** Its backend is at work on it, or begins soon. */
  isOpen: boolean;
}

/** `mlflow run` (3.17.2) leaves its run RUNNING for ever when something fails behind its creation. Resolves to what is known of it. */
export async function closeLaunched(launched: Launched, store: LaunchStore): Promise<LaunchedRun | undefined> {
  try {
    const run = await findLaunched(launched, store);
    if (run === undefined) return undefined;
    const { run_id } = run.info;
    const goesOn = isOpen(run.info);
    if (!goesOn || launched.status === undefined) return { run_id, isOpen: goesOn };
    await store.updateRun({ run_id, status: launched.status, end_time: Date.now() });
    launched.say(`Flowdeck: the run ${run_id}, which mlflow left open, is ${launched.status}`);
    return { run_id, isOpen: false };
  } catch (error) {
    launched.say(`Flowdeck: whether mlflow left a run open is not known: ${asMlflowError(error).message}`);
    return undefined;
  }
}

/** This person's first run of this entry point, with these values and this backend, that began since then. */
async function findLaunched(launched: Launched, store: LaunchStore): Promise<Run | undefined> {
  const { entry_point = "main", backend, parameters, since } = launched;
  const user = userName();
  const experiment_id = await experimentOf(launched, store);
  const named = textValue(entry_point);
  const filter = [
    `attributes.start_time >= ${since}`,
    ...(named === undefined ? [] : [`tags.\`${RUN_TAG.projectEntryPoint}\` = ${named}`]),
  ].join(" AND ");
  const order_by = ["attributes.start_time ASC"];
  const { items } = await store.searchRuns({ experiment_ids: [experiment_id], filter, order_by, max_results: 20 });
  return items.find((run) => {
    if (tagOf(run, RUN_TAG.sourceType) !== "PROJECT" || tagOf(run, RUN_TAG.user) !== user) return false;
    if (tagOf(run, RUN_TAG.projectEntryPoint) !== entry_point) return false;
    if ((tagOf(run, RUN_TAG.projectBackend) ?? backend) !== backend) return false;
    const logged = new Map(run.data.params.map(({ key, value }) => [key, value]));
    return parameters.every(([name, value]) => logged.get(name) === shellQuote(value));
  });
}

async function experimentOf({ experiment_id, experiment_name }: Launched, store: LaunchStore): Promise<string> {
  const { MLFLOW_EXPERIMENT_ID: id, MLFLOW_EXPERIMENT_NAME: variable } = process.env;
  const name = experiment_name ?? (experiment_id === undefined ? variable : undefined);
  if (name !== undefined && name !== "")
    return (await store.getExperimentByName({ experiment_name: name })).experiment_id;
  return experiment_id ?? (id === undefined || id === "" ? "0" : id);
}
