import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, resolve } from "node:path";
import type { Run, RunStatus } from "../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import { buildCommand, resolveValues, type ResolvedValues } from "./command.ts";
import { removeShims, writeShims } from "./debugShim.ts";
import { findEnvironment, planEnvironment, type EnvironmentPlan } from "./environment.ts";
import { childEnvironment, markOf, runCommand, type Ending } from "./processes.ts";
import { entryPointOf, readProject } from "./project.ts";
import { createProjectRun, findExperiment, type RunnerStore } from "./projectRun.ts";
import type { RunRequest, RunState } from "./request.ts";

/** What a run needs of the program that holds it. */
export interface RunContext {
  store: RunnerStore;
  /** The same with more patience: a server that went away must still hear how the run ended. */
  patientStore: RunnerStore;
  /** Prints one line. */
  say(line: string): void;
  /** Takes what the command prints; without it the command prints to this program's terminal itself. */
  output?(text: string): void;
  /** Told at every change of the run's state. */
  changed(state: RunState): Promise<void>;
  /** Aborts when the person wants the run to end. */
  stop: AbortSignal;
}

/** A run that could be made: everything that can be wrong before it exists has been looked at. */
export interface PreparedRun {
  entry_point: string;
  values: ResolvedValues;
  command: string;
  environment: EnvironmentPlan;
}

/** Reads the project and decides values, command and environment; nothing is built or created. @throws MlflowError. */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const project = await readProject(request.projectFolder);
  const entry_point = request.entry_point ?? "main";
  const entryPoint = entryPointOf(project, entry_point);
  const values = await resolveValues(entryPoint, request.parameters, { existingPath });
  const command = buildCommand(entryPoint, values);
  const environment = await planEnvironment({
    declared: await findEnvironment(project.document.environment, project.folder),
    manager: request.env_manager ?? "auto",
    projectFolder: project.folder,
    command,
    ...(request.python === undefined ? {} : { python: request.python }),
  });
  return { entry_point, values, command, environment };
}

/**
 * One run from its request to its end. The run is created when its environment is there, so that nothing that fails before
 * leaves one behind; from then on it is closed whatever happens. Never throws: what went wrong is the state's `problem`.
 * `looked` is what `prepareRun` gave for this request, when the caller has asked already.
 */
export async function runProject(request: RunRequest, context: RunContext, looked?: PreparedRun): Promise<RunState> {
  const state: RunState = {
    format: 1,
    runner: markOf(process.pid) ?? { pid: process.pid },
    started_at: Date.now(),
    projectFolder: request.projectFolder,
    entry_point: request.entry_point ?? "main",
    tracking_uri: request.tracking_uri,
    status: "PREPARING",
    reported: true,
  };
  await context.changed(state);
  try {
    const prepared = looked ?? (await prepareRun(request));
    const { entry_point, environment } = prepared;
    // A server that is away is noticed before minutes go into an environment.
    const experiment_id = await findExperiment(context.store, request);
    context.say(`Flowdeck: entry point ${entry_point}, environment ${environment.manager} (${environment.detail})`);
    await environment.build?.(context.stop);
    if (context.stop.aborted) throw new MlflowError("CANCELLED", "Stopped before the run was created.");
    const run = await createProjectRun(context.store, {
      request,
      entry_point,
      experiment_id,
      manager: environment.manager,
      params: prepared.values.logged,
    });
    Object.assign(state, { status: "RUNNING", reported: false, run_id: run.info.run_id, experiment_id });
    await keep(state, context);
    await runToItsEnd(request, prepared, run, state, context);
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    state.status = error_code === "CANCELLED" ? "KILLED" : "FAILED";
    state.problem = message;
  }
  state.ended_at ??= Date.now();
  delete state.command;
  await keep(state, context);
  return state;
}

/** A state that cannot be written, as on a full disk, must not keep the run from being closed. */
async function keep(state: RunState, context: RunContext): Promise<void> {
  try {
    await context.changed(state);
  } catch (error) {
    context.say(`Flowdeck: the state of this run cannot be written: ${asMlflowError(error).message}`);
  }
}

