// "Run with several values…": one entry point, many runs, a few at a time, under one run that owns them.
import type { Run } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { createProjectRun, findExperiment } from "../projectRun.ts";
import { ownMark } from "../../processes/processes.ts";
import type { RunRequest, RunState } from "../request.ts";
import { prepareRun } from "../prepare.ts";
import { runProject } from "../run.ts";
import { isFolder } from "../sources.ts";
import { checkRunnerGone, closeLeftovers, runsBelow } from "../workflow/leftovers.ts";
import { NamedLines } from "../workflow/lines.ts";
import { prepareOwned } from "../workflow/ownership.ts";
import { ownRun, sayClosed, type GroupResult, type Opening } from "../workflow/parentRun.ts";
import type { GroupContext, GroupRequest } from "../workflow/request.ts";
import { runSchedule, type Outcome } from "../workflow/schedule.ts";
import { TagWriter } from "../workflow/stateWriter.ts";
import { pointsOf, type SweepPlan, type SweepPoint } from "./points.ts";
import {
  latestByIndex,
  queueTag,
  readSweepState,
  SWEEP_TAG,
  sweepTag,
  type QueueEntry,
  type SweepState,
} from "./state.ts";

/** One start, or one resume, of a sweep. */
export interface SweepRequest extends GroupRequest {
  kind: "sweep";
  /** What to run; of a resumed sweep its run tells that, with the experiment, the interpreter and the environment manager. */
  start?: SweepStart;
  /** Go on with this sweep: what is waiting, was stopped, or failed runs. */
  resume?: { run_id: string };
}

export interface SweepStart {
  /** Absolute path of the folder that holds the MLproject file. */
  projectFolder: string;
  /** `main` when absent. */
  entry_point?: string;
  /** Values that all runs share. */
  parameters: [name: string, value: string][];
  plan: SweepPlan;
}

/** Runs at a time when nothing is said. */
export const DEFAULT_SWEEP_PARALLEL = 2;

/** What is kept of a sweep beside its queue. */
type Told = Omit<SweepState, "run_id" | "experiment_id" | "status" | "queue">;

interface Opened {
  run: Run;
  told: Told;
  shared: SweepPoint;
  queue: QueueEntry[];
}

/** Runs a sweep, or goes on with one. Its run is created when its first run could be made. Never throws. */
export async function runSweep(request: SweepRequest, context: GroupContext): Promise<RunState> {
  const of = {
    projectFolder: request.start?.projectFolder ?? "",
    entry_point: request.start?.entry_point ?? "main",
    tracking_uri: request.tracking_uri,
  };
  return ownRun(of, context, async (opening) => {
    const { resume, start } = request;
    const opened = await (resume !== undefined
      ? reopen(request, resume.run_id, context, opening)
      : start !== undefined
        ? create(request, start, context, opening)
        : Promise.reject(new MlflowError("INVALID_PARAMETER_VALUE", "A sweep needs an entry point and values.")));
    return { run: opened.run, work: () => runQueue(request, opened, context) };
  });
}

async function create(
  request: SweepRequest,
  start: SweepStart,
  context: GroupContext,
  opening: Opening,
): Promise<Opened> {
  const { entry_point = "main", parameters, plan, projectFolder } = start;
  const queue = pointsOf(plan).map((values, index): QueueEntry => ({ index, values, status: "waiting" }));
  const { python, env_manager, paramQuoting } = request;
  const told: Told = {
    projectFolder,
    entry_point,
    valuesFolder: process.cwd(),
    plan,
    ...(env_manager === undefined ? {} : { env_manager }),
    ...(python === undefined ? {} : { python }),
    ...(paramQuoting === undefined ? {} : { paramQuoting }),
    maxParallel: request.maxParallel ?? DEFAULT_SWEEP_PARALLEL,
    runner: ownMark(),
    started_at: Date.now(),
    resumed: 0,
  };
  const tags = [sweepTag(told), queueTag(queue)];
  await checkFirst(request, told, parameters, queue, context);
  const bare = requestFor(request, told, parameters);
  const experiment_id = await findExperiment(context.store, bare);
  const names = plan.parameters.map(([name]) => name).join(", ");
  const run = await createProjectRun(context.store, {
    request: {
      ...bare,
      // A resume reads the values back.
      paramQuoting: "raw",
      run_name: request.run_name ?? `sweep ${names}`,
      tags: tags.map(({ key, value }): [string, string] => [key, value]),
    },
    entry_point,
    experiment_id,
    start_time: await opening.creating(experiment_id),
    manager: "local",
    params: new Map(parameters),
  });
  return { run, told, shared: parameters, queue };
}

/** What is wrong with every run is said before there is one; the environment is built once. */
async function checkFirst(
  request: SweepRequest,
  told: Told,
  shared: SweepPoint,
  queue: readonly QueueEntry[],
  context: GroupContext,
): Promise<void> {
  const [first] = queue;
  const { environment } = await prepareRun(requestFor(request, told, [...shared, ...(first?.values ?? [])]));
  if (environment.build !== undefined)
    context.say(`Flowdeck: environment ${environment.manager} (${environment.detail})`);
  await environment.build?.(context.stop);
  if (context.stop.aborted) throw new MlflowError("CANCELLED", "Stopped before the sweep was created.");
}

