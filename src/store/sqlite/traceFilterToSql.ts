import { parseTraceFilter, parseTraceOrder, type TraceCondition } from "../../mlflow/filter/traces.ts";
import { COMPARATORS } from "../../mlflow/filter/tree.ts";
import { MlflowError } from "../../mlflow/errors.ts";
import { dumpsPlain } from "../../mlflow/pythonJson.ts";
import { TRACE_METADATA, TRACE_TAG } from "../../mlflow/traces.ts";
import { pythonText } from "../../mlflow/pythonText.ts";
import { invalid } from "../validation.ts";
import type { SqlValue } from "./connection.ts";
import { compare, type Sql } from "./filterToSql.ts";
import { preparePattern } from "./regexp.ts";
import { isNumbersKey, numbersCondition } from "./traceColumns.ts";

/** ms by which a span may be older than its trace and still be searched (mlflow 3.17). */
const SPAN_TOLERANCE = 10_000;

/** WHERE clause over `trace_info t`; `experiments` is the JSON list of the experiments that are searched. */
export function traceWhere(filter: string | undefined, experiments: string): Sql {
  const conditions = parseTraceFilter(filter);
  const spans: TraceCondition[] = [];
  const terms: Sql[] = [{ sql: "t.experiment_id IN (SELECT value FROM json_each(?))", values: [experiments] }];
  let run: TraceCondition | undefined;
  for (const condition of conditions) {
    const { entity, key, comparator } = condition;
    if (entity === "span") spans.push(condition);
    // Of several runs the last one counts (mlflow 3.17).
    else if (entity === "request_metadata" && key === TRACE_METADATA.sourceRun && comparator === "=") run = condition;
    else terms.push(traceCondition(condition, experiments));
  }
  if (run !== undefined) terms.push(ofRun(String(run.value)));
  if (spans.length > 0) terms.push(spansMatch(spans, conditions));
  return and(terms);
}

function and(terms: Sql[]): Sql {
  return { sql: terms.map(({ sql }) => sql).join(" AND "), values: terms.flatMap(({ values }) => values) };
}

function traceCondition(condition: TraceCondition, experiments: string): Sql {
  const { entity, key, comparator, value } = condition;
  switch (entity) {
    case "attribute":
      return compared(columnOf(key), condition);
    case "tag":
      if (key === TRACE_TAG.name) return compared("t.trace_name", condition);
      if (key === TRACE_TAG.linkedPrompts) return linkedTo("prompt_version", String(value));
      return keyed("trace_tags", condition);
    case "request_metadata":
      if (key === TRACE_METADATA.session) return compared("t.session_id", condition);
      if (isNumbersKey(key)) return numbersCondition(key, comparator, String(value));
      return keyed("trace_request_metadata", condition);
    case "issue":
      return {
        sql: "EXISTS (SELECT 1 FROM assessments x WHERE x.trace_id = t.request_id AND x.assessment_type = 'issue' AND x.name = ?)",
        values: [String(value)],
      };
    case "feedback":
    case "expectation":
      return assessed(condition, experiments);
    case "span":
      return spansMatch([condition], []);
    default:
      return entity satisfies never;
  }
}

/** `compare`, and RLIKE which only traces have. `column` is ours, never the person's. */
function compared(column: string, { comparator, value }: Pick<TraceCondition, "comparator" | "value">): Sql {
  if (comparator === "RLIKE") {
    const pattern = String(value);
    // Compiled here so that a bad one is the person's mistake and not the statement's.
    preparePattern(pattern);
    return { sql: `${column} REGEXP ?`, values: [pattern] };
  }
  const known = COMPARATORS.find((each) => each === comparator);
  if (known === undefined) throw invalid(`Invalid comparator '${comparator}'.`);
  return compare(column, { comparator: known, value });
}

const COLUMNS = ["request_id", "timestamp_ms", "execution_time_ms", "status", "client_request_id", "experiment_id"];

function columnOf(key: string): string {
  if (key === "end_time_ms") return "(t.timestamp_ms + coalesce(t.execution_time_ms, 0))";
  if (COLUMNS.includes(key)) return `t.${key}`;
  throw invalid(`Invalid attribute key '${key}' specified.`);
}

function keyed(table: "trace_tags" | "trace_request_metadata", condition: TraceCondition): Sql {
  const row = `SELECT 1 FROM ${table} x WHERE x.request_id = t.request_id AND x.key = ?`;
  if (condition.comparator === "IS NULL") return { sql: `NOT EXISTS (${row})`, values: [condition.key] };
  if (condition.comparator === "IS NOT NULL") return { sql: `EXISTS (${row})`, values: [condition.key] };
  const { sql, values } = compared("x.value", condition);
  return { sql: `EXISTS (${row} AND ${sql})`, values: [condition.key, ...values] };
}

function linkedTo(type: "run" | "prompt_version", id: string): Sql {
  return {
    sql: `EXISTS (SELECT 1 FROM entity_associations x WHERE x.source_type = 'trace' AND x.source_id = t.request_id
      AND x.destination_type = '${type}' AND x.destination_id = ?)`,
    values: [id],
  };
}

/** A trace belongs to a run that it was made in or was linked to later. */
function ofRun(run_id: string): Sql {
  const linked = linkedTo("run", run_id);
  const row = "SELECT 1 FROM trace_request_metadata x WHERE x.request_id = t.request_id AND x.key = ? AND x.value = ?";
  return { sql: `(${linked.sql} OR EXISTS (${row}))`, values: [...linked.values, TRACE_METADATA.sourceRun, run_id] };
}

