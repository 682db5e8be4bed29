import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { ENV_MANAGERS, PARAM_QUOTINGS, type FetchedProject, type RunRequest } from "./request.ts";
import type { SweepRequest } from "./sweep/runSweep.ts";
import type { WorkflowRequest } from "./workflow/request.ts";

/** What the runner can be asked to do. */
export type AnyRequest = RunRequest | WorkflowRequest | SweepRequest;

/** @throws MlflowError INVALID_PARAMETER_VALUE when the file is missing or is no request. */
export async function readRequest(file: string): Promise<AnyRequest> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", `The request ${file} cannot be read; start the run again.`, {
      cause,
    });
  }
  if (isGroupRequest(value)) return value;
  if (!isRequest(value)) throw new MlflowError("INVALID_PARAMETER_VALUE", `${file} is not a request to run a project.`);
  return value;
}

/** The border: what another version of the editor might write differently is looked at. */
function isRequest(value: unknown): value is RunRequest {
  if (typeof value !== "object" || value === null) return false;
  const request = value as Partial<Record<keyof RunRequest, unknown>>;
  const texts = [
    request.entry_point,
    request.python,
    request.token,
    request.experiment_name,
    request.experiment_id,
    request.run_name,
    request.parent_run_id,
    request.storage_dir,
    request.project_uri,
    request.version,
    request.run_id,
    request.backend,
    request.backend_config,
  ];
  return (
    request.format === 1 &&
    typeof request.projectFolder === "string" &&
    isAbsolute(request.projectFolder) &&
    typeof request.tracking_uri === "string" &&
    isPairs(request.parameters) &&
    (request.tags === undefined || isPairs(request.tags)) &&
    (request.docker_args === undefined || isPairs(request.docker_args, 1)) &&
    [request.build_image, request.forget_output].every((flag) => flag === undefined || typeof flag === "boolean") &&
    texts.every((text) => text === undefined || typeof text === "string") &&
    isOneOf(ENV_MANAGERS, request.env_manager) &&
    isOneOf(PARAM_QUOTINGS, request.paramQuoting) &&
    isDebug(request.debug) &&
    isFetched(request.fetched)
  );
}

function isFetched(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  const { root, folder, name, branch = "" } = value as Partial<Record<keyof FetchedProject, unknown>>;
  const paths = [root, folder].every((path) => typeof path === "string" && isAbsolute(path));
  return paths && typeof name === "string" && typeof branch === "string";
}

function isDebug(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "object" || value === null || !("folder" in value) || !("debugpy" in value)) return false;
  const { folder, debugpy } = value;
  const words = Array.isArray(debugpy) && debugpy.length > 0 && debugpy.every((word) => typeof word === "string");
  return typeof folder === "string" && isAbsolute(folder) && words;
}

/** A workflow or a sweep, which this version of the editor wrote a moment ago. */
function isGroupRequest(value: unknown): value is WorkflowRequest | SweepRequest {
  if (typeof value !== "object" || value === null || !("kind" in value) || !("format" in value)) return false;
  const request = value as Partial<Record<"tracking_uri" | "file" | "parameters" | "start" | "resume", unknown>>;
  if (value.format !== 1 || typeof request.tracking_uri !== "string") return false;
  if (value.kind === "sweep") return typeof (request.start ?? request.resume) === "object";
  return (
    value.kind === "workflow" &&
    typeof request.file === "string" &&
    isAbsolute(request.file) &&
    isPairs(request.parameters)
  );
}

function isPairs(value: unknown, least = 2): boolean {
  const isPair = (pair: unknown) =>
    Array.isArray(pair) && pair.length >= least && pair.length <= 2 && pair.every((part) => typeof part === "string");
  return Array.isArray(value) && value.every(isPair);
}

function isOneOf(all: readonly string[], value: unknown): boolean {
  return value === undefined || all.some((one) => one === value);
}
