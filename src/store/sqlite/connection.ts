import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { MlflowError } from "../../mlflow/errors.ts";
import { regexpFunction } from "./regexp.ts";

// The one place that knows which SQLite we have: better-sqlite3, or the host's node:sqlite where its prebuild cannot load.

export type SqlValue = string | number | null;

export interface Changes {
  changes: number;
  lastInsertRowid: number;
}

/** A prepared statement; `R` is what its SELECT list says. */
export interface Statement<P extends SqlValue[], R> {
  get(...values: P): R | undefined;
  all(...values: P): R[];
  run(...values: P): Changes;
}

/** One open database. Synchronous; throws SqlError. */
export interface Connection {
  exec(sql: string): void;
  prepare<P extends SqlValue[], R>(sql: string): Statement<P, R>;
  close(): void;
}

export type SqlFailure =
  | "busy"
  | "notADatabase"
  | "readOnly"
  | "cannotOpen"
  | "constraint"
  | "missingTable"
  | "disk"
  | "full"
  | "tooComplex"
  | "other";

/** What SQLite refused; `failure` tells the kind apart. */
export class SqlError extends Error {
  readonly failure: SqlFailure;

  constructor(failure: SqlFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SqlError";
    this.failure = failure;
  }
}

export interface ConnectionOptions {
  readonly?: boolean;
  /** ms to wait for another program's lock. */
  busyTimeout: number;
  /** Reads the file as if nobody writes: the only way into a WAL database in a folder that cannot be written. */
  immutable?: boolean;
}

/** Opens the file, which must exist unless `path` is ":memory:". Throws SqlError. */
export function openConnection(path: string, options: ConnectionOptions): Connection {
  // better-sqlite3 takes no file: URIs, and "immutable" is said in one.
  const better = options.immutable !== true && betterSqlite3Loads();
  const connection = guarded(() => (better ? openBetter(path, options) : openNode(path, options)));
  // A schema that somebody else wrote may use no function with side effects, and pages are checked as they are read.
  connection.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
  connection.exec(
    `PRAGMA foreign_keys = ON; PRAGMA busy_timeout = ${options.busyTimeout}; PRAGMA case_sensitive_like = true;`,
  );
  return connection;
}

/** The prebuild beside the bundle; in the sources there is none, and the package finds its own. */
const bundledPrebuild = join(import.meta.dirname, "prebuilds", `${platformName()}-${process.arch}.node`);
const betterOptions = existsSync(bundledPrebuild) ? { nativeBinding: bundledPrebuild } : {};

function platformName(): string {
  return process.platform === "linux" && isMusl() ? "linuxmusl" : process.platform;
}

/** Alpine's C library is seen among the files that this process has mapped. */
function isMusl(): boolean {
  return existsSync("/proc/self/maps") && readFileSync("/proc/self/maps", "latin1").includes("/ld-musl-");
}

let loads: boolean | undefined;

/** False where the prebuild does not fit (glibc < 2.34), or FLOWDECK_NODE_SQLITE asks for the stand-in. */
function betterSqlite3Loads(): boolean {
  if (loads !== undefined) return loads;
  try {
    if (process.env["FLOWDECK_NODE_SQLITE"] === "1") return (loads = false);
    new BetterSqlite3(":memory:", betterOptions).close();
    return (loads = true);
  } catch {
    // Whatever keeps the prebuild from loading, node:sqlite answers the same.
    return (loads = false);
  }
}

function fileUri(path: string, immutable: boolean | undefined): string {
  if (immutable !== true) return path;
  const escaped = path.replaceAll("\\", "/").replaceAll("%", "%25").replaceAll("?", "%3f").replaceAll("#", "%23");
  return `file:${escaped.startsWith("/") ? "" : "/"}${escaped}?immutable=1`;
}

/** Begins and ends each transaction: not parsed each time. */
const OFTEN = ["BEGIN", "BEGIN IMMEDIATE", "COMMIT"];

