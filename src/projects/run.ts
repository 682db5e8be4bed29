import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";
import { isOpen, type Run, type RunStatus } from "../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../mlflow/errors.ts";
import { downloadArtifact, uploadArtifact } from "./artifactTransfer.ts";
import { removeShims, useDebugFolder, writeShims } from "./debugShim.ts";
import type { EnvironmentPlan } from "./environment.ts";
import { KeptOutput, OUTPUT_ARTIFACT } from "./keptOutput.ts";
import { shownAddress } from "./git.ts";
import { isElsewhere, runElsewhere } from "./otherBackends.ts";
import { prepareRun, type PreparedRun } from "./prepare.ts";
import { childEnvironment, markOf, ownMark, runCommand, type Ending } from "../processes/processes.ts";
import { createProjectRun, findExperiment, takeProjectRun, type RunnerStore } from "./projectRun.ts";
import type { RunRequest, RunState } from "./request.ts";
import { fetchProject, takeFetched, type ProjectSource } from "./sources.ts";
import { forgetCreating } from "./state.ts";
import { closeLeftovers } from "./workflow/leftovers.ts";
import { UnmetNeed } from "./unmetNeed.ts";

/** What a run needs of the program that holds it. */
export interface RunContext {
  store: RunnerStore;
  /** The same with more patience: a server that went away must still hear how the run ended. */
  patientStore: RunnerStore;
  /** Prints one line. */
  say(line: string): void;
  /** Takes what the command prints; without it that goes to this program's terminal. */
  output?(text: string): void;
  /** Told at every change of the run's state. */
  changed(state: RunState): Promise<void>;
  /** Aborts when the person wants the run to end. */
  stop: AbortSignal;
}

/**
 * One run from its request to its end. The run is created when its environment is there, so that nothing that fails before
 * leaves one behind; from then on it is closed whatever happens. Never throws: what went wrong is the state's `problem`.
 * `looked` is what `prepareRun` gave for this request, when the caller has asked already.
 */
export async function runProject(request: RunRequest, context: RunContext, looked?: PreparedRun): Promise<RunState> {
  const elsewhere = isElsewhere(request);
  const given = elsewhere ? undefined : request.run_id;
  const state: RunState = {
    format: 1,
    runner: ownMark(),
    started_at: Date.now(),
    projectFolder: request.projectFolder,
    entry_point: request.entry_point ?? "main",
    tracking_uri: request.tracking_uri,
    status: "PREPARING",
    // A run that was created for this command waits for it.
    ...(given === undefined ? { reported: true } : { run_id: given, reported: false }),
  };
  await keep(state, context);
  if (request.debug !== undefined) await useDebugFolder(request.debug);
  let source: ProjectSource | undefined;
  try {
    if (elsewhere) {
      const { say, stop, store } = context;
      // Of a run that Databricks keeps nothing is known here.
      const place = /^https?:/.test(request.tracking_uri) ? { store: () => store } : {};
      const { launched, ...ending } = await runElsewhere(request, { say, stop, ...place });
      finish(state, ending, context.stop);
      if (launched !== undefined) state.run_id = launched.run_id;
      // It goes on where it was sent.
      if (launched?.isOpen === true) state.status = "RUNNING";
    } else {
      source = await sourceOf(request, context);
      await runLocally({ ...request, projectFolder: source.folder }, source, state, context, looked);
    }
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    const cameToIt = state.status !== "PREPARING";
    state.status = error_code === "CANCELLED" ? "KILLED" : "FAILED";
    state.problem = message;
    if (error instanceof UnmetNeed && error.instead !== undefined) state.instead = error.instead;
    if (request.run_id !== undefined && !cameToIt)
      state.reported = await closeGiven(request.run_id, state.status, context);
    forgetCreating(state, error);
  }
  state.ended_at ??= Date.now();
  delete state.command;
  await keep(state, context);
  await source?.remove();
  if (request.debug !== undefined) await removeShims(request.debug);
  return state;
}

