// src/store/sqlite/schema.generated.ts: the DDL of the databases that eight releases of mlflow create.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { tableShapes } from "../src/store/sqlite/tableShapes.ts";

/** The text of the generated module; `folder` has one folder for each release, with its `schema.sql`. */
export function generateSchema(folder) {
  const releases = readdirSync(folder)
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  /** Each statement once: most tables stay as they are for many releases. */
  const statements = [];
  const heads = releases.map((release) => readHead(release, readFileSync(join(folder, release, "schema.sql"), "utf8")));
  const lines = heads.map(({ release, revision, sql, shapes }, index) => {
    const numbers = sql.map((text) => {
      const known = statements.indexOf(text);
      return known >= 0 ? known : statements.push(text) - 1;
    });
    const before = heads[index - 1]?.shapes ?? new Map();
    const changed = [...shapes].filter(([table, shape]) => before.get(table) !== shape);
    const gone = [...before.keys()].filter((table) => !shapes.has(table));
    const tables = Object.fromEntries([...changed, ...gone.map((table) => [table, ""])]);
    return `  ${JSON.stringify({ release, revision, statements: numbers, tables })},`;
  });
  return [
    "// The DDL that releases of mlflow create. Written by scripts/generateSchema.mjs; change it only by `npm run generate`.",
    "",
    "export const STATEMENTS: readonly string[] = [",
    ...statements.map((sql) => `  ${JSON.stringify(sql)},`),
    "];",
    "",
    "export interface GeneratedHead {",
    "  release: string;",
    "  revision: string;",
    "  /** Places in STATEMENTS. */",
    "  statements: readonly number[];",
    '  /** Digests (tableShapes.ts) of the tables that the head before has not or has otherwise; "" of those that went. */',
    "  tables: Readonly<Record<string, string>>;",
    "}",
    "",
    "/** Oldest first. */",
    "export const HEADS: readonly GeneratedHead[] = [",
    ...lines,
    "];",
    "",
  ].join("\n");
}

function readHead(release, text) {
  const revision = /alembic_version (\w+)/.exec(text)?.[1];
  if (revision === undefined) throw new Error(`schema.sql of mlflow ${release} names no revision.`);
  const database = new DatabaseSync(":memory:");
  database.exec(text);
  const sql = database
    .prepare(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`,
    )
    .all()
    .map((row) => tidy(row.sql));
  const shapes = tableShapes(database);
  database.close();
  return { release, revision, sql, shapes };
}

/**
 * One line a statement: the spaces that Alembic leaves mean nothing, and no literal in the DDL holds a line break.
 * Table constraints are sorted, because Alembic writes them in another order each time.
 */
function tidy(sql) {
  const text = sql.replace(/\s*\n\s*/g, " ").trim();
  const [, head, body] = /^(CREATE TABLE \S+ \()(.*)\)$/.exec(text) ?? [];
  if (body === undefined) return text;
  const parts = body.split(/,(?![^(]*\))/).map((part) => part.trim());
  const isConstraint = (part) => /^(CONSTRAINT|CHECK|FOREIGN|PRIMARY|UNIQUE)\b/.test(part);
  const columns = parts.filter((part) => !isConstraint(part));
  return `${head}${[...columns, ...parts.filter(isConstraint).sort()].join(", ")})`;
}