function openBetter(path: string, options: ConnectionOptions): Connection {
  const { readonly = false, busyTimeout } = options;
  const memory = path === ":memory:";
  const database = new BetterSqlite3(path, {
    ...betterOptions,
    readonly,
    fileMustExist: !memory,
    timeout: busyTimeout,
  });
  database.function("regexp", { deterministic: true }, regexpFunction);
  const prepared = new Map<string, { run(): unknown }>();
  const exec = (sql: string) => {
    if (!OFTEN.includes(sql)) return void database.exec(sql);
    let statement = prepared.get(sql);
    if (statement === undefined) prepared.set(sql, (statement = database.prepare(sql)));
    statement.run();
  };
  return {
    exec: (sql) => guarded(() => exec(sql)),
    prepare: <P extends SqlValue[], R>(sql: string): Statement<P, R> => {
      const statement = guarded(() => database.prepare<P, R>(sql));
      return {
        get: (...values) => guarded(() => withoutBlobs(statement.get(...values))),
        all: (...values) => guarded(() => allWithoutBlobs(statement.all(...values))),
        // Without a function around it: a batch runs it a thousand times.
        run: (...values) => {
          try {
            const { changes, lastInsertRowid } = statement.run(...values);
            return { changes, lastInsertRowid: Number(lastInsertRowid) };
          } catch (error) {
            throw refusalOf(error);
          }
        },
      };
    },
    close: () => void database.close(),
  };
}

function openNode(path: string, options: ConnectionOptions): Connection {
  const { readonly = false, immutable, busyTimeout } = options;
  if (path !== ":memory:" && !existsSync(path)) throw new SqlError("cannotOpen", "unable to open database file");
  // Asked for only here: merely importing it makes Node 22 print a warning.
  const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
  const database = new DatabaseSync(fileUri(path, immutable), { readOnly: readonly, timeout: busyTimeout });
  database.function("regexp", { deterministic: true }, regexpFunction);
  return {
    exec: (sql) => guarded(() => database.exec(sql)),
    prepare: <P extends SqlValue[], R>(sql: string): Statement<P, R> => {
      const statement = guarded(() => database.prepare(sql));
      return {
        // The border where rows enter: `R` is what the statement's text selects.
        get: (...values) => guarded(() => withoutBlobs(statement.get(...values) as R | undefined)),
        all: (...values) => guarded(() => allWithoutBlobs(statement.all(...values) as R[])),
        run: (...values) =>
          guarded(() => {
            const { changes, lastInsertRowid } = statement.run(...values);
            return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
          }),
      };
    },
    close: () => database.close(),
  };
}

/** The column of a statement that prints an answer in UTF-8. */
const PRINTED = "bytes";

/** MLflow keeps no bytes in what we read, but another program may have put some into any column: they are read as text. */
function withoutBlobs<R>(row: R): R {
  // The border where rows enter.
  const values = row as Record<string, unknown>;
  for (const column in values) {
    const value = values[column];
    if (typeof value === "object" && value instanceof Uint8Array && column !== PRINTED)
      values[column] = Buffer.from(value).toString();
  }
  return row;
}

function allWithoutBlobs<R>(rows: R[]): R[] {
  for (const row of rows) withoutBlobs(row);
  return rows;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refusalOf(error);
  }
}

function refusalOf(error: unknown): unknown {
  // What our own SQL functions refuse passes through SQLite as it is.
  if (error instanceof SqlError || error instanceof MlflowError || !(error instanceof Error)) return error;
  return new SqlError(failureOf(error), error.message, { cause: error });
}

/** Primary result codes of SQLite, which better-sqlite3 names and node:sqlite numbers. */
const FAILURES: readonly (readonly [number, string, SqlFailure])[] = [
  [5, "SQLITE_BUSY", "busy"],
  [6, "SQLITE_LOCKED", "busy"],
  [8, "SQLITE_READONLY", "readOnly"],
  [10, "SQLITE_IOERR", "disk"],
  [11, "SQLITE_CORRUPT", "notADatabase"],
  [13, "SQLITE_FULL", "full"],
  [14, "SQLITE_CANTOPEN", "cannotOpen"],
  [18, "SQLITE_TOOBIG", "tooComplex"],
  [19, "SQLITE_CONSTRAINT", "constraint"],
  [26, "SQLITE_NOTADB", "notADatabase"],
];

/** SQLite's limits on what one statement may be (`SQLITE_ERROR`, told apart only by its words). */
const TOO_COMPLEX =
  /^(?:LIKE or GLOB pattern too complex|Expression tree is too large|parser stack overflow|too many )/;

function failureOf(error: Error): SqlFailure {
  const code = "code" in error ? String(error.code) : "";
  const number = "errcode" in error ? Number(error.errcode) & 0xff : 0;
  const known = FAILURES.find(([primary, name]) => primary === number || code === name || code.startsWith(`${name}_`));
  if (known) return known[2];
  if (TOO_COMPLEX.test(error.message)) return "tooComplex";
  if (/^no such (?:table|column)/.test(error.message)) return "missingTable";
  return error.message.includes("directory does not exist") ? "cannotOpen" : "other";
}
