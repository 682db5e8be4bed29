// What a version is registered from. No vscode: tested on real stores.
import type { LoggedModel } from "../../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import { quotedKey, textValue } from "../../mlflow/filter/write.ts";
import { namedBy } from "../../mlflow/findUris.ts";
import { parseModelsUri, parseRunsUri, schemeOf, withoutEndSlashes } from "../../mlflow/uris.ts";
import type { CreateModelVersion } from "../../store/registryStore.ts";
import type { StoreMethods } from "../../store/store.ts";
import { findNamed, type NamingStore } from "./namedThing.ts";
import { newestIn } from "./newestIn.ts";

/** Where a version comes from, as mlflow 3.17's `register_model` tells a registry. */
export type Source = Omit<CreateModelVersion, "name">;

export type SourcesStore = Pick<
  StoreMethods,
  | "getRun"
  | "getLoggedModel"
  | "setLoggedModelTags"
  | "searchLoggedModels"
  | "listArtifacts"
  | "getModelVersion"
  | "getModelVersionByAlias"
  | "getLatestVersions"
  | "createModelVersion"
>;

/** A model that a run has logged. */
export interface RunModel {
  /** `runs:/…` or `models:/m-…`. */
  uri: string;
  /** Folder among the run's artifacts, or name of the logged model. */
  name: string;
  model_id?: string;
}

/** Folders at the top of a run's artifacts that are looked into. */
const FOLDERS = 20;
/** On a logged model: the versions that were registered of it, as mlflow's client (3.17) keeps them. */
const VERSIONS_TAG = "mlflow.modelVersions";

/** Finds what a URI names. Throws with one sentence when it names no model of the store. */
export async function findSource(store: SourcesStore, uri: string): Promise<Source> {
  const ofRun = parseRunsUri(uri);
  if (ofRun !== undefined) return runSource(store, ofRun.run_id, withoutEndSlashes(ofRun.path));
  const named = parseModelsUri(uri);
  switch (named?.kind) {
    case "model": {
      const { model_id } = named;
      await store.getLoggedModel({ model_id });
      return { source: `models:/${model_id}`, model_id };
    }
    case "version":
      return versionSource(store, named.name, named.version);
    case "alias": {
      const { version } = await store.getModelVersionByAlias({ name: named.name, alias: named.alias });
      return versionSource(store, named.name, version);
    }
    case "stage": {
      const { name, stage } = named;
      const newest = await newestIn(store, name, stage);
      if (newest === undefined) throw missing(`${name} has no version in ${stage}.`);
      return versionSource(store, name, newest.version);
    }
    case undefined:
      return { source: uri };
    default:
      return named satisfies never;
  }
}

/** What is wrong with a typed URI, as far as its words tell; undefined when it may name a model. */
export function sourceProblem(text: string): string | undefined {
  const uri = text.trim();
  if (uri === "") return "A model is named by a URI, such as runs:/7c1f0e4d/model or models:/wine-quality@champion.";
  if (/^runs:/i.test(uri) && parseRunsUri(uri) === undefined) {
    return "A runs:/ URI names a run and a folder of its artifacts, such as runs:/7c1f0e4d/model.";
  }
  if (/^models:/i.test(uri) && parseModelsUri(uri) === undefined) {
    return "A models:/ URI is models:/name/1, models:/name@alias or models:/m-… of a logged model.";
  }
  if (schemeOf(uri) === "" && !uri.startsWith("/"))
    return "A place is written from its root, such as /data/model or s3://bucket/model.";
  return undefined;
}

/** Why a typed URI names no model of the store, with what was probably meant, in one sentence; undefined: it names one. */
export async function sourceTrouble(
  store: { uri: string; name: string; remote: SourcesStore & NamingStore },
  text: string,
): Promise<string | undefined> {
  const problem = sourceProblem(text);
  if (problem !== undefined) return problem;
  const uri = text.trim();
  const names = namedBy(uri);
  const named = names === undefined ? undefined : await findNamed([store], names, `not in ${store.name}`);
  if (named?.kind === "missing") return named.sentence;
  return findSource(store.remote, uri).then(
    () => undefined,
    (error: unknown) => asMlflowError(error).message.split("\n", 1)[0],
  );
}

