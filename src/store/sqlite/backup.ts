import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { openConnection } from "./connection.ts";

/** Copies a database, as it is in one moment, to a new file beside it; gives its path. Throws MlflowError or SqlError. */
export function backUp(path: string, revision: string): string {
  const copy = freeName(`${path}.${revision}.backup`);
  try {
    const connection = openConnection(path, { busyTimeout: 10_000, readonly: true });
    try {
      connection.prepare<[string], unknown>("VACUUM main INTO ?").run(copy);
    } finally {
      connection.close();
    }
    chmodSync(copy, statSync(path).mode & 0o777);
    sync(copy);
    const check = openConnection(copy, { busyTimeout: 0, readonly: true });
    const answer = check.prepare<[], { quick_check: string }>("PRAGMA quick_check").get()?.quick_check;
    check.close();
    if (answer === "ok") return copy;
    throw new MlflowError("INVALID_STATE", `\`${basename(path)}\` is damaged (${answer ?? "no answer"}).`);
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}

/**
 * Puts a backup in the place of a database that a failed upgrade left half done, with the journal mode that the database had.
 * The backup stays.
 */
export function restore(path: string, backup: string, journal?: string): void {
  const draft = `${path}.restored`;
  rmSync(draft, { force: true });
  const connection = openConnection(backup, { busyTimeout: 10_000, readonly: true });
  try {
    connection.prepare<[string], unknown>("VACUUM main INTO ?").run(draft);
  } finally {
    connection.close();
  }
  if (journal === "wal") useLog(draft);
  chmodSync(draft, statSync(backup).mode & 0o777);
  sync(draft);
  // What a log holds belongs to the file that goes.
  for (const suffix of ["-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  renameSync(draft, path);
  if (process.platform !== "win32") sync(dirname(path));
}

function useLog(path: string): void {
  const connection = openConnection(path, { busyTimeout: 10_000 });
  try {
    connection.exec("PRAGMA journal_mode = WAL");
  } finally {
    connection.close();
  }
}

function freeName(wanted: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!existsSync(name)) return name;
  }
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
