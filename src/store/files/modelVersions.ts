import { existsSync } from "node:fs";
import { join } from "node:path";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import type { CreateModelVersion, ModelRegistryStore } from "../registryStore.ts";
import { canonicalStage, checkRegistryTag, checkTagKey, invalid } from "../validation.ts";
import { findLoggedModel } from "./loggedModelFolder.ts";
import type { Meta } from "./metaYaml.ts";
import { checkFolderName, DELETED_STAGE, findRegisteredModel, findVersion } from "./modelFolder.ts";
import { valueOf } from "./searchRuns.ts";
import type { StoreFolder } from "./storeFolder.ts";
import type { Edit } from "./write.ts";

type Methods =
  | "createModelVersion"
  | "getModelVersion"
  | "getModelVersionDownloadUri"
  | "updateModelVersion"
  | "transitionModelVersionStage"
  | "deleteModelVersion"
  | "setModelVersionTag"
  | "deleteModelVersionTag";

export function modelVersionMethods(store: StoreFolder): Pick<ModelRegistryStore, Methods> {
  const read = (name: string, version: string) => findVersion(store, name, version).version;
  const touchModel = (edit: Edit, name: string, now: number): void => {
    const { folder, shelf } = findRegisteredModel(store, name);
    edit.rewrite(folder, { last_updated_timestamp: now });
    shelf.touch(name);
  };
  const change = (edit: Edit, name: string, version: string, changes: Meta): void => {
    const { folder, shelf } = findVersion(store, name, version);
    edit.rewrite(folder, changes);
    shelf.touch(name);
  };

  return {
    createModelVersion: async (query) => {
      const { name, source, tags = [], run_link, description, model_id } = query;
      checkFolderName(name);
      for (const tag of tags) checkRegistryTag(tag);
      return store.write((edit) => {
        const { storage_location, run_id } = placeOf(store, query);
        const model = findRegisteredModel(store, name);
        const now = Date.now();
        const draft = edit.draft(model.folder);
        for (const { key, value } of tags) edit.text(draft, join("tags", key), value);
        const meta = {
          creation_timestamp: now,
          current_stage: "None",
          description: description ?? null,
          last_updated_timestamp: now,
          model_id: model_id || null,
          name,
          run_id: run_id || null,
          run_link: run_link ?? null,
          source,
          status: "READY",
          status_message: null,
          storage_location,
          user_id: null,
        };
        const number = claimNumber(edit, { folder: model.folder, draft }, model.stored.next, meta);
        touchModel(edit, name, now);
        return read(name, String(number));
      });
    },
    getModelVersion: async ({ name, version }) => read(name, version),
    getModelVersionDownloadUri: async ({ name, version }) => ({
      artifact_uri: findVersion(store, name, version).storage_location,
    }),
    updateModelVersion: async ({ name, version, description }) =>
      store.write((edit) => {
        change(edit, name, version, { description: description ?? null, last_updated_timestamp: Date.now() });
        return read(name, version);
      }),
    transitionModelVersionStage: async ({ name, version, stage, archive_existing_versions }) => {
      const canonical = canonicalStage(stage);
      if (archive_existing_versions && canonical !== "Staging" && canonical !== "Production") {
        throw new MlflowError(
          "INVALID_PARAMETER_VALUE",
          `Model version transition cannot archive existing model versions because '${stage}' is not an Active stage. Valid stages are ['Staging', 'Production']`,
        );
      }
      return store.write((edit) => {
        const number = read(name, version).version;
        const last_updated_timestamp = Date.now();
        const others = archive_existing_versions ? findRegisteredModel(store, name).stored.versions : [];
        for (const { version: other } of others) {
          if (other.version === number || other.current_stage !== canonical) continue;
          change(edit, name, other.version, { current_stage: "Archived", last_updated_timestamp });
        }
        change(edit, name, number, { current_stage: canonical, last_updated_timestamp });
        touchModel(edit, name, last_updated_timestamp);
        return read(name, number);
      });
    },
    deleteModelVersion: async ({ name, version }) =>
      store.write((edit) => {
        const { aliases } = read(name, version);
        const now = Date.now();
        const { folder } = findRegisteredModel(store, name);
        change(edit, name, version, { current_stage: DELETED_STAGE, last_updated_timestamp: now });
        for (const alias of aliases) edit.remove(folder, join("aliases", alias));
        touchModel(edit, name, now);
      }),
    setModelVersionTag: async ({ name, version, key, value }) => {
      checkRegistryTag({ key, value });
      store.write((edit) => {
        edit.text(findVersion(store, name, version).folder, join("tags", key), value);
        touchModel(edit, name, Date.now());
      });
    },
    deleteModelVersionTag: async ({ name, version, key }) => {
      checkTagKey(key);
      store.write((edit) => {
        const found = findVersion(store, name, version);
        if (valueOf(found.version.tags, key) === undefined) return;
        edit.remove(found.folder, join("tags", key));
        touchModel(edit, name, Date.now());
      });
    },
  };
}

/** Gives a version made whole the next number; two who do so at once get two numbers. */
function claimNumber(
  edit: Edit,
  { folder, draft }: { folder: string; draft: string },
  next: number,
  meta: Meta,
): number {
  for (let number = next; ; number++) {
    const path = join(folder, `version-${number}`);
    if (existsSync(path)) continue;
    edit.meta(draft, { ...meta, version: number });
    if (edit.claim(draft, path)) return number;
  }
}

/** Where a version's files lie, and the run it came from, when its source or `model_id` names a logged model. */
function placeOf(store: StoreFolder, { source, run_id, model_id }: CreateModelVersion) {
  let found: { storage_location: string; run_id: string | undefined } = { storage_location: source, run_id };
  if (source.startsWith("models:")) {
    try {
      found = followModelsUri(store, source, run_id);
    } catch (error) {
      const { error_code, message } = asMlflowError(error);
      const sentence = `Unable to fetch model from model URI source artifact location '${source}'.Error: ${message}`;
      throw new MlflowError(error_code, sentence, { cause: error });
    }
  }
  if (found.run_id || !model_id) return found;
  return { ...found, run_id: findLoggedModel(store, model_id).stored.model.info.source_run_id };
}

function followModelsUri(store: StoreFolder, source: string, run_id: string | undefined) {
  const [name = "", version, ...more] = source.replace(/^models:\/+/, "").split("/");
  if (name === "" || more.length > 0) throw invalid(`Not a proper models:/ URI: ${source}.`);
  if (version !== undefined) return { storage_location: findVersion(store, name, version).storage_location, run_id };
  const { info } = findLoggedModel(store, name).stored.model;
  return { storage_location: info.artifact_uri, run_id: run_id || info.source_run_id };
}
