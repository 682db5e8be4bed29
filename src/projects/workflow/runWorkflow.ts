// One workflow from its request to its end: the one program that owns its run, and tells of itself by that run's tags alone.
import { basename, dirname } from "node:path";
import type { Run } from "../../mlflow/entities.ts";
import { createProjectRun, findExperiment } from "../projectRun.ts";
import { ownMark } from "../../processes/processes.ts";
import type { RunRequest, RunState } from "../request.ts";
import type { Step } from "./document.ts";
import { expressionsIn } from "./expression.ts";
import { closeLeftovers } from "./leftovers.ts";
import { loadWorkflow, workflowValues, type LoadedWorkflow } from "./loadWorkflow.ts";
import { prepareOwned } from "./ownership.ts";
import { ownRun, sayClosed, type GroupResult, type Opening } from "./parentRun.ts";
import { dependenciesOf, needsOf } from "./plan.ts";
import type { GroupContext, GroupStore, WorkflowRequest } from "./request.ts";
import { findUnfinished, keptSteps, valuesOfRun } from "./resume.ts";
import { runSchedule } from "./schedule.ts";
import { stepTag, WORKFLOW_TAG, workflowTag, type StepState, type Try, type WorkflowState } from "./state.ts";
import { TagWriter } from "./stateWriter.ts";
import { StepRunner } from "./stepRunner.ts";

/** What is told of the whole; the parts of it that its run tells itself are left out. */
type Told = Omit<WorkflowState, "run_id" | "experiment_id" | "status" | "file">;

/** A workflow whose run is open. */
interface Opened {
  run: Run;
  told: Told;
  values: ReadonlyMap<string, string>;
  kept: ReadonlyMap<string, string>;
}

/**
 * Runs a workflow, or goes on with one. Its run is created when the file, its projects and its values are right; from then
 * on it is closed whatever happens. Relative paths among the values count from the folder this program is in. Never throws.
 */
export async function runWorkflow(request: WorkflowRequest, context: GroupContext): Promise<RunState> {
  const { file, tracking_uri } = request;
  const of = { projectFolder: dirname(file), entry_point: basename(file), tracking_uri };
  return ownRun(of, context, async (opening) => {
    const workflow = await loadWorkflow(file, context);
    try {
      const experiment_id = await experimentOf(request, workflow, context);
      const opened =
        request.resume === undefined
          ? await create(request, workflow, context, {
              experiment_id,
              start_time: await opening.creating(experiment_id),
            })
          : await reopen(request, workflow, context, experiment_id, opening);
      const work = async () => {
        try {
          return await runSteps(request, workflow, opened, context);
        } finally {
          await workflow.remove();
        }
      };
      return { run: opened.run, work };
    } catch (error) {
      await workflow.remove();
      throw error;
    }
  });
}

async function experimentOf(
  request: WorkflowRequest,
  { document, folder }: LoadedWorkflow,
  { store }: GroupContext,
): Promise<string> {
  const { experiment_id, experiment_name } = request;
  const named = experiment_id === undefined ? (experiment_name ?? document.experimentName) : experiment_name;
  return findExperiment(store, {
    ...bare(request, folder),
    ...(experiment_id === undefined ? {} : { experiment_id }),
    ...(named === undefined ? {} : { experiment_name: named }),
  });
}

async function create(
  request: WorkflowRequest,
  workflow: LoadedWorkflow,
  { store }: GroupContext,
  where: { experiment_id: string; start_time: number },
): Promise<Opened> {
  const values = workflowValues(workflow.document.parameters, request.parameters, request.valuesFolder);
  const told = newlyTold(request, workflow);
  // All in one request: a run that is there can be read, and gone on with.
  const tags = [{ key: WORKFLOW_TAG.file, value: request.file }, workflowTag(told), ...told.steps.map(stepTag)];
  const run = await createProjectRun(store, {
    request: {
      ...bare(request, workflow.folder),
      run_name: request.run_name ?? workflow.name,
      tags: tags.map(({ key, value }) => [key, value]),
    },
    entry_point: basename(request.file),
    ...where,
    manager: "local",
    params: values,
  });
  return { run, told, values, kept: new Map() };
}

async function reopen(
  request: WorkflowRequest,
  workflow: LoadedWorkflow,
  context: GroupContext,
  experiment_id: string,
  opening: Opening,
): Promise<Opened> {
  const { run, state: before } = await findUnfinished(context.store, request, experiment_id, opening.claim);
  const values = valuesOfRun(workflow.document.parameters, request.parameters, run);
  const kept = keptSteps(workflow.document, before, request.resume?.from);
  const told = { ...newlyTold(request, workflow), resumed: before.resumed + 1 };
  const earlier = new Map(before.steps.map((step) => [step.name, step]));
  for (const step of told.steps) {
    const { tries = [], status, run_id, reason } = earlier.get(step.name) ?? {};
    step.tries = await Promise.all(tries.map((one) => endOf(context.store, one)));
    if (kept.has(step.name) && status !== undefined && run_id !== undefined) Object.assign(step, { status, run_id });
    if (kept.has(step.name) && reason !== undefined) step.reason = reason;
  }
  const { run_id } = run.info;
  // First of all this runner is named as the one that owns the run.
  await prepareOwned(context.store, request.tracking_uri, run, workflowTag(told), async () => {
    const commands = before.steps.flatMap(({ command }) => command ?? []);
    const closed = await closeLeftovers(context.store, run, commands);
    sayClosed(context, closed.length);
    const tags = told.steps.map(stepTag);
    for (let start = 0; start < tags.length; start += 100) {
      await context.store.logBatch({ run_id, metrics: [], params: [], tags: tags.slice(start, start + 100) });
    }
    await opening.reopening(run);
    await context.store.updateRun({ run_id, status: "RUNNING" });
  });
  return { run, told, values, kept };
}

