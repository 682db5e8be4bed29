// The one model of a graph of runs: of a workflow as its tags tell it, and of steps that a Python script ran one after the other.
import { RUN_TAG, tagOf, type Run, type RunStatus } from "../../mlflow/entities.ts";
import { readWorkflowState, WORKFLOW_TAG, type StepStatus, type Try, type WorkflowState } from "./state.ts";

export interface GraphNode {
  /** Name of the step; of a Python chain the id of the run. */
  id: string;
  name: string;
  entry_point: string;
  status: StepStatus;
  /** The run that counts. */
  run_id?: string;
  run_name?: string;
  /** ms since the epoch, of the first try in the graph. Absent for what has not started, and for what was reused. */
  started_at?: number;
  /** ms since the epoch. */
  ended_at?: number;
  /** Oldest first; a Python chain has one each. */
  tries: Try[];
  /** Why it was reused, or not, or will not start. */
  reason?: string;
  /** Values with `${{ … }}` as they are written in the workflow. */
  templates?: Record<string, string>;
  /** What it ran with, and its latest metrics; empty until it has a run. */
  params: { key: string; value: string }[];
  metrics: { key: string; value: number }[];
  /** Column, from 0: every edge leads to a higher one. */
  level: number;
}

/** `satisfied`: what it comes from is done. `awaited`: not yet. `broken`: it will not be. */
export interface GraphEdge {
  from: string;
  to: string;
  state: "satisfied" | "awaited" | "broken";
}

