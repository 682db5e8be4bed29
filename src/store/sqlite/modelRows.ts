import type {
  KeyValue,
  ModelStage,
  ModelVersion,
  ModelVersionStatus,
  RegisteredModel,
  RegisteredModelAlias,
} from "../../mlflow/entities.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { checkModelName, modelVersionNumber } from "../validation.ts";
import type { Database } from "./database.ts";
import { integer } from "./kinds.ts";

export interface RegisteredModelRow {
  name: string;
  creation_time: number | null;
  last_updated_time: number | null;
  description: string | null;
}

export interface ModelVersionRow {
  name: string;
  version: number;
  creation_time: number | null;
  last_updated_time: number | null;
  description: string | null;
  user_id: string | null;
  current_stage: ModelStage;
  source: string | null;
  storage_location: string | null;
  run_id: string | null;
  run_link: string | null;
  status: ModelVersionStatus | null;
  status_message: string | null;
}

/** The stage of a deleted version, whose row stays so that numbering goes on. */
export const DELETED_STAGE = "Deleted_Internal";

/**
 * For writing: the rows of a registry table that belong to the model of a bound name and have the bound values of `columns`. Older
 * releases have no workspaces; the view that stands for the table then says that all is in the default one.
 */
export function named(table: string, ...columns: string[]): string {
  const equal = ["name", ...columns].map((column) => `${column} = ?`);
  return `rowid IN (SELECT rowid FROM ${table} WHERE workspace = 'default' AND ${equal.join(" AND ")})`;
}

export const REGISTERED_MODEL_COLUMNS = `m.name, ${integer("m.creation_time")}, ${integer("m.last_updated_time")}, m.description`;
export const MODEL_VERSION_COLUMNS = `v.name, v.version, ${integer("v.creation_time")}, ${integer("v.last_updated_time")}, v.description, v.user_id, v.current_stage, v.source, v.storage_location, v.run_id, v.run_link, v.status, v.status_message`;

/** Finds one registered model inside a transaction. Throws RESOURCE_DOES_NOT_EXIST. */
export function registeredModelFinder(db: Database): (name: string) => RegisteredModelRow {
  const byName = db.prepare<[string], RegisteredModelRow>(
    `SELECT ${REGISTERED_MODEL_COLUMNS} FROM registered_models m WHERE m.workspace = 'default' AND m.name = ?`,
  );
  return (name) => {
    checkModelName(name);
    const found = byName.get(name);
    if (found !== undefined) return found;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Registered Model with name=${name} not found`);
  };
}

/** Finds one version that is not deleted, inside a transaction. Throws RESOURCE_DOES_NOT_EXIST. */
export function modelVersionFinder(db: Database): (name: string, version: string) => ModelVersionRow {
  const byKey = db.prepare<[string, number], ModelVersionRow>(
    `SELECT ${MODEL_VERSION_COLUMNS} FROM model_versions v WHERE v.workspace = 'default'
     AND v.name = ? AND v.version = ? AND v.current_stage <> '${DELETED_STAGE}'`,
  );
  return (name, version) => {
    checkModelName(name);
    const number = modelVersionNumber(version);
    const found = byKey.get(name, number);
    if (found !== undefined) return found;
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Model Version (name=${name}, version=${number}) not found`);
  };
}

/** Completes version rows with tags and aliases. */
export function modelVersionAssembler(db: Database): (rows: ModelVersionRow[]) => ModelVersion[] {
  const names = "workspace = 'default' AND name IN (SELECT value FROM json_each(?))";
  // Of a model with many versions most are not wanted.
  const tagsOf = db.prepare<[string], KeyValue & { name: string; version: number }>(
    `SELECT name, version, key, value FROM model_version_tags WHERE workspace = 'default'
     AND (name, version) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)) ORDER BY rowid`,
  );
  const aliasesOf = db.prepare<[string], { name: string; version: number; alias: string }>(
    `SELECT name, version, alias FROM registered_model_aliases WHERE ${names} ORDER BY alias`,
  );
  return (rows) => {
    const versions = new Map(rows.map((row) => [`${row.version}/${row.name}`, toModelVersion(row)]));
    const wanted = JSON.stringify([...new Set(rows.map(({ name }) => name))]);
    for (const { name, version, key, value } of tagsOf.all(
      JSON.stringify(rows.map((row) => [row.name, row.version])),
    )) {
      versions.get(`${version}/${name}`)?.tags.push({ key, value: value ?? "" });
    }
    for (const { name, version, alias } of aliasesOf.all(wanted)) {
      versions.get(`${version}/${name}`)?.aliases.push(alias);
    }
    return [...versions.values()];
  };
}

