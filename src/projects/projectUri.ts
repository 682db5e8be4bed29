import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MlflowError } from "../mlflow/errors.ts";
import { shownAddress } from "./git.ts";

/**
 * The folder of a project on this machine: a path, relative to `folder`, or a file URI. By MLflow's split (3.17.2) what
 * follows the first `#` is a folder below, in which no dot may stand. @throws MlflowError when there is no such folder.
 */
export function projectFolderOf(uri: string, folder: string): string {
  const bare = /^(['"]).*\1$/s.test(uri) ? uri.slice(1, -1) : uri;
  const [base, below] = splitUri(bare);
  const root = base.startsWith("file:") ? fileURLToPath(base) : resolve(folder, base);
  const found = join(root, below);
  if (existsSync(root) && !existsSync(found)) throw wrong(`Could not find subdirectory ${below} of ${root}.`);
  if (statSync(found, { throwIfNoEntry: false })?.isDirectory() === true) return found;
  throw wrong(
    `${shownAddress(bare)} is no folder of this machine; clone or unpack the project first and name its folder.`,
  );
}

/** Without the quotes around it, which MLflow (3.17.2) takes away as well. */
export function bareUri(uri: string): string {
  return uri.replace(/^['"]+|['"]+$/g, "");
}

/** At the first `#`; no dot may stand in what follows. @throws MlflowError. */
export function splitUri(uri: string): [base: string, below: string] {
  const at = uri.indexOf("#");
  const below = at < 0 ? "" : uri.slice(at + 1);
  if (below.includes(".")) throw wrong("'.' is not allowed in project subdirectory paths.");
  return [at < 0 ? uri : uri.slice(0, at), below];
}

function wrong(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}
