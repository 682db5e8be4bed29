import { basename } from "node:path";
import { MlflowError } from "../../mlflow/errors.ts";
import { SqlError } from "./connection.ts";

// What the person is told of SQLite's refusals.

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

/** What SQLite refused in a call, as MLflow's error. */
export function callProblem(path: string, error: SqlError): MlflowError {
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
      return new MlflowError("RESOURCE_EXHAUSTED", `${file} cannot be written: the disk is full.`, options);
    case "tooComplex":
      return new MlflowError(
        "INVALID_PARAMETER_VALUE",
        `The request is too long for SQLite: ${error.message}.`,
        options,
      );
    case "disk":
      return new MlflowError("IO_ERROR", `${file} cannot be read or written: ${error.message}.`, options);
    case "notADatabase":
      return new MlflowError("INVALID_STATE", `${file} is damaged: ${error.message}.`, options);
    case "constraint":
      return new MlflowError("BAD_REQUEST", `(sqlite3.IntegrityError) ${error.message}`, options);
    case "cannotOpen":
    case "missingTable":
    case "other":
      return new MlflowError("INTERNAL_ERROR", error.message, options);
    default:
      return error.failure satisfies never;
  }
}
