import { openConnection } from "../../src/store/sqlite/connection.ts";

/** Every table's rows as sorted texts, their columns by name: two databases that hold the same are deeply equal. */
export function rowsOf(path: string): Record<string, string[]> {
  const connection = openConnection(path, { readonly: true, busyTimeout: 5_000 });
  try {
    const tables = connection
      .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => {
        const rows = connection.prepare<[], Record<string, unknown>>(`SELECT * FROM "${name}"`).all();
        return [name, rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()];
      }),
    );
  } finally {
    connection.close();
  }
}