/** A project that was fetched is removed after its run; a folder of the person's stays what it is. */
export async function sourceOf(
  request: RunRequest,
  { say, stop }: Pick<RunContext, "say" | "stop">,
): Promise<ProjectSource> {
  const { project_uri, projectFolder, version, fetched } = request;
  if (fetched !== undefined) return takeFetched(fetched);
  return fetchProject({
    // A path may hold a `#`, which a URI may not.
    uri: project_uri ?? pathToFileURL(projectFolder).href,
    folder: projectFolder,
    ...(version === undefined ? {} : { version }),
    say,
    stop,
  });
}

async function runLocally(
  request: RunRequest,
  source: ProjectSource,
  state: RunState,
  context: RunContext,
  looked: PreparedRun | undefined,
): Promise<void> {
  state.projectFolder = source.folder;
  const place = { ...request, store: context.store, stop: context.stop };
  const download = async (uri: string, folder: string) => {
    context.say(`Flowdeck: downloading ${shownAddress(uri)}`);
    return downloadArtifact(uri, folder, place);
  };
  const prepared = looked?.isComplete === true ? looked : await prepareRun(request, download);
  const { entry_point, environment } = prepared;
  if (request.debug !== undefined && environment.container !== undefined) {
    const message = "What runs in a container cannot be debugged from here; choose the environment manager local.";
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  // A server that is away is noticed before minutes go into an environment.
  const experiment_id = request.run_id === undefined ? await findExperiment(context.store, request) : undefined;
  context.say(`Flowdeck: entry point ${entry_point}, environment ${environment.manager} (${environment.detail})`);
  await environment.build?.(context.stop);
  if (context.stop.aborted) throw new MlflowError("CANCELLED", "Stopped before the run was created.");
  const image = await environment.container?.image();
  const start_time = Date.now();
  const details = {
    ...{ request, source, entry_point, start_time, manager: environment.manager, params: prepared.values.logged },
    ...(image === undefined ? {} : { image }),
  };
  let run: Run;
  if (experiment_id === undefined) {
    run = await takeProjectRun(context.store, details);
  } else {
    // Found by this if the runner dies before it hears of the id.
    state.creating = { experiment_id, start_time };
    await keep(state, context);
    run = await createProjectRun(context.store, { ...details, experiment_id });
  }
  delete state.creating;
  const { run_id } = run.info;
  Object.assign(state, { status: "RUNNING", reported: false, run_id, experiment_id: run.info.experiment_id });
  await keep(state, context);
  await runToItsEnd(request, prepared, run, state, context);
}

/** A run that was created for this command, and that it never came to. False when it stays as it is for the moment. */
async function closeGiven(run_id: string, status: RunStatus, { store }: RunContext): Promise<boolean> {
  try {
    const { info } = await store.getRun({ run_id });
    if (isOpen(info)) await close(store, run_id, status, Date.now());
    return true;
  } catch (error) {
    // What is told is why it did not come to the run. One that is not there needs no end.
    return asMlflowError(error).error_code === "RESOURCE_DOES_NOT_EXIST";
  }
}

function finish(state: RunState, ending: Ending, stop: AbortSignal): void {
  state.ended_at = Date.now();
  state.status = stop.aborted ? "KILLED" : ending.exitCode === 0 ? "FINISHED" : "FAILED";
  if (ending.exitCode !== undefined) state.exitCode = ending.exitCode;
  if (ending.signal !== undefined && state.status === "FAILED")
    state.problem = `The command was ended by ${ending.signal}.`;
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
  const output = outputOf(request, context);
  let ending: Ending = {};
  try {
    ending = await startCommand(request, prepared, run, output, state, context);
  } catch (error) {
    state.problem = `The command could not be started: ${asMlflowError(error).message}`;
  }
  // A terminal that is closed from here on ends nothing any more.
  context.stop.removeEventListener("abort", tellKilled);
  finish(state, ending, context.stop);
  await early;
  // Written first: if the server does not hear of it, the next start tells it.
  await keep(state, context);
  if (output !== undefined) await keepOutput(output, request, run, context);
  try {
    await close(context.patientStore, run_id, asRunStatus(state.status), state.ended_at ?? Date.now());
    state.reported = true;
    // What the command had open went with it.
    if (state.status === "KILLED") await closeLeftovers(context.patientStore, run, []);
  } catch (error) {
    state.problem = `${asMlflowError(error).message} The run will be marked ${state.status} when Flowdeck next starts.`;
  }
}

async function startCommand(
  request: RunRequest,
  { command, environment }: PreparedRun,
  { info }: Run,
  output: KeptOutput | undefined,
  state: RunState,
  context: RunContext,
): Promise<Ending> {
  const { container } = environment;
  const prefix = container?.commandFor({ ...request, ...info }) ?? environment.activation;
  const tracking_uri = shownAddress(request.tracking_uri);
  context.say(`$ ${container?.commandFor({ ...request, ...info, tracking_uri }) ?? ""}${command}`);
  let told: Promise<void> = Promise.resolve();
  const onStart = (pid: number) => {
    const mark = markOf(pid);
    if (mark !== undefined) state.command = mark;
    told = keep(state, context);
  };
  const shims = request.debug === undefined ? "" : await writeShims(request.debug, command);
  const line = {
    file: "bash",
    args: ["-c", prefix + shims + command],
    cwd: request.projectFolder,
    env: commandEnvironment(request, environment, info, output !== undefined),
    onStart,
    deaf: context.output !== undefined,
    ...(output === undefined ? {} : { output }),
    ...(container === undefined ? {} : { endCommand: container.endCommand(info.run_id) }),
  };
  try {
    return await runCommand(line, context.stop);
  } finally {
    await told;
  }
}

/** Nothing where the command prints to the terminal itself, as it does when there is no place to keep what it prints. */
function outputOf({ forget_output = false }: RunRequest, { output, say }: RunContext): KeptOutput | undefined {
  if (forget_output && output === undefined) return undefined;
  try {
    return new KeptOutput(output, forget_output);
  } catch (error) {
    say(`Flowdeck: what is printed will not be kept with the run: ${asMlflowError(error).message}`);
    return undefined;
  }
}

/** ms for what the command printed to become an artifact. */
const UPLOAD = 600_000;

/** What the command printed becomes an artifact; where it cannot, that is said, and changes nothing about the run. */
async function keepOutput(output: KeptOutput, request: RunRequest, run: Run, context: RunContext): Promise<void> {
  try {
    if (output.isEmpty) return;
    await uploadArtifact(output.file, run.info, OUTPUT_ARTIFACT, {
      ...request,
      store: context.store,
      // What was printed before a stop is kept as well.
      stop: AbortSignal.timeout(UPLOAD),
    });
  } catch (error) {
    context.say(`Flowdeck: what was printed is not kept with the run: ${asMlflowError(error).message}`);
  } finally {
    output.remove();
  }
}

function commandEnvironment(
  request: RunRequest,
  { path }: EnvironmentPlan,
  run: { run_id: string; experiment_id: string },
  isPiped: boolean,
): NodeJS.ProcessEnv {
  // Beside an id, a name of another experiment would make MLflow (3.17.2) refuse to start the run.
  const { MLFLOW_EXPERIMENT_NAME: _, ...inherited } = childEnvironment();
  return {
    // What goes through a pipe would be held back by Python until much of it has come together.
    ...(isPiped ? { PYTHONUNBUFFERED: "1" } : {}),
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

/** While a command runs its state is one of MLflow's. */
function asRunStatus(status: RunState["status"]): RunStatus {
  return status === "PREPARING" ? "FAILED" : status;
}
