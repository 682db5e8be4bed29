// src/store/sqlite/schema.generated.ts: the DDL of the database that an installed mlflow creates.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The text of the generated module. */
export function generateSchema(python) {
  const folder = mkdtempSync(join(tmpdir(), "flowdeck-schema-"));
  try {
    const file = join(folder, "mlflow.db");
    const program = [
      "import sys, mlflow",
      "from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore",
      "SqlAlchemyStore('sqlite:///' + sys.argv[1], sys.argv[2])",
      "print(mlflow.__version__)",
    ].join("\n");
    const options = { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    const version = execFileSync(python, ["-c", program, file, folder], options).trim();
    return moduleText(version, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function moduleText(version, file) {
  const database = new DatabaseSync(file, { readOnly: true });
  const { version_num } = database.prepare("SELECT version_num FROM alembic_version").get();
  const statements = database
    .prepare(
      `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
       ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`,
    )
    .all()
    .map(({ sql }) => tidy(sql));
  database.close();
  const lines = statements.map((sql) => `  ${JSON.stringify(sql)},`);
  return [
    `// The DDL that mlflow ${version} creates. Written by scripts/generateSchema.mjs; change it only by \`npm run generate\`.`,
    "",
    `export const SCHEMA_REVISION = ${JSON.stringify(version_num)};`,
    "",
    "export const SCHEMA: readonly string[] = [",
    ...lines,
    "];",
    "",
  ].join("\n");
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
