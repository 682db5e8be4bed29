import { userInfo } from "node:os";
import { RUN_TAG, type KeyValue, type Run } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import type { TrackingStore } from "../store/trackingStore.ts";
import type { TransferStore } from "./artifactTransfer.ts";
import { readGitFacts, sourceName } from "./git.ts";
import { looksQuoted, PARAM_QUOTING_TAG } from "./givenValues.ts";
import type { RunRequest } from "./request.ts";
import { shellQuote } from "./shellQuote.ts";
import type { ProjectSource } from "./sources.ts";

/** What a runner asks of the tracking server. */
export type RunnerStore = TransferStore &
  Pick<
    TrackingStore,
    | "createExperiment"
    | "getExperiment"
    | "getExperimentByName"
    | "createRun"
    | "getRun"
    | "updateRun"
    | "logBatch"
    | "searchRuns"
  >;

export interface NewRun {
  request: RunRequest;
  /** Absent: the request's folder. */
  source?: Pick<ProjectSource, "folder" | "name" | "branch">;
  entry_point: string;
  experiment_id: string;
  /** ms since the epoch; the run is found by it if its runner dies while it is being created. */
  start_time?: number;
  /** Of a docker project. */
  image?: { uri: string; id: string };
  /** Manager of its environment. */
  manager: string;
  /** As given: quoting is decided by the request. */
  params: ReadonlyMap<string, string>;
}

/** MLflow's limit for one `log-batch` (3.17). */
const PARAMS_PER_BATCH = 100;

/** The experiment's id; a name that is not known yet gets an experiment. @throws when an id is not known, or both are given. */
export async function findExperiment(store: RunnerStore, request: RunRequest): Promise<string> {
  const { experiment_id, experiment_name } = request;
  if (experiment_id !== undefined && experiment_name !== undefined) {
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Name the experiment or give its id, not both.");
  }
  if (experiment_name === undefined)
    return (await store.getExperiment({ experiment_id: experiment_id ?? "0" })).experiment_id;
  try {
    const { experiment_id: id, lifecycle_stage } = await store.getExperimentByName({ experiment_name });
    if (lifecycle_stage === "active") return id;
    const message = `The experiment ${experiment_name} is deleted; restore it, or choose another name.`;
    throw new MlflowError("INVALID_STATE", message);
  } catch (error) {
    if (!(error instanceof MlflowError) || error.error_code !== "RESOURCE_DOES_NOT_EXIST") throw error;
    return (await store.createExperiment({ name: experiment_name })).experiment_id;
  }
}

/**
 * A run that somebody created for this command (`mlflow run --run-id`, 3.17.2): only what concerns this machine is tagged.
 * @throws MlflowError when it is not there.
 */
export async function takeProjectRun(store: RunnerStore, run: Omit<NewRun, "experiment_id">): Promise<Run> {
  const { request, image, manager } = run;
  const run_id = request.run_id ?? "";
  const found = await store.getRun({ run_id });
  const tags = tagList({
    [RUN_TAG.projectBackend]: "local",
    [RUN_TAG.projectEnv]: manager === "local" ? undefined : manager,
    [RUN_TAG.runName]: request.run_name,
    ...imageTags(image),
  });
  await store.logBatch({ run_id, metrics: [], params: [], tags });
  return found;
}

/** Creates the run, tagged as `mlflow run` (3.17.2) tags it, and logs its params; a run whose params are refused ends FAILED. */
export async function createProjectRun(store: RunnerStore, run: NewRun): Promise<Run> {
  const { request, experiment_id } = run;
  const tags = await tagsOf(run);
  const created = await store.createRun({
    experiment_id,
    user_id: userName(),
    start_time: run.start_time ?? Date.now(),
    tags,
    ...(request.run_name === undefined ? {} : { run_name: request.run_name }),
  });
  const { run_id } = created.info;
  const quote = request.paramQuoting === "mlflow" ? (text: string) => shellQuote(text) : (text: string) => text;
  const params = [...run.params].map(([key, value]) => ({ key, value: quote(value) }));
  try {
    for (let start = 0; start < params.length; start += PARAMS_PER_BATCH) {
      await store.logBatch({ run_id, metrics: [], params: params.slice(start, start + PARAMS_PER_BATCH), tags: [] });
    }
  } catch (error) {
    await store.updateRun({ run_id, status: "FAILED", end_time: Date.now() });
    throw error;
  }
  return created;
}

async function tagsOf({ request, source, entry_point, manager, image, params }: NewRun): Promise<KeyValue[]> {
  const folder = source?.folder ?? request.projectFolder;
  const git = await readGitFacts(folder);
  return tagList({
    [RUN_TAG.user]: userName(),
    [RUN_TAG.sourceName]: source?.name ?? sourceName(folder, git),
    [RUN_TAG.sourceType]: "PROJECT",
    [RUN_TAG.projectEntryPoint]: entry_point,
    [RUN_TAG.projectBackend]: "local",
    // MLflow (3.17.2) sets it for environments that it makes only.
    [RUN_TAG.projectEnv]: manager === "local" ? undefined : manager,
    [RUN_TAG.gitCommit]: git.commit,
    [RUN_TAG.gitRepoUrl]: git.repoUrl,
    [RUN_TAG.gitBranch]: source?.branch,
    [RUN_TAG.parentRunId]: request.parent_run_id,
    [PARAM_QUOTING_TAG]:
      request.paramQuoting !== "mlflow" && [...params.values()].some(looksQuoted) ? "raw" : undefined,
    ...imageTags(image),
    ...Object.fromEntries(request.tags ?? []),
  });
}

function imageTags(image: NewRun["image"]): Record<string, string | undefined> {
  return { "mlflow.docker.image.uri": image?.uri, "mlflow.docker.image.id": image?.id };
}

function tagList(tags: Record<string, string | undefined>): KeyValue[] {
  return Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

/** As Python's `getpass.getuser`, which MLflow (3.17.2) asks. */
export function userName(): string {
  const names = ["LOGNAME", "USER", "LNAME", "USERNAME"].map((variable) => process.env[variable]);
  return names.find((name) => name !== undefined && name !== "") ?? userInfo().username;
}