async function runToItsEnd(
  request: RunRequest,
  prepared: PreparedRun,
  run: Run,
  state: RunState,
  context: RunContext,
): Promise<void> {
  const { run_id } = run.info;
  let early: Promise<unknown> = Promise.resolve();
  // The terminal may be closing: the status is told at once, and again when the command has ended.
  const tellKilled = () => {
    early = close(context.patientStore, run_id, "KILLED", Date.now()).catch((error: unknown) => error);
  };
  context.stop.addEventListener("abort", tellKilled, { once: true });
  let ending: Ending = {};
  try {
    context.say(`$ ${prepared.command}`);
    ending = await startCommand(request, prepared, run, state, context);
  } catch (error) {
    state.problem = `The command could not be started: ${asMlflowError(error).message}`;
  }
  // A terminal that is closed from here on ends nothing any more.
  context.stop.removeEventListener("abort", tellKilled);
  state.ended_at = Date.now();
  state.status = context.stop.aborted ? "KILLED" : ending.exitCode === 0 ? "FINISHED" : "FAILED";
  if (ending.exitCode !== undefined) state.exitCode = ending.exitCode;
  if (ending.signal !== undefined && state.status === "FAILED")
    state.problem = `The command was ended by ${ending.signal}.`;
  await early;
  // Written first: if the server does not hear of it, the next start tells it.
  await keep(state, context);
  try {
    await close(context.patientStore, run_id, state.status, state.ended_at);
    state.reported = true;
  } catch (error) {
    state.problem = `${asMlflowError(error).message} The run will be marked ${state.status} when Flowdeck next starts.`;
  }
}

async function startCommand(
  request: RunRequest,
  { command, environment }: PreparedRun,
  { info: { run_id, experiment_id } }: Run,
  state: RunState,
  context: RunContext,
): Promise<Ending> {
  const env = commandEnvironment(request, environment, { run_id, experiment_id });
  if (request.storage_dir !== undefined) await mkdir(request.storage_dir, { recursive: true });
  let told: Promise<void> = Promise.resolve();
  const onStart = (pid: number) => {
    const mark = markOf(pid);
    if (mark !== undefined) state.command = mark;
    told = keep(state, context);
  };
  const shims = request.debug === undefined ? "" : await writeShims(request.debug, command);
  const line = {
    file: "bash",
    args: ["-c", environment.activation + shims + command],
    cwd: request.projectFolder,
    env: context.output === undefined ? env : { PYTHONUNBUFFERED: "1", ...env },
    onStart,
    ...(context.output === undefined ? {} : { output: context.output }),
  };
  try {
    return await runCommand(line, context.stop);
  } finally {
    await told;
    if (request.debug !== undefined) await removeShims(request.debug);
  }
}

function commandEnvironment(
  request: RunRequest,
  { path }: EnvironmentPlan,
  run: { run_id: string; experiment_id: string },
): NodeJS.ProcessEnv {
  // Beside an id, a name of another experiment would make MLflow (3.17.2) refuse to start the run.
  const { MLFLOW_EXPERIMENT_NAME: _, ...inherited } = childEnvironment();
  return {
    ...inherited,
    PATH: [...path, inherited["PATH"] ?? ""].join(delimiter),
    MLFLOW_RUN_ID: run.run_id,
    MLFLOW_TRACKING_URI: request.tracking_uri,
    MLFLOW_EXPERIMENT_ID: run.experiment_id,
    ...(request.token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: request.token }),
  };
}

async function close(store: RunnerStore, run_id: string, status: RunStatus, end_time: number): Promise<void> {
  await store.updateRun({ run_id, status, end_time });
}

/** Relative to the folder this program was started in, as MLflow (3.17.2) has it. */
function existingPath(path: string): string | undefined {
  const absolute = resolve(path);
  return existsSync(absolute) ? absolute : undefined;
}
