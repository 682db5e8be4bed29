import { DatabaseSync } from "node:sqlite";
import type { Random } from "./random.ts";

// Databases as hostile people make them.

const TABLES = [
  ..."experiments experiment_tags runs tags params metrics latest_metrics datasets inputs input_tags".split(" "),
  ..."registered_models registered_model_tags registered_model_aliases model_versions model_version_tags".split(" "),
  ..."logged_models logged_model_params logged_model_tags logged_model_metrics alembic_version".split(" "),
  ..."trace_info trace_tags trace_request_metadata assessments entity_associations spans".split(" "),
];

/** Values that no column is ready for. */
const VALUES = [
  ...["NULL", "0", "-1", "1", "9223372036854775807", "-9223372036854775808", "1.5", "9e999", "-9e999", "''", "'x'"],
  ...["x'00ff80'", "zeroblob(100000)", "hex(zeroblob(500000))", "'\u0000'", "'a' || char(0) || 'b'", "'[1,2'", "'{}'"],
  ...[
    "char(55296)",
    "'../../../../etc/passwd'",
    "'file:///etc'",
    "'nonsense'",
    "'active'",
    "'deleted'",
    "'RUNNING'",
    "' '",
  ],
  ...["'mlflow.parentRunId'", "'mlflow.runName'", "'mlflow.prompt.is_prompt'", "'NaN'", "'💥'", "cast(x'80' AS TEXT)"],
];

/** Names of columns, by table. */
export type Columns = ReadonlyMap<string, readonly string[]>;

/** The columns that a database has before it is spoiled. */
export function columnsOf(path: string): Columns {
  const database = new DatabaseSync(path, { readOnly: true });
  const columns = database.prepare("SELECT name FROM pragma_table_info(?)");
  const found = new Map(TABLES.map((table) => [table, columns.all(table).map(({ name }) => String(name))]));
  database.close();
  return found;
}

/** Changes a database by way of SQL. */
export function mutateRows(path: string, columns: Columns, random: Random): string {
  let database: DatabaseSync | undefined;
  const told: string[] = [];
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.enableDefensive(false);
    database.exec("PRAGMA synchronous = OFF; PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON");
    for (let i = random.below(6); i >= 0 && !told.some(isEndless); i--) {
      const sql = mutation(columns, random);
      told.push(sql);
      try {
        database.exec(sql);
      } catch {
        // One that SQLite itself refuses spoils nothing.
        told.push("(refused)");
      }
    }
  } catch {
    // Bytes were spoiled before: nothing can be changed any more.
    told.push("(unreadable)");
  } finally {
    database?.close();
  }
  return told.join("; ").slice(0, 1_000);
}

/** A view without end would hold up whatever we did after it. */
const isEndless = (how: string) => how.includes("RECURSIVE");

function mutation(known: Columns, random: Random): string {
  const table = random.pick(TABLES);
  const columns = known.get(table) ?? [];
  const column = columns.length === 0 ? "rowid" : random.pick(columns);
  const other = columns.length === 0 ? "rowid" : random.pick(columns);
  const value = random.pick(VALUES);
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return `UPDATE OR REPLACE ${table} SET ${column} = ${value}`;
    case 4:
      return `UPDATE OR REPLACE ${table} SET ${column} = ${value} WHERE rowid % 2 = ${random.below(2)}`;
    case 5:
      return `UPDATE OR REPLACE ${table} SET ${column} = ${other}`;
    case 6:
      return `DELETE FROM ${table} WHERE rowid % 2 = ${random.below(2)}`;
    case 7:
      return `DROP TABLE ${table}`;
    case 8:
      return `ALTER TABLE ${table} RENAME COLUMN ${column} TO odd${random.below(99)}`;
    case 9:
      return `UPDATE OR REPLACE tags SET key = 'mlflow.parentRunId', value = ${random.pick(["run_uuid", "(SELECT max(run_uuid) FROM runs)", "'nobody'"])}`;
    case 10:
      return `DROP TABLE ${table}; CREATE VIEW ${table} AS ${random.pick([
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS run_uuid FROM c",
        "SELECT 1 AS x",
        `SELECT * FROM ${random.pick(TABLES)}`,
        `SELECT * FROM ${table}`,
      ])}`;
    case 11:
      return `CREATE TRIGGER odd${random.below(99)} AFTER INSERT ON ${table} BEGIN DELETE FROM runs; END`;
    case 12: {
      const [from, to] = random.pick([
        ["VARCHAR", "BLOB"],
        ["INTEGER", "TEXT"],
        ["PRIMARY KEY", "UNIQUE"],
        ["TABLE", "TABEL"],
        ["(", "(,"],
        [column, `"${column}"`],
        ["FOREIGN KEY", "CHECK"],
        ["DEFAULT", "GENERATED ALWAYS AS"],
        [")", ") WITHOUT ROWID"],
        [")", ") STRICT"],
      ]);
      return `UPDATE sqlite_master SET sql = replace(sql, '${from}', '${to}') WHERE tbl_name = '${table}'`;
    }
    default:
      return `UPDATE sqlite_master SET ${random.pick(["rootpage", "type", "name", "tbl_name", "sql"])} = ${random.pick([value, "rootpage + 1", "3", "'table'", "'view'"])} WHERE tbl_name = '${table}'`;
  }
}
