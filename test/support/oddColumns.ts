import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Bases } from "./mutatedDatabases.ts";
import { readEverything } from "./readEverything.ts";

/** Kinds of values that SQLite keeps in any column, whatever the column is for. */
export const ODD_VALUES = ["x'00ff80'", "'abc'", "1.5", "9e999", "NULL", "9223372036854775807"];

/** Asks a database everything, and writes to it, after one column got one value in every row. */
export async function askWithOdd(
  folder: string,
  { base, paths }: Bases,
  at: [table: string, column: string, value: string],
) {
  const [table, column, value] = at;
  const loose = paths.find((path) => path.endsWith("loose.db"));
  assert.ok(loose);
  const place = join(folder, "case");
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const path = join(place, "mlflow.db");
  copyFileSync(loose, path);
  const database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  try {
    database.exec(`PRAGMA ignore_check_constraints = ON; UPDATE OR REPLACE ${table} SET ${column} = ${value}`);
  } catch {
    // A text for a rowid: one that SQLite itself refuses spoils nothing.
  } finally {
    database.close();
  }
  const { faults, slow } = await readEverything({ uri: `sqlite:///${path}`, base, seed: 1, share: 1 });
  return [...slow, ...faults].map((fault) => `${table}.${column} = ${value}: ${fault}`);
}
