import { RUN_TAG, tagOf, type Run } from "../../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import { filterByIds, filterByParent, textValue } from "../../mlflow/filter/write.ts";
import type { WorkflowOverview, WorkflowRun, WorkflowStep } from "../../protocol/panels/workflow.ts";
import type { RunColumns } from "../../protocol/runs.ts";
import { stateTrouble } from "../../projects/workflow/checkState.ts";
import { graphOf, type GraphNode, type RunGraph, runsOf } from "../../projects/workflow/graph.ts";
import { isSweep } from "./owners.ts";
import { readWorkflowState, WORKFLOW_TAG, type WorkflowState } from "../../projects/workflow/state.ts";
import type { StoreMethods } from "../../store/store.ts";

// What the Workflow panel shows, read from a store. No vscode: tested over real stores.

/** What is needed of a store. */
export interface WorkflowStore {
  name: string;
  remote: Pick<StoreMethods, "getRun" | "searchRuns" | "runColumns">;
}

/** Runs of the same workflow that can be chosen from. */
const LATEST = 50;
/** Runs of one chain that are drawn. */
const MOST = 1000;

/** A run with its graph. */
export interface ReadWorkflow {
  run: Run;
  /** Of a workflow; a chain has none. */
  state?: WorkflowState;
  graph: RunGraph;
  overview: Omit<WorkflowOverview, "can">;
}

/** @throws MlflowError with one sentence for a run that is gone, that has no graph, or whose tags cannot be read. */
export async function readWorkflow(store: WorkflowStore, run_id: string): Promise<ReadWorkflow> {
  const run = await readOwner(store, run_id);
  const trouble = stateTrouble(run);
  if (trouble === "newer") {
    throw new MlflowError("INVALID_STATE", "A newer Flowdeck ran this workflow; update this one to see its graph.");
  }
  if (trouble === "damaged") {
    const message = `What ${run.info.run_name} tells of its steps is damaged, so there is no graph to draw.`;
    throw new MlflowError("INVALID_STATE", message);
  }
  if (trouble === "none" && isSweep(run)) throw noGraph(run);
  const state = trouble === undefined ? readWorkflowState(run) : undefined;
  const [others, runs] = await Promise.all([readOthers(store, run, state), readRuns(store, run)]);
  const graph = graphOf(run, others);
  if (graph === undefined) throw noGraph(run);
  const byId = new Map(others.map((other) => [other.info.run_id, other]));
  const needs = new Map<string, string[]>();
  for (const { from, to } of graph.edges) needs.set(to, [...(needs.get(to) ?? []), from]);
  const known = new Map(state?.steps.map((step) => [step.name, step]));
  const overview: ReadWorkflow["overview"] = {
    kind: graph.kind,
    run_id,
    experiment_id: run.info.experiment_id,
    name: graph.name,
    status: graph.status,
    started_at: graph.started_at,
    store_name: store.name,
    edges: graph.edges,
    runs,
    ...(run.info.lifecycle_stage === "deleted" ? { isDeleted: true } : {}),
    ...(graph.ended_at === undefined ? {} : { ended_at: graph.ended_at }),
    ...(state === undefined ? {} : { maxParallel: state.maxParallel }),
    ...(state?.problem === undefined ? {} : { problem: state.problem }),
    steps: graph.nodes.map((node): WorkflowStep => {
      const step = known.get(node.id);
      const { project, tries_allowed, continueOnError } = step ?? {};
      return {
        ...stepOf(node, byId.get(node.run_id ?? "")),
        needs: needs.get(node.id) ?? [],
        ...(project === undefined ? {} : { project }),
        ...(step === undefined ? {} : { tries_allowed: tries_allowed ?? 1, continueOnError: continueOnError === true }),
      };
    }),
  };
  return { run, graph, overview, ...(state === undefined ? {} : { state }) };
}

function noGraph({ info }: Run): MlflowError {
  return new MlflowError(
    "INVALID_STATE",
    `${info.run_name} is neither a workflow nor a run that started several entry points, so it has no graph.`,
  );
}

/** The run of the whole. Throws RESOURCE_DOES_NOT_EXIST in words of the panel. */
async function readOwner({ name, remote }: WorkflowStore, run_id: string): Promise<Run> {
  try {
    return await remote.getRun({ run_id });
  } catch (error) {
    if (asMlflowError(error).error_code !== "RESOURCE_DOES_NOT_EXIST") throw error;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `This run is no longer in ${name}.`);
  }
}