/** All conditions on spans hold for one and the same span. */
function spansMatch(spans: TraceCondition[], all: TraceCondition[]): Sql {
  const starts = all.flatMap(({ entity, key, comparator, value }) => {
    const lower = entity === "attribute" && key === "timestamp_ms" && (comparator === ">" || comparator === ">=");
    return lower && typeof value === "number" ? [value] : [];
  });
  const terms: Sql[] = [{ sql: "x.trace_id = t.request_id AND x.experiment_id = t.experiment_id", values: [] }];
  if (starts.length > 0) {
    const nanoseconds = (Math.max(...starts) - SPAN_TOLERANCE) * 1_000_000;
    terms.push({ sql: "x.start_time_unix_nano >= ?", values: [nanoseconds] });
  }
  const { sql, values } = and([...terms, ...spans.map(spanCondition)]);
  return { sql: `EXISTS (SELECT 1 FROM spans x WHERE ${sql})`, values };
}

function spanCondition(condition: TraceCondition): Sql {
  const { key, comparator, value } = condition;
  if (!key.startsWith("attributes.")) return compared(`x.${key}`, condition);
  const name = key.slice("attributes.".length).replace(/^`(.*)`$/s, "$1");
  if (Array.isArray(value)) throw invalid(`span.${key} cannot be compared with a list.`);
  const text = String(value);
  const pattern = comparator === "RLIKE" ? attributePattern(name, text) : `%"${name}"${text}%`;
  return compared("x.content", { comparator, value: pattern });
}

/** Attributes are found in a span's JSON, where their values are JSON texts themselves (mlflow 3.17). */
function attributePattern(name: string, pattern: string): string {
  const start = pattern.startsWith("^") ? '"\\\\"' : '"\\\\".*';
  const end = pattern.endsWith("$") ? '\\\\"' : "";
  return `"${name}": ${start}${pattern.replace(/^\^/, "").replace(/\$$/, "")}${end}`;
}

/** An assessment of a trace, or of the session that the trace belongs to. */
function assessed(condition: TraceCondition, experiments: string): Sql {
  const { entity, key, comparator } = condition;
  const nothing = comparator === "IS NULL" || comparator === "IS NOT NULL";
  const value: Sql = nothing ? { sql: "1", values: [] } : assessmentValue(condition);
  const test = `x.assessment_type = ? AND x.name = ? AND x.valid = 1 AND ${value.sql}`;
  const values: SqlValue[] = [entity, key, ...value.values];
  const direct = `SELECT x.trace_id FROM assessments x WHERE ${test}`;
  const inSession = `SELECT s.session_id FROM trace_info s JOIN assessments x ON x.trace_id = s.request_id
    WHERE s.experiment_id IN (SELECT value FROM json_each(?)) AND s.session_id IS NOT NULL AND ${test}
    AND x.assessment_metadata LIKE '%"${TRACE_METADATA.session}":%'`;
  const sql = `(t.request_id IN (${direct}) OR coalesce(t.session_id IN (${inSession}), 0))`;
  return {
    sql: comparator === "IS NULL" ? `NOT ${sql}` : sql,
    values: [...values, experiments, ...values],
  };
}

/** Values are JSON: a text matches with and without its quotes. */
function assessmentValue({ comparator, value }: TraceCondition): Sql {
  if (typeof value === "number")
    return { sql: `x.is_numeric_value = 1 AND x.aggregate_value ${comparator} ?`, values: [value] };
  if (comparator !== "=" && comparator !== "!=") return compared("x.value", { comparator, value });
  const text = String(value);
  const same = "(x.value = ? OR x.value = ?)";
  return { sql: comparator === "=" ? same : `NOT ${same}`, values: [text, dumpsPlain(text)] };
}

/** ORDER BY of traces: the joins it needs (bind `values` first) and its terms; the newest first, then by id. */
export function traceOrder(order_by: string[] | undefined): { joins: string; values: SqlValue[]; orderBy: string } {
  const joins: string[] = [];
  const values: SqlValue[] = [];
  const terms: string[] = [];
  const seen = new Set<string>();
  for (const [index, clause] of (order_by ?? []).entries()) {
    const { entity, key, ascending } = parseTraceOrder(clause);
    if (entity === "request_metadata" && isNumbersKey(key)) {
      throw invalid(
        `Ordering by reserved metadata '${key}' is not supported because it is represented by multiple columns.`,
      );
    }
    if (seen.has(`${entity}.${key}`)) {
      const shown = (order_by ?? []).map(pythonText).join(", ");
      throw new MlflowError("INVALID_PARAMETER_VALUE", `\`order_by\` contains duplicate fields: [${shown}]`);
    }
    seen.add(`${entity}.${key}`);
    let column: string;
    if (entity === "attribute") column = columnOf(key);
    else if (entity === "tag" && key === TRACE_TAG.name) column = "t.trace_name";
    else if (entity === "request_metadata" && key === TRACE_METADATA.session) column = "t.session_id";
    else {
      const table = entity === "tag" ? "trace_tags" : "trace_request_metadata";
      joins.push(`LEFT JOIN ${table} o${index} ON o${index}.request_id = t.request_id AND o${index}.key = ?`);
      values.push(key);
      column = `o${index}.value`;
    }
    terms.push(`${column} IS NULL`, `${column} ${ascending ? "ASC" : "DESC"}`);
  }
  if (!seen.has("attribute.timestamp_ms")) terms.push("t.timestamp_ms DESC");
  if (!seen.has("attribute.request_id")) terms.push("t.request_id ASC");
  return { joins: joins.join(" "), values, orderBy: terms.join(", ") };
}
