import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import {
  execute,
  type LoggedModelTarget,
  type RunTarget,
  type StoreTarget,
  type VersionTarget,
} from "../platform/commands.ts";
import { askText, pickOne } from "../platform/questions.ts";
import type { StoreHandle } from "../stores/stores.ts";
import { findOrPickRun, pickStore, writable } from "../tracking/find.ts";
import { ageText } from "../tracking/format.ts";
import { askModelName, checkedName } from "./askModelName.ts";
import type { ModelParts } from "./commands.ts";
import { findOrPickVersion } from "./find.ts";
import { findSource, modelsOfRun, registerVersion, type Source, sourceTrouble } from "./sources.ts";

// Bodies of the commands that register versions, and of the one that opens a version's run.

/** Logged models that are offered. */
const OFFERED = 200;

export async function registerRun(
  parts: ModelParts,
  target?: RunTarget & { path?: string },
  given?: string,
): Promise<void> {
  const asked = { placeHolder: "Run whose model is registered", writable: true };
  const one = await findOrPickRun(parts.stores, target, asked);
  if (one === undefined) return;
  const store = writable(one.store);
  const { run_id, run_name } = one.run.info;
  const uri =
    target?.path === undefined ? await pickModelOfRun(store, run_id, run_name) : `runs:/${run_id}/${target.path}`;
  if (uri !== undefined) await registerFrom(parts, store, await findSource(store.remote, uri), { given });
}

export async function registerLoggedModel(
  parts: ModelParts,
  target?: LoggedModelTarget,
  given?: string,
): Promise<void> {
  const uri = target?.uri ?? (await pickStore(parts.stores, "Store of the logged model"));
  if (uri === undefined) return;
  const store = writable(await parts.stores.get(uri));
  const model_id = target?.model_id ?? (await pickLoggedModel(store));
  if (model_id === undefined) return;
  await registerFrom(parts, store, await findSource(store.remote, `models:/${model_id}`), { given });
}

export async function registerUri(
  parts: ModelParts,
  target?: StoreTarget,
  typed?: string,
  given?: string,
): Promise<void> {
  const uri = target?.uri ?? (await pickStore(parts.stores, "Store that the model is registered in"));
  if (uri === undefined) return;
  const store = writable(await parts.stores.get(uri));
  const text = typed ?? (await askSource(store));
  if (text === undefined) return;
  const problem = await sourceTrouble(store, text);
  if (problem !== undefined) throw new MlflowError("INVALID_PARAMETER_VALUE", problem);
  await registerFrom(parts, store, await findSource(store.remote, text.trim()), { given });
}

/** As `copy_model_version` of mlflow 3.17: the copy names the version that it is of, and takes its words and tags along. */
export async function copyVersion(parts: ModelParts, target?: VersionTarget, given?: string): Promise<void> {
  const one = await findOrPickVersion(parts.stores, target, { placeHolder: "Version to copy", writable: true });
  if (one === undefined) return;
  const { store, version: found } = one;
  const { name, version, run_id, run_link, description, tags, model_id } = found;
  const source: Source = {
    source: `models:/${name}/${version}`,
    tags,
    ...(run_id === undefined ? {} : { run_id }),
    ...(run_link === undefined ? {} : { run_link }),
    ...(description === undefined ? {} : { description }),
    ...(model_id === undefined ? {} : { model_id }),
  };
  const title = `Copy version ${version} of ${name} to`;
  await registerFrom(parts, store, source, { given, title, without: name });
}

export async function openRun({ stores }: ModelParts, target?: VersionTarget): Promise<void> {
  const one = await findOrPickVersion(stores, target, { placeHolder: "Version whose run is opened" });
  if (one === undefined) return;
  const { name, version, run_id } = one.version;
  if (run_id === undefined || run_id === "") {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Version ${version} of ${name} names no run that it came from.`);
  }
  await execute("flowdeck.tracking.openRun", { uri: one.store.uri, run_id });
}

interface Registering {
  given: string | undefined;
  title?: string;
  /** A name that is not meant. */
  without?: string;
}

/** Registers a version of a model that is there or of a new one, and shows it. */
async function registerFrom(
  { reveal }: ModelParts,
  store: StoreHandle,
  source: Source,
  { given, title = "Registered model of the new version", without }: Registering,
): Promise<void> {
  const asked = { title, ...(without === undefined ? {} : { without }) };
  const name = given === undefined ? await askModelName(store, asked) : checkedName(given);
  if (name === undefined) return;
  try {
    await store.remote.createRegisteredModel({ name });
  } catch (error) {
    const { error_code, message } = asMlflowError(error);
    // The version becomes one of the model that is there; the name of a prompt is refused.
    if (error_code !== "RESOURCE_ALREADY_EXISTS" || message.includes("taken by a prompt")) throw error;
  }
  const version = await registerVersion(store.remote, name, source);
  await reveal({ uri: store.uri, name, version });
}

async function pickModelOfRun({ remote }: StoreHandle, run_id: string, run_name: string): Promise<string | undefined> {
  const found = await modelsOfRun(remote, run_id);
  const [only] = found;
  if (only === undefined) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `${run_name} has logged no model, so there is none to register.`);
  }
  if (found.length === 1) return only.uri;
  const items = found.map(({ uri, name, model_id }) => ({
    label: `$(package) ${name}`,
    description: model_id ?? "",
    uri,
  }));
  return (await pickOne(items, { placeHolder: `Model of ${run_name} to register`, matchOnDescription: true }))?.uri;
}

async function pickLoggedModel({ remote }: StoreHandle): Promise<string | undefined> {
  const { items: experiments } = await remote.searchExperiments({ max_results: 1_000 });
  const experiment_ids = experiments.map(({ experiment_id }) => experiment_id);
  const order_by = [{ field_name: "creation_timestamp", ascending: false }];
  const models =
    experiment_ids.length === 0
      ? []
      : (await remote.searchLoggedModels({ experiment_ids, order_by, max_results: OFFERED })).items;
  if (models.length === 0) {
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", "No script has logged a model yet, so there is none to register.");
  }
  const items = models.map(({ info }) => ({
    label: `$(package) ${info.name}`,
    description: ageText(info.creation_timestamp_ms, Date.now()),
    detail: info.model_id,
    model_id: info.model_id,
  }));
  const asked = { placeHolder: "Logged model to register", matchOnDescription: true, matchOnDetail: true };
  return (await pickOne(items, asked))?.model_id;
}

async function askSource(store: StoreHandle): Promise<string | undefined> {
  return askText({
    title: "URI of the model",
    placeHolder: "runs:/7c1f0e4d…/model, models:/m-… or models:/wine-quality@champion",
    validateInput: (text) => sourceTrouble(store, text),
  });
}
