import {
  type Connection,
  openConnection,
  SqlError,
  type SqlFailure,
  type SqlValue,
  type Statement,
} from "../../src/store/sqlite/connection.ts";

/** Which call of SQLite fails, and how. */
export interface Faults {
  connect: typeof openConnection;
  /** Calls since the last `arm` or `disarm`. */
  calls: number;
  arm(call: number, failure: SqlFailure, how: FaultKind): void;
  disarm(): void;
}

/**
 * `statement`: that call alone fails. `rolledBack`: SQLite gives the transaction up with it, as for a full disk.
 * `lasting`: every call fails from there on, ROLLBACK too. `late`: the call does its work, and fails when it reports it.
 */
export const FAULT_KINDS = ["statement", "rolledBack", "lasting", "late"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Opens connections whose calls of SQLite fail as armed. */
export function faultyConnections(): Faults {
  let armed: { call: number; failure: SqlFailure; how: FaultKind } | undefined;
  const faults: Faults = {
    calls: 0,
    connect: (path, options) => wrap(openConnection(path, options)),
    arm(call, failure, how) {
      faults.calls = 0;
      armed = { call, failure, how };
    },
    disarm() {
      faults.calls = 0;
      armed = undefined;
    },
  };
  const through = <T>(connection: Connection, work: () => T): T => {
    faults.calls += 1;
    if (armed === undefined) return work();
    const { call, failure, how } = armed;
    if (how === "lasting" ? faults.calls < call : faults.calls !== call) return work();
    if (how === "late") work();
    if (how === "rolledBack") rollBack(connection);
    throw new SqlError(failure, "a fault was planted here");
  };
  const wrap = (connection: Connection): Connection => ({
    exec: (sql) => through(connection, () => connection.exec(sql)),
    prepare: <P extends SqlValue[], R>(sql: string): Statement<P, R> => {
      const statement = through(connection, () => connection.prepare<P, R>(sql));
      return {
        get: (...values) => through(connection, () => statement.get(...values)),
        all: (...values) => through(connection, () => statement.all(...values)),
        run: (...values) => through(connection, () => statement.run(...values)),
      };
    },
    close: () => connection.close(),
  });
  return faults;
}

function rollBack(connection: Connection): void {
  try {
    connection.exec("ROLLBACK");
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // No transaction had begun.
  }
}

/** Every row of every table, with ids and times that differ from one run of a test to the next made the same. */
export function dumpOf(connection: Connection): string {
  const tables = connection
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all();
  return tables
    .map(({ name }) => {
      const rows = connection.prepare<[], object>(`SELECT * FROM "${name}"`).all();
      if (rows.length === 0) return "";
      const lines = rows.map((row) =>
        JSON.stringify(row)
          .replaceAll(/[0-9a-f]{32}/g, "ID")
          .replaceAll(/1[6-9]\d{11}/g, "TIME"),
      );
      return `${name}\n${lines.sort().join("\n")}\n`;
    })
    .join("");
}
