import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ValueLimits } from "../validation.ts";
import { type Connection, SqlError, type SqlFailure, type SqlValue, type Statement } from "./connection.ts";
import { NEWEST_HEAD, type SchemaHead } from "./heads.ts";
import {
  ABSENT,
  type DatabaseOptions,
  type DatabaseStatus,
  identityOf,
  MISSING,
  type Opened,
  openFile,
  READ_LOCK_WAIT,
} from "./opening.ts";
import { callProblem, creationProblem, openingProblem, tooOld } from "./problems.ts";
import { createDatabase } from "./schema.ts";

/** ms between two attempts to open a file that could not be opened. */
const RETRY_AFTER = 500;
/** Filters make statements of many shapes; beyond this many the prepared ones are let go. */
const STATEMENTS_KEPT = 400;

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
    if (!this.#inTransaction) {
      this.#refresh();
      this.#noticeUpgrade();
    }
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
    return this.#translated(() =>
      this.#transaction(
        this.#begin(() => this.#current(), "BEGIN"),
        work,
      ),
    );
  }

  /** Runs `work` in one transaction that is undone when it throws. Throws MlflowError. */
  write<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    return this.#translated(() => {
      const { connection } = this.#writable();
      this.#waitForLocks(connection, this.#options.lockWait);
      try {
        return this.#transaction(
          this.#begin(() => this.#writable(), "BEGIN IMMEDIATE"),
          work,
        );
      } finally {
        this.#waitForLocks(connection, READ_LOCK_WAIT);
      }
    });
  }

  /** The release whose tables the database has; undefined when they are nobody's that we know. Throws MlflowError. */
  get head(): SchemaHead | undefined {
    return (this.#opened ?? this.#current()).head;
  }

  /** How long values may be, as the release that made the database has it. Throws MlflowError. */
  get limits(): ValueLimits {
    return (this.head ?? NEWEST_HEAD).limits;
  }

  /** Inside a transaction: whether the database itself has the column; older releases of mlflow have fewer. */
  has(table: string, column: string): boolean {
    const sql = "SELECT 1 FROM pragma_table_info(?, 'main') WHERE name = ?";
    return this.#statement<[string, string], unknown>(sql).get(table, column) !== undefined;
  }

  /** The refusal of what the release that made the database did not keep. */
  tooOld(what: string): MlflowError {
    return tooOld(this.path, this.head ?? NEWEST_HEAD, what);
  }

  close(): void {
    this.#closed = true;
    this.#release();
  }

  /** Begins a transaction on the file as it is: opened again first when another program has upgraded it. */
  #begin(open: () => Opened, begin: "BEGIN" | "BEGIN IMMEDIATE"): Connection {
    for (;;) {
      const { connection, schemaVersion, schemaNow } = open();
      connection.exec(begin);
      try {
        if (schemaNow.get()?.schema_version === schemaVersion) return connection;
        connection.exec("ROLLBACK");
      } catch (error) {
        this.#undo(connection, error);
        throw error;
      }
      this.#release();
    }
  }

  #transaction<T>(connection: Connection, work: () => T): T {
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
      createDatabase(this.path, this.artifactRoot, this.#options);
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

  #noticeUpgrade(): void {
    const opened = this.#opened;
    try {
      if (opened === undefined || opened.schemaNow.get()?.schema_version === opened.schemaVersion) return;
    } catch (error) {
      // Locked just now, by the upgrade itself for one: the next look tells.
      if (error instanceof SqlError) return;
      throw error;
    }
    this.#release();
    this.#refresh();
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
      if (error instanceof SqlError) throw callProblem(this.path, error, this.#opened?.head);
      throw error;
    }
  }
}

/** Failures after which a connection is not trusted any more. */
const MACHINE_FAILURES: readonly SqlFailure[] = ["disk", "full", "notADatabase", "cannotOpen", "readOnly"];
