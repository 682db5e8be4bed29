import { cpSync, existsSync } from "node:fs";
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
import { valueOf } from "./searchRuns.ts";
import { MODELS, type StoreFolder } from "./storeFolder.ts";
import type { Edit } from "./write.ts";

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
  const change = (edit: Edit, name: string, changes: Meta = {}): void => {
    const { folder, shelf } = findRegisteredModel(store, name);
    edit.rewrite(folder, { ...changes, last_updated_timestamp: Date.now() });
    shelf.touch(name);
  };

  return {
    createRegisteredModel: async ({ name, tags = [], description }) => {
      checkFolderName(name);
      for (const tag of tags) checkRegistryTag(tag);
      return store.write((edit) => {
        const existing = registeredModelsOf(store).get(name);
        if (existing !== undefined) throw alreadyExists(name, existing.model.tags, tags);
        const draft = edit.shed("new");
        const now = Date.now();
        edit.folder(draft);
        for (const { key, value } of tags) edit.text(draft, join("tags", key), value);
        edit.meta(draft, {
          aliases: {},
          creation_timestamp: now,
          description: description ?? null,
          last_updated_timestamp: now,
          name,
        });
        edit.move(draft, edit.below(store.root, join(MODELS, name)));
        return read(name);
      });
    },
    getRegisteredModel: async ({ name }) => read(name),
    updateRegisteredModel: async ({ name, description }) =>
      store.write((edit) => {
        change(edit, name, { description: description ?? null });
        return read(name);
      }),
    renameRegisteredModel: async ({ name, new_name }) => {
      if (new_name.trim() === "") throw missingValue("new_name");
      checkFolderName(new_name);
      return store.write((edit) => {
        const { stored, folder, shelf } = findRegisteredModel(store, name);
        const target = join(shelf.folder, new_name);
        if (existsSync(target)) {
          throw new MlflowError("RESOURCE_ALREADY_EXISTS", `Registered Model (name=${new_name}) already exists.`);
        }
        // Made whole beside it, then named: a reader sees the old model or the new one. Deleted versions move along.
        const draft = edit.shed("new");
        const changes = { name: new_name, last_updated_timestamp: Date.now() };
        // Without a filter, Node 24 copies in C++ and ends the process at a link that leads in a ring.
        cpSync(folder, draft, { recursive: true, verbatimSymlinks: true, filter: () => true });
        edit.rewrite(draft, changes);
        for (const { version } of stored.versions) edit.rewrite(join(draft, `version-${version.version}`), changes);
        edit.move(draft, target);
        edit.removeFolder(folder);
        return read(new_name);
      });
    },
    deleteRegisteredModel: async ({ name }) =>
      store.write((edit) => edit.removeFolder(findRegisteredModel(store, name).folder)),
    getLatestVersions: async ({ name, stages = [] }) => {
      const { latest_versions } = read(name);
      const wanted = stages.map(canonicalStage);
      if (wanted.length === 0) return latest_versions;
      return latest_versions.filter(({ current_stage }) => wanted.includes(current_stage));
    },
    setRegisteredModelTag: async ({ name, key, value }) => {
      checkRegistryTag({ key, value });
      store.write((edit) => {
        edit.text(findRegisteredModel(store, name).folder, join("tags", key), value);
        change(edit, name);
      });
    },
    deleteRegisteredModelTag: async ({ name, key }) => {
      checkTagKey(key);
      store.write((edit) => {
        const { stored, folder } = findRegisteredModel(store, name);
        if (valueOf(stored.model.tags, key) === undefined) return;
        edit.remove(folder, join("tags", key));
        change(edit, name);
      });
    },
    setRegisteredModelAlias: async ({ name, alias, version }) => {
      checkAlias(alias);
      checkAliasFree(alias);
      store.write((edit) => {
        const number = findVersion(store, name, version).version.version;
        edit.text(findRegisteredModel(store, name).folder, join("aliases", alias), number);
        change(edit, name);
      });
    },
    deleteRegisteredModelAlias: async ({ name, alias }) => {
      checkAlias(alias);
      store.write((edit) => {
        const { stored, folder } = findRegisteredModel(store, name);
        if (!stored.model.aliases.some((one) => one.alias === alias)) return;
        edit.remove(folder, join("aliases", alias));
        change(edit, name);
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
