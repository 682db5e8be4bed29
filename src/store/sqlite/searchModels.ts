import { conditionsOf, parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition, FilterTree } from "../../mlflow/filter/tree.ts";
import { offsetOf, pageOf } from "../pageToken.ts";
import type { ModelRegistryStore } from "../registryStore.ts";
import type { Search } from "../trackingStore.ts";
import { invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { compare, distinctOrder, type Sql } from "./filterToSql.ts";
import {
  DELETED_STAGE,
  MODEL_VERSION_COLUMNS,
  type ModelVersionRow,
  modelVersionAssembler,
  REGISTERED_MODEL_COLUMNS,
  type RegisteredModelRow,
  registeredModelAssembler,
} from "./modelRows.ts";
import { PROMPT_TAG } from "./registeredModels.ts";

const MOST_MODELS = 1_000;
const MOST_VERSIONS = 200_000;

/** A search that was read: what follows SELECT, and how many rows make a page. */
export interface ModelQuery {
  /** FROM … ORDER BY, of `registered_models m` or `model_versions v`; LIMIT and OFFSET are the last two of `values`. */
  from: string;
  /** The limit is one more than a page has, to see whether another one follows. */
  values: SqlValue[];
  offset: number;
  max_results: number;
  /** The run that all of the versions must be of. */
  run_id?: string;
}

export function modelSearches(
  db: Database,
): Pick<ModelRegistryStore, "searchRegisteredModels" | "searchModelVersions"> {
  const assembleModels = registeredModelAssembler(db);
  const assembleVersions = modelVersionAssembler(db);
  return {
    searchRegisteredModels: async (query) => {
      const { from, values, offset, max_results } = readModelsQuery(query);
      return db.read(() => {
        const select = db.prepare<SqlValue[], RegisteredModelRow>(`SELECT ${REGISTERED_MODEL_COLUMNS} ${from}`);
        return pageOf(select.all(...values), offset, max_results, assembleModels);
      });
    },
    searchModelVersions: async (query) => {
      const { from, values, offset, max_results } = readVersionsQuery(query);
      return db.read(() => {
        const select = db.prepare<SqlValue[], ModelVersionRow>(`SELECT ${MODEL_VERSION_COLUMNS} ${from}`);
        return pageOf(select.all(...values), offset, max_results, assembleVersions);
      });
    },
  };
}

/** Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function readModelsQuery({ filter, order_by, max_results = 100, page_token }: Search): ModelQuery {
  if (max_results > MOST_MODELS) throw tooMany(MOST_MODELS, max_results);
  const where = modelsWhere(parseFilter("registeredModels", filter), MODELS);
  const orders = distinctOrder("registeredModels", order_by, ({ key }) => modelColumn(key));
  const terms = orders.map(({ key, ascending }) => `${modelColumn(key)} ${ascending ? "ASC" : "DESC"}`);
  if (!orders.some(({ key }) => key === "name")) terms.push("m.name ASC");
  const offset = offsetOf(page_token);
  const from = `FROM registered_models m WHERE m.workspace = 'default' AND ${where.sql} ORDER BY ${terms.join(", ")} LIMIT ? OFFSET ?`;
  return { from, values: [...where.values, max_results + 1, offset], offset, max_results };
}

/** Throws INVALID_PARAMETER_VALUE in MLflow's wording. */
export function readVersionsQuery({ filter, order_by, max_results = 10_000, page_token }: Search): ModelQuery {
  if (!Number.isInteger(max_results) || max_results < 1) {
    throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${max_results}`);
  }
  if (max_results > MOST_VERSIONS) throw tooMany(MOST_VERSIONS, max_results);
  const tree = parseFilter("modelVersions", filter);
  const where = versionsWhere(tree);
  const wanted = order_by?.length ? order_by : ["last_updated_timestamp DESC", "name ASC", "version_number DESC"];
  const orders = distinctOrder("modelVersions", wanted);
  const terms = orders.map(({ key, ascending }) => `${versionColumn(key)} ${ascending ? "ASC" : "DESC"}`);
  if (!orders.some(({ key }) => key === "name")) terms.push("v.name ASC");
  if (!orders.some(({ key }) => key === "version_number")) terms.push("v.version DESC");
  const offset = offsetOf(page_token);
  const from = `FROM model_versions v WHERE v.workspace = 'default' AND v.current_stage <> '${DELETED_STAGE}' AND ${where.sql}
    ORDER BY ${terms.join(", ")} LIMIT ? OFFSET ?`;
  const query = { from, values: [...where.values, max_results + 1, offset], offset, max_results };
  const ofRun = conditionsOf(tree).find(({ key, entity, comparator }) => {
    return entity === "attribute" && key === "run_id" && comparator === "=";
  });
  return typeof ofRun?.value === "string" ? { ...query, run_id: ofRun.value } : query;
}

function tooMany(limit: number, max_results: number) {
  return invalid(
    `Invalid value for request parameter max_results. It must be at most ${limit}, but got value ${max_results}`,
  );
}

/** What differs between the two searches. */
interface Target {
  /** What a tag belongs to, as columns of the row searched and of its tags. */
  owner: string;
  tagOwner: string;
  tags: string;
  columnOf(key: string): string;
  name: string;
}

const MODELS: Target = {
  owner: "m.name",
  tagOwner: "x.name",
  tags: "registered_model_tags",
  columnOf: modelColumn,
  name: "m.name",
};

// A version is a prompt's when its own tag says so (mlflow 3.17 looks at the versions' tags, by name).
const VERSIONS: Target = {
  owner: "(v.name, v.version)",
  tagOwner: "x.name, x.version",
  tags: "model_version_tags",
  columnOf: versionColumn,
  name: "v.name",
};

/** WHERE clause over `model_versions v`. */
export function versionsWhere(tree: FilterTree): Sql {
  return modelsWhere(tree, VERSIONS);
}

function modelsWhere(tree: FilterTree, target: Target): Sql {
  const conditions = conditionsOf(tree);
  const prompts = conditions.some(asksForPrompts);
  // Conditions on one tag hold for the same row; the prompt tag only chooses between prompts and models.
  const tags = Map.groupBy(
    conditions.filter(({ entity, key }) => entity === "tag" && (prompts || key !== PROMPT_TAG)),
    ({ key }) => key,
  );
  const terms: Sql[] = conditions
    .filter(({ entity }) => entity === "attribute")
    .map((condition) => compare(target.columnOf(condition.key), condition));
  for (const [key, ofKey] of tags) {
    const tests = ofKey.map((condition) => compare("x.value", condition));
    const sql = `${target.owner} IN (SELECT ${target.tagOwner} FROM ${target.tags} x
      WHERE x.workspace = 'default' AND x.key = ? AND ${tests.map((test) => test.sql).join(" AND ")})`;
    terms.push({ sql, values: [key, ...tests.flatMap((test) => test.values)] });
  }
  if (!prompts) {
    const sql = `${target.name} NOT IN (SELECT name FROM ${target.tags} WHERE workspace = 'default' AND key = ? AND value = 'true')`;
    terms.push({ sql, values: [PROMPT_TAG] });
  }
  return { sql: terms.map(({ sql }) => sql).join(" AND ") || "1", values: terms.flatMap(({ values }) => values) };
}

function asksForPrompts({ entity, key, comparator, value }: Condition): boolean {
  if (entity !== "tag" || key !== PROMPT_TAG) return false;
  const text = String(value).toLowerCase();
  return (comparator === "=" && text === "true") || (comparator === "!=" && text === "false");
}

function modelColumn(key: string): string {
  if (key === "name") return "m.name";
  if (key === "timestamp" || key === "last_updated_timestamp") return "m.last_updated_time";
  throw invalid(`Invalid attribute name: ${key}`);
}

const VERSION_COLUMNS: Readonly<Record<string, string>> = {
  name: "v.name",
  version_number: "v.version",
  run_id: "v.run_id",
  source_path: "v.source",
  creation_timestamp: "v.creation_time",
  last_updated_timestamp: "v.last_updated_time",
};

function versionColumn(key: string): string {
  const column = Object.hasOwn(VERSION_COLUMNS, key) ? VERSION_COLUMNS[key] : undefined;
  if (column === undefined) throw invalid(`Invalid attribute name: ${key}`);
  return column;
}
