import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import type { ValueLimits } from "../validation.ts";
import { type Connection, SqlError, type SqlFailure, type SqlValue, type Statement } from "./connection.ts";
import { headOfRelease, NEWEST_HEAD, SCHEMA_HEADS, type SchemaHead } from "./heads.ts";
import {
  ABSENT,
  type DatabaseOptions,
  type DatabaseStatus,
  identityOf,
  isSameFile,
  mayWrite,
  MISSING,
  type Opened,
  openFile,
  READ_LOCK_WAIT,
} from "./opening.ts";
import { callProblem, creationProblem, openingProblem, tooOld } from "./problems.ts";
import { createDatabase } from "./schema.ts";
import { isBeingUpgraded } from "./marks.ts";
import { type QueuedWrite, runCalls, WriteQueue } from "./writeQueue.ts";

/** ms between two attempts to open a file that could not be opened. */
const RETRY_AFTER = 500;
/** ms that a write holds up the thread for another program's lock, before it lets others pass and tries again. */
const WRITE_LOCK_WAIT = 50;
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
  /** Identity of the file that was opened last. */
  #lastOpened: string | undefined;
  #inTransaction = false;
  #closed = false;
  readonly #writes: WriteQueue;

  constructor(path: string, options: DatabaseOptions) {
    this.path = path;
    this.artifactRoot = options.artifactRoot;
    this.#options = options;
    this.#writes = new WriteQueue({
      commit: (calls) => this.#commit(calls),
      told: (error) => this.#told(error),
      lockWait: options.lockWait,
    });
  }

  /** What became of the file, looked at again. */
  status(): DatabaseStatus {
    if (!this.#inTransaction) {
      this.#refresh();
      this.#noticeUpgrade();
    }
    const { state, read_only, problem, locked } = this.#problem ?? this.#opened ?? ABSENT;
    return { state, read_only, ...(problem === undefined ? {} : { problem }), ...(locked ? { locked } : {}) };
  }

  /** A statement of whichever connection is current when it is used; prepared once for each. */
  prepare<P extends SqlValue[], R>(sql: string): Statement<P, R> {
    let of: Opened | undefined;
    let prepared: Statement<P, R> | undefined;
    const current = (): Statement<P, R> => {
      const opened = this.#current();
      if (prepared !== undefined && of === opened) return prepared;
      of = opened;
      return (prepared = statementOf<P, R>(opened, sql));
    };
    return {
      get: (...values) => current().get(...values),
      all: (...values) => current().all(...values),
      run: (...values) => current().run(...values),
    };
  }

  /** What differs after each commit: of other connections, of this one, and when another file was opened. */
  look(): { opened: number; others: number; own: number } {
    const { number } = this.#current();
    const versions = this.prepare<[], { others: number; own: number }>(
      "SELECT data_version AS others, total_changes() AS own FROM pragma_data_version",
    ).get();
    return { opened: number, ...(versions ?? { others: 0, own: 0 }) };
  }

  /** Runs `work` on one state of the database. Throws MlflowError. */
  read<T>(work: () => T): T {
    if (this.#inTransaction) return work();
    try {
      return this.#transaction(this.#begin("BEGIN"), work);
    } catch (error) {
      throw this.#told(error);
    }
  }

  /**
   * Runs `work` in a transaction, maybe with its neighbours', and undoes it when it throws; it runs again when another program's lock
   * kept it from being written. Resolves once it is on the disk. Rejects with MlflowError.
   */
  write<T>(work: () => T): Promise<T> {
    return this.#writes.add(work);
  }

  #commit(calls: readonly QueuedWrite[]): number {
    const opened = this.#begin("BEGIN IMMEDIATE");
    return this.#transaction(opened, () =>
      runCalls(calls, (sql) => statementOf(opened, sql), this.#options.longestGroup),
    );
  }

  /** The release whose tables the database has; undefined when they are nobody's that we know. Throws MlflowError. */
  get head(): SchemaHead | undefined {
    return (this.#opened ?? this.#current()).head;
  }

  /** How long values may be, as the release that made the database has it. Throws MlflowError. */
  get limits(): ValueLimits {
    return (this.head ?? NEWEST_HEAD).limits;
  }

  /** Whether an older mlflow than `release` made the database, whose clients expect its answers. Throws MlflowError. */
  isBefore(release: string): boolean {
    const place = (head: SchemaHead | undefined) => SCHEMA_HEADS.findIndex((one) => one === head);
    return place(this.head ?? NEWEST_HEAD) < place(headOfRelease(release));
  }

  /** Inside a transaction: whether the database itself has the column; older releases of mlflow have fewer. */
  has(table: string, column: string): boolean {
    const sql = "SELECT 1 FROM pragma_table_info(?, 'main') WHERE name = ?";
    return statementOf<[string, string], unknown>(this.#current(), sql).get(table, column) !== undefined;
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
  #begin(begin: "BEGIN" | "BEGIN IMMEDIATE"): Opened {
    const writes = begin === "BEGIN IMMEDIATE";
    for (;;) {
      const opened = writes ? this.#writable() : this.#current();
      waitForLocks(opened, writes ? Math.min(this.#options.lockWait, WRITE_LOCK_WAIT) : READ_LOCK_WAIT);
      this.#enter(opened, begin);
      try {
        if (writes && isBeingUpgraded(this.path)) throw new SqlError("busy", "database is locked");
        if (opened.schemaNow.get()?.schema_version === opened.schemaVersion) return opened;
        opened.connection.exec("ROLLBACK");
      } catch (error) {
        this.#undo(opened, error);
        throw error;
      }
      this.#release();
    }
  }

  #enter({ connection }: Opened, begin: string): void {
    try {
      connection.exec(begin);
    } catch (error) {
      // Whether it is inside a transaction is not known, but for a lock, which keeps it out.
      if (error instanceof SqlError && error.failure !== "busy") this.#release();
      throw error;
    }
  }

  #transaction<T>(opened: Opened, work: () => T): T {
    this.#inTransaction = true;
    try {
      const result = work();
      opened.connection.exec("COMMIT");
      return result;
    } catch (error) {
      this.#undo(opened, error);
      throw error;
    } finally {
      this.#inTransaction = false;
    }
  }

  #undo({ connection }: Opened, error: unknown): void {
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

  #current(): Opened {
    if (!this.#inTransaction) this.#refresh();
    if (this.#problem?.problem !== undefined) {
      // A lock passes: who can wait asks again.
      const code = this.#problem.locked ? "TEMPORARILY_UNAVAILABLE" : "INVALID_STATE";
      throw new MlflowError(code, this.#problem.problem);
    }
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
    const waiting =
      this.#problem !== undefined ||
      (this.#opened?.state === "absent" && identity !== MISSING) ||
      (this.#opened?.state === "open" && this.#mayWriteNow(this.#opened));
    if (sameFile && !waiting) return;
    if (sameFile && waiting && Date.now() - this.#lastAttempt < RETRY_AFTER) return;
    if (this.#problem !== undefined && Date.now() - this.#lastAttempt < RETRY_AFTER) return;
    this.#lastAttempt = Date.now();
    if (this.#opened?.state === "open" && !isSameFile(identity, this.#opened.identity))
      emptyLog(this.#opened.connection);
    this.#release();
    try {
      this.#opened = openFile(this.path, this.#options);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      const problem = openingProblem(this.path, error);
      const locked = error.failure === "busy" ? { locked: true as const } : {};
      this.#problem = { state: "unreadable", read_only: true, problem, ...locked };
      return;
    }
    const { identity: opened } = this.#opened;
    const isOther = this.#lastOpened !== undefined && this.#lastOpened !== opened;
    this.#lastOpened = opened;
    if (isOther) this.#options.reopened?.();
  }

  /** A file system mounted again, or permissions given back. */
  #mayWriteNow({ read_only, head }: Opened): boolean {
    return read_only && head !== undefined && !this.#options.readonly && mayWrite(this.path);
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

  #told(error: unknown): unknown {
    return error instanceof SqlError ? callProblem(this.path, error, this.#opened?.head) : error;
  }
}

/** How long SQLite waits for a lock from here on, in ms. */
function waitForLocks(opened: Opened, milliseconds: number): void {
  if (opened.lockWait === milliseconds) return;
  opened.connection.exec(`PRAGMA busy_timeout = ${milliseconds}`);
  opened.lockWait = milliseconds;
}

/** A statement of one connection, prepared once. */
function statementOf<P extends SqlValue[], R>({ connection, statements }: Opened, sql: string): Statement<P, R> {
  const known = statements.get(sql);
  if (known !== undefined) return known as unknown as Statement<P, R>;
  if (statements.size >= STATEMENTS_KEPT) statements.clear();
  const prepared = connection.prepare<P, R>(sql);
  statements.set(sql, prepared as unknown as Statement<SqlValue[], unknown>);
  return prepared;
}

/** What the write-ahead log still holds goes into the file that was replaced: SQLite would take it for the new file's. */
function emptyLog(connection: Connection): void {
  try {
    connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    // A connection that only reads, or a file that is gone for good: there is nothing to save.
    if (!(error instanceof SqlError)) throw error;
  }
}

/** Failures after which a connection is not trusted any more. */
const MACHINE_FAILURES: readonly SqlFailure[] = ["disk", "full", "notADatabase", "cannotOpen", "readOnly"];
