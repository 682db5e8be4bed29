import { MlflowError } from "../../mlflow/errors.ts";
import type { Connection } from "./connection.ts";
import { NEWEST_HEAD } from "./heads.ts";
import { moveTraceValues } from "./migrateTraces.ts";
import { addDefaultWorkspace, ddlOf } from "./schema.ts";
import { STATEMENTS } from "./schema.generated.ts";

// From the tables of an older release to those of the newest, with the rows that MLflow's own chain of migrations makes.

interface SchemaItem {
  type: "table" | "index" | "trigger" | "view";
  name: string;
  table: string;
  sql: string;
}

/** Columns that have another name in the newest release. */
const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = { jobs: { job_name: "function_fullname" } };
/** Names of MLflow's own indexes and triggers, whichever release made them. */
const OWN_NAMES: ReadonlySet<string> = new Set(STATEMENTS.map((sql) => nameOf(sql).name));

/**
 * Brings the database to the newest release inside a transaction of the caller, with foreign keys off. Tables that are
 * as they should be stay; others are made anew and filled. Indexes and triggers of somebody else are kept.
 */
export function migrate(connection: Connection): void {
  const before = readSchema(connection);
  const counts = countRows(connection, before);
  const target = ddlOf(NEWEST_HEAD).map((sql) => ({ ...nameOf(sql), sql }));
  const tables = target.filter(({ type }) => type === "table");
  for (const { name, sql } of tables) {
    const old = before.find((item) => item.type === "table" && item.name === name);
    if (old === undefined) connection.exec(sql);
    else if (canonical(old.sql) !== canonical(sql)) rebuild(connection, name, sql);
  }
  const after = new Map(readSchema(connection).map((item) => [item.name, item]));
  const others = before.filter(({ type, name }) => type !== "table" && !OWN_NAMES.has(name));
  for (const { type, name, sql } of [...target.filter((item) => item.type !== "table"), ...others]) {
    const there = after.get(name);
    if (there !== undefined && canonical(there.sql) === canonical(sql)) continue;
    if (there !== undefined) connection.exec(`DROP ${type} "${name}"`);
    connection.exec(sql);
  }
  for (const { type, name } of after.values()) {
    const gone = type !== "table" && OWN_NAMES.has(name) && !target.some((item) => item.name === name);
    if (gone) connection.exec(`DROP ${type} "${name}"`);
  }
  checkCounts(connection, counts);
  addRows(connection);
}

/** Makes a table anew under another name, moves the rows and takes the name over. */
function rebuild(connection: Connection, table: string, sql: string): void {
  const draft = `flowdeck_new_${table}`;
  connection.exec(sql.replace(/^CREATE TABLE "?\w+"?/, `CREATE TABLE "${draft}"`));
  const columnsOf = connection.prepare<[string], { name: string }>("SELECT name FROM pragma_table_info(?, 'main')");
  const old = new Set(columnsOf.all(table).map(({ name }) => name));
  const moved = columnsOf.all(draft).flatMap(({ name }) => {
    const from = RENAMED[table]?.[name] ?? name;
    return old.has(from) ? [{ to: `"${name}"`, from: `"${from}"` }] : [];
  });
  const to = moved.map((column) => column.to).join(", ");
  const from = moved.map((column) => column.from).join(", ");
  connection.exec(`INSERT INTO main."${draft}" (${to}) SELECT ${from} FROM main."${table}" ORDER BY rowid`);
  connection.exec(`DROP TABLE main."${table}"`);
  connection.exec(`ALTER TABLE main."${draft}" RENAME TO "${table}"`);
}

/** Rows that the chain adds or changes. */
function addRows(connection: Connection): void {
  if (connection.prepare("SELECT 1 FROM workspaces").get() === undefined) addDefaultWorkspace(connection);
  moveTraceValues(connection);
  // Jobs that have not ended (0 pending, 1 running) are cancelled (5).
  connection
    .prepare<[number], unknown>("UPDATE jobs SET status = 5, last_update_time = ? WHERE status IN (0, 1)")
    .run(Date.now());
  connection.prepare<[string], unknown>("UPDATE alembic_version SET version_num = ?").run(NEWEST_HEAD.revision);
}

/** Throws INVALID_STATE unless the database is, statement by statement, as the newest release makes it, and sound. */
export function checkMigrated(connection: Connection, brokenBefore: number): void {
  const there = new Map(readSchema(connection).map(({ name, sql }) => [name, canonical(sql)]));
  const wrong = ddlOf(NEWEST_HEAD).find((sql) => there.get(nameOf(sql).name) !== canonical(sql));
  if (wrong !== undefined) throw failed(`\`${nameOf(wrong).name}\` is not as mlflow ${NEWEST_HEAD.release} has it`);
  const problems = connection.prepare<[], { integrity_check: string }>("PRAGMA integrity_check").all();
  const [first] = problems;
  if (first?.integrity_check !== "ok") throw failed(first?.integrity_check ?? "integrity_check gave no answer");
  if (brokenLinks(connection) > brokenBefore) throw failed("rows would point to rows that are not there");
}

/** Rows whose foreign key points to nothing. */
export function brokenLinks(connection: Connection): number {
  const found = connection.prepare<[], { count: number }>("SELECT count(*) AS count FROM pragma_foreign_key_check");
  return found.get()?.count ?? 0;
}

function failed(reason: string): MlflowError {
  return new MlflowError("INVALID_STATE", `The upgrade was undone: ${reason}.`);
}

function readSchema(connection: Connection): SchemaItem[] {
  return connection
    .prepare<[], SchemaItem>(
      `SELECT type, name, tbl_name AS "table", sql FROM main.sqlite_master
       WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
    )
    .all();
}

function countRows(connection: Connection, items: SchemaItem[]): Map<string, number> {
  const tables = items.filter(({ type }) => type === "table").map(({ name }) => name);
  return new Map(tables.map((table) => [table, countOf(connection, table)]));
}

function countOf(connection: Connection, table: string): number {
  const found = connection.prepare<[], { count: number }>(`SELECT count(*) AS count FROM main."${table}"`);
  return found.get()?.count ?? 0;
}

function checkCounts(connection: Connection, counts: ReadonlyMap<string, number>): void {
  for (const [table, count] of counts) {
    if (countOf(connection, table) !== count) throw failed(`rows of \`${table}\` would be lost`);
  }
}

function nameOf(sql: string): { type: "table" | "index" | "trigger"; name: string } {
  const [, word = "", name = ""] = /^CREATE (?:UNIQUE )?(TABLE|INDEX|TRIGGER) "?(\w+)"?/.exec(sql) ?? [];
  return { type: word === "TABLE" ? "table" : word === "INDEX" ? "index" : "trigger", name };
}

/** A statement without what means nothing: spaces, quotes around its table's name, the order of table constraints. */
function canonical(sql: string): string {
  const text = sql.replace(/\s+/g, " ").trim();
  const [, name = "", body] = /^CREATE TABLE "?(\w+)"? \((.*)\)$/.exec(text) ?? [];
  if (body === undefined) return text;
  const parts = body.split(/,(?![^(]*\))/).map((part) => part.trim());
  const isConstraint = (part: string) => /^(CONSTRAINT|CHECK|FOREIGN|PRIMARY|UNIQUE)\b/.test(part);
  const constraints = parts.filter(isConstraint).sort();
  return [name, ...parts.filter((part) => !isConstraint(part)), ...constraints].join("|");
}
