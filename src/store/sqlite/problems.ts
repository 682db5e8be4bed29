import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { SqlError } from "./connection.ts";
import type { SchemaHead } from "./heads.ts";

// What the person is told of SQLite's refusals.

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // The reason (permission, read-only mount) does not matter to what we then offer.
    return false;
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // What cannot be looked at is told by SQLite's own words.
    return false;
  }
}

export function writingProblem(path: string, canWrite: boolean): string | undefined {
  if (canWrite) return undefined;
  const what = isWritable(path) ? `The folder of \`${basename(path)}\`` : `\`${basename(path)}\``;
  return `${what} cannot be written, so its runs can be read but not changed.`;
}

export function revisionProblem(path: string, revision: string | undefined): string {
  const schema = revision === undefined ? "has no schema revision" : `has the schema of another MLflow (${revision})`;
  return `\`${basename(path)}\` ${schema}, so its runs can be read but not changed.`;
}

/** Why a file that is there cannot be read, as a sentence. */
export function openingProblem(path: string, error: SqlError): string {
  const file = `\`${basename(path)}\``;
  switch (error.failure) {
    case "notADatabase":
      return `${file} is not an SQLite database, so no run can be read from it.`;
    case "missingTable":
      return `${file} is not a database of MLflow, so no run can be read from it.`;
    case "busy":
      return `${file} is locked by another program; its runs appear when that program is done.`;
    case "cannotOpen":
    case "readOnly":
      if (isFolder(path)) return `${file} is a folder and no database, so no run can be read from it.`;
      return `${file} cannot be opened: check its permissions and those of its folder.`;
    case "full":
      return `${file} cannot be opened: the disk is full.`;
    case "constraint":
    case "disk":
    case "tooComplex":
    case "other":
      return `${file} cannot be read: ${error.message}.`;
    default:
      return error.failure satisfies never;
  }
}

/** What Node's file system refused while the file was being made; SQLite's own refusals pass. */
export function creationProblem(path: string, error: unknown): unknown {
  if (!(error instanceof Error && "code" in error) || error instanceof SqlError) return error;
  const file = `\`${basename(path)}\``;
  const options = { cause: error };
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return new MlflowError("PERMISSION_DENIED", `${file} cannot be created: its folder cannot be written.`, options);
  }
  if (error.code === "ENOSPC" || error.code === "EDQUOT") {
    return new MlflowError("RESOURCE_EXHAUSTED", `${file} cannot be created: the disk is full.`, options);
  }
  return new MlflowError("IO_ERROR", `${file} cannot be created: ${error.message}.`, options);
}

/** Bytes in which SQLite cannot even begin a transaction. */
const LITTLE_ROOM = 256 * 1024;

function roomLeft(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize;
  } catch {
    // A folder that is gone has no disk to be full.
    return Number.POSITIVE_INFINITY;
  }
}

function diskIsFull(file: string, cause: SqlError): MlflowError {
  return new MlflowError("RESOURCE_EXHAUSTED", `${file} cannot be written: the disk is full.`, { cause });
}

/** What SQLite refused in a call, as MLflow's error; `head` is the release whose tables the database has. */
export function callProblem(path: string, error: SqlError, head?: SchemaHead): MlflowError {
  const file = `\`${basename(path)}\``;
  const options = { cause: error };
  switch (error.failure) {
    case "busy":
      return new MlflowError(
        "TEMPORARILY_UNAVAILABLE",
        `database is locked: another program is writing ${file}.`,
        options,
      );
    case "readOnly":
      return new MlflowError("PERMISSION_DENIED", `${file} cannot be written: ${error.message}.`, options);
    case "full":
      return diskIsFull(file, error);
    case "tooComplex":
      return new MlflowError(
        "INVALID_PARAMETER_VALUE",
        `The request is too long for SQLite: ${error.message}.`,
        options,
      );
    case "disk":
      // For its shared memory SQLite tells a full disk as any other failure.
      if (roomLeft(path) < LITTLE_ROOM) return diskIsFull(file, error);
      return new MlflowError("IO_ERROR", `${file} cannot be read or written: ${error.message}.`, options);
    case "notADatabase":
      return new MlflowError("INVALID_STATE", `${file} is damaged: ${error.message}.`, options);
    case "constraint":
      return new MlflowError("BAD_REQUEST", `(sqlite3.IntegrityError) ${error.message}`, options);
    case "missingTable":
      return missingAbility(path, error, head);
    case "cannotOpen":
    case "other":
      // The tables are not as MLflow made them: a key that others refer to is gone.
      if (error.message.startsWith("foreign key mismatch")) {
        return new MlflowError("INVALID_STATE", `${file} is damaged: ${error.message}.`, options);
      }
      return new MlflowError("INTERNAL_ERROR", error.message, options);
    default:
      return error.failure satisfies never;
  }
}

/** What to do when a database is too old for something. */
export const UPGRADE_ADVICE = 'run `flowdeck db upgrade`, or "Flowdeck: Upgrade Database…" in the editor';

/** What the tables that older releases lack are for. */
const ABILITIES: readonly (readonly [RegExp, string])[] = [
  [/^(datasets|inputs|input_tags)$/, "datasets"],
  [/^logged_model/, "logged models"],
  [/^registered_model_aliases$/, "aliases of model versions"],
  [/^(trace_|spans$)/, "traces"],
  [/^assessments$/, "assessments"],
  [/^entity_associations$/, "links between traces and runs"],
];

/** Of a statement that writes to a table which the database has not. */
function missingAbility(path: string, error: SqlError, head: SchemaHead | undefined): MlflowError {
  const table = /^no such table: main\.(\w+)$/.exec(error.message)?.[1] ?? "";
  const ability = ABILITIES.find(([tables]) => tables.test(table))?.[1];
  if (head === undefined || ability === undefined) {
    const sentence = `\`${basename(path)}\` is not as MLflow makes it: ${error.message}.`;
    return new MlflowError("INVALID_STATE", sentence, { cause: error });
  }
  return tooOld(path, head, ability, error);
}

/** Refuses what a database cannot keep, with what to do. */
export function tooOld(path: string, head: SchemaHead, what: string, cause?: unknown): MlflowError {
  const sentence = `\`${basename(path)}\` has the schema of mlflow ${head.release}, which keeps no ${what}: upgrade the database to keep them (${UPGRADE_ADVICE}).`;
  return new MlflowError("BAD_REQUEST", sentence, { cause });
}
