import type * as vscode from "vscode";
import type { Experiment, Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ExperimentTarget, RunTarget } from "../platform/commands.ts";
import { pickMany, pickOne } from "../platform/questions.ts";
import { pickAcross } from "../stores/pickAcross.ts";
import { filledStores, readAcross, unlistedText } from "../stores/readAcross.ts";
import type { StoreHandle, Stores } from "../stores/stores.ts";
import { ageText } from "./format.ts";

/** Runs offered in a quick pick. */
const OFFERED = 100;

export interface FoundRun {
  store: StoreHandle;
  run: Run;
}

/** A run by its target, in the store it names or in all. Throws RESOURCE_DOES_NOT_EXIST when none has it. */
export async function findRun(stores: Stores, { uri, run_id }: RunTarget): Promise<FoundRun> {
  if (uri !== undefined) {
    const store = await stores.get(uri);
    return { store, run: await store.remote.getRun({ run_id }) };
  }
  for (const store of await readable(stores)) {
    const run = await store.remote.getRun({ run_id }).catch(() => undefined);
    if (run !== undefined) return { store, run };
  }
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Run ${run_id.slice(0, 8)} is in no store of this window.`);
}

/** An experiment by its target. */
export async function findExperiment(
  stores: Stores,
  { uri, experiment_id }: ExperimentTarget,
): Promise<{ store: StoreHandle; experiment: Experiment }> {
  const candidates = uri === undefined ? await readable(stores) : [await stores.get(uri)];
  for (const store of candidates) {
    const experiment = await store.remote.getExperiment({ experiment_id }).catch(() => undefined);
    if (experiment !== undefined) return { store, experiment };
  }
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Experiment ${experiment_id} is in no store of this window.`);
}

/** What is asked for in a quick pick. */
export interface Asked {
  placeHolder: string;
  /** Only of stores that can be written. */
  writable?: boolean;
  /** What is in the trash instead. */
  deleted?: boolean;
  /** Only runs that say they are running. */
  running?: boolean;
}

/** Asks for an experiment; undefined when the person chose none. */
export async function pickExperiment(stores: Stores, asked: Asked): Promise<ExperimentTarget | undefined> {
  const { placeHolder, deleted = false } = asked;
  const read = async (
    { uri, remote }: StoreHandle,
    place: string,
  ): Promise<(vscode.QuickPickItem & ExperimentTarget)[]> => {
    const page = await remote.searchExperiments({
      order_by: ["last_update_time DESC"],
      max_results: 1000,
      view_type: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
    });
    return page.items.map((experiment) => ({
      ...{ label: `$(beaker) ${experiment.name}`, description: place },
      ...{ uri, experiment_id: experiment.experiment_id },
    }));
  };
  const none = deleted ? "No experiment is in the trash." : "There is no experiment yet that could be chosen.";
  return pickAcross(filledStores(await stores.all(), asked), read, { none, placeHolder, matchOnDescription: true });
}

/** Asks for one of the latest runs; undefined when the person chose none. */
export async function pickRun(
  stores: Stores,
  asked: Asked = { placeHolder: "Run to open" },
): Promise<RunTarget | undefined> {
  const options = { placeHolder: asked.placeHolder, matchOnDescription: true, matchOnDetail: true };
  return pickAcross(filledStores(await stores.all(), asked), (store) => latestRuns(store, asked), {
    none: noRun(asked),
    ...options,
  });
}

/** The run that a command means, with its store: its target, or one of the latest; undefined when the person chose none. */
export async function findOrPickRun(
  stores: Stores,
  target: RunTarget | undefined,
  asked: Asked,
): Promise<{ store: StoreHandle; run: Run } | undefined> {
  const chosen = target ?? (await pickRun(stores, asked));
  return chosen === undefined ? undefined : findRun(stores, chosen);
}

/** Asks for several of the latest runs, `chosen` being chosen already; undefined when the person chose none. */
export async function pickRuns(
  stores: Stores,
  placeHolder: string,
  chosen: RunTarget[] = [],
  without: ReadonlySet<string> = new Set(),
): Promise<RunTarget[] | undefined> {
  const asked: Asked = { placeHolder };
  const among = filledStores(await stores.all(), asked);
  const { found, failed } = await readAcross(among, (store) => latestRuns(store, asked));
  if (found.length === 0) throw failed[0]?.error ?? new MlflowError("RESOURCE_DOES_NOT_EXIST", noRun(asked));
  const items = found
    .filter(({ uri, run_id }) => !without.has(`${uri} ${run_id}`))
    .map((item) => ({ ...item, picked: chosen.some(({ run_id }) => run_id === item.run_id) }));
  const title = unlistedText(failed, among, "runs");
  const picked = await pickMany(items, {
    ...{ placeHolder, matchOnDescription: true, matchOnDetail: true },
    ...(title === undefined ? {} : { title }),
  });
  return picked === undefined || picked.length === 0 ? undefined : picked;
}

async function latestRuns({ uri, remote }: StoreHandle, asked: Asked): Promise<(vscode.QuickPickItem & RunTarget)[]> {
  const { deleted = false, running = false } = asked;
  const experiments = (await remote.searchExperiments({ max_results: 1000 })).items;
  const names = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment.name]));
  if (names.size === 0) return [];
  const page = await remote.searchRuns({
    experiment_ids: [...names.keys()],
    order_by: ["attributes.start_time DESC"],
    max_results: OFFERED,
    run_view_type: deleted ? "DELETED_ONLY" : "ACTIVE_ONLY",
    ...(running ? { filter: "attributes.status = 'RUNNING'" } : {}),
  });
  return page.items.map(({ info }) => {
    const age = info.start_time === undefined ? "" : ` · ${ageText(info.start_time, Date.now())}`;
    const description = `${names.get(info.experiment_id) ?? ""}${age}`;
    return { label: info.run_name, description, detail: info.run_id, uri, run_id: info.run_id };
  });
}

function noRun({ deleted = false, running = false }: Asked): string {
  if (deleted) return "No run is in the trash.";
  return running ? "No run is running." : "There is no run yet that could be chosen.";
}

/** Asks for a store that can be written, where there are several; undefined when the person chose none. */
export async function pickStore(stores: Stores, placeHolder: string): Promise<string | undefined> {
  const items = (await offered(stores, { placeHolder, writable: true })).map(({ uri, name, status }) => ({
    label: `$(database) ${name}`,
    description: status.path,
    uri,
  }));
  if (items.length === 0) {
    throw new MlflowError("PERMISSION_DENIED", "No store of this window can be written. Open a folder that can.");
  }
  return items.length === 1 ? items[0]?.uri : (await pickOne(items, { placeHolder }))?.uri;
}

/** The store, if it can be written. Throws PERMISSION_DENIED with what to do. */
export function writable(store: StoreHandle): StoreHandle {
  if (!store.status.read_only) return store;
  const message = store.status.problem ?? `${store.name} is read-only, so nothing in it can be changed.`;
  throw new MlflowError("PERMISSION_DENIED", message);
}

async function offered(stores: Stores, asked: Asked): Promise<StoreHandle[]> {
  return (await readable(stores)).filter(({ status }) => asked.writable !== true || !status.read_only);
}

async function readable(stores: Stores): Promise<StoreHandle[]> {
  return (await stores.all()).filter((store) => store.status.state !== "unreadable");
}
