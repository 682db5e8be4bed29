import { parseOrderBy } from "../../mlflow/filter/orderBy.ts";
import { parseFilter } from "../../mlflow/filter/parse.ts";
import type { Condition, FilterSubject, FilterTree, OrderBy } from "../../mlflow/filter/tree.ts";
import { RUN_TAG } from "../../mlflow/entities.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { experimentNumber, invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";

/** A piece of SQL and what its question marks stand for. */
export interface Sql {
  sql: string;
  values: SqlValue[];
}

/** WHERE clause over `runs r`. `extended` allows OR and parentheses, which REST does not have. */
export function runWhere(filter: string | undefined, extended = false): Sql {
  return treeToSql(parseFilter("runs", filter, { extended }), runCondition);
}

/** WHERE clause over `experiments e`. */
export function experimentWhere(filter: string | undefined): Sql {
  return treeToSql(parseFilter("experiments", filter), experimentCondition);
}

export function treeToSql(tree: FilterTree, toSql: (condition: Condition) => Sql): Sql {
  if (tree.kind === "condition") return toSql(tree);
  if (tree.terms.length === 0) return { sql: "1", values: [] };
  const terms = tree.terms.map((term) => treeToSql(term, toSql));
  const word = tree.kind === "and" ? " AND " : " OR ";
  return { sql: `(${terms.map(({ sql }) => sql).join(word)})`, values: terms.flatMap(({ values }) => values) };
}

/** `column` compared as MLflow's SQL stores do: LIKE minds case, ILIKE does not. `column` is ours, never the person's. */
export function compare(column: string, { comparator, value }: Pick<Condition, "comparator" | "value">): Sql {
  switch (comparator) {
    case "=":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "LIKE":
      return { sql: `${column} ${comparator} ?`, values: [scalar(value)] };
    case "ILIKE":
      return { sql: `lower(${column}) LIKE lower(?)`, values: [scalar(value)] };
    case "IN":
    case "NOT IN":
      return { sql: `${column} ${comparator} (SELECT value FROM json_each(?))`, values: [JSON.stringify(value)] };
    case "IS NULL":
    case "IS NOT NULL":
      return { sql: `${column} ${comparator}`, values: [] };
    default:
      return comparator satisfies never;
  }
}

function scalar(value: Condition["value"]): SqlValue {
  return Array.isArray(value) ? JSON.stringify(value) : value;
}

const RUN_COLUMNS: Readonly<Record<string, string>> = {
  run_id: "r.run_uuid",
  run_name: "r.name",
  user_id: "r.user_id",
  status: "r.status",
  start_time: "r.start_time",
  end_time: "r.end_time",
  artifact_uri: "r.artifact_uri",
};

function columnOf(columns: Readonly<Record<string, string>>, key: string): string {
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column === undefined) throw invalid(`Invalid attribute key '${key}' specified.`);
  return column;
}

/** One condition over `runs r`. */
export function runCondition(condition: Condition): Sql {
  const { entity, key } = condition;
  switch (entity) {
    case "attribute":
      // Runs of mlflow <= 1.29 have their name only in the tag.
      if (key === "run_name") return keyed("tags", RUN_TAG.runName, condition);
      return compare(columnOf(RUN_COLUMNS, key), condition);
    case "tag":
      return keyed("tags", key, condition);
    case "parameter":
      return keyed("params", key, condition);
    case "metric":
      return metricCondition(condition);
    case "dataset":
      return datasetCondition(condition);
    default:
      return entity satisfies never;
  }
}

function keyed(table: "tags" | "params", key: string, condition: Condition): Sql {
  const row = `SELECT 1 FROM ${table} x WHERE x.run_uuid = r.run_uuid AND x.key = ?`;
  if (condition.comparator === "IS NULL") return { sql: `NOT EXISTS (${row})`, values: [key] };
  if (condition.comparator === "IS NOT NULL") return { sql: `EXISTS (${row})`, values: [key] };
  const { sql, values } = compare("x.value", condition);
  return { sql: `EXISTS (${row} AND ${sql})`, values: [key, ...values] };
}

/** A NaN is stored as 0 with a mark; it satisfies nothing but `!=` (mlflow 3.17). */
function metricCondition(condition: Condition): Sql {
  const { sql, values } = compare("x.value", condition);
  const test = condition.comparator === "!=" ? `(${sql} OR x.is_nan = 1)` : `${sql} AND x.is_nan = 0`;
  return {
    sql: `EXISTS (SELECT 1 FROM latest_metrics x WHERE x.run_uuid = r.run_uuid AND x.key = ? AND ${test})`,
    values: [condition.key, ...values],
  };
}

