import { type Connection, SqlError } from "./connection.ts";
import { KNOWN_TABLES } from "./heads.ts";

/**
 * Throws SqlError when a view, a virtual table or a column computed when it is read stands where MLflow has a plain table: its author
 * decides what reading it does, and one of them can run for ever.
 */
export function refuseDisguises(connection: Connection): void {
  const disguised = connection.prepare<[], { name: string }>(
    `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('view', 'virtual')
     UNION ALL
     SELECT t.name FROM pragma_table_list t JOIN pragma_table_xinfo(t.name, 'main') c
     WHERE t.schema = 'main' AND t.type IN ('table', 'shadow') AND c.hidden = 2`,
  );
  const name = disguised.all().find((found) => KNOWN_TABLES.has(String(found.name).toLowerCase()))?.name;
  if (name !== undefined) throw new SqlError("missingTable", `no such table: ${name}`);
}
