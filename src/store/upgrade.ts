import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { MlflowError } from "../mlflow/errors.ts";
import type { MlflowPython } from "../mlflow/installed.ts";
import { storePath } from "./open.ts";
import { headOf, headOfRelease, NEWEST_HEAD } from "./sqlite/heads.ts";
import { type Upgrade, upgradeDatabase, upgradeWith } from "./sqlite/upgrade.ts";

// Upgrading a database, which nothing does unasked.

/** ms; MLflow says that large databases take long. */
const PYTHON_LIMIT = 60 * 60_000;

/**
 * Upgrades the database of a `sqlite:///` URI: to what `python`'s mlflow needs, by that mlflow itself; without one, to the
 * newest schema that Flowdeck knows. A backup is made first and put back on failure. Gives what was done, as a sentence.
 */
export async function upgradeStore(uri: string, python?: MlflowPython): Promise<string> {
  if (!uri.startsWith("sqlite:///")) {
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `Only a database can be upgraded (sqlite:///mlflow.db), not '${uri}'.`,
    );
  }
  const path = storePath(uri);
  if (python === undefined) return sentenceOf(path, upgradeDatabase(path), `mlflow ${NEWEST_HEAD.release}`);
  const wanted = headOfRelease(python.release);
  const upgrade = await upgradeWith(path, () => runMlflow(python, path));
  const needs = `mlflow ${python.release} of ${python.path}`;
  if (wanted === undefined || upgrade.to !== upgrade.from) return sentenceOf(path, upgrade, needs);
  return `${sentenceOf(path, upgrade, needs)} A newer schema would lock that mlflow out: upgrade mlflow first, or use --without-python.`;
}

async function runMlflow({ path: python }: MlflowPython, database: string): Promise<void> {
  const uri = `sqlite:///${database.replaceAll("\\", "/")}`;
  try {
    await promisify(execFile)(python, ["-m", "mlflow", "db", "upgrade", uri], {
      timeout: PYTHON_LIMIT,
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const printed = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    const last = printed.split("\n").at(-1) || (error instanceof Error ? error.message : String(error));
    const sentence = `mlflow db upgrade failed, so \`${basename(database)}\` is as it was: ${last}`;
    throw new MlflowError("INVALID_STATE", sentence, { cause: error });
  }
}

function sentenceOf(path: string, { from, to, backup }: Upgrade, needed: string): string {
  const file = `\`${basename(path)}\``;
  if (backup === undefined) return `${file} is at revision ${from} already, which is what ${needed} needs.`;
  const before = headOf(from);
  const was = before === undefined ? from : `that of mlflow ${before.release} (${from})`;
  return `${file} has the schema of ${needed} (${to}) now; it was ${was}. The database as it was: ${backup}`;
}
