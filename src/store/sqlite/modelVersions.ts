import type { ModelVersion } from "../../mlflow/entities.ts";
import { asMlflowError, MlflowError } from "../../mlflow/errors.ts";
import type { CreateModelVersion, ModelRegistryStore } from "../registryStore.ts";
import { canonicalStage, checkModelName, checkRegistryTag, checkTagKey, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { loggedModelFinder } from "./loggedModels.ts";
import { DELETED_STAGE, modelVersionAssembler, modelVersionFinder, named, registeredModelFinder } from "./modelRows.ts";
import { only } from "./only.ts";

type Methods =
  | "createModelVersion"
  | "getModelVersion"
  | "getModelVersionDownloadUri"
  | "updateModelVersion"
  | "transitionModelVersionStage"
  | "deleteModelVersion"
  | "setModelVersionTag"
  | "deleteModelVersionTag";

const ONE = named("model_versions", "version");

export function modelVersionMethods(db: Database): Pick<ModelRegistryStore, Methods> {
  const find = modelVersionFinder(db);
  const findModel = registeredModelFinder(db);
  const assemble = modelVersionAssembler(db);
  const sourceOf = sourceReader(db);
  const nextNumber = db.prepare<[string], { version: number }>(
    "SELECT coalesce(max(version), 0) + 1 AS version FROM model_versions WHERE workspace = 'default' AND name = ?",
  );
  const insert = db.prepare<SqlValue[], unknown>(
    `INSERT INTO main.model_versions (name, version, creation_time, last_updated_time, description, user_id,
       current_stage, source, run_id, run_link, status, status_message)
     VALUES (?, ?, ?, ?, ?, NULL, 'None', ?, ?, ?, 'READY', NULL)`,
  );
  const setStorage = db.prepare<[string, string, number], unknown>(
    `UPDATE main.model_versions SET storage_location = ? WHERE ${ONE}`,
  );
  const touchModel = db.prepare<[number, string], unknown>(
    `UPDATE main.registered_models SET last_updated_time = ? WHERE ${named("registered_models")}`,
  );
  const setDescription = db.prepare<[string | null, number, string, number], unknown>(
    `UPDATE main.model_versions SET description = ?, last_updated_time = ? WHERE ${ONE}`,
  );
  const setStage = db.prepare<[string, number, string, number], unknown>(
    `UPDATE main.model_versions SET current_stage = ?, last_updated_time = ? WHERE ${ONE}`,
  );
  const archive = db.prepare<[number, string, string, number], unknown>(
    `UPDATE main.model_versions SET current_stage = 'Archived', last_updated_time = ?
     WHERE ${named("model_versions", "current_stage")} AND version <> ?`,
  );
  const redact = db.prepare<[number, string, number], unknown>(
    `UPDATE main.model_versions SET current_stage = '${DELETED_STAGE}', last_updated_time = ?, description = NULL, user_id = NULL,
       source = 'REDACTED-SOURCE-PATH', run_id = 'REDACTED-RUN-ID', run_link = 'REDACTED-RUN-LINK', status_message = NULL
     WHERE ${ONE}`,
  );
  const removeAliases = db.prepare<[string, number], unknown>(
    `DELETE FROM main.registered_model_aliases WHERE ${named("registered_model_aliases", "version")}`,
  );
  const upsertTag = db.prepare<[string, number, string, string], unknown>(
    `INSERT INTO main.model_version_tags (name, version, key, value) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  const removeTag = db.prepare<[string, number, string], unknown>(
    `DELETE FROM main.model_version_tags WHERE ${named("model_version_tags", "version", "key")}`,
  );
  const read = (name: string, version: string): ModelVersion => only(assemble([find(name, version)]));

  return {
    createModelVersion: async (query) => {
      const { name, source, tags = [], run_link, description } = query;
      checkModelName(name);
      for (const tag of tags) checkRegistryTag(tag, db.limits);
      return db.write(() => {
        const { storage_location, run_id } = sourceOf(query);
        findModel(name);
        const now = Date.now();
        const version = nextNumber.get(name)?.version ?? 1;
        // Before mlflow 2.9 the source is the only place of a version's files.
        const apart = db.has("model_versions", "storage_location");
        const links = [apart ? source : storage_location, run_id ?? null, run_link ?? null];
        insert.run(name, version, now, now, description ?? null, ...links);
        if (apart) setStorage.run(storage_location, name, version);
        touchModel.run(now, name);
        for (const { key, value } of tags) upsertTag.run(name, version, key, value);
        return read(name, String(version));
      });
    },
    getModelVersion: async ({ name, version }) => db.read(() => read(name, version)),
    getModelVersionDownloadUri: async ({ name, version }) =>
      db.read(() => {
        const { storage_location, source } = find(name, version);
        return { artifact_uri: storage_location || source || "" };
      }),
    updateModelVersion: async ({ name, version, description }) =>
      db.write(() => {
        setDescription.run(description ?? null, Date.now(), name, find(name, version).version);
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
      return db.write(() => {
        const number = find(name, version).version;
        const now = Date.now();
        if (archive_existing_versions) archive.run(now, name, canonical, number);
        setStage.run(canonical, now, name, number);
        touchModel.run(now, name);
        return read(name, version);
      });
    },
    deleteModelVersion: async ({ name, version }) =>
      db.write(() => {
        const number = find(name, version).version;
        const now = Date.now();
        touchModel.run(now, name);
        if (db.has("registered_model_aliases", "name")) removeAliases.run(name, number);
        redact.run(now, name, number);
      }),
    setModelVersionTag: async ({ name, version, key, value }) => {
      checkModelName(name);
      checkRegistryTag({ key, value }, db.limits);
      await db.write(() => void upsertTag.run(name, find(name, version).version, key, value));
    },
    deleteModelVersionTag: async ({ name, version, key }) => {
      checkModelName(name);
      checkTagKey(key);
      await db.write(() => void removeTag.run(name, find(name, version).version, key));
    },
  };
}

/** Where a version's files lie, and the run it came from, when its source or `model_id` names a logged model. */
function sourceReader(db: Database) {
  const findLogged = loggedModelFinder(db);
  const findVersion = modelVersionFinder(db);

  const followModelsUri = (source: string, run_id: string | undefined) => {
    const [name = "", version, ...more] = source.replace(/^models:\/+/, "").split("/");
    if (name === "" || more.length > 0) throw invalid(`Not a proper models:/ URI: ${source}.`);
    if (version === undefined) {
      const model = findLogged(name);
      return { storage_location: model.artifact_location, run_id: run_id || (model.source_run_id ?? undefined) };
    }
    const found = findVersion(name, version);
    return { storage_location: found.storage_location || found.source || source, run_id };
  };

  return ({ source, run_id, model_id }: CreateModelVersion) => {
    let found: { storage_location: string; run_id: string | undefined } = { storage_location: source, run_id };
    if (source.startsWith("models:")) {
      try {
        found = followModelsUri(source, run_id);
      } catch (error) {
        const { error_code, message } = asMlflowError(error);
        const sentence = `Unable to fetch model from model URI source artifact location '${source}'.Error: ${message}`;
        throw new MlflowError(error_code, sentence, { cause: error });
      }
    }
    if (found.run_id || !model_id) return found;
    return { ...found, run_id: findLogged(model_id).source_run_id ?? undefined };
  };
}