/** The runs that the graph is of: those that count for a workflow, or the children of a script's run. */
async function readOthers({ remote }: WorkflowStore, run: Run, state: WorkflowState | undefined): Promise<Run[]> {
  const { experiment_id, run_id } = run.info;
  const ids = state === undefined ? undefined : [...new Set(runsOf(state))];
  if (ids?.length === 0) return [];
  const page = await remote.searchRuns({
    experiment_ids: [experiment_id],
    filter: ids === undefined ? filterByParent(run_id) : filterByIds(ids),
    // What a workflow made stays told when one of its runs was deleted.
    run_view_type: ids === undefined && run.info.lifecycle_stage === "active" ? "ACTIVE_ONLY" : "ALL",
    max_results: MOST,
  });
  return page.items;
}

/** The latest runs of the same workflow, or of the same script, and this one. */
async function readRuns({ remote }: WorkflowStore, run: Run): Promise<WorkflowRun[]> {
  const { run_id, run_name, status, start_time, experiment_id } = run.info;
  const own: WorkflowRun = { run_id, run_name, status, ...(start_time === undefined ? {} : { start_time }) };
  const filter = filterForSame(run);
  if (filter === undefined) return [own];
  const columns = await remote.runColumns({
    experiment_ids: [experiment_id],
    filter,
    offset: 0,
    limit: LATEST,
    fields: [],
  });
  const found = rowsOf(columns);
  return found.some((one) => one.run_id === run_id) ? found : [own, ...found];
}

/** Runs without a parent, as rows of a list. */
function rowsOf(columns: RunColumns): WorkflowRun[] {
  return columns.run_ids.flatMap((run_id, i): WorkflowRun[] => {
    const start_time = columns.start_times[i] ?? Number.NaN;
    if (columns.parent_run_ids[i] !== null) return [];
    return [
      {
        run_id,
        run_name: columns.run_names[i] ?? "",
        status: columns.statuses[i] ?? "FINISHED",
        ...(Number.isNaN(start_time) ? {} : { start_time }),
      },
    ];
  });
}

/** The search for runs of the same workflow file, or of the same script and entry point; undefined where nothing tells which. */
function filterForSame(run: Run): string | undefined {
  const file = tagOf(run, WORKFLOW_TAG.file);
  const wanted =
    file === undefined
      ? [RUN_TAG.sourceName, RUN_TAG.projectEntryPoint].map((key) => [key, tagOf(run, key)] as const)
      : [[WORKFLOW_TAG.file, file] as const];
  const parts = wanted.flatMap(([key, value]) => {
    const text = value === undefined ? undefined : textValue(value);
    return text === undefined ? [] : [`tags.\`${key}\` = ${text}`];
  });
  return parts.length === 0 ? undefined : parts.join(" AND ");
}

function stepOf(node: GraphNode, run: Run | undefined): Omit<WorkflowStep, "needs"> {
  const { id, name, entry_point, status, started_at, ended_at, tries, reason, templates = {}, run_id } = node;
  const keys = new Set([...Object.keys(templates), ...node.params.map(({ key }) => key)]);
  const values = new Map(node.params.map(({ key, value }) => [key, value]));
  return {
    id,
    name,
    entry_point,
    status,
    tries,
    metrics: run?.data.metrics ?? [],
    params: [...keys].map((key) => {
      const [value, template] = [values.get(key), templates[key]];
      return { key, ...(value === undefined ? {} : { value }), ...(template === undefined ? {} : { template }) };
    }),
    ...(run === undefined ? {} : { run: namesOf(run) }),
    ...(run === undefined && run_id !== undefined ? { isRunGone: true } : {}),
    ...(started_at === undefined ? {} : { started_at }),
    ...(ended_at === undefined ? {} : { ended_at }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function namesOf({ info }: Run): NonNullable<WorkflowStep["run"]> {
  const { run_id, run_name, start_time, lifecycle_stage } = info;
  return {
    run_id,
    run_name: run_name || run_id.slice(0, 8),
    ...(start_time === undefined ? {} : { start_time }),
    ...(lifecycle_stage === "deleted" ? { isDeleted: true } : {}),
  };
}