function datasetCondition(condition: Condition): Sql {
  const from = "SELECT 1 FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id";
  const mine = "i.destination_id = r.run_uuid AND i.destination_type = 'RUN'";
  if (condition.key === "context") {
    const { sql, values } = compare("t.value", condition);
    const tag = "JOIN input_tags t ON t.input_uuid = i.input_uuid AND t.name = 'mlflow.data.context'";
    return { sql: `EXISTS (${from} ${tag} WHERE ${mine} AND ${sql})`, values };
  }
  const { sql, values } = compare(columnOf({ name: "d.name", digest: "d.digest" }, condition.key), condition);
  return { sql: `EXISTS (${from} WHERE ${mine} AND ${sql})`, values };
}

const EXPERIMENT_COLUMNS: Readonly<Record<string, string>> = {
  experiment_id: "e.experiment_id",
  name: "e.name",
  creation_time: "e.creation_time",
  last_update_time: "e.last_update_time",
};

function experimentCondition(condition: Condition): Sql {
  const { entity, key, comparator, value } = condition;
  if (entity === "attribute") {
    if (key !== "experiment_id") return compare(columnOf(EXPERIMENT_COLUMNS, key), condition);
    if (Array.isArray(value)) {
      const sql = `e.experiment_id ${comparator} (SELECT value FROM json_each(?))`;
      return { sql, values: [JSON.stringify(value.map(experimentNumber))] };
    }
    return compare("e.experiment_id", { comparator, value: experimentNumber(String(value)) });
  }
  const row = "SELECT 1 FROM experiment_tags x WHERE x.experiment_id = e.experiment_id AND x.key = ?";
  if (comparator === "IS NULL") return { sql: `NOT EXISTS (${row})`, values: [key] };
  if (comparator === "IS NOT NULL") return { sql: `EXISTS (${row})`, values: [key] };
  const { sql, values } = compare("x.value", condition);
  return { sql: `EXISTS (${row} AND ${sql})`, values: [key, ...values] };
}

/** ORDER BY of runs: the joins it needs (bind `values` first in the statement) and its terms. */
export interface RunOrder {
  joins: string;
  values: SqlValue[];
  orderBy: string;
}

const ORDER_TABLES = { metric: "latest_metrics", tag: "tags", parameter: "params" } as const;

/** Runs come newest first, then by id; what a clause sorts by and a run lacks comes last (NaN before that). */
export function runOrder(order_by: string[] | undefined): RunOrder {
  const joins: string[] = [];
  const values: SqlValue[] = [];
  const terms: string[] = [];
  for (const [index, order] of distinctOrder("runs", order_by).entries()) {
    const direction = order.ascending ? "ASC" : "DESC";
    if (order.entity === "attribute") {
      const column = columnOf(RUN_COLUMNS, order.key);
      terms.push(`${column} IS NULL`, `${column} ${direction}`);
      continue;
    }
    if (order.entity === "dataset") throw invalid("Invalid identifier type 'dataset'");
    const alias = `o${index}`;
    const table = ORDER_TABLES[order.entity];
    joins.push(`LEFT JOIN ${table} ${alias} ON ${alias}.run_uuid = r.run_uuid AND ${alias}.key = ?`);
    values.push(order.key);
    const nan = order.entity === "metric" ? `WHEN ${alias}.is_nan = 1 THEN 1 ` : "";
    terms.push(`CASE ${nan}WHEN ${alias}.value IS NULL THEN 2 ELSE 0 END`, `${alias}.value ${direction}`);
  }
  if (!terms.some((term) => term.startsWith("r.start_time "))) terms.push("r.start_time DESC");
  terms.push("r.run_uuid");
  return { joins: joins.join(" "), values, orderBy: terms.join(", ") };
}

export function experimentOrder(order_by: string[] | undefined): string {
  const wanted =
    order_by === undefined || order_by.length === 0 ? ["creation_time DESC", "experiment_id ASC"] : order_by;
  const orders = wanted.map((clause) => parseOrderBy("experiments", clause));
  const terms = orders.map(
    ({ key, ascending }) => `${columnOf(EXPERIMENT_COLUMNS, key)} ${ascending ? "ASC" : "DESC"}`,
  );
  // The tie-breaker of mlflow 3.17 is the newest first.
  if (!orders.some(({ key }) => key === "experiment_id")) terms.push("e.experiment_id DESC");
  return terms.join(", ");
}

/** The clauses read; a key named twice is refused as MLflow refuses it. */
export function distinctOrder(
  subject: Exclude<FilterSubject, "loggedModels">,
  order_by: string[] | undefined = [],
  columnFor: (order: OrderBy) => string = ({ entity, key }) => `${entity}.${key}`,
): OrderBy[] {
  const seen = new Set<string>();
  return order_by.map((clause) => {
    const order = parseOrderBy(subject, clause);
    const column = columnFor(order);
    if (seen.has(column)) {
      const shown = order_by.map(pythonText).join(", ");
      throw invalid(`\`order_by\` contains duplicate fields: [${shown}]`);
    }
    seen.add(column);
    return order;
  });
}
