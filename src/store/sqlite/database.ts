import { accessSync, constants, type Stats, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { StoreStatus } from "../../protocol/stores.ts";
import {
  type Connection,
  openConnection,
  SqlError,
  type SqlFailure,
  type SqlValue,
  type Statement,
} from "./connection.ts";
import { callProblem, creationProblem, openingProblem } from "./problems.ts";
import { createDatabase, emptyDatabase, fillInOlderSchema, revisionOf, tableNames } from "./schema.ts";
import { SCHEMA_REVISION } from "./schema.generated.ts";

export interface DatabaseOptions {
  /** Never writes, never creates the file. */
  readonly: boolean;
  /** Parent of the artifacts of experiments created here. */
  artifactRoot: string;
  /** ms that a write waits for another program's lock. */
  lockWait: number;
  /** How the file is opened, where it is not `openConnection`: tests hand out connections that fail. */
  connect?: typeof openConnection;
}

export type DatabaseStatus = Pick<StoreStatus, "state" | "read_only" | "problem">;

/** ms that a read waits for another program's lock, and that opening waits, which is tried again soon. */
const READ_LOCK_WAIT = 1_000;
const OPENING_LOCK_WAIT = 250;
/** ms between two attempts to open a file that could not be opened. */
const RETRY_AFTER = 500;
/** Filters make statements of many shapes; beyond this many the prepared ones are let go. */
const STATEMENTS_KEPT = 400;

interface Opened extends DatabaseStatus {
  connection: Connection;
  /** Tells whether the file is still the one that was opened. */
  identity: string;
  statements: Map<string, Statement<SqlValue[], unknown>>;
}

/**
 * `mlflow.db` as it is at each call: opened when it appears, opened again when it is replaced, answered from an empty
 * database in memory while it is missing, created at the first write.
 */
export class Database {
  readonly path: string;
  readonly artifactRoot: string;
  readonly #options: DatabaseOptions;
  #opened: Opened | undefined;
  #problem: DatabaseStatus | undefined;
  #lastAttempt = 0;
  #inTransaction = false;
  #closed = false;

  constructor(path: string, options: DatabaseOptions) {
    this.path = path;
    this.artifactRoot = options.artifactRoot;
    this.#options = options;
  }

  /** What became of the file, looked at again. */
  status(): DatabaseStatus {
    if (!this.#inTransaction) this.#refresh();
    const { state, read_only, problem } = this.#problem ?? this.#opened ?? ABSENT;
    return { state, read_only, ...(problem === undefined ? {} : { problem }) };
  }

  /** A statement of whichever connection is current when it is used; prepared once for each. */
  prepare<P extends SqlValue[], R>(sql: string): Statement<P, R> {
    return {
      get: (...values) => this.#statement<P, R>(sql).get(...values),
      all: (...values) => this.#statement<P, R>(sql).all(...values),
      run: (...values) => this.#statement<P, R>(sql).run(...values),
    };
  }

  /** Runs `work` on one state of the database. Throws MlflowError. */
  read<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    return this.#translated(() => {
      const { connection } = this.#current();
      return this.#transaction(connection, "BEGIN", work);
    });
  }

  /** Runs `work` in one transaction that is undone when it throws. Throws MlflowError. */
  write<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    return this.#translated(() => {
      const { connection } = this.#writable();
      this.#waitForLocks(connection, this.#options.lockWait);
      try {
        return this.#transaction(connection, "BEGIN IMMEDIATE", work);
      } finally {
        this.#waitForLocks(connection, READ_LOCK_WAIT);
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  #transaction<T>(connection: Connection, begin: string, work: () => T): T {
    connection.exec(begin);
    this.#inTransaction = true;
    try {
      const result = work();
      connection.exec("COMMIT");
      return result;
    } catch (error) {
      this.#undo(connection, error);
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  #undo(connection: Connection, error: unknown): void {
    try {
      connection.exec("ROLLBACK");
      // What the machine refused may lie in what the connection has cached or mapped.
      if (error instanceof SqlError && MACHINE_FAILURES.includes(error.failure)) this.#release();
    } catch (rollback) {
      // SQLite has rolled back by itself, or cannot: the next call has a connection without a transaction.
      this.#release();
      if (!(rollback instanceof SqlError)) throw rollback;
    }
  }

  /** Does nothing to a connection that was let go; one that fails is let go, for what was committed stays so. */
  #waitForLocks(connection: Connection, milliseconds: number): void {
    if (this.#opened?.connection !== connection) return;
    try {
      connection.exec(`PRAGMA busy_timeout = ${milliseconds}`);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.#release();
    }
  }

  #statement<P extends SqlValue[], R>(sql: string): Statement<P, R> {
    const { connection, statements } = this.#current();
    const known = statements.get(sql);
    if (known !== undefined) return known as unknown as Statement<P, R>;
    if (statements.size >= STATEMENTS_KEPT) statements.clear();
    const prepared = connection.prepare<P, R>(sql);
    statements.set(sql, prepared as unknown as Statement<SqlValue[], unknown>);
    return prepared;
  }

  #current(): Opened {
    if (!this.#inTransaction) this.#refresh();
    if (this.#problem?.problem !== undefined) throw new MlflowError("INVALID_STATE", this.#problem.problem);
    if (this.#opened === undefined) throw new MlflowError("CANCELLED", "The store is closed.");
    return this.#opened;
  }

  #writable(): Opened {
    const { readonly } = this.#options;
    const found = this.#current();
    if (found.state === "absent" && !readonly) {
      this.#create();
      this.#release();
      return this.#writable();
    }
    if (found.read_only || readonly) {
      const reason = found.problem ?? `\`${basename(this.path)}\` is open for reading only.`;
      throw new MlflowError("PERMISSION_DENIED", reason);
    }
    return found;
  }

  #create(): void {
    try {
      createDatabase(this.path, this.artifactRoot, this.#options.connect);
    } catch (error) {
      throw creationProblem(this.path, error);
    }
  }

  /** Opens, or opens again, when the file is not what it was. */
  #refresh(): void {
    if (this.#closed) throw new MlflowError("CANCELLED", "The store is closed.");
    const identity = identityOf(this.path, this.#opened);
    const sameFile = this.#opened?.identity === identity;
    const waiting = this.#problem !== undefined || (this.#opened?.state === "absent" && identity !== MISSING);
    if (sameFile && !waiting) return;
    if (sameFile && waiting && Date.now() - this.#lastAttempt < RETRY_AFTER) return;
    if (this.#problem !== undefined && Date.now() - this.#lastAttempt < RETRY_AFTER) return;
    this.#lastAttempt = Date.now();
    this.#release();
    try {
      this.#opened = openFile(this.path, this.#options);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      this.#problem = { state: "unreadable", read_only: true, problem: openingProblem(this.path, error) };
    }
  }

  #release(): void {
    this.#opened?.connection.close();
    this.#opened = undefined;
    this.#problem = undefined;
  }

  #translated<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof SqlError) throw callProblem(this.path, error);
      throw error;
    }
  }
}

