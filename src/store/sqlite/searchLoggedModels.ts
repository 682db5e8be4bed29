import { parseLoggedModelOrderBy } from "../../mlflow/filter/orderBy.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import { conditionsOf } from "../../mlflow/filter/parse.ts";
import type { Condition } from "../../mlflow/filter/tree.ts";
import { createToken, offsetIn } from "../loggedModelToken.ts";
import type { SearchLoggedModels, TrackingStore } from "../trackingStore.ts";
import { experimentNumber, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";
import { compare, type Sql, treeToSql } from "./filterToSql.ts";
import { LOGGED_MODEL_COLUMNS, type LoggedModelRow, loggedModelAssembler } from "./loggedModels.ts";

type Datasets = NonNullable<SearchLoggedModels["datasets"]>;

export function loggedModelSearch(db: Database): Pick<TrackingStore, "searchLoggedModels"> {
  const assemble = loggedModelAssembler(db);
  return {
    searchLoggedModels: async (query) => {
      const { experiment_ids, filter, datasets = [], max_results = 100 } = query;
      if (datasets.some(({ dataset_name }) => dataset_name === "")) {
        throw invalid("`dataset_name` in the `datasets` clause must be specified.");
      }
      const offset = query.page_token ? offsetIn(query.page_token, query) : 0;
      const where = loggedModelWhere(filter, datasets);
      const order = loggedModelOrder(query.order_by);
      const experiments = JSON.stringify(experiment_ids.map(experimentNumber));
      const sql = `SELECT ${LOGGED_MODEL_COLUMNS} FROM logged_models m ${order.joins}
        WHERE m.lifecycle_stage <> 'deleted' AND m.experiment_id IN (SELECT value FROM json_each(?)) AND ${where.sql}
        ORDER BY ${order.orderBy} LIMIT ? OFFSET ?`;
      return db.read(() => {
        const rows = db
          .prepare<SqlValue[], LoggedModelRow>(sql)
          .all(...order.values, experiments, ...where.values, max_results + 1, offset);
        const items = assemble(rows.slice(0, max_results));
        if (rows.length <= max_results) return { items };
        return { items, next_page_token: createToken(offset + max_results, query) };
      });
    },
  };
}

function loggedModelWhere(filter: string | undefined, datasets: Datasets): Sql {
  const tree = parseFilter("loggedModels", filter);
  const onDatasets = datasetTest(datasets);
  const main = treeToSql(tree, (condition) => loggedModelCondition(condition, onDatasets));
  if (datasets.length === 0 || conditionsOf(tree).some(({ entity }) => entity === "metric")) return main;
  const any = `EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id AND ${onDatasets.sql})`;
  return { sql: `(${main.sql} AND ${any})`, values: [...main.values, ...onDatasets.values] };
}

/** True of a metric row `x` that was measured on one of the datasets; of every row when there are none. */
function datasetTest(datasets: Datasets): Sql {
  if (datasets.length === 0) return { sql: "1", values: [] };
  const terms = datasets.map(({ dataset_name, dataset_digest }) => ({
    sql: dataset_digest === undefined ? "x.dataset_name = ?" : "(x.dataset_name = ? AND x.dataset_digest = ?)",
    values: dataset_digest === undefined ? [dataset_name] : [dataset_name, dataset_digest],
  }));
  return { sql: `(${terms.map(({ sql }) => sql).join(" OR ")})`, values: terms.flatMap(({ values }) => values) };
}

function loggedModelCondition(condition: Condition, onDatasets: Sql): Sql {
  const { entity, key } = condition;
  switch (entity) {
    case "attribute":
      return compare(columnOf(key), condition);
    case "metric": {
      const { sql, values } = compare("x.metric_value", condition);
      return {
        sql: `EXISTS (SELECT 1 FROM logged_model_metrics x WHERE x.model_id = m.model_id AND x.metric_name = ? AND ${sql} AND ${onDatasets.sql})`,
        values: [key, ...values, ...onDatasets.values],
      };
    }
    case "parameter":
      return keyed("logged_model_params", "param", condition);
    case "tag":
      return keyed("logged_model_tags", "tag", condition);
    case "dataset":
      throw invalid("Invalid entity type: 'datasets'. Expected one of ['attributes', 'metrics', 'params', 'tags'].");
    default:
      return entity satisfies never;
  }
}

function keyed(table: string, prefix: "param" | "tag", condition: Condition): Sql {
  const { sql, values } = compare(`x.${prefix}_value`, condition);
  return {
    sql: `EXISTS (SELECT 1 FROM ${table} x WHERE x.model_id = m.model_id AND x.${prefix}_key = ? AND ${sql})`,
    values: [condition.key, ...values],
  };
}

const COLUMN_NAMES: readonly string[] = [
  "model_id",
  "experiment_id",
  "name",
  "artifact_location",
  "creation_timestamp_ms",
  "last_updated_timestamp_ms",
  "status",
  "lifecycle_stage",
  "model_type",
  "source_run_id",
  "status_message",
];

function columnOf(key: string): string {
  if (!COLUMN_NAMES.includes(key)) throw invalid(`Invalid order by field name: ${key}`);
  return `m.${key}`;
}

function loggedModelOrder(order_by: SearchLoggedModels["order_by"] = []) {
  const joins: string[] = [];
  const values: SqlValue[] = [];
  const terms: string[] = [];
  const seen = new Set<string>();
  for (const [index, entry] of order_by.entries()) {
    const { entity, key, ascending, dataset_name, dataset_digest } = parseLoggedModelOrderBy(entry);
    const direction = ascending ? "ASC" : "DESC";
    if (entity === "attribute") {
      terms.push(`${columnOf(key)} IS NULL`, `${columnOf(key)} ${direction}`);
      seen.add(key);
      continue;
    }
    const alias = `o${index}`;
    const tests = [dataset_name && "dataset_name = ?", dataset_digest && "dataset_digest = ?"].filter(Boolean);
    joins.push(`LEFT JOIN (SELECT model_id, metric_value, row_number() OVER (PARTITION BY model_id
      ORDER BY metric_timestamp_ms DESC, metric_step DESC, run_id ASC) AS place
      FROM logged_model_metrics WHERE ${["metric_name = ?", ...tests].join(" AND ")}) ${alias}
      ON ${alias}.model_id = m.model_id AND ${alias}.place = 1`);
    values.push(key, ...[dataset_name, dataset_digest].filter((value) => value !== undefined));
    terms.push(`${alias}.metric_value IS NULL`, `${alias}.metric_value ${direction}`);
  }
  if (!seen.has("creation_timestamp_ms")) terms.push("m.creation_timestamp_ms DESC");
  if (!seen.has("model_id")) terms.push("m.model_id ASC");
  return { joins: joins.join(" "), values, orderBy: terms.join(", ") };
}
