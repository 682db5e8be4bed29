import * as vscode from "vscode";
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ExperimentTarget, RunTarget } from "../platform/commands.ts";
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

/** An experiment by its target; the name is for the tab. */
export async function findExperiment(
  stores: Stores,
  { uri, experiment_id }: ExperimentTarget,
): Promise<{ store: StoreHandle; experiment_id: string; name: string }> {
  const candidates = uri === undefined ? await readable(stores) : [await stores.get(uri)];
  for (const store of candidates) {
    const experiment = await store.remote.getExperiment({ experiment_id }).catch(() => undefined);
    if (experiment !== undefined) return { store, experiment_id, name: experiment.name };
  }
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Experiment ${experiment_id} is in no store of this window.`);
}

/** Asks for an experiment; undefined when the person chose none. */
export async function pickExperiment(stores: Stores): Promise<ExperimentTarget | undefined> {
  const items: (vscode.QuickPickItem & ExperimentTarget)[] = [];
  for (const { uri, name, remote } of await readable(stores)) {
    const page = await remote.searchExperiments({ order_by: ["last_update_time DESC"], max_results: 1000 });
    for (const experiment of page.items) {
      items.push({
        label: `$(beaker) ${experiment.name}`,
        description: name,
        uri,
        experiment_id: experiment.experiment_id,
      });
    }
  }
  if (items.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This folder has no MLflow data yet.");
  return vscode.window.showQuickPick(items, { placeHolder: "Experiment to open", matchOnDescription: true });
}

/** Asks for one of the latest runs; undefined when the person chose none. */
export async function pickRun(stores: Stores): Promise<RunTarget | undefined> {
  const options = { placeHolder: "Run to open", matchOnDescription: true, matchOnDetail: true };
  return vscode.window.showQuickPick(await latestRuns(stores), options);
}

/** Asks for several of the latest runs, `chosen` being chosen already; undefined when the person chose none. */
export async function pickRuns(
  stores: Stores,
  placeHolder: string,
  chosen: RunTarget[] = [],
  without: ReadonlySet<string> = new Set(),
): Promise<RunTarget[] | undefined> {
  const listed = await latestRuns(stores);
  const items = listed
    .filter(({ uri, run_id }) => !without.has(`${uri} ${run_id}`))
    .map((item) => ({ ...item, picked: chosen.some(({ run_id }) => run_id === item.run_id) }));
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true, canPickMany: true } as const;
  const picked = await vscode.window.showQuickPick(items, options);
  return picked === undefined || picked.length === 0 ? undefined : picked;
}

async function latestRuns(stores: Stores): Promise<(vscode.QuickPickItem & RunTarget)[]> {
  const items: (vscode.QuickPickItem & RunTarget)[] = [];
  for (const { uri, remote } of await readable(stores)) {
    const experiments = (await remote.searchExperiments({ max_results: 1000 })).items;
    const names = new Map(experiments.map((experiment) => [experiment.experiment_id, experiment.name]));
    const query = { experiment_ids: [...names.keys()], order_by: ["attributes.start_time DESC"], max_results: OFFERED };
    for (const { info } of (await remote.searchRuns(query)).items) {
      const age = info.start_time === undefined ? "" : ` · ${ageText(info.start_time, Date.now())}`;
      const description = `${names.get(info.experiment_id) ?? ""}${age}`;
      items.push({ label: info.run_name, description, detail: info.run_id, uri, run_id: info.run_id });
    }
  }
  if (items.length === 0) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "This folder has no run yet.");
  return items;
}

async function readable(stores: Stores): Promise<StoreHandle[]> {
  return (await stores.all()).filter((store) => store.status.state !== "unreadable");
}
