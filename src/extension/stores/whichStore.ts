// Which store a workspace folder has (ARCHITECTURE.md, "Settled"). No vscode: tested on real folders.
import { readdir, realpath, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { MlflowError } from "../../mlflow/errors.ts";
import { withoutOptions } from "../../mlflow/uris.ts";
import type { StoreKind } from "../../protocol/stores.ts";

/** A store on this machine, by its real path. */
export interface FoundStore {
  /** `sqlite:////home/me/wine/mlflow.db` or `file:///home/me/wine/mlruns`. */
  uri: string;
  kind: StoreKind;
  path: string;
  /** False: `mlflow.db` is not there yet. */
  exists: boolean;
}

/**
 * The store of `folder` (absolute path). `trackingUri` is the setting, "" when unset.
 * Throws NOT_IMPLEMENTED for a remote tracking URI and INVALID_PARAMETER_VALUE for one that names nothing known.
 */
export async function whichStore(folder: string, trackingUri: string): Promise<FoundStore> {
  if (trackingUri.trim() !== "") return storeAt(pathOfTrackingUri(trackingUri.trim(), folder));
  const database = join(folder, "mlflow.db");
  if (await isFile(database)) return storeAt(database);
  const runs = join(folder, "mlruns");
  return storeAt((await holdsExperiments(runs)) ? runs : database);
}

/** The store kept in a file or a folder; a folder may be `mlruns` itself or hold one, or an `mlflow.db`. */
export async function storeAt(path: string): Promise<FoundStore> {
  const real = await realPath(path);
  const found = await stat(real).catch(() => undefined);
  if (found?.isDirectory() !== true) {
    return { uri: `sqlite:///${real.replaceAll("\\", "/")}`, kind: "sqlite", path: real, exists: found !== undefined };
  }
  if (basename(real) !== "mlruns" && !(await holdsExperiments(real))) {
    for (const inside of ["mlflow.db", "mlruns"]) {
      if (await stat(join(real, inside)).catch(() => undefined)) return storeAt(join(real, inside));
    }
  }
  return { uri: pathToFileURL(real).href, kind: "files", path: real, exists: true };
}

/** True when `folder` is a file store: one of its folders holds an experiment's `meta.yaml`; beside a database it holds artifacts only. */
export async function holdsExperiments(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory() && (await isFile(join(folder, entry.name, "meta.yaml")))) return true;
  }
  return false;
}

function pathOfTrackingUri(trackingUri: string, folder: string): string {
  const database = /^sqlite(?:\+\w+)?:\/\/\/(.*)$/s.exec(trackingUri)?.[1];
  if (database !== undefined) return resolve(folder, withoutOptions(database));
  // Another host's file cannot be opened, and `file://mlruns` means a host named so.
  if (/^file:\/\/(\/|localhost\/)/.test(trackingUri)) return fileURLToPath(trackingUri);
  if (trackingUri.startsWith("file://")) throw unknownStore();
  if (trackingUri.startsWith("file:")) return resolve(folder, trackingUri.slice("file:".length));
  if (/^(https?:|databricks)/.test(trackingUri)) {
    throw new MlflowError(
      "NOT_IMPLEMENTED",
      "This version shows stores on this machine only; choose an mlflow.db or mlruns.",
    );
  }
  // One letter before the colon is a Windows drive, not a scheme.
  if (/^[a-z][a-z0-9+.-]+:/i.test(trackingUri)) throw unknownStore();
  const path = trackingUri.startsWith("~/") ? join(homedir(), trackingUri.slice(2)) : trackingUri;
  return isAbsolute(path) ? path : resolve(folder, path);
}

function unknownStore(): MlflowError {
  return new MlflowError(
    "INVALID_PARAMETER_VALUE",
    "The setting flowdeck.trackingUri names no store that Flowdeck can open; choose an mlflow.db or mlruns.",
  );
}

/** The real path, also of a file that does not exist yet. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // A missing file is named by its folder; a missing folder by what was written.
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
