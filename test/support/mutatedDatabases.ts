import { copyFileSync, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Base, makeBase } from "../store/writeOperations.ts";
import { mutateBytes, mutateLog } from "./mutatedBytes.ts";
import { type Columns, columnsOf, mutateRows } from "./mutatedRows.ts";
import type { Random } from "./random.ts";

// Databases as hostile people and broken disks make them.

/** Files that spoiled databases are made of; each may have a log beside it. */
export interface Bases {
  base: Base;
  paths: readonly string[];
  columns: Columns;
}

/**
 * Makes the same database some times in `folder`: as it was made; with small pages, so that nearly every byte matters; with
 * tables that take NULL; with a log that was not written back.
 */
export async function makeBases(folder: string): Promise<Bases> {
  const [made, small, loose, logged] = [
    join(folder, "base.db"),
    join(folder, "small.db"),
    join(folder, "loose.db"),
    join(folder, "logged.db"),
  ];
  const base = await makeBase(made);
  copyWith(made, small, 512);
  copyWith(made, loose, 512);
  changed(loose, "UPDATE sqlite_master SET sql = replace(sql, ' NOT NULL', '') WHERE type = 'table'").close();
  const open = join(folder, "open.db");
  copyWith(made, open, 1_024);
  const database = changed(
    open,
    `PRAGMA journal_mode = WAL; UPDATE metrics SET timestamp = timestamp + 1; UPDATE runs SET name = name || '!';
     UPDATE trace_tags SET value = value; UPDATE registered_models SET description = 'in the log'`,
  );
  copyFileSync(open, logged);
  copyFileSync(`${open}-wal`, `${logged}-wal`);
  database.close();
  return { base, paths: [made, small, small, loose, loose, logged], columns: columnsOf(made) };
}

function copyWith(from: string, to: string, pageSize: number): void {
  changed(
    from,
    `PRAGMA journal_mode = DELETE; PRAGMA page_size = ${pageSize}; VACUUM INTO '${to}'; PRAGMA journal_mode = WAL`,
  ).close();
}

function changed(path: string, sql: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.enableDefensive(false);
  database.exec(`PRAGMA writable_schema = ON; ${sql}`);
  return database;
}

/** Copies one of the bases to `path`, spoils it and says how. */
export function mutateDatabase({ paths, columns }: Bases, path: string, random: Random): string {
  const from = random.pick(paths);
  copyFileSync(from, path);
  const log = existsSync(`${from}-wal`);
  if (log) copyFileSync(`${from}-wal`, `${path}-wal`);
  const told = [basename(from)];
  if (random.next() < 0.5) return [...told, mutateRows(path, columns, random)].join("; ");
  for (let times = 1 + random.below(4); times > 0; times--) {
    if (log && random.next() < 0.6) told.push(`log: ${mutateLog(`${path}-wal`, random)}`);
    else told.push(mutateBytes(path, random));
  }
  return told.join("; ");
}
