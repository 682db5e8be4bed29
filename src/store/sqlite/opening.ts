import { type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import type { StoreStatus } from "../../protocol/stores.ts";
import { type Connection, openConnection, SqlError, type SqlValue, type Statement } from "./connection.ts";
import { refuseDisguises } from "./disguises.ts";
import { NEWEST_HEAD, recognizeHead, type SchemaHead } from "./heads.ts";
import { fillInOlderSchema } from "./olderSchema.ts";
import { isWritable, revisionProblem, writingProblem } from "./problems.ts";
import { emptyDatabase, revisionOf } from "./schema.ts";
import { tableShapes } from "./tableShapes.ts";

// Opening the file as it is at this moment: absent, of some release of mlflow, or in a folder that cannot be written.

export interface DatabaseOptions {
  /** Never writes, never creates the file. */
  readonly: boolean;
  /** Parent of the artifacts of experiments created here. */
  artifactRoot: string;
  /** ms that a write waits for another program's lock. */
  lockWait: number;
  /** The release whose schema a created file gets; absent: the newest. */
  head?: SchemaHead;
  /** ms that one transaction of several calls may take; absent: as long as others can wait. Tests need not go by the clock. */
  longestGroup?: number;
  /** How the file is opened, where it is not `openConnection`: tests hand out connections that fail. */
  connect?: typeof openConnection;
  /** Called when another file than before was opened, before anything is read of it. */
  reopened?: () => void;
}

export type DatabaseStatus = Pick<StoreStatus, "state" | "read_only" | "problem" | "locked">;

/** ms that a read waits for another program's lock, and that opening waits, which is tried again soon. */
export const READ_LOCK_WAIT = 1_000;
const OPENING_LOCK_WAIT = 250;
/** Bytes that the log keeps after a long read, or a large write, has made it larger. */
const LOG_KEPT = 16 * 1024 * 1024;

/** KiB of pages that a connection keeps that only reads: the system has them in its own cache, and to copy one from there takes a microsecond. */
const PAGES_KEPT = 2_000;

export interface Opened extends DatabaseStatus {
  connection: Connection;
  /** Differs each time that a file is opened. */
  number: number;
  /** The release whose tables these are; undefined when they are nobody's that we know. */
  head: SchemaHead | undefined;
  /** SQLite's count of changes of the schema: another one than at the opening means that somebody upgraded the database. */
  schemaVersion: number;
  schemaNow: Statement<[], { schema_version: number }>;
  /** Tells whether the file is still the one that was opened. */
  identity: string;
  /** ms that SQLite waits for a lock just now. */
  lockWait: number;
  statements: Map<string, Statement<SqlValue[], unknown>>;
}

export const ABSENT: DatabaseStatus = { state: "absent", read_only: false };
export const MISSING = "";
/** A file that cannot be looked at, such as one in a folder that may not be entered. */
const HIDDEN = "?";

/** Undefined when there is no such file. Throws SqlError when that cannot be told. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ENOTDIR") return undefined;
    throw new SqlError("cannotOpen", error.message, { cause: error });
  }
}

/** Tells a file apart from the one that had its name before. */
export function identityOf(path: string, opened: Opened | undefined): string {
  let stats: Stats | undefined;
  try {
    stats = statOf(path);
  } catch (error) {
    if (error instanceof SqlError) return HIDDEN;
    throw error;
  }
  if (stats === undefined) return MISSING;
  // What was cut to nothing is another file, although it is in the same place.
  if (stats.size === 0) return `${stats.dev}:${stats.ino}:empty`;
  // A database read as immutable is not told of changes: its age stands in.
  const age = opened?.identity.includes("@") ? `@${stats.mtimeMs}` : "";
  return `${stats.dev}:${stats.ino}${age}`;
}

let nextNumber = 1;

/** Whether the file and what SQLite keeps beside it can be written. */
export function mayWrite(path: string): boolean {
  return isWritable(path) && isWritable(dirname(path));
}

/** Whether two identities are of one file, whose content may have changed. */
export function isSameFile(one: string, other: string): boolean {
  const fileOf = (identity: string) => /^\d+:\d+/.exec(identity)?.[0] ?? identity;
  return fileOf(one) === fileOf(other);
}

/** Opens the file, which may be missing. Throws SqlError. */
export function openFile(path: string, options: DatabaseOptions): Opened {
  const stats = statOf(path);
  const identity = stats === undefined ? MISSING : `${stats.dev}:${stats.ino}`;
  if (stats === undefined || stats.size === 0) return absent(identityOf(path, undefined), options);
  const canWrite = !options.readonly && mayWrite(path);
  const { connection, immutable } = openReadable(path, canWrite, stats, options.connect);
  try {
    refuseDisguises(connection);
    const schema = schemaLook(connection);
    const shapes = tableShapes(connection);
    if (shapes.size === 0) {
      connection.close();
      return absent(identity, options);
    }
    if (!shapes.has("runs") || !shapes.has("experiments")) {
      throw new SqlError("missingTable", "no such table: runs");
    }
    const revision = revisionOf(connection);
    const head = recognizeHead(revision, shapes);
    fillInOlderSchema(connection, head);
    connection.exec(
      `PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${READ_LOCK_WAIT}; PRAGMA journal_size_limit = ${LOG_KEPT}`,
    );
    if (options.readonly)
      connection.exec(`PRAGMA cache_size = -${PAGES_KEPT}; PRAGMA temp.cache_size = -${PAGES_KEPT}`);
    const problem =
      head !== undefined ? writingProblem(path, canWrite || options.readonly) : revisionProblem(path, revision);
    return {
      state: "open",
      read_only: !canWrite || head === undefined,
      ...(problem === undefined ? {} : { problem }),
      connection,
      head,
      ...schema,
      identity: immutable ? `${identity}@${stats.mtimeMs}` : identity,
      lockWait: READ_LOCK_WAIT,
      number: nextNumber++,
      statements: new Map(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function absent(identity: string, options: DatabaseOptions): Opened {
  const { artifactRoot, readonly, head = NEWEST_HEAD } = options;
  const connection = emptyDatabase(artifactRoot, head);
  fillInOlderSchema(connection, head);
  const state = { ...ABSENT, read_only: readonly, identity, lockWait: READ_LOCK_WAIT };
  return { ...state, connection, head, ...schemaLook(connection), number: nextNumber++, statements: new Map() };
}

/** In a folder that cannot be written a WAL database opens only as immutable, and only if its log is empty. */
function openReadable(
  path: string,
  canWrite: boolean,
  stats: Stats,
  connect = openConnection,
): { connection: Connection; immutable: boolean } {
  try {
    return { connection: openChecked(path, !canWrite, false, connect), immutable: false };
  } catch (error) {
    const log = statOf(`${path}-wal`);
    const blocked = error instanceof SqlError && (error.failure === "cannotOpen" || error.failure === "readOnly");
    if (!blocked || canWrite || stats.size === 0 || (log !== undefined && log.size > 0)) throw error;
    return { connection: openChecked(path, true, true, connect), immutable: true };
  }
}

function openChecked(path: string, readonly: boolean, immutable: boolean, connect: typeof openConnection): Connection {
  const connection = connect(path, { readonly, immutable, busyTimeout: OPENING_LOCK_WAIT });
  try {
    connection.prepare("SELECT count(*) FROM sqlite_master").get();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function schemaLook(connection: Connection): Pick<Opened, "schemaVersion" | "schemaNow"> {
  const schemaNow = connection.prepare<[], { schema_version: number }>("PRAGMA main.schema_version");
  return { schemaNow, schemaVersion: schemaNow.get()?.schema_version ?? 0 };
}
