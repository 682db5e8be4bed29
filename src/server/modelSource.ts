import { posix, resolve } from "node:path";
import type { KeyValue } from "../mlflow/entities.ts";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, parseModelsUri, schemeOf } from "../mlflow/uris.ts";
import { isBelow } from "../store/listedFiles.ts";
import { realPath } from "../store/open.ts";
import type { StoreMethods } from "../store/store.ts";
import { fullyDecoded } from "./artifactPath.ts";

/** What a new model version is made from; an id that was sent as "" counts as sent. */
export interface ModelSource {
  source: string;
  run_id?: string;
  model_id?: string;
}

/**
 * Resolves `models:/name/…` to the version it names and refuses sources that would let a client read other files of this
 * machine through the registry. Throws INVALID_PARAMETER_VALUE in MLflow's wording (mlflow 3.17 `server/handlers.py`).
 */
export async function resolveModelSource(store: StoreMethods, given: ModelSource): Promise<ModelSource> {
  const wanted = await resolveLineage(store, given);
  if (isLocalUri(wanted.source)) await checkLocal(store, wanted);
  else checkRemote(wanted);
  return wanted;
}

/** What MLflow's clients send as the source of a prompt, which has none. */
const PROMPT_SOURCES = ["dummy-source", "prompt-template"];

/** Whether the tags of a registered model, or those of a version that is to be, make it a prompt. */
export function isPrompt(tags: readonly KeyValue[]): boolean {
  return tags.findLast(({ key }) => key === "mlflow.prompt.is_prompt")?.value.toLowerCase() === "true";
}

/** A prompt has no files: a path would let a client read what lies there (mlflow 3.17 `_validate_prompt_source`). */
export function checkPromptSource(source: string): void {
  if (PROMPT_SOURCES.includes(source) || !isLocalUri(source)) return;
  const message = `Invalid prompt source: '${source}'. Prompt sources must use an MLflow placeholder.`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

async function resolveLineage(store: StoreMethods, given: ModelSource): Promise<ModelSource> {
  const { source } = given;
  if (schemeOf(source) !== "models") return given;
  if (source.startsWith("models://") && !source.startsWith("models:///")) {
    const message = `Invalid model version source: '${source}'. Registered model sources must use the active model registry.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  const uri = parseModelsUri(source);
  if (!uri) throw invalidSource(source, "model_id");
  if (uri.kind === "model") return given;
  const { name } = uri;
  const { tags } = await store.getRegisteredModel({ name });
  if (isPrompt(tags)) {
    const message = `Invalid model version source: '${source}'. Prompt versions cannot be used as model version sources.`;
    throw new MlflowError("INVALID_PARAMETER_VALUE", message);
  }
  const version =
    uri.kind === "version"
      ? await store.getModelVersion({ name, version: uri.version })
      : uri.kind === "alias"
        ? await store.getModelVersionByAlias({ name, alias: uri.alias })
        : await latestVersion(store, name, uri.stage);
  if (differs(given.run_id, version.run_id) || differs(given.model_id, version.model_id)) {
    const hint = "The run_id and model_id request parameters must match the referenced model version.";
    throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid model version source: '${source}'. ${hint}`);
  }
  const run_id = given.run_id ?? version.run_id;
  const model_id = given.model_id ?? version.model_id;
  return {
    source: `models:/${name}/${version.version}`,
    ...(run_id === undefined ? {} : { run_id }),
    ...(model_id === undefined ? {} : { model_id }),
  };
}

function differs(given: string | undefined, known: string | undefined): boolean {
  return given !== undefined && given !== (known ?? "");
}

async function latestVersion(store: StoreMethods, name: string, stage: string) {
  const newest = stage.toLowerCase() === "latest";
  const versions = await store.getLatestVersions(newest ? { name } : { name, stages: [stage] });
  const [version] = versions.toSorted((a, b) => Number(b.version) - Number(a.version));
  if (version) return version;
  const message = `No versions of model with name '${name}' and stage '${stage}' found`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** A path of this machine must lie in the artifact folder of the run or logged model that is named with it. */
async function checkLocal(store: StoreMethods, { source, run_id, model_id }: ModelSource): Promise<void> {
  const owner = model_id ? "model_id" : "run_id";
  const root = await artifactRoot(store, source, run_id, model_id);
  if (root !== undefined && isLocalUri(root)) {
    const folder = realPath(resolve(localPath(root)));
    const path = realPath(resolve(localPath(source)));
    if (isBelow(folder, path)) return;
  }
  const message =
    `Invalid model version source: '${source}'. To use a local path as a model version source, the ${owner} request ` +
    "parameter has to be specified and the local path has to be contained within the artifact directory of the run " +
    `specified by the ${owner}.`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/**
 * mlflow 3.17 also wants a `runs:/` or `mlflow-artifacts:/` source to lie below the named run, for servers that let some
 * people see only some runs. Whoever may ask this server may read all of it, so that older clients' sources are taken too.
 */
function checkRemote({ source, model_id }: ModelSource): void {
  refuseRelativeParts(source);
  if (schemeOf(source) !== "models") return;
  const uri = parseModelsUri(source);
  if (!uri || (uri.kind === "model" && uri.model_id !== model_id)) throw invalidSource(source, "model_id");
}

async function artifactRoot(
  store: StoreMethods,
  source: string,
  run_id: string | undefined,
  model_id: string | undefined,
): Promise<string | undefined> {
  try {
    if (model_id) return (await store.getLoggedModel({ model_id })).info.artifact_uri;
    if (run_id) return (await store.getRun({ run_id })).info.artifact_uri;
    return undefined;
  } catch (error) {
    if (error instanceof MlflowError && error.error_code === "RESOURCE_DOES_NOT_EXIST") {
      throw invalidSource(source, model_id ? "model_id" : "run_id");
    }
    throw error;
  }
}

function refuseRelativeParts(source: string): void {
  const decoded = fullyDecoded(source.replaceAll("+", " "));
  const path = decoded.replace(/^[^:/]+:(?:\/\/[^/]*)?/, "").replace(/[?#].*$/s, "");
  const tidy = path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, "");
  const relative =
    decoded.split("/").includes("..") || tidy.includes("\0") || posix.resolve("/", tidy) !== (tidy || "/");
  if (!relative) return;
  throw new MlflowError(
    "INVALID_PARAMETER_VALUE",
    `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, ` +
      "objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references " +
      "present. Please provide an absolute path.",
  );
}

function invalidSource(source: string, owner: string): MlflowError {
  const hint = `The ${owner} request parameter must identify the resource that contains the source.`;
  return new MlflowError("INVALID_PARAMETER_VALUE", `Invalid model version source: '${source}'. ${hint}`);
}
