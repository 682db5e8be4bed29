import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { findMlflowPython, mlflowCandidates } from "./installedMlflow.ts";
import { childEnvironment, runCommand, type Ending } from "./processes.ts";
import type { RunRequest } from "./request.ts";

// Backends other than `local` (databricks, kubernetes, plugins) belong to Python's mlflow, which runs them.

export interface ElsewhereContext {
  say(line: string): void;
  stop: AbortSignal;
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

/** Has Python's `mlflow run` do it, on this terminal. @throws MlflowError in one sentence when that cannot work. */
export async function runElsewhere(request: RunRequest, { say, stop }: ElsewhereContext): Promise<Ending> {
  await checkBackend(request);
  const python = await findMlflowPython(await mlflowCandidates(request.python));
  if (python === undefined) {
    const message = `The backend ${request.backend} is run by Python's mlflow, which was not found; choose an interpreter that has it.`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
  }
  const env: NodeJS.ProcessEnv = childEnvironment();
  // Beside a flag, a variable of the other kind is a usage error (mlflow 3.17.2).
  if (request.experiment_name !== undefined || request.experiment_id !== undefined) {
    delete env["MLFLOW_EXPERIMENT_NAME"];
    delete env["MLFLOW_EXPERIMENT_ID"];
  }
  if (request.tracking_uri !== "") env["MLFLOW_TRACKING_URI"] = request.tracking_uri;
  if (request.token !== undefined) env["MLFLOW_TRACKING_TOKEN"] = request.token;
  say(`Flowdeck: the backend ${request.backend} is run by mlflow ${python.release} of ${python.path}`);
  const args = ["-m", "mlflow", ...mlflowRunArgs(request)];
  const cwd = request.project_uri === undefined ? process.cwd() : request.projectFolder;
  return runCommand({ file: python.path, args, cwd, env }, stop);
}

/** What MLflow (3.17.2) would say in a traceback, or only after a run has been created. */
async function checkBackend({ backend, backend_config, tracking_uri }: RunRequest): Promise<void> {
  const config = backend_config === undefined ? undefined : await readConfig(backend_config);
  if (backend === "kubernetes") {
    for (const key of ["kube-job-template-path", "repository-uri"]) {
      if (config?.[key] === undefined)
        throw invalid(`The backend kubernetes needs a configuration (--backend-config) with ${key}.`);
    }
    const template = String(config?.["kube-job-template-path"]);
    if (!existsSync(resolve(template))) throw invalid(`The job template ${template} is not there.`);
  }
  if (backend !== "databricks") return;
  const store = tracking_uri || process.env["MLFLOW_TRACKING_URI"] || "";
  if (!/^databricks(:\/\/|$)/.test(store))
    throw invalid("The backend databricks logs to Databricks; set MLFLOW_TRACKING_URI to databricks.");
  if (config === undefined) throw invalid("The backend databricks needs a new cluster's settings (--backend-config).");
  if ("existing_cluster_id" in config)
    throw invalid("The backend databricks makes a cluster of its own: existing_cluster_id is not taken.");
}

async function readConfig(given: string): Promise<Record<string, unknown>> {
  const isFile = given.endsWith(".json");
  try {
    const value: unknown = JSON.parse(isFile ? await readFile(given, "utf8") : given);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw invalid(`The backend's configuration ${given} cannot be read.`, cause);
  }
  throw invalid(`The backend's configuration ${isFile ? given : ""} is no JSON object.`.replace("  ", " "));
}

function invalid(message: string, cause?: unknown): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message, cause === undefined ? {} : { cause });
}
