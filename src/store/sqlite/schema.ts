import { randomUUID } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { childLocation } from "../locations.ts";
import { type Connection, openConnection, SqlError } from "./connection.ts";
import { NEWEST_HEAD, type SchemaHead } from "./heads.ts";
import { takeMark } from "./marks.ts";
import { STATEMENTS } from "./schema.generated.ts";

// Which tables a database has, and making one as a release of mlflow makes it.

/** ms that a creator waits for another one, as MLflow's own busy timeout. */
const CREATION_TIMEOUT = 20_000;
/** ms between two looks at what another creator removes. */
const RETRY_AFTER = 5;

/** A database in memory with the schema and experiment 0: what a missing file reads as. */
export function emptyDatabase(artifactRoot: string, head: SchemaHead): Connection {
  const connection = openConnection(":memory:", { busyTimeout: 0 });
  // Nothing is written to it: tables will do, in one transaction, in a third of the time.
  connection.exec("BEGIN");
  fill(
    connection,
    artifactRoot,
    head,
    ddlOf(head).filter((sql) => sql.startsWith("CREATE TABLE")),
  );
  connection.exec("COMMIT");
  return connection;
}

export interface CreationOptions {
  /** The release whose schema the database gets; absent: the newest. */
  head?: SchemaHead;
  connect?: typeof openConnection;
  /** ms to wait for another program that holds an empty file; absent: as MLflow's own busy timeout. */
  lockWait?: number;
}

/** Creates the database file. Two creators at once both succeed: one makes the file, the other finds it. */
export function createDatabase(path: string, artifactRoot: string, options: CreationOptions = {}): void {
  const { head = NEWEST_HEAD, connect = openConnection, lockWait = CREATION_TIMEOUT } = options;
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path)) return initializeInPlace(path, artifactRoot, { head, connect, lockWait });
  const draft = `${path}.${randomUUID().slice(0, 8)}.new`;
  try {
    writeDraft(draft, artifactRoot, head, connect);
    removeLeftovers(path, lockWait);
    publish(draft, path);
  } finally {
    for (const suffix of ["", "-wal", "-shm", "-journal"]) rmSync(draft + suffix, { force: true });
  }
}

/**
 * Removes what a deleted database left behind, which SQLite would take for the log of the new one. One creator at a time does,
 * and only while there is no database: none gives its draft the name before they are gone, so that they are nobody's log.
 */
function removeLeftovers(path: string, lockWait: number): void {
  const leftovers = () =>
    ["-wal", "-shm", "-journal"].map((suffix) => path + suffix).filter((file) => existsSync(file));
  const end = Date.now() + lockWait;
  while (!existsSync(path) && leftovers().length > 0) {
    const release = takeMark(`${path}.creating`);
    if (release !== undefined) {
      const found = leftovers();
      if (!existsSync(path)) for (const file of found) rmSync(file, { force: true });
      return release();
    }
    if (Date.now() > end) throw new SqlError("busy", "database is locked");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_AFTER);
  }
}

function writeDraft(draft: string, artifactRoot: string, head: SchemaHead, connect: typeof openConnection): void {
  closeSync(openSync(draft, "wx"));
  const connection = connect(draft, { busyTimeout: CREATION_TIMEOUT });
  try {
    connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    connection.exec("BEGIN");
    fill(connection, artifactRoot, head);
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
function initializeInPlace(path: string, artifactRoot: string, options: Required<CreationOptions>): void {
  const { head, connect, lockWait } = options;
  const connection = connect(path, { busyTimeout: lockWait });
  try {
    connection.exec("PRAGMA synchronous = FULL; BEGIN EXCLUSIVE");
    if (tableNames(connection).size > 0) return connection.exec("ROLLBACK");
    fill(connection, artifactRoot, head);
    connection.exec("COMMIT");
    connection.exec("PRAGMA journal_mode = WAL");
  } finally {
    connection.close();
  }
}

function fill(connection: Connection, artifactRoot: string, head: SchemaHead, ddl = ddlOf(head)): void {
  connection.exec(ddl.join(";\n"));
  const now = Date.now();
  connection.prepare<[string], unknown>("INSERT INTO alembic_version (version_num) VALUES (?)").run(head.revision);
  if (head.shapes.has("workspaces")) addDefaultWorkspace(connection);
  connection
    .prepare<[string, number, number], unknown>(
      `INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
       VALUES (0, 'Default', ?, 'active', ?, ?)`,
    )
    .run(childLocation(artifactRoot, "0"), now, now);
}

/** The statements that make the tables, indexes and triggers of a head. */
export function ddlOf(head: SchemaHead): string[] {
  return head.statements.map((place) => STATEMENTS[place] ?? "");
}

export function addDefaultWorkspace(connection: Connection): void {
  connection
    .prepare<[string, string], unknown>("INSERT INTO workspaces (name, description) VALUES (?, ?)")
    .run("default", "Default workspace for legacy resources");
}

export function tableNames(connection: Connection): Set<string> {
  const tables = connection.prepare<[], { name: string }>("SELECT name FROM main.sqlite_master WHERE type = 'table'");
  return new Set(tables.all().map(({ name }) => name));
}

/** The Alembic revision; undefined when the database has none. */
export function revisionOf(connection: Connection): string | undefined {
  if (!tableNames(connection).has("alembic_version")) return undefined;
  const version = connection.prepare<[], { version_num: string }>("SELECT version_num FROM main.alembic_version");
  return version.get()?.version_num;
}
