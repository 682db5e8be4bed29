// Which model is meant, and where its files are. No vscode.
import { dirname, posix } from "node:path";
import type { ModelVersion } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { parseModelsUri, parseRunsUri } from "../../mlflow/uris.ts";
import type { ScoringServer } from "../../protocol/serving.ts";
import type { Remote } from "../../protocol/rpc.ts";
import type { StoreMethods } from "../../store/store.ts";
import { newestIn } from "../models/newestIn.ts";
import { type ArtifactFolder, versionFolder } from "../models/versionFiles.ts";

/** Names what is to be served: a version, what an alias names, a logged model, a folder of a run, or any of them by its URI. */
export type ServeTarget = { uri: string } & (
  | { name: string; version: string }
  | { name: string; alias: string }
  | { model_uri: string }
  | { model_id: string }
  | { run_id: string; path: string }
);

/** A model that can be served. */
export interface ServedModel extends Pick<ScoringServer, "store" | "model_uri" | "model" | "title"> {
  /** What mlflow is told: the version in place of an alias, which may move meanwhile. */
  served_uri: string;
  /** Where its files lie: a folder among the artifacts of a run or a logged model. Absent: somewhere that is not read here. */
  files?: ArtifactFolder;
  /** Names where it came from: who is trusted with this is not asked again. */
  source: string;
  /** Where that is, as a person reads it. */
  place: string;
  /** Who registered or logged it, as far as is known. */
  author?: string;
}

/** @throws MlflowError when there is no such model. */
export async function readServed(remote: Remote<StoreMethods>, target: ServeTarget): Promise<ServedModel> {
  const store = target.uri;
  if ("alias" in target) {
    const version = await remote.getModelVersionByAlias({ name: target.name, alias: target.alias });
    return ofVersion(remote, store, version, target.alias);
  }
  if ("version" in target) return ofVersion(remote, store, await remote.getModelVersion(pick(target)));
  if ("model_id" in target) return ofLoggedModel(remote, store, target.model_id);
  if ("run_id" in target) return ofRun(remote, store, target.run_id, target.path);
  return ofUri(remote, store, target.model_uri);
}

/** The folder of its files on this machine. @throws MlflowError when they are elsewhere. */
export async function localFolder(remote: Remote<StoreMethods>, { title, files }: ServedModel): Promise<string> {
  if (files === undefined) {
    throw new MlflowError("NOT_IMPLEMENTED", `The files of ${title} are not on this machine, so it was not served.`);
  }
  const path = posix.join(files.path, "MLmodel");
  return dirname((await remote.localArtifactPath({ ...files, path })).file);
}

function pick({ name, version }: { name: string; version: string }): { name: string; version: string } {
  return { name, version };
}

async function ofUri(remote: Remote<StoreMethods>, store: string, model_uri: string): Promise<ServedModel> {
  const run = parseRunsUri(model_uri);
  if (run !== undefined) return ofRun(remote, store, run.run_id, run.path);
  const found = parseModelsUri(model_uri);
  switch (found?.kind) {
    case "alias":
    case "version":
      return readServed(remote, { uri: store, ...found });
    case "model":
      return ofLoggedModel(remote, store, found.model_id);
    case "stage": {
      const { name, stage } = found;
      const newest = await newestIn(remote, name, stage);
      if (newest === undefined) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${name} has no version in ${stage}.`);
      return ofVersion(remote, store, newest);
    }
    case undefined:
      throw new MlflowError("INVALID_PARAMETER_VALUE", `${model_uri} names no model; try models:/NAME/VERSION.`);
  }
}

async function ofVersion(
  remote: Remote<StoreMethods>,
  store: string,
  version: ModelVersion,
  alias?: string,
): Promise<ServedModel> {
  const { name, user_id, source = "" } = version;
  const place = await remote.getModelVersionDownloadUri({ name, version: version.version });
  const files = await versionFolder(remote, version);
  const model = { name, version: version.version, ...(alias === undefined ? {} : { alias }) };
  return {
    ...{ store, model, served_uri: `models:/${name}/${version.version}`, source, place: place.artifact_uri },
    model_uri: alias === undefined ? `models:/${name}/${version.version}` : `models:/${name}@${alias}`,
    title: alias === undefined ? `${name} ${version.version}` : `${name}@${alias}`,
    ...(files === undefined ? {} : { files }),
    ...(user_id === undefined ? {} : { author: user_id }),
  };
}

async function ofLoggedModel(remote: Remote<StoreMethods>, store: string, model_id: string): Promise<ServedModel> {
  const { info } = await remote.getLoggedModel({ model_id });
  const model_uri = `models:/${model_id}`;
  const files = { model_id, path: "" };
  return {
    store,
    model_uri,
    served_uri: model_uri,
    title: info.name || model_id,
    files,
    source: info.artifact_uri,
    place: info.artifact_uri,
  };
}

async function ofRun(remote: Remote<StoreMethods>, store: string, run_id: string, path: string): Promise<ServedModel> {
  const { info } = await remote.getRun({ run_id });
  const inside = await remote.listArtifacts(path === "" ? { run_id } : { run_id, path });
  if (!inside.some((file) => !file.is_dir && file.path.split("/").at(-1) === "MLmodel")) {
    const what = path === "" ? info.run_name : `${path} of ${info.run_name}`;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${what} holds no MLmodel file, so there is no model to serve.`);
  }
  const model_uri = `runs:/${run_id}/${path}`;
  const title = `${path.split("/").at(-1) || "model"} of ${info.run_name || run_id.slice(0, 8)}`;
  return {
    ...{ store, model_uri, served_uri: model_uri, title, files: { run_id, path } },
    ...{ source: `${info.artifact_uri}/${path}`, place: `${info.artifact_uri}/${path}`, author: info.user_id },
  };
}