/** Registers a version, and keeps on its logged model that it was. Tells its number. */
export async function registerVersion(store: SourcesStore, name: string, source: Source): Promise<string> {
  const { version } = await store.createModelVersion({ name, ...source });
  const { model_id } = source;
  if (model_id === undefined) return version;
  const kept = versionsIn(await store.getLoggedModel({ model_id }));
  // A server does it itself.
  const own = JSON.stringify({ name, version: Number(version) });
  if (kept.some((one) => JSON.stringify(one) === own)) return version;
  const value = JSON.stringify([...kept, { name, version: Number(version) }]);
  await store.setLoggedModelTags({ model_id, tags: [{ key: VERSIONS_TAG, value }] });
  return version;
}

/** Models that a run has logged: those of mlflow 3, then folders with an MLmodel of their own. */
export async function modelsOfRun(store: SourcesStore, run_id: string): Promise<RunModel[]> {
  const logged = await loggedBy(store, run_id);
  const names = new Set(logged.map(({ info }) => info.name));
  const found = logged.map(({ info }): RunModel => {
    return { uri: `models:/${info.model_id}`, name: info.name, model_id: info.model_id };
  });
  const root = await store.listArtifacts({ run_id });
  if (root.some(({ path }) => path === "MLmodel")) found.push({ uri: `runs:/${run_id}/`, name: "artifacts" });
  const isLogged = (path: string) => names.has(path) || logged.some(({ info }) => info.model_id === path);
  const folders = root.filter(({ is_dir, path }) => is_dir && !isLogged(path));
  for (const { path } of folders.slice(0, FOLDERS)) {
    const files = await store.listArtifacts({ run_id, path });
    if (files.some((file) => file.path === `${path}/MLmodel`))
      found.push({ uri: `runs:/${run_id}/${path}`, name: path });
  }
  return found;
}

async function runSource(store: SourcesStore, run_id: string, path: string): Promise<Source> {
  const { info, outputs } = await store.getRun({ run_id });
  const logged = (await loggedBy(store, run_id)).filter(
    (model) => model.info.name === path || model.info.model_id === path,
  );
  if (logged.length > 0) {
    // Of several of a name the one logged at the last step is meant.
    const steps = new Map(outputs.model_outputs.map((output) => [output.model_id, output.step]));
    const stepOf = (model: LoggedModel) => steps.get(model.info.model_id) ?? 0;
    const [last] = logged.toSorted((one, other) => stepOf(other) - stepOf(one));
    const model_id = last?.info.model_id ?? "";
    return { source: `models:/${model_id}`, run_id, model_id };
  }
  const files = await store.listArtifacts({ run_id, ...(path === "" ? {} : { path }) });
  const file = path === "" ? "MLmodel" : `${path}/MLmodel`;
  if (!files.some((one) => one.path === file)) {
    throw missing(`Run ${info.run_name || run_id.slice(0, 8)} has no model at ${path === "" ? "its root" : path}.`);
  }
  const root = withoutEndSlashes(info.artifact_uri);
  return { source: path === "" ? root : `${root}/${path}`, run_id };
}

async function versionSource(store: SourcesStore, name: string, version: string): Promise<Source> {
  const { run_id, model_id } = await store.getModelVersion({ name, version });
  return {
    source: `models:/${name}/${version}`,
    ...(run_id === undefined ? {} : { run_id }),
    ...(model_id === undefined ? {} : { model_id }),
  };
}

async function loggedBy(store: SourcesStore, run_id: string): Promise<LoggedModel[]> {
  const { info } = await store.getRun({ run_id });
  const value = textValue(run_id);
  if (value === undefined) return [];
  const page = await store
    .searchLoggedModels({
      experiment_ids: [info.experiment_id],
      filter: `${quotedKey("source_run_id")} = ${value}`,
      order_by: [{ field_name: "creation_timestamp", ascending: false }],
    })
    // A server older than mlflow 3 has none.
    .catch((error: unknown) => {
      if (error instanceof MlflowError && error.error_code === "ENDPOINT_NOT_FOUND") return { items: [] };
      throw error;
    });
  return page.items;
}

function versionsIn({ info }: LoggedModel): unknown[] {
  const kept = info.tags.find(({ key }) => key === VERSIONS_TAG)?.value;
  try {
    const list: unknown = kept === undefined ? [] : JSON.parse(kept);
    return Array.isArray(list) ? list : [];
  } catch {
    // Whoever wrote it, it names no version.
    return [];
  }
}

function missing(message: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}
