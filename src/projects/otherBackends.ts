import { MlflowError } from "../mlflow/errors.ts";
import { checkBackend, checkMachine } from "./backendChecks.ts";
import { shownAddress } from "./git.ts";
import { findMlflowPython, mlflowCandidates } from "./installedMlflow.ts";
import { closeLaunched, type LaunchedRun, type LaunchStore } from "./launchedRun.ts";
import { childEnvironment, runCommand, type Ending } from "../processes/processes.ts";
import type { RunRequest } from "./request.ts";

// Backends other than `local` (databricks, kubernetes, plugins) belong to Python's mlflow, which runs them.

export interface ElsewhereContext {
  say(line: string): void;
  stop: AbortSignal;
  /** Where its run is logged; absent where only Python's mlflow knows the way. */
  store?(): LaunchStore | Promise<LaunchStore>;
}

/** How mlflow ended, and its run, where that could be found. */
export interface ElsewhereEnding extends Ending {
  launched?: LaunchedRun;
}

export function isElsewhere(request: Pick<RunRequest, "backend">): boolean {
  return request.backend !== undefined && request.backend !== "local";
}

/** The words of `mlflow run` that say the same as a request. */
export function mlflowRunArgs(request: RunRequest): string[] {
  const option = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  const manager = request.env_manager === "auto" ? undefined : request.env_manager;
  return [
    ...["run", request.project_uri ?? request.projectFolder],
    ...option("--entry-point", request.entry_point),
    ...option("--version", request.version),
    ...request.parameters.flatMap(([name, value]) => ["-P", `${name}=${value}`]),
    ...(request.docker_args ?? []).flatMap(([name, value]) => ["-A", value === undefined ? name : `${name}=${value}`]),
    ...option("--experiment-name", request.experiment_name),
    ...option("--experiment-id", request.experiment_id),
    ...option("--backend", request.backend),
    ...option("--backend-config", request.backend_config),
    ...option("--env-manager", manager),
    ...option("--storage-dir", request.storage_dir),
    ...option("--run-id", request.run_id),
    ...option("--run-name", request.run_name),
    ...(request.build_image === true ? ["--build-image"] : []),
  ];
}

/**
 * Has Python's `mlflow run` do it, on this terminal; a run that this leaves open is closed. A stop is Ctrl-C for it, at which it
 * takes its job back. @throws MlflowError in one sentence, before anything is started, when that cannot work.
 */
export async function runElsewhere(request: RunRequest, context: ElsewhereContext): Promise<ElsewhereEnding> {
  const { say, stop, store } = context;
  const cwd = request.projectFolder;
  await checkBackend(request, cwd);
  const python = await findMlflowPython(await mlflowCandidates(request.python));
  if (python === undefined) {
    const message = `The backend ${request.backend} is run by Python's mlflow, which was not found; choose an interpreter that has it.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  }
  const env = mlflowEnvironment(request);
  await checkMachine(request, { python: python.path, cwd, env });
  say(`Flowdeck: the backend ${request.backend} is run by mlflow ${python.release} of ${python.path}`);
  if (request.backend === "kubernetes") sayUnreachable(env, say);
  const args = ["-m", "mlflow", ...mlflowRunArgs(request)];
  const since = Date.now();
  const ending = await runCommand({ file: python.path, args, cwd, env, endSignal: "SIGINT" }, stop);
  if (store === undefined) return ending;
  // Of kubernetes alone mlflow (3.17.2) waits for the end.
  const status = stop.aborted ? "KILLED" : "FAILED";
  const query = { ...request, since, say, ...(ending.exitCode === 0 ? {} : ({ status } as const)) };
  const launched = await closeLaunched(query, await store());
  return launched === undefined ? ending : { ...ending, launched };
}

/** The job of a cluster logs to the same address, but for a variable of MLflow's (3.17.2). */
function sayUnreachable(env: NodeJS.ProcessEnv, say: (line: string) => void): void {
  const uri = env["KUBE_MLFLOW_TRACKING_URI"] ?? env["MLFLOW_TRACKING_URI"] ?? "";
  if (/^https?:\/\/(?!localhost\b|127\.|\[::1\])/.test(uri)) return;
  const where = uri === "" ? "a file of this machine" : shownAddress(uri);
  say(`Flowdeck: the job logs to ${where}, which a cluster may not reach; KUBE_MLFLOW_TRACKING_URI names another way.`);
}

function mlflowEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = childEnvironment();
  // Beside a flag, a variable of the other kind is a usage error (mlflow 3.17.2).
  if (request.experiment_name !== undefined || request.experiment_id !== undefined) {
    delete env["MLFLOW_EXPERIMENT_NAME"];
    delete env["MLFLOW_EXPERIMENT_ID"];
  }
  if (request.tracking_uri !== "") env["MLFLOW_TRACKING_URI"] = request.tracking_uri;
  if (request.token !== undefined && request.tracking_uri !== "databricks")
    env["MLFLOW_TRACKING_TOKEN"] = request.token;
  return env;
}