export interface RunGraph {
  /** `workflow`: of a workflow file. `chain`: runs that a script started. */
  kind: "workflow" | "chain";
  name: string;
  status: RunStatus;
  /** ms since the epoch. */
  started_at: number;
  ended_at?: number;
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/**
 * The graph below a run. `others` are its child runs, with the runs outside that a workflow reused (`runsOf` names all that
 * a workflow needs). Undefined for a run that is no workflow and has no two children which are entry points.
 */
export function graphOf(parent: Run, others: readonly Run[]): RunGraph | undefined {
  const state = readWorkflowState(parent);
  if (state !== undefined) return graphOfWorkflow(state, others);
  const children = others.filter((run) => tagOf(run, RUN_TAG.parentRunId) === parent.info.run_id);
  const chain = graphOfRuns(children);
  if (chain === undefined) return undefined;
  const { run_name, status, start_time = chain.started_at, end_time } = parent.info;
  return {
    ...chain,
    name: run_name,
    status,
    started_at: start_time,
    ...(end_time === undefined ? {} : { ended_at: end_time }),
  };
}

/** The runs that count for a workflow, those that were reused among them. */
export function runsOf({ steps }: WorkflowState): string[] {
  return steps.flatMap(({ run_id }) => run_id ?? []);
}

/** The graph of a workflow; nodes know params and metrics of those runs that are given. */
export function graphOfWorkflow(state: WorkflowState, runs: readonly Run[]): RunGraph {
  const byId = new Map(runs.map((run) => [run.info.run_id, run]));
  const needs = new Map(state.steps.map(({ name, needs: others }) => [name, others]));
  const nodes = state.steps.map((step): GraphNode => {
    const run = step.run_id === undefined ? undefined : byId.get(step.run_id);
    const { name, entry_point, status, run_id, tries, reason, templates } = step;
    const started_at = status === "cached" ? undefined : tries[0]?.started_at;
    const ended_at = status === "cached" ? undefined : tries.at(-1)?.ended_at;
    return {
      id: name,
      name,
      entry_point,
      status,
      tries,
      level: levelOf(name, needs),
      ...loggedBy(run),
      ...(run_id === undefined ? {} : { run_id }),
      ...(started_at === undefined ? {} : { started_at }),
      ...(ended_at === undefined ? {} : { ended_at }),
      ...(reason === undefined ? {} : { reason }),
      ...(templates === undefined ? {} : { templates }),
    };
  });
  const edges = state.steps.flatMap(({ name, needs: others }) =>
    others.map(
      (from): GraphEdge => ({ from, to: name, state: edgeState(state.steps.find((one) => one.name === from)) }),
    ),
  );
  const { name, status, started_at, ended_at } = state;
  return { kind: "workflow", name, status, started_at, nodes, edges, ...(ended_at === undefined ? {} : { ended_at }) };
}

/**
 * The graph of runs that a script started with `mlflow.projects.run`, told by their tags and params alone: a run comes from
 * those whose id or artifacts are among its params, else from the last ones that were over before it began: those that ran
 * side by side, or with one entry point. Undefined for fewer than two.
 */
export function graphOfRuns(runs: readonly Run[]): RunGraph | undefined {
  const steps = runs
    .filter((run) => entryPointOf(run) !== undefined && tagOf(run, WORKFLOW_TAG.workflow) === undefined)
    .toSorted(
      (a, b) => (a.info.start_time ?? 0) - (b.info.start_time ?? 0) || (a.info.run_id < b.info.run_id ? -1 : 1),
    );
  const [first] = steps;
  if (first === undefined || steps.length < 2) return undefined;
  const needs = new Map<string, string[]>();
  for (const [index, run] of steps.entries()) needs.set(run.info.run_id, sourcesOf(run, steps.slice(0, index)));
  const names = steps.map((run) => entryPointOf(run) ?? "");
  const nodes = steps.map((run, index): GraphNode => {
    const { run_id, run_name, start_time = 0, end_time } = run.info;
    const entry_point = names[index] ?? "";
    const status = STEP_OF_RUN[run.info.status];
    const ended = end_time === undefined ? {} : { ended_at: end_time };
    return {
      id: run_id,
      name: names.filter((name) => name === entry_point).length > 1 ? `${entry_point} ${run_name}` : entry_point,
      entry_point,
      status,
      run_id,
      started_at: start_time,
      ...ended,
      tries: [{ run_id, started_at: start_time, ...ended, status: status === "waiting" ? "running" : status }],
      level: levelOf(run_id, needs),
      ...loggedBy(run),
    };
  });
  const edges = [...needs].flatMap(([to, others]) =>
    others.map((from): GraphEdge => ({ from, to, state: edgeState(nodes.find(({ id }) => id === from)) })),
  );
  const ends = steps.map(({ info }) => info.end_time);
  const isOpen = nodes.some(({ status }) => status === "running" || status === "waiting");
  const failed = nodes.some(({ status }) => status === "failed" || status === "killed");
  return {
    kind: "chain",
    name: first.info.run_name,
    status: isOpen ? "RUNNING" : failed ? "FAILED" : "FINISHED",
    started_at: first.info.start_time ?? 0,
    ...(isOpen ? {} : { ended_at: Math.max(...ends.map((end) => end ?? 0)) }),
    nodes,
    edges,
  };
}

/** What a step is whose run stands so. */
export const STEP_OF_RUN = {
  RUNNING: "running",
  SCHEDULED: "waiting",
  FINISHED: "finished",
  FAILED: "failed",
  KILLED: "killed",
} as const satisfies Record<RunStatus, StepStatus>;

/** Of a search over many values, more lines than this would hide the graph. */
const MOST_SOURCES = 20;

function sourcesOf(run: Run, before: readonly Run[]): string[] {
  const values = run.data.params.map(({ value }) => value);
  const used = before.filter(({ info }) =>
    values.some(
      (value) => value.includes(info.run_id) || (info.artifact_uri !== "" && value.includes(info.artifact_uri)),
    ),
  );
  if (used.length > 0) return used.map(({ info }) => info.run_id);
  const over = before.filter(({ info }) => (info.end_time ?? Infinity) <= (run.info.start_time ?? 0));
  // The same entry point again is one more try of values, not a next step.
  while (over.length > 0 && entryPointOf(over.at(-1)) === entryPointOf(run)) over.pop();
  const latest = over.at(-1);
  const found: string[] = [];
  for (const other of over.toReversed()) {
    const isBeside = (other.info.end_time ?? 0) > (latest?.info.start_time ?? 0);
    if ((entryPointOf(other) !== entryPointOf(latest) && !isBeside) || found.length === MOST_SOURCES) break;
    found.unshift(other.info.run_id);
  }
  return found;
}

function entryPointOf(run: Run | undefined): string | undefined {
  return run && tagOf(run, RUN_TAG.projectEntryPoint);
}

function loggedBy(run: Run | undefined): Pick<GraphNode, "params" | "metrics"> & { run_name?: string } {
  if (run === undefined) return { params: [], metrics: [] };
  const { params, metrics } = run.data;
  return { run_name: run.info.run_name, params, metrics: metrics.map(({ key, value }) => ({ key, value })) };
}

function edgeState(from: { status: StepStatus; continueOnError?: boolean } | undefined): GraphEdge["state"] {
  switch (from?.status) {
    case "finished":
    case "cached":
      return "satisfied";
    case "failed":
      return from.continueOnError === true ? "satisfied" : "broken";
    case "killed":
    case "blocked":
      return "broken";
    default:
      return "awaited";
  }
}

/** Length of the longest way to a node. */
function levelOf(
  name: string,
  needs: ReadonlyMap<string, readonly string[]>,
  seen = new Map<string, number>(),
): number {
  const known = seen.get(name);
  if (known !== undefined) return known;
  // What another version wrote may go round in circles.
  seen.set(name, 0);
  const level = Math.max(-1, ...(needs.get(name) ?? []).map((other) => levelOf(other, needs, seen))) + 1;
  seen.set(name, level);
  return level;
}
