import { RUN_TAG, type Run } from "../../../mlflow/entities.ts";
import type { RunAction, RunModel, RunOverview } from "../../../protocol/panels/run.ts";
import { hasGraph } from "../../../protocol/tags.ts";
import type { StoreHandle } from "../../stores/stores.ts";
import { readHasGraph } from "../../workflows/owners.ts";
import { sourceOf } from "../source.ts";
import type { ShownRun } from "../stuckRuns.ts";

/** Children that are listed. */
const CHILDREN = 500;
/** Logged models that are named. */
const MODELS = 20;

/** What is asked of a run to tell whether it has a process. */
type StuckQuestion = Omit<ShownRun, "uri">;

/** Everything that the Run panel says of a run, but for what can be done with it beyond its store. */
export async function readOverview(
  store: StoreHandle,
  run: Run,
  baseline: string | undefined,
  sinceOf: (run: StuckQuestion) => number | undefined,
): Promise<Omit<RunOverview, "can">> {
  const { remote } = store;
  const { experiment_id, run_id } = run.info;
  const [experiment, ordinal, parent, children, models, compared] = await Promise.all([
    remote.getExperiment({ experiment_id }),
    readOrdinal(store, run),
    readParent(store, run),
    remote.runNodes({ experiment_id, parent_run_id: run_id, max_results: CHILDREN }),
    readModels(store, run),
    baseline === undefined || baseline === run_id ? undefined : readBaseline(store, baseline),
  ]);
  // Asked of few: a store behind REST reads all runs for it.
  const graph = hasGraph(run.data.tags, children.items.length) && (await readHasGraph(remote, run));
  const since = sinceOf(run.info);
  return {
    run,
    ...(since === undefined ? {} : { since }),
    experiment_name: experiment.name,
    store_name: store.name,
    ordinal,
    models,
    ...(graph ? { graph: true } : {}),
    ...(parent === undefined ? {} : { parent }),
    ...(compared === undefined ? {} : { baseline: compared }),
    children: children.items.map(({ run_id: id, run_name, start_time, end_time, metric, ...child }) => ({
      run_id: id,
      run_name,
      status: child.status,
      ordinal: child.ordinal,
      ...(sinceOf({ run_id: id, ...(start_time === undefined ? {} : { start_time }), ...child }) === undefined
        ? {}
        : { stuck: true }),
      ...(start_time === undefined ? {} : { start_time }),
      ...(end_time === undefined ? {} : { end_time }),
      ...(metric === undefined ? {} : { metric }),
    })),
  };
}

/** What can be done with a run here; `ours`: a runner of this machine is at work on it; `stuck`: nothing is. */
export function actionsOf(
  store: StoreHandle,
  run: Run,
  { ours, stuck }: { ours: boolean; stuck: boolean },
): RunAction[] {
  const facts = sourceOf(store, run);
  const actions: [RunAction, boolean][] = [
    ["write", !store.status.read_only],
    ["stop", ours && run.info.status === "RUNNING"],
    ["markFailed", stuck && !store.status.read_only],
    ["repeat", facts.isProject && facts.path !== undefined],
    ["openSource", facts.path !== undefined],
    ["checkOut", facts.commit !== undefined],
  ];
  return actions.flatMap(([action, possible]) => (possible ? [action] : []));
}

export function titleOf({ info }: Run): string {
  return info.run_name || info.run_id.slice(0, 8);
}

/** The run's place in its experiment, which fixes its colour. */
export async function readOrdinal({ remote }: StoreHandle, { info }: Run): Promise<number> {
  const columns = await remote.runColumns({
    experiment_ids: [info.experiment_id],
    filter: `attributes.run_id = '${info.run_id.replaceAll("'", "")}'`,
    run_view_type: "ALL",
    ...{ offset: 0, limit: 1, fields: [] },
  });
  return columns.ordinals[0] ?? 0;
}

async function readParent({ remote }: StoreHandle, run: Run): Promise<RunOverview["parent"]> {
  const run_id = run.data.tags.find((tag) => tag.key === RUN_TAG.parentRunId)?.value;
  if (run_id === undefined) return undefined;
  // A parent that was removed for good leaves its children's tag behind.
  const parent = await remote.getRun({ run_id }).catch(() => undefined);
  return { run_id, run_name: parent?.info.run_name ?? run_id.slice(0, 8) };
}

/** A baseline that was removed for good is none. */
async function readBaseline(store: StoreHandle, run_id: string): Promise<RunOverview["baseline"]> {
  const run = await store.remote.getRun({ run_id }).catch(() => undefined);
  if (run === undefined) return undefined;
  const { params, metrics } = run.data;
  return {
    run_id,
    run_name: titleOf(run),
    ordinal: await readOrdinal(store, run),
    params,
    metrics: metrics.map(({ key, value }) => ({ key, value })),
  };
}

async function readModels({ remote }: StoreHandle, { inputs, outputs }: Run): Promise<RunModel[]> {
  const logged = new Set(outputs.model_outputs.map(({ model_id }) => model_id));
  const used = new Set(inputs.model_inputs.map(({ model_id }) => model_id).filter((id) => !logged.has(id)));
  const ids = [...logged, ...used].slice(0, MODELS);
  const models = await Promise.all(ids.map((model_id) => remote.getLoggedModel({ model_id }).catch(() => undefined)));
  return models.flatMap((model): RunModel[] => {
    if (model === undefined) return [];
    const { model_id, name } = model.info;
    return [{ model_id, name, ...(used.has(model_id) ? { used: true } : {}) }];
  });
}
