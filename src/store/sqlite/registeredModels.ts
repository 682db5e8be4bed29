import type { KeyValue, RegisteredModel } from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import {
  canonicalStage,
  checkAlias,
  checkAliasFree,
  checkModelName,
  checkRegistryTag,
  checkTagKey,
  invalid,
  missingValue,
} from "../validation.ts";
import { SqlError } from "./connection.ts";
import type { Database } from "./database.ts";
import {
  latestVersionsReader,
  named,
  modelVersionAssembler,
  modelVersionFinder,
  registeredModelAssembler,
  registeredModelFinder,
} from "./modelRows.ts";
import { only } from "./only.ts";

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

export function registeredModelMethods(db: Database): Pick<ModelRegistryStore, Methods> {
  const find = registeredModelFinder(db);
  const findVersion = modelVersionFinder(db);
  const assemble = registeredModelAssembler(db);
  const assembleVersions = modelVersionAssembler(db);
  const latestVersions = latestVersionsReader(db);
  const insert = db.prepare<[string, number, number, string | null], unknown>(
    `INSERT INTO main.registered_models (name, creation_time, last_updated_time, description) VALUES (?, ?, ?, ?)`,
  );
  const setDescription = db.prepare<[string | null, number, string], unknown>(
    `UPDATE main.registered_models SET description = ?, last_updated_time = ? WHERE ${named("registered_models")}`,
  );
  // The foreign keys carry the name on to versions, tags and aliases.
  const rename = db.prepare<[string, number, string], unknown>(
    `UPDATE main.registered_models SET name = ?, last_updated_time = ? WHERE ${named("registered_models")}`,
  );
  const touchVersions = db.prepare<[number, string], unknown>(
    `UPDATE main.model_versions SET last_updated_time = ? WHERE ${named("model_versions")}`,
  );
  const removeFrom = (
    [
      "model_version_tags",
      "model_versions",
      "registered_model_tags",
      "registered_model_aliases",
      "registered_models",
    ] as const
  ).map((table) => ({
    table,
    remove: db.prepare<[string], unknown>(`DELETE FROM main.${table} WHERE ${named(table)}`),
  }));
  const upsertTag = db.prepare<[string, string, string], unknown>(
    `INSERT INTO main.registered_model_tags (name, key, value) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value`,
  );
  const removeTag = db.prepare<[string, string], unknown>(
    `DELETE FROM main.registered_model_tags WHERE ${named("registered_model_tags", "key")}`,
  );
  const isPrompt = db.prepare<[string], { value: string }>(
    `SELECT value FROM registered_model_tags WHERE workspace = 'default' AND name = ? AND key = '${PROMPT_TAG}'`,
  );
  const upsertAlias = db.prepare<[string, string, number], unknown>(
    `INSERT INTO main.registered_model_aliases (name, alias, version) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET version = excluded.version`,
  );
  const removeAlias = db.prepare<[string, string], unknown>(
    `DELETE FROM main.registered_model_aliases WHERE ${named("registered_model_aliases", "alias")}`,
  );
  const aliasVersion = db.prepare<[string, string], { version: number }>(
    "SELECT version FROM registered_model_aliases WHERE workspace = 'default' AND name = ? AND alias = ?",
  );
  const read = (name: string): RegisteredModel => only(assemble([find(name)]));

  return {
    createRegisteredModel: async ({ name, tags = [], description }) => {
      checkModelName(name);
      for (const tag of tags) checkRegistryTag(tag, db.limits);
      return db.write(() => {
        const now = Date.now();
        try {
          insert.run(name, now, now, description ?? null);
        } catch (error) {
          if (!(error instanceof SqlError) || error.failure !== "constraint") throw error;
          throw alreadyExists(name, isPrompt.get(name)?.value, tags);
        }
        for (const { key, value } of tags) upsertTag.run(name, key, value);
        return read(name);
      });
    },
    getRegisteredModel: async ({ name }) => db.read(() => read(name)),
    updateRegisteredModel: async ({ name, description }) =>
      db.write(() => {
        find(name);
        setDescription.run(description ?? null, Date.now(), name);
        return read(name);
      }),
    renameRegisteredModel: async ({ name, new_name }) => {
      if (new_name.trim() === "") throw missingValue("new_name");
      checkModelName(new_name);
      return db.write(() => {
        find(name);
        const now = Date.now();
        touchVersions.run(now, name);
        try {
          rename.run(new_name, now, name);
        } catch (error) {
          if (!(error instanceof SqlError) || error.failure !== "constraint") throw error;
          const message = `Registered Model (name=${new_name}) already exists. Error: (sqlite3.IntegrityError) ${error.message}`;
          throw new MlflowError("RESOURCE_ALREADY_EXISTS", message, { cause: error });
        }
        return read(new_name);
      });
    },
    deleteRegisteredModel: async ({ name }) =>
      db.write(() => {
        find(name);
        for (const { table, remove } of removeFrom) if (db.has(table, "name")) remove.run(name);
      }),
    getLatestVersions: async ({ name, stages = [] }) =>
      db.read(() => {
        find(name);
        const wanted = stages.map(canonicalStage);
        const rows = latestVersions([name]);
        return assembleVersions(
          wanted.length === 0 ? rows : rows.filter(({ current_stage }) => wanted.includes(current_stage)),
        );
      }),
    setRegisteredModelTag: async ({ name, key, value }) => {
      checkModelName(name);
      checkRegistryTag({ key, value }, db.limits);
      await db.write(() => {
        find(name);
        upsertTag.run(name, key, value);
      });
    },
    deleteRegisteredModelTag: async ({ name, key }) => {
      checkModelName(name);
      checkTagKey(key);
      await db.write(() => {
        find(name);
        removeTag.run(name, key);
      });
    },
    setRegisteredModelAlias: async ({ name, alias, version }) => {
      checkModelName(name);
      checkAlias(alias);
      checkAliasFree(alias);
      await db.write(() => void upsertAlias.run(name, alias, findVersion(name, version).version));
    },
    deleteRegisteredModelAlias: async ({ name, alias }) => {
      checkModelName(name);
      checkAlias(alias);
      await db.write(() => {
        find(name);
        removeAlias.run(name, alias);
      });
    },
    getModelVersionByAlias: async ({ name, alias }) => {
      checkModelName(name);
      checkAlias(alias);
      return db.read(() => {
        // Until mlflow 3.17 a model that is missing had no alias, and that was told.
        if (!db.isBefore("3.17.2") || alias.toLowerCase() === "latest") find(name);
        if (alias.toLowerCase() === "latest") {
          const newest = latestVersions([name]).at(-1);
          if (newest !== undefined) return only(assembleVersions([newest]));
          throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Latest version not found for model ${name}.`);
        }
        const found = aliasVersion.get(name, alias);
        if (found === undefined) throw invalid(`Registered model alias ${alias} not found.`);
        return only(assembleVersions([findVersion(name, String(found.version))]));
      });
    },
  };
}

function alreadyExists(name: string, promptTag: string | undefined, tags: KeyValue[]): MlflowError {
  const kindOf = (value: string | undefined) => (value?.toLowerCase() === "true" ? "Prompt" : "Registered Model");
  const old = kindOf(promptTag);
  const wanted = kindOf(tags.find(({ key }) => key === PROMPT_TAG)?.value);
  const message =
    old === wanted
      ? `${wanted} (name=${name}) already exists.`
      : `Tried to create a ${wanted.toLowerCase()} with name ${pythonText(name)}, but the name is already taken by a ${old.toLowerCase()}. MLflow does not allow creating a model and a prompt with the same name.`;
  return new MlflowError("RESOURCE_ALREADY_EXISTS", message);
}
