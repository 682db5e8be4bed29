import { type Connection, SqlError } from "./connection.ts";
import { KNOWN_TABLES } from "./heads.ts";

/**
 * Throws SqlError when a view, a virtual table or a column computed when it is read stands where MLflow has a plain table: its author
 * decides what reading it does, and one of them can run for ever.
 */
export function refuseDisguises(connection: Connection): void {
  const disguised = connection.prepare<[], { name: string }>(
    `SELECT name FROM main.sqlite_master WHERE type = 'view' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL %')
     UNION ALL
     SELECT m.name FROM main.sqlite_master m JOIN pragma_table_xinfo(m.name, 'main') c
     WHERE m.type = 'table' AND m.sql LIKE '% AS %(%' AND c.hidden = 2`,
  );
  const name = disguised.all().find((found) => KNOWN_TABLES.has(String(found.name).toLowerCase()))?.name;
  if (name !== undefined) throw new SqlError("missingTable", `no such table: ${name}`);
}
