import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MlflowError } from "../mlflow/errors.ts";
import { withoutOptions } from "../mlflow/uris.ts";
import type { StoreKind } from "../protocol/stores.ts";
import type { OpenStoreOptions, Store } from "./store.ts";
import { openFileStore } from "./files/fileStore.ts";
import { openSqliteStore } from "./sqlite/sqliteStore.ts";

/**
 * Holds the store of a URI: `sqlite:////abs/mlflow.db` or `file:///abs/mlruns`. Synchronous; a store that is missing,
 * damaged, locked or of another kind does not throw: its `status()` and its methods say so.
 */
export function openStore(uri: string, options: OpenStoreOptions = {}): Store {
  const path = storePath(uri);
  if (uri.startsWith("sqlite:")) return openSqliteStore({ ...options, uri, path });
  return openFileStore({ ...options, uri, path });
}

/** The absolute path that a store URI names. Throws INVALID_PARAMETER_VALUE for a URI that names no local store. */
export function storePath(uri: string): string {
  if (uri.startsWith("sqlite:///")) return resolve(withoutOptions(uri.slice("sqlite:///".length)));
  if (uri.startsWith("file:")) return fileURLToPath(uri.replace(/^file:\/?(?!\/)/, "file:///"));
  throw new MlflowError("INVALID_PARAMETER_VALUE", `'${uri}' is not a store on this machine.`);
}

/**
 * The URI of a database file or an `mlruns` folder, by its real path, so that two ways to one store are one store. What is
 * not there yet is a database unless `kind` says otherwise.
 */
export function storeUri(path: string, kind: StoreKind = "sqlite"): string {
  const real = realPath(resolve(path));
  if (kind === "files" || statSync(real, { throwIfNoEntry: false })?.isDirectory()) return pathToFileURL(real).href;
  return `sqlite:///${real.replaceAll("\\", "/")}`;
}

/** The real path of what is there, with what is not there yet appended; `path` is absolute. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    return join(realPath(dirname(path)), basename(path));
  }
}
