import type { Connection } from "./connection.ts";
import { NEWEST_HEAD, type SchemaHead } from "./heads.ts";
import { tableNames } from "./schema.ts";
import { TRACE_TABLES } from "./traceTables.ts";

// How the statements for mlflow 3.17's tables read a database that has not all of them.

/** What our statements read, with the stand-in for a column that an older mlflow did not have yet. */
const READ_TABLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...TRACE_TABLES,
  experiments: {
    experiment_id: "",
    name: "",
    artifact_location: "",
    lifecycle_stage: "",
    creation_time: "NULL",
    last_update_time: "NULL",
    workspace: "'default'",
  },
  datasets: {
    dataset_uuid: "",
    experiment_id: "",
    name: "",
    digest: "",
    dataset_source_type: "",
    dataset_source: "",
    dataset_schema: "",
    dataset_profile: "",
  },
  inputs: { input_uuid: "", source_type: "", source_id: "", destination_type: "", destination_id: "", step: "0" },
  input_tags: { input_uuid: "", name: "", value: "" },
  registered_models: {
    name: "",
    creation_time: "",
    last_updated_time: "",
    description: "",
    workspace: "'default'",
  },
  registered_model_tags: { key: "", value: "", name: "", workspace: "'default'" },
  registered_model_aliases: { alias: "", version: "", name: "", workspace: "'default'" },
  model_versions: {
    name: "",
    version: "",
    creation_time: "",
    last_updated_time: "",
    description: "",
    user_id: "",
    current_stage: "",
    source: "",
    run_id: "",
    status: "",
    status_message: "",
    run_link: "NULL",
    storage_location: "NULL",
    workspace: "'default'",
  },
  model_version_tags: { key: "", value: "", name: "", version: "", workspace: "'default'" },
  logged_models: {
    model_id: "",
    experiment_id: "",
    name: "",
    artifact_location: "",
    creation_timestamp_ms: "",
    last_updated_timestamp_ms: "",
    status: "",
    lifecycle_stage: "",
    model_type: "",
    source_run_id: "",
    status_message: "",
  },
  logged_model_params: { model_id: "", experiment_id: "", param_key: "", param_value: "" },
  logged_model_tags: { model_id: "", experiment_id: "", tag_key: "", tag_value: "" },
  logged_model_metrics: {
    model_id: "",
    metric_name: "",
    metric_timestamp_ms: "",
    metric_step: "",
    metric_value: "",
    experiment_id: "",
    run_id: "",
    dataset_uuid: "",
    dataset_name: "",
    dataset_digest: "",
  },
};

/** Lets our statements read an older database, or one of no known head: temporary views of the same name fill in what it lacks. */
export function fillInOlderSchema(connection: Connection, head?: SchemaHead): void {
  if (head === NEWEST_HEAD) return;
  const tables = tableNames(connection);
  for (const [table, columns] of Object.entries(READ_TABLES)) {
    const present = new Set(tables.has(table) ? columnNames(connection, table) : []);
    const missing = Object.keys(columns).filter((column) => !present.has(column));
    if (missing.length === 0) continue;
    const select = Object.entries(columns).map(([column, standIn]) =>
      present.has(column) ? `"${column}"` : `${(tables.has(table) && standIn) || "NULL"} AS "${column}"`,
    );
    const from = tables.has(table)
      ? `rowid AS rowid, ${select.join(", ")} FROM main.${table}`
      : `0 AS rowid, ${select.join(", ")} WHERE 0`;
    connection.exec(`CREATE TEMP VIEW ${table} AS SELECT ${from}`);
  }
}

function columnNames(connection: Connection, table: string): string[] {
  const columns = connection.prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?, 'main')");
  return columns.all(table).map(({ name }) => name);
}
