import { cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { KeyValue } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import {
  canonicalStage,
  checkAlias,
  checkAliasFree,
  checkRegistryTag,
  checkTagKey,
  invalid,
  missingValue,
} from "../validation.ts";
import type { Meta } from "./metaYaml.ts";
import { checkFolderName, findRegisteredModel, findVersion, registeredModelsOf } from "./modelFolder.ts";
import { rewriteMeta } from "./rewrite.ts";
import { valueOf } from "./searchRuns.ts";
import { MODELS, type StoreFolder } from "./storeFolder.ts";
import { makeFolder, writeMetaFile, writeText } from "./write.ts";

type Methods =
  | "createRegisteredModel"
  | "getRegisteredModel"
  | "updateRegisteredModel"
  | "renameRegisteredModel"
  | "deleteRegisteredModel"
  | "getLatestVersions"
  | "setRegisteredModelTag"
  | "deleteRegisteredModelTag"
  | "setRegisteredModelAlias"
  | "deleteRegisteredModelAlias"
  | "getModelVersionByAlias";

/** The tag that makes a registered model a prompt (mlflow >= 2.22). */
export const PROMPT_TAG = "mlflow.prompt.is_prompt";

export function registeredModelMethods(store: StoreFolder): Pick<ModelRegistryStore, Methods> {
  const read = (name: string) => findRegisteredModel(store, name).stored.model;
  /** Changes a model's meta.yaml, its time too. */
  const change = (name: string, changes: Meta = {}): void => {
    const { folder, shelf } = findRegisteredModel(store, name);
    rewriteMeta(folder, { ...changes, last_updated_timestamp: Date.now() });
    shelf.touch(name);
  };

  return {
    createRegisteredModel: async ({ name, tags = [], description }) => {
      checkFolderName(name);
      for (const tag of tags) checkRegistryTag(tag);
      return store.write(() => {
        const existing = registeredModelsOf(store).get(name);
        if (existing !== undefined) throw alreadyExists(name, existing.model.tags, tags);
        const folder = join(store.root, MODELS, name);
        const now = Date.now();
        makeFolder(folder);
        for (const { key, value } of tags) writeText(folder, join("tags", key), value);
        writeMetaFile(folder, {
          aliases: {},
          creation_timestamp: now,
          description: description ?? null,
          last_updated_timestamp: now,
          name,
        });
        return read(name);
      });
    },
    getRegisteredModel: async ({ name }) => read(name),
    updateRegisteredModel: async ({ name, description }) =>
      store.write(() => {
        change(name, { description: description ?? null });
        return read(name);
      }),
    renameRegisteredModel: async ({ name, new_name }) => {
      if (new_name.trim() === "") throw missingValue("new_name");
      checkFolderName(new_name);
      return store.write(() => {
        const { stored, folder, shelf } = findRegisteredModel(store, name);
        const target = join(shelf.folder, new_name);
        if (existsSync(target)) {
          throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${new_name}) already exists.`);
        }
        // Made whole beside it, then named: a reader sees the old model or the new one. Deleted versions move along.
        const draft = join(store.root, MODELS, `.flowdeck-${randomUUID().slice(0, 8)}`);
        const now = Date.now();
        try {
          cpSync(folder, draft, { recursive: true });
          rewriteMeta(draft, { name: new_name, last_updated_timestamp: now });
          for (const { version } of stored.versions) {
            const changes = { name: new_name, last_updated_timestamp: now };
            rewriteMeta(join(draft, `version-${version.version}`), changes);
          }
          renameSync(draft, target);
        } finally {
          rmSync(draft, { recursive: true, force: true });
        }
        rmSync(folder, { recursive: true });
        return read(new_name);
      });
    },
    deleteRegisteredModel: async ({ name }) =>
      store.write(() => rmSync(findRegisteredModel(store, name).folder, { recursive: true })),
    getLatestVersions: async ({ name, stages = [] }) => {
      const wanted = stages.map(canonicalStage);
      const { latest_versions } = read(name);
      if (wanted.length === 0) return latest_versions;
      return latest_versions.filter(({ current_stage }) => wanted.includes(current_stage));
    },
    setRegisteredModelTag: async ({ name, key, value }) => {
      checkRegistryTag({ key, value });
      store.write(() => {
        writeText(findRegisteredModel(store, name).folder, join("tags", key), value);
        change(name);
      });
    },
    deleteRegisteredModelTag: async ({ name, key }) => {
      checkTagKey(key);
      store.write(() => {
        const { stored, folder } = findRegisteredModel(store, name);
        if (valueOf(stored.model.tags, key) === undefined) return;
        rmSync(join(folder, "tags", key));
        change(name);
      });
    },
    setRegisteredModelAlias: async ({ name, alias, version }) => {
      checkAlias(alias);
      checkAliasFree(alias);
      store.write(() => {
        const number = findVersion(store, name, version).version.version;
        writeText(findRegisteredModel(store, name).folder, join("aliases", alias), number);
        change(name);
      });
    },
    deleteRegisteredModelAlias: async ({ name, alias }) => {
      checkAlias(alias);
      store.write(() => {
        const { stored, folder } = findRegisteredModel(store, name);
        if (!stored.model.aliases.some((one) => one.alias === alias)) return;
        rmSync(join(folder, "aliases", alias));
        change(name);
      });
    },
    getModelVersionByAlias: async ({ name, alias }) => {
      checkAlias(alias);
      const { model } = findRegisteredModel(store, name).stored;
      if (alias.toLowerCase() === "latest") {
        const newest = model.latest_versions.at(-1);
        if (newest !== undefined) return newest;
        throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Latest version not found for model ${name}.`);
      }
      const found = model.aliases.find((one) => one.alias === alias);
      if (found === undefined) throw invalid(`Registered model alias ${alias} not found.`);
      return findVersion(store, name, found.version).version;
    },
  };
}

function alreadyExists(name: string, oldTags: KeyValue[], newTags: KeyValue[]): MlflowError {
  const kindOf = (tags: KeyValue[]) =>
    valueOf(tags, PROMPT_TAG)?.toLowerCase() === "true" ? "Prompt" : "Registered Model";
  const [old, wanted] = [kindOf(oldTags), kindOf(newTags)];
  const message =
    old === wanted
      ? `${wanted} (name=${name}) already exists.`
      : `Tried to create a ${wanted.toLowerCase()} with name ${pythonText(name)}, but the name is already taken by a ${old.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
  return new MlflowError("RESOURCE_ALREADY_EXISTS", message);
}
