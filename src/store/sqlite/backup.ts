import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { openConnection } from "./connection.ts";

/**
 * Copies a database, as it is in one moment, to a new file beside it, which has its name once it is whole; gives its path. Called under
 * the database's lock. Throws MlflowError or SqlError.
 */
export function backUp(path: string, revision: string): string {
  const unfinished = `${path}.unfinished`;
  // What an upgrade that was killed has left.
  rmSync(unfinished, { force: true });
  const draft = copyTo(unfinished, path);
  try {
    sync(draft);
    const damage = damageOf(draft);
    if (damage !== undefined) {
      throw new MlflowError("INVALID_STATE", `\`${basename(path)}\` is damaged (${damage}).`);
    }
    const copy = freeName(`${path}.${revision}.backup`);
    renameSync(draft, copy);
    if (process.platform !== "win32") sync(dirname(path));
    return copy;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Puts a backup in the place of a database that a failed upgrade left half done, with the journal mode that the database had.
 * The backup stays.
 */
export function restore(path: string, backup: string, journal?: string): void {
  const draft = copyTo(`${path}.restored`, backup);
  try {
    if (journal === "wal") useLog(draft);
    sync(draft);
    // What a log holds belongs to the file that goes.
    for (const suffix of ["-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  if (process.platform !== "win32") sync(dirname(path));
}

/** A copy of a database in a new file of this name, or one like it if there is one, that nobody else may read meanwhile. */
function copyTo(wanted: string, path: string): string {
  const copy = newFile(wanted);
  try {
    const connection = openConnection(path, { busyTimeout: 10_000, readonly: true });
    try {
      connection.prepare<[string], unknown>("VACUUM main INTO ?").run(copy);
    } finally {
      connection.close();
    }
    chmodSync(copy, statSync(path).mode & 0o777);
    return copy;
  } catch (error) {
    rmSync(copy, { force: true });
    throw error;
  }
}

function damageOf(path: string): string | undefined {
  const connection = openConnection(path, { busyTimeout: 0, readonly: true });
  try {
    const answer = connection.prepare<[], { quick_check: string }>("PRAGMA quick_check").get()?.quick_check;
    return answer === "ok" ? undefined : (answer ?? "no answer");
  } finally {
    connection.close();
  }
}

function useLog(path: string): void {
  const connection = openConnection(path, { busyTimeout: 10_000 });
  try {
    connection.exec("PRAGMA journal_mode = WAL");
  } finally {
    connection.close();
  }
}

/** The name that was wanted, or one like it if there is such a file. */
function freeName(wanted: string): string {
  let name = wanted;
  for (let number = 2; existsSync(name); number++) name = `${wanted}-${number}`;
  return name;
}

function newFile(wanted: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    try {
      closeSync(openSync(name, "wx", 0o600));
      return name;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
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
