import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Random } from "./random.ts";

// Databases as hostile people and broken disks make them.

/** Copies `base` to `path`, spoils it and says how. */
export function mutateDatabase(base: string, path: string, random: Random): string {
  copyFileSync(base, path);
  const told: string[] = [];
  const bytes = random.next() < 0.5;
  const times = 1 + random.below(bytes ? 4 : 2);
  // A view without end would hold up whatever we did after it.
  for (let time = 0; time < times && !told.some(isEndless); time++)
    told.push(bytes ? mutateBytes(path, random) : mutateRows(path, random));
  return told.join("; ");
}

const isEndless = (how: string) => how.includes("RECURSIVE");

const PAGE = 4096;

function mutateBytes(path: string, random: Random): string {
  let file = readFileSync(path);
  const pages = Math.max(1, Math.floor(file.length / PAGE));
  // The first page holds the header and the root of the schema, whose text fills the next ones.
  const page = () => PAGE * (random.next() < 0.4 ? random.below(Math.min(pages, 20)) : random.below(pages));
  const kind = random.pick(["bits", "bytes", "header", "cut", "swap", "zero", "copy", "grow"] as const);
  switch (kind) {
    case "bits":
      for (let i = random.below(30); i >= 0; i--) {
        const at = Math.min(file.length - 1, page() + random.below(PAGE));
        file[at] = (file[at] ?? 0) ^ (1 << random.below(8));
      }
      break;
    case "bytes": {
      const at = page() + random.below(PAGE);
      for (let i = random.below(64); i >= 0; i--) if (at + i < file.length) file[at + i] = random.below(256);
      break;
    }
    case "header":
      // Page size, formats, size, free list, cookie, encoding…, and the head of the first b-tree page.
      for (let i = random.below(4); i >= 0; i--)
        file[16 + random.below(96)] = random.pick([0, 1, 2, 255, random.below(256)]);
      break;
    case "cut":
      file = file.subarray(
        0,
        random.pick([0, 1, 16, 100, 512, PAGE, file.length >> 1, file.length - 1, random.below(file.length)]),
      );
      break;
    case "swap": {
      const [one, other] = [page(), page()];
      const kept = Buffer.from(file.subarray(one, one + PAGE));
      file.copy(file, one, other, other + PAGE);
      kept.copy(file, other);
      break;
    }
    case "zero": {
      const at = page();
      file.fill(0, at, Math.min(file.length, at + PAGE));
      break;
    }
    case "copy": {
      const at = page();
      file.copy(file, page(), at, at + PAGE);
      break;
    }
    case "grow":
      file = Buffer.concat([file, Buffer.alloc(random.below(3 * PAGE), random.below(256))]);
      break;
    default:
      kind satisfies never;
  }
  writeFileSync(path, file);
  return kind;
}

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

/** By way of SQL, with the schema made writable first. */
function mutateRows(path: string, random: Random): string {
  let database: DatabaseSync | undefined;
  const told: string[] = [];
  try {
    database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.enableDefensive(false);
    database.exec("PRAGMA writable_schema = ON; PRAGMA ignore_check_constraints = ON; PRAGMA journal_mode = DELETE");
    if (random.next() < 0.7)
      database.exec(
        "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table'; PRAGMA writable_schema = RESET",
      );
    for (let i = random.below(4); i >= 0 && !told.some(isEndless); i--) {
      const sql = mutation(database, random);
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

function mutation(database: DatabaseSync, random: Random): string {
  const table = random.pick(TABLES);
  const columns = database
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(table)
    .map(({ name }) => String(name));
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
