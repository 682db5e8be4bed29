import { dirname, join, relative, resolve, sep } from "node:path";
import { MlflowError } from "../mlflow/errors.ts";
import { isLocalUri, localPath, proxiedPath, schemeOf } from "../mlflow/uris.ts";
import { realPath, storePath } from "../store/open.ts";
import { isBelow } from "../store/listedFiles.ts";
import type { Place } from "./artifactFolder.ts";
import { checkPath, invalidPath, isHidden, tidyPath } from "./artifactPath.ts";
import type { ServerOptions } from "./options.ts";

/** Folders that the server reads and writes artifacts in. */
export interface ArtifactFolders {
  /** Absolute folder that `mlflow-artifacts:/` stands for. */
  destination: string;
  /** Absolute folder that relative locations count from: mlflow 1.x wrote them so. */
  base: string;
  /**
   * Absolute folders in which locations of this machine are served; a client that makes an experiment can name any location,
   * and must not read or write the rest of the disk through it.
   */
  roots: readonly string[];
}

/** What a server with these options serves: its own artifact folders, and the folder that the store is in. */
export function artifactFolders(options: ServerOptions): ArtifactFolders {
  const { artifactsDestination: destination, artifactRoot, backendStoreUri } = options;
  const store = storePath(backendStoreUri);
  const base = dirname(store);
  const own = isLocalUri(artifactRoot) ? [localPath(artifactRoot)] : [];
  const usual = backendStoreUri.startsWith("file:") ? store : join(base, "mlruns");
  return { destination, base, roots: [...own, destination, usual, base].map((folder) => resolve(folder)) };
}

/**
 * The place behind an artifact location. Throws INVALID_PARAMETER_VALUE for storage that this server does not reach and
 * PERMISSION_DENIED for a folder of this machine that it does not serve.
 */
export function placeOf(folders: ArtifactFolders, uri: string): Place {
  if (isLocalUri(uri)) return localPlace(folders, uri);
  const path = proxiedPath(uri);
  if (path !== undefined) return proxiedPlace(folders, path);
  // Never fetched: a server that asks addresses which clients name reaches what they cannot.
  const message = `Artifacts in ${schemeOf(uri)}: storage are not served by this server: ask that storage itself.`;
  throw new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** A folder below `mlflow-artifacts:/`. */
export function proxiedPlace({ destination }: ArtifactFolders, path: string): Place {
  checkPath(path);
  return { root: destination, folder: visible(tidyPath(path)) };
}

function localPlace({ base, roots }: ArtifactFolders, uri: string): Place {
  const written = localPath(uri);
  if (written.includes("\0")) throw invalidPath();
  if (sep === "/" && /^(?:[A-Za-z]:[\\/]|\\\\)/.test(written)) throw notServed();
  const folder = resolve(base, written);
  const root = roots.find((one) => isBelow(one, folder));
  if (root !== undefined) return { root, folder: visible(partBelow(root, folder)) };
  // Whoever wrote the location may have reached the same folder through a link.
  const real = realPath(folder);
  const realRoot = roots.map(realPath).find((one) => isBelow(one, real));
  if (realRoot !== undefined) return { root: realRoot, folder: visible(partBelow(realRoot, real)) };
  throw notServed();
}

/** Refuses a folder of unfinished uploads: what is in it is for the server alone. */
function visible(folder: string): string {
  if (isHidden(folder)) throw notServed();
  return folder;
}

function notServed(): MlflowError {
  const message = "This artifact location is outside the folders that this server serves artifacts from.";
  return new MlflowError("PERMISSION_DENIED", message);
}

function partBelow(root: string, folder: string): string {
  return relative(root, folder).replaceAll(sep, "/");
}
