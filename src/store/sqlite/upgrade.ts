import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { backUp, restore } from "./backup.ts";
import { type Connection, openConnection, SqlError } from "./connection.ts";
import { NEWEST_HEAD, recognizeHead } from "./heads.ts";
import { otherHolders } from "./holders.ts";
import { brokenLinks, checkMigrated, migrate } from "./migration.ts";
import { callProblem, openingProblem } from "./problems.ts";
import { revisionOf } from "./schema.ts";
import { tableShapes } from "./tableShapes.ts";
import { holdWritesBack } from "./marks.ts";

/** What an upgrade did. */
export interface Upgrade {
  /** Alembic revisions; equal when there was nothing to do. */
  from: string;
  to: string;
  /** The copy of the database as it was; absent when nothing was changed. */
  backup?: string;
}

/** ms that the upgrade waits for another program's transaction. */
const LOCK_WAIT = 1_000;

/** Upgrades a database of a known release to the newest one, after a backup, wholly or not at all. Throws MlflowError. */
export function upgradeDatabase(path: string): Upgrade {
  return translated(path, () => {
    const { from, known, newest } = lookAt(path);
    if (newest) return { from, to: from };
    if (!known) {
      throw new MlflowError(
        "INVALID_STATE",
        `\`${basename(path)}\` has the schema of another MLflow (${from}), which Flowdeck cannot upgrade: use that MLflow's \`mlflow db upgrade\`.`,
      );
    }
    checkNobodyElse(path);
    const connection = openConnection(path, { busyTimeout: LOCK_WAIT });
    try {
      // Tables are dropped and made anew: their links are checked as a whole at the end.
      connection.exec("PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = OFF; PRAGMA synchronous = FULL");
      return { from, to: NEWEST_HEAD.revision, backup: migrateLocked(connection, path, from) };
    } finally {
      connection.close();
    }
  });
}

function migrateLocked(connection: Connection, path: string, from: string): string {
  connection.exec("BEGIN IMMEDIATE");
  let backup: string | undefined;
  try {
    // Under the lock, so that nothing is committed between the copy and the upgrade.
    backup = backUp(path, from);
    const broken = brokenLinks(connection);
    migrate(connection);
    checkMigrated(connection, broken);
    connection.exec("COMMIT");
    return backup;
  } catch (error) {
    // When everything is undone, the copy would only lie about.
    if (isUndone(connection, from) && backup !== undefined) rmSync(backup, { force: true });
    throw error;
  }
}

function isUndone(connection: Connection, from: string): boolean {
  try {
    connection.exec("ROLLBACK");
  } catch (error) {
    // SQLite has rolled back by itself, or does when the connection closes: what went wrong first is told.
    if (!(error instanceof SqlError)) throw error;
  }
  try {
    return revisionOf(connection) === from;
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}

/**
 * Lets `run` (MLflow's own `mlflow db upgrade`) upgrade the database, after a backup that is put back when it leaves the database
 * half done or unsound; writes of Flowdeck's processes wait meanwhile. Throws MlflowError.
 */
export async function upgradeWith(path: string, run: () => Promise<void>): Promise<Upgrade> {
  translated(path, () => lookAt(path));
  checkNobodyElse(path);
  const goOn = holdWritesBack(path);
  try {
    const { backup, before } = translated(path, () => backUpLocked(path));
    const from = before.revision;
    try {
      await run();
      const to = translated(path, () => soundRevision(path));
      if (to !== from) return { from, to, backup };
    } catch (error) {
      if (!isAsBefore(path, before)) putBack(path, backup, before, error);
      rmSync(backup, { force: true });
      throw error;
    }
    rmSync(backup, { force: true });
    return { from, to: from };
  } finally {
    goOn();
  }
}

function putBack(path: string, backup: string, { journal }: Before, cause: unknown): void {
  try {
    restore(path, backup, journal);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const sentence = `The upgrade failed and \`${basename(path)}\` could not be put back (${why}); it is, as it was, in ${backup}.`;
    throw new MlflowError("INVALID_STATE", sentence, { cause });
  }
}

/** What an upgrade changes first. */
interface Before {
  revision: string;
  schema: number | undefined;
  journal: string | undefined;
}

/** Under a lock, so that who began to write before writes were held back has ended. */
function backUpLocked(path: string): { backup: string; before: Before } {
  const connection = openConnection(path, { busyTimeout: LOCK_WAIT });
  try {
    connection.exec("BEGIN IMMEDIATE");
    const before = beforeOf(connection);
    return { before, backup: backUp(path, before.revision) };
  } finally {
    // What it has begun ends with it.
    connection.close();
  }
}

function beforeOf(connection: Connection): Before {
  const schema = connection.prepare<[], { schema_version: number }>("PRAGMA main.schema_version").get();
  const journal = connection.prepare<[], { journal_mode: string }>("PRAGMA main.journal_mode").get();
  const revision = revisionOf(connection) ?? "";
  return { revision, schema: schema?.schema_version, journal: journal?.journal_mode };
}

/** A failed upgrade that changed nothing leaves nothing to put back, and what others wrote stays. */
function isAsBefore(path: string, before: Before): boolean {
  try {
    const connection = openConnection(path, { busyTimeout: LOCK_WAIT, readonly: true });
    try {
      const { revision, schema } = beforeOf(connection);
      return revision === before.revision && schema === before.schema && faultOf(connection) === undefined;
    } finally {
      connection.close();
    }
  } catch (error) {
    if (error instanceof SqlError) return false;
    throw error;
  }
}

function lookAt(path: string): { from: string; known: boolean; newest: boolean } {
  if (!existsSync(path)) throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `\`${basename(path)}\` is not there.`);
  const connection = openConnection(path, { busyTimeout: LOCK_WAIT, readonly: true });
  try {
    const from = revisionOf(connection);
    if (from === undefined) throw new SqlError("missingTable", "no such table: alembic_version");
    const head = recognizeHead(from, tableShapes(connection));
    return { from, known: head !== undefined, newest: head === NEWEST_HEAD };
  } finally {
    connection.close();
  }
}

function soundRevision(path: string): string {
  const connection = openConnection(path, { busyTimeout: LOCK_WAIT, readonly: true });
  try {
    const fault = faultOf(connection);
    if (fault === undefined) return revisionOf(connection) ?? "";
    throw new MlflowError("INVALID_STATE", `The upgrade was undone: ${fault}.`);
  } finally {
    connection.close();
  }
}

/** What SQLite finds damaged, if anything. */
function faultOf(connection: Connection): string | undefined {
  const answer = connection.prepare<[], { integrity_check: string }>("PRAGMA integrity_check").get();
  return answer?.integrity_check === "ok" ? undefined : (answer?.integrity_check ?? "no answer");
}

function checkNobodyElse(path: string): void {
  const [holder] = otherHolders(path);
  if (holder === undefined) return;
  throw new MlflowError(
    "RESOURCE_CONFLICT",
    `\`${basename(path)}\` is open in another program (${holder.name}, process ${holder.pid}): stop it, then upgrade.`,
  );
}

function translated<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    if (error.failure !== "missingTable" && error.failure !== "notADatabase") throw callProblem(path, error);
    throw new MlflowError("INVALID_STATE", openingProblem(path, error), { cause: error });
  }
}
