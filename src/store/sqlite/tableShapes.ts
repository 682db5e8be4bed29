import { hash } from "node:crypto";

// What the tables of a database look like, so that two can be compared whatever order their columns are in.

/** The part of a connection that is needed; node:sqlite's has it too, for the script that makes schema.generated.ts. */
interface Reader {
  prepare(sql: string): { all(): unknown[] };
}

const COLUMNS = `SELECT m.name AS "table", group_concat(c.name || ' ' || upper(c.type) || ' ' || c."notnull" || ' ' || c.pk, ',' ORDER BY c.name) AS columns
  FROM main.sqlite_master m JOIN pragma_table_info(m.name, 'main') c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' GROUP BY m.name`;

/** Each table of a database with a short digest of its columns: names, types, NOT NULL and primary key. */
export function tableShapes(connection: Reader): Map<string, string> {
  // The border where rows enter: the two columns of the SELECT list.
  const rows = connection.prepare(COLUMNS).all() as { table: string; columns: string }[];
  return new Map(rows.map(({ table, columns }) => [table, hash("sha1", columns).slice(0, 8)]));
}
