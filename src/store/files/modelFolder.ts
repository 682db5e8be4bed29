import { join } from "node:path";
import { MODEL_STAGES, MODEL_VERSION_STATUSES } from "../../mlflow/entities.ts";
import type { KeyValue, ModelVersion, RegisteredModel, RegisteredModelAlias } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { checkModelName, invalid, modelVersionNumber } from "../validation.ts";
import { type Meta, numberOf, readMeta, textOf } from "./metaYaml.ts";
import { readTexts } from "./runFolder.ts";
import { Shelf } from "./shelf.ts";
import type { Look } from "./stamps.ts";
import { MODELS, type StoreFolder } from "./storeFolder.ts";

/** The stage of a deleted version, whose folder stays so that numbering goes on. */
export const DELETED_STAGE = "Deleted_Internal";

/** A registered model as its folder (`models/<name>`, mlflow >= 2) tells it. */
export interface StoredRegisteredModel {
  /** With the newest version of each stage. */
  model: RegisteredModel;
  /** Those that are not deleted, by number. */
  versions: StoredVersion[];
  /** The number after the greatest one, deleted versions counted. */
  next: number;
}

export interface StoredVersion {
  version: ModelVersion;
  storage_location: string;
}

const shelves = new WeakMap<StoreFolder, Shelf<StoredRegisteredModel>>();

export function registeredModelsOf(store: StoreFolder): Shelf<StoredRegisteredModel> {
  const known = shelves.get(store);
  if (known !== undefined) return known;
  const shelf = new Shelf<StoredRegisteredModel>(join(store.root, MODELS), {
    read: (look, name) => readRegisteredModel(look, name, store),
    changed: () => store.listener?.modelsChanged(),
  });
  shelves.set(store, shelf);
  return shelf;
}

/** Finds one registered model and its folder. Throws RESOURCE_DOES_NOT_EXIST. */
export function findRegisteredModel(store: StoreFolder, name: string) {
  checkFolderName(name);
  const shelf = registeredModelsOf(store);
  const stored = shelf.get(name);
  if (stored !== undefined) return { stored, folder: join(shelf.folder, name), shelf };
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
}

/** Finds one version that is not deleted. Throws RESOURCE_DOES_NOT_EXIST. */
export function findVersion(store: StoreFolder, name: string, version: string) {
  checkFolderName(name);
  const number = String(modelVersionNumber(version));
  const shelf = registeredModelsOf(store);
  const stored = shelf.get(name)?.versions.find((one) => one.version.version === number);
  if (stored !== undefined) return { ...stored, folder: join(shelf.folder, name, `version-${number}`), shelf };
  throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Model Version (name=${name}, version=${number}) not found`);
}

/** A name that is a folder's name too. Throws INVALID_PARAMETER_VALUE. */
export function checkFolderName(name: string): void {
  checkModelName(name);
  if (name.includes("%")) {
    throw invalid(`Invalid name: '${name}'. Registered model name cannot contain '%' character`);
  }
  if (/[\\\0]/.test(name)) {
    throw invalid(`Invalid name: '${name}'. Registered model name cannot contain path separator`);
  }
}

function readRegisteredModel(look: Look, name: string, store: StoreFolder): StoredRegisteredModel | undefined {
  const names = look.list("").map((entry) => entry.name);
  if (!names.includes("meta.yaml")) return undefined;
  const meta = readMeta(look.text("meta.yaml") ?? "");
  if (meta === undefined || textOf(meta["name"]) !== name) return undefined;
  const aliases = names.includes("aliases") ? readAliases(look) : [];
  const versions: StoredVersion[] = [];
  let next = 1;
  for (const folder of names) {
    const number = /^version-(\d+)$/.exec(folder)?.[1];
    if (number === undefined) continue;
    next = Math.max(next, Number(number) + 1);
    const version = readVersion(look, folder, { name, number, aliases }, store);
    if (version !== undefined) versions.push(version);
  }
  versions.sort((a, b) => Number(a.version.version) - Number(b.version.version));
  const description = textOf(meta["description"]);
  const newest = new Map(versions.map(({ version }) => [version.current_stage, version]));
  const model: RegisteredModel = {
    name,
    creation_timestamp: numberOf(meta["creation_timestamp"]) ?? 0,
    last_updated_timestamp: numberOf(meta["last_updated_timestamp"]) ?? 0,
    ...(description === undefined ? {} : { description }),
    latest_versions: [...newest.values()].sort((a, b) => Number(a.version) - Number(b.version)),
    tags: names.includes("tags") ? readTexts(look, "tags") : [],
    aliases,
  };
  return { model, versions, next };
}

function readAliases(look: Look): RegisteredModelAlias[] {
  return readTexts(look, "aliases").map(({ key, value }) => ({ alias: key, version: value.trim() }));
}

interface VersionKey {
  name: string;
  number: string;
  aliases: RegisteredModelAlias[];
}

function readVersion(
  look: Look,
  folder: string,
  { name, number, aliases }: VersionKey,
  store: StoreFolder,
): StoredVersion | undefined {
  const names = look.list(folder).map((entry) => entry.name);
  if (!names.includes("meta.yaml")) return undefined;
  const meta = readMeta(look.text(`${folder}/meta.yaml`) ?? "");
  if (meta === undefined || meta["current_stage"] === DELETED_STAGE) return undefined;
  const tags: KeyValue[] = names.includes("tags") ? readTexts(look, `${folder}/tags`) : [];
  const source = textOf(meta["source"]);
  const storage = textOf(meta["storage_location"]) || source || "";
  return {
    version: {
      name,
      version: number,
      creation_timestamp: numberOf(meta["creation_timestamp"]) ?? 0,
      last_updated_timestamp: numberOf(meta["last_updated_timestamp"]) ?? 0,
      current_stage: MODEL_STAGES.find((stage) => stage === meta["current_stage"]) ?? "None",
      status: MODEL_VERSION_STATUSES.find((status) => status === meta["status"]) ?? "READY",
      ...optional(meta),
      ...(source === undefined ? {} : { source: store.relocate(source) }),
      tags,
      aliases: aliases.filter(({ version }) => version === number).map(({ alias }) => alias),
    },
    storage_location: store.relocate(storage),
  };
}

const OPTIONAL = ["user_id", "description", "run_id", "status_message", "run_link", "model_id"] as const;

function optional(meta: Meta): Partial<Record<(typeof OPTIONAL)[number], string>> {
  const fields: Partial<Record<(typeof OPTIONAL)[number], string>> = {};
  for (const key of OPTIONAL) {
    const value = textOf(meta[key]);
    if (value !== undefined) fields[key] = value;
  }
  return fields;
}