async function reopen(request: SweepRequest, run_id: string, context: GroupContext, opening: Opening): Promise<Opened> {
  const { store } = context;
  await opening.claim(run_id);
  const run = await store.getRun({ run_id });
  const state = readSweepState(run);
  if (state === undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", `The run ${run_id} is no sweep.`);
  checkRunnerGone(state, run);
  const { run_id: _, experiment_id: __, status: ___, queue: places, ended_at: ____, ...rest } = state;
  const told: Told = {
    ...rest,
    maxParallel: request.maxParallel ?? state.maxParallel,
    runner: ownMark(),
    started_at: Date.now(),
    resumed: state.resumed + 1,
  };
  // One process runs one sweep, wherever it was started this time.
  if (told.valuesFolder !== undefined && isFolder(told.valuesFolder)) process.chdir(told.valuesFolder);
  const shared = run.data.params.map(({ key, value }): [string, string] => [key, value]);
  // First of all this runner is named as the one that owns the run.
  const queue = await prepareOwned(store, request.tracking_uri, run, sweepTag(told), async () => {
    const closed = await closeLeftovers(store, run, []);
    sayClosed(context, closed.length);
    const runs = latestByIndex(await runsBelow(store, run));
    // The runs themselves are believed: the last letters of the queue may not have been written.
    const open = places.map(
      ({ index, values }): QueueEntry => ({
        index,
        values,
        status: runs.get(index)?.info.status === "FINISHED" ? "finished" : "waiting",
      }),
    );
    await checkFirst(request, told, shared, open, context);
    await store.logBatch({ run_id, metrics: [], params: [], tags: [queueTag(open)] });
    await opening.reopening(run);
    await store.updateRun({ run_id, status: "RUNNING" });
    return open;
  });
  return { run, told, shared, queue };
}

async function runQueue(
  request: SweepRequest,
  { run, told, shared, queue }: Opened,
  context: GroupContext,
): Promise<GroupResult> {
  const { run_id, experiment_id } = run.info;
  const open = queue.filter(({ status }) => status === "waiting");
  context.say(`Flowdeck: sweep over ${open.length} of ${queue.length} runs, ${told.maxParallel} at a time`);
  const writer = new TagWriter(context, run_id);
  const tell = () => writer.write([queueTag(queue)]);
  await runSchedule({
    needs: new Map(open.map(({ index }) => [String(index), []])),
    maxParallel: told.maxParallel,
    stop: context.stop,
    run: async (name): Promise<Outcome> => {
      const entry = queue[Number(name)];
      if (entry === undefined) return "failed";
      entry.status = "running";
      await tell();
      const { parameters, ...bare } = requestFor(request, told, [...shared, ...entry.values]);
      const { experiment_name: _, ...whole } = bare;
      const lines = new NamedLines(nameOf(entry.values), 0, context.say);
      const state = await runProject(
        {
          ...whole,
          parameters,
          experiment_id,
          run_name: nameOf(entry.values),
          parent_run_id: run_id,
          tags: [[SWEEP_TAG.index, String(entry.index)]],
        },
        {
          ...context,
          changed: () => Promise.resolve(),
          say: (line) => lines.say(line),
          output: (text) => lines.write(text),
        },
      );
      lines.end();
      entry.status = state.status === "FINISHED" ? "finished" : state.status === "KILLED" ? "killed" : "failed";
      if (entry.status === "failed")
        lines.say(`failed: ${state.problem ?? `exit code ${state.exitCode ?? "unknown"}`}`);
      await tell();
      return entry.status === "killed" ? "stopped" : "done";
    },
  });
  await writer.write([sweepTag({ ...told, ended_at: Date.now() })]);
  await writer.finish();
  const failed = queue.filter(({ status }) => status === "failed").length;
  if (failed > 0) return { status: "FAILED", problem: `${failed} of ${queue.length} runs failed.` };
  return { status: queue.every(({ status }) => status === "finished") ? "FINISHED" : "FAILED" };
}

function requestFor(request: SweepRequest, told: Told, parameters: SweepPoint): RunRequest {
  const { tracking_uri, token, experiment_id, experiment_name, storage_dir } = request;
  const { projectFolder, entry_point, env_manager, python, paramQuoting } = told;
  const optional = { token, experiment_id, experiment_name, paramQuoting, storage_dir, env_manager, python };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { format: 1, projectFolder, entry_point, parameters, tracking_uri, ...given };
}

/** `eta=0.1, depth=3`. */
function nameOf(values: SweepPoint): string {
  const name = values.map(([key, value]) => `${key}=${value.replaceAll(/\s+/g, " ")}`).join(", ");
  return name.length > 120 ? `${name.slice(0, 119)}…` : name;
}