/** Completes registered models with tags, aliases and the newest version of each stage. */
export function registeredModelAssembler(db: Database): (rows: RegisteredModelRow[]) => RegisteredModel[] {
  const names = "workspace = 'default' AND name IN (SELECT value FROM json_each(?))";
  const tagsOf = db.prepare<[string], KeyValue & { name: string }>(
    `SELECT name, key, value FROM registered_model_tags WHERE ${names} ORDER BY rowid`,
  );
  const aliasesOf = db.prepare<[string], { name: string; version: number; alias: string }>(
    `SELECT name, version, alias FROM registered_model_aliases WHERE ${names} ORDER BY alias`,
  );
  const latestOf = latestVersionsReader(db);
  const assembleVersions = modelVersionAssembler(db);
  return (rows) => {
    const models = new Map(rows.map((row) => [row.name, toRegisteredModel(row)]));
    const wanted = JSON.stringify([...models.keys()]);
    for (const { name, key, value } of tagsOf.all(wanted)) models.get(name)?.tags.push({ key, value: value ?? "" });
    for (const { name, alias, version } of aliasesOf.all(wanted)) {
      const entry: RegisteredModelAlias = { alias, version: String(version) };
      models.get(name)?.aliases.push(entry);
    }
    for (const version of assembleVersions(latestOf([...models.keys()]))) {
      models.get(version.name)?.latest_versions.push(version);
    }
    return [...models.values()];
  };
}

/** Of the models whose names a list binds, the newest version of each stage; joined, so that nobody else's versions are looked at. */
const LATEST = `FROM (
     SELECT name, max(version) AS version FROM model_versions WHERE workspace = 'default'
     AND name IN (SELECT value FROM json_each(?)) AND current_stage <> '${DELETED_STAGE}' GROUP BY name, current_stage) newest
   CROSS JOIN model_versions v ON v.workspace = 'default' AND v.name = newest.name AND v.version = newest.version
   ORDER BY v.name, v.version`;

/** The newest version of each stage of the named models. */
export function latestVersionsReader(db: Database): (names: string[]) => ModelVersionRow[] {
  const latest = db.prepare<[string], ModelVersionRow>(`SELECT ${MODEL_VERSION_COLUMNS} ${LATEST}`);
  return (names) => latest.all(JSON.stringify(names));
}

/** The same versions by their rowids. */
export function latestVersionIds(db: Database): (names: string[]) => { id: number; name: string }[] {
  const latest = db.prepare<[string], { id: number; name: string }>(`SELECT v.rowid AS id, v.name AS name ${LATEST}`);
  return (names) => latest.all(JSON.stringify(names));
}

function toModelVersion(row: ModelVersionRow): ModelVersion {
  const optional = {
    user_id: row.user_id,
    description: row.description,
    source: row.source,
    run_id: row.run_id,
    status_message: row.status_message,
    run_link: row.run_link,
  };
  return {
    name: row.name,
    version: String(row.version),
    creation_timestamp: row.creation_time ?? 0,
    last_updated_timestamp: row.last_updated_time ?? 0,
    current_stage: row.current_stage,
    status: row.status ?? "READY",
    ...present(optional),
    tags: [],
    aliases: [],
  };
}

function toRegisteredModel(row: RegisteredModelRow): RegisteredModel {
  return {
    name: row.name,
    creation_timestamp: row.creation_time ?? 0,
    last_updated_timestamp: row.last_updated_time ?? 0,
    ...present({ description: row.description }),
    latest_versions: [],
    tags: [],
    aliases: [],
  };
}

/** Leaves out what SQL says is null. */
function present<K extends string>(fields: Record<K, string | null>): Partial<Record<K, string>> {
  const result: Partial<Record<K, string>> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null) result[key] = value;
  }
  return result;
}
