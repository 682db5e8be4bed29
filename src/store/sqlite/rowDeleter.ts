import type { SqlValue } from "./connection.ts";
import type { Database } from "./database.ts";

interface Reference {
  child: string;
  column: string;
  parent_column: string | null;
  on_delete: string;
}

/** Tables that refer to tables that refer to tables. */
const DEEPEST = 6;

/**
 * Deletes rows together with those that refer to them and that SQLite would not delete itself: which tables do differs from one release of
 * MLflow to the next, so the database is asked.
 */
export function rowDeleter(db: Database): (table: string, column: string, value: SqlValue) => void {
  const references = db.prepare<[string], Reference>(
    `SELECT m.name AS child, f."from" AS column, f."to" AS parent_column, f.on_delete
     FROM main.sqlite_schema m, pragma_foreign_key_list(m.name, 'main') f
     WHERE m.type = 'table' AND f."table" = ? AND f.on_delete NOT IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
     AND (SELECT count(*) FROM pragma_foreign_key_list(m.name, 'main') g WHERE g.id = f.id) = 1`,
  );
  const deleteFrom = (table: string, where: string, value: SqlValue, depth: number): void => {
    if (depth < DEEPEST) {
      for (const { child, column, parent_column } of references.all(table)) {
        if (child === table || parent_column === null) continue;
        const rows = `SELECT ${quoted(parent_column)} FROM main.${quoted(table)} WHERE ${where}`;
        deleteFrom(child, `${quoted(column)} IN (${rows})`, value, depth + 1);
      }
    }
    db.prepare<[SqlValue], unknown>(`DELETE FROM main.${quoted(table)} WHERE ${where}`).run(value);
  };
  return (table, column, value) => deleteFrom(table, `${quoted(column)} = ?`, value, 0);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