/** A try whose runner died ended when its run was closed, which may be long ago. */
async function endOf(store: GroupStore, one: Try): Promise<Try> {
  if (one.status !== "running") return one;
  const run = one.run_id === undefined ? undefined : await store.getRun({ run_id: one.run_id }).catch(() => undefined);
  return { ...one, status: "killed", ended_at: run?.info.end_time ?? Date.now() };
}

async function runSteps(
  request: WorkflowRequest,
  workflow: LoadedWorkflow,
  { run, told, values, kept }: Opened,
  context: GroupContext,
): Promise<GroupResult> {
  const { name, maxParallel, resumed } = told;
  const goesOn = resumed > 0 ? `, resumed, ${kept.size} finished before` : "";
  context.say(`Flowdeck: workflow ${name}, ${told.steps.length} steps, ${maxParallel} at a time${goesOn}`);
  const writer = new TagWriter(context, run.info.run_id);
  const states = new Map(told.steps.map((state) => [state.name, state]));
  const tell = (state: StepState) => writer.write([stepTag(state)]);
  const steps = new StepRunner({ request, context, workflow, values, run, states, kept, tell });
  const untold: Promise<void>[] = [];
  await runSchedule({
    needs: needsOf(workflow.document),
    maxParallel,
    stop: context.stop,
    run: (step) => steps.run(step),
    blocked: (step, by) => {
      const state = states.get(step);
      if (state === undefined) return;
      Object.assign(state, { status: "blocked", reason: `Will not start: ${by} ${verbOf(states.get(by))}.` });
      steps.linesOf(step).say(state.reason ?? "");
      untold.push(tell(state));
    },
  });
  await Promise.all(untold);
  const result = resultOf(told.steps);
  told.ended_at = Date.now();
  if (result.problem !== undefined && !context.stop.aborted) told.problem = result.problem;
  await writer.write([workflowTag(told)]);
  await writer.finish();
  context.say(`Flowdeck: ${countsOf(told.steps)}`);
  return result;
}

function newlyTold(request: WorkflowRequest, { document, name }: LoadedWorkflow): Told {
  return {
    name,
    steps: document.steps.map(newState),
    maxParallel: request.maxParallel ?? document.maxParallel,
    runner: ownMark(),
    started_at: Date.now(),
    resumed: 0,
  };
}

function newState(step: Step): StepState {
  const templates = step.parameters.filter(({ value }) => expressionsIn(value).length > 0);
  return {
    name: step.name,
    entry_point: step.entryPoint.text,
    ...(step.project === undefined ? {} : { project: step.project.text }),
    needs: dependenciesOf(step),
    ...(templates.length === 0
      ? {}
      : { templates: Object.fromEntries(templates.map(({ name, value }) => [name, value.text])) }),
    continueOnError: step.continueOnError,
    tries_allowed: step.retries.count + 1,
    status: "waiting",
    tries: [],
  };
}

/** The request of the workflow's own run, without an experiment. */
function bare({ tracking_uri, token }: WorkflowRequest, projectFolder: string): RunRequest {
  return { format: 1, projectFolder, parameters: [], tracking_uri, ...(token === undefined ? {} : { token }) };
}

function resultOf(steps: readonly StepState[]): GroupResult {
  const failed = steps.filter(({ status, continueOnError }) => status === "failed" && !continueOnError);
  const isOver = steps.every(({ status }) => status === "finished" || status === "cached" || status === "failed");
  if (failed.length === 0 && isOver) return { status: "FINISHED" };
  const names = failed.map(({ name }) => name).join(", ");
  return { status: "FAILED", problem: names === "" ? "Not every step has run." : `${names} failed.` };
}

function verbOf(state: StepState | undefined): string {
  return state?.status === "blocked" ? "will not start either" : "failed";
}

const WORDS = {
  finished: "finished",
  cached: "reused",
  failed: "failed",
  killed: "stopped",
  blocked: "will not start",
  waiting: "not started",
  running: "running",
} as const satisfies Record<StepState["status"], string>;

/** `2 finished, 1 reused, 1 failed`. */
function countsOf(steps: readonly StepState[]): string {
  const counts = Object.entries(WORDS).flatMap(([status, word]) => {
    const count = steps.filter((step) => step.status === status).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counts.join(", ");
}
