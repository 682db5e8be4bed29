import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { childLocation } from "../locations.ts";
import { type Connection, openConnection } from "./connection.ts";
import { SCHEMA, SCHEMA_REVISION } from "./schema.generated.ts";
import { TRACE_TABLES } from "./traceTables.ts";

// Which tables a database has, and making one as mlflow 3.17.2 makes it.

/** ms that a creator waits for another one, as MLflow's own busy timeout. */
const CREATION_TIMEOUT = 20_000;

/** A database in memory with the schema and experiment 0: what a missing file reads as. */
export function emptyDatabase(artifactRoot: string): Connection {
  const connection = openConnection(":memory:", { busyTimeout: 0 });
  fill(connection, artifactRoot);
  return connection;
}

/** Creates the database file. Two creators at once both succeed: one makes the file, the other finds it. */
export function createDatabase(path: string, artifactRoot: string, connect = openConnection): void {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) return initializeInPlace(path, artifactRoot, connect);
  const draft = `${path}.${randomUUID().slice(0, 8)}.new`;
  try {
    writeDraft(draft, artifactRoot, connect);
    publish(draft, path);
  } finally {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(draft + suffix, { force: true });
  }
}

function writeDraft(draft: string, artifactRoot: string, connect: typeof openConnection): void {
  closeSync(openSync(draft, "wx"));
  const connection = connect(draft, { busyTimeout: CREATION_TIMEOUT });
  try {
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    connection.exec("BEGIN");
    fill(connection, artifactRoot);
    connection.exec("COMMIT");
  } finally {
    connection.close();
  }
}

/** Gives the finished draft its name without ever replacing a file that another creator made meanwhile. */
function publish(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (existsSync(path)) return;
    // File systems without hard links (exFAT, some network mounts) refuse with various codes.
    if (!(error instanceof Error && "code" in error) || error.code === "ENOENT") throw error;
    renameSync(draft, path);
  }
  if (process.platform === "win32") return;
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** For a file that is there but empty: somebody touched it, or another creator has just opened it. */
function initializeInPlace(path: string, artifactRoot: string, connect: typeof openConnection): void {
  const connection = connect(path, { busyTimeout: CREATION_TIMEOUT });
  try {
    connection.exec("PRAGMA synchronous = FULL; BEGIN EXCLUSIVE");
    if (tableNames(connection).size > 0) return connection.exec("ROLLBACK");
    fill(connection, artifactRoot);
    connection.exec("COMMIT");
    connection.exec("PRAGMA journal_mode = WAL");
  } finally {
    connection.close();
  }
}

function fill(connection: Connection, artifactRoot: string): void {
  for (const statement of SCHEMA) connection.exec(statement);
  const now = Date.now();
  connection.prepare<[string], unknown>("INSERT INTO alembic_version (version_num) VALUES (?)").run(SCHEMA_REVISION);
  connection
    .prepare<[string, string], unknown>("INSERT INTO workspaces (name, description) VALUES (?, ?)")
    .run("default", "Default workspace for legacy resources");
  connection
    .prepare<[string, number, number], unknown>(
      `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time, workspace)
       VALUES (0, 'Default', ?, 'active', ?, ?, 'default')`,
    )
    .run(childLocation(artifactRoot, "0"), now, now);
}

export function tableNames(connection: Connection): Set<string> {
  const tables = connection.prepare<[], { name: string }>("SELECT name FROM main.sqlite_master WHERE type = 'table'");
  return new Set(tables.all().map(({ name }) => name));
}

/** The Alembic revision; undefined when the database has none. */
export function revisionOf(connection: Connection, tables: ReadonlySet<string>): string | undefined {
  if (!tables.has("alembic_version")) return undefined;
  return connection.prepare<[], { version_num: string }>("SELECT version_num FROM alembic_version").get()?.version_num;
}

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

/** Lets our statements read an older database: temporary views of the same name fill in what it lacks. */
export function fillInOlderSchema(connection: Connection, tables: ReadonlySet<string>): void {
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