/** Failures after which a connection is not trusted any more. */
const MACHINE_FAILURES: readonly SqlFailure[] = ["disk", "full", "notADatabase", "cannotOpen", "readOnly"];
const ABSENT: DatabaseStatus = { state: "absent", read_only: false };
const MISSING = "";
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

function identityOf(path: string, opened: Opened | undefined): string {
  let stats: Stats | undefined;
  try {
    stats = statOf(path);
  } catch (error) {
    if (error instanceof SqlError) return HIDDEN;
    throw error;
  }
  if (stats === undefined) return MISSING;
  // A database read as immutable is not told of changes: its age stands in.
  const age = opened?.identity.includes("@") ? `@${stats.mtimeMs}` : "";
  return `${stats.dev}:${stats.ino}${age}`;
}

function openFile(path: string, options: DatabaseOptions): Opened {
  const stats = statOf(path);
  const identity = stats === undefined ? MISSING : `${stats.dev}:${stats.ino}`;
  if (stats === undefined || stats.size === 0) return absent(identity, options);
  const canWrite = !options.readonly && isWritable(path) && isWritable(dirname(path));
  const { connection, immutable } = openReadable(path, canWrite, stats, options.connect);
  try {
    const tables = tableNames(connection);
    if (tables.size === 0) {
      connection.close();
      return absent(identity, options);
    }
    if (!tables.has("runs") || !tables.has("experiments")) {
      throw new SqlError("missingTable", "no such table: runs");
    }
    const revision = revisionOf(connection, tables);
    const known = revision === SCHEMA_REVISION;
    if (!known) fillInOlderSchema(connection, tables);
    connection.exec(`PRAGMA synchronous = FULL; PRAGMA busy_timeout = ${READ_LOCK_WAIT}`);
    const problem = known ? writingProblem(path, canWrite || options.readonly) : revisionProblem(path, revision);
    return {
      state: "open",
      read_only: !canWrite || !known,
      ...(problem === undefined ? {} : { problem }),
      connection,
      identity: immutable ? `${identity}@${stats.mtimeMs}` : identity,
      statements: new Map(),
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function absent(identity: string, options: DatabaseOptions): Opened {
  const connection = emptyDatabase(options.artifactRoot);
  return { ...ABSENT, read_only: options.readonly, connection, identity, statements: new Map() };
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

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // The reason (permission, read-only mount) does not matter to what we then offer.
    return false;
  }
}

function writingProblem(path: string, canWrite: boolean): string | undefined {
  if (canWrite) return undefined;
  const what = isWritable(path) ? `The folder of \`${basename(path)}\`` : `\`${basename(path)}\``;
  return `${what} cannot be written, so its runs can be read but not changed.`;
}

function revisionProblem(path: string, revision: string | undefined): string {
  const schema = revision === undefined ? "has no schema revision" : `has the schema of another MLflow (${revision})`;
  return `\`${basename(path)}\` ${schema}, so its runs can be read but not changed.`;
}
